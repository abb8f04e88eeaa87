//! What the document says of credentials and refusals → the tables that support code reads.

use quote::quote;

use super::answers::Answers;
use super::constants::Constants;
use super::credential;
use super::stub::{Context, Stub};
use crate::diagnostic::Diagnostics;
use crate::emit::{Imports, Item, ItemKind, PlannedFile};
use crate::name::{Case, Name};

/// The static that answers where no path matches.
pub(super) fn unknown_path() -> Name {
    Name::new("unknown path", Case::Constant)
}

/// The file of all tables.
pub(super) fn file(
    context: &Context<'_>,
    stubs: &[Stub<'_>],
    constants: Constants,
    diagnostics: &mut Diagnostics,
) -> PlannedFile {
    let api = context.types.api();
    let (mut imports, constants) = constants.items();
    let mut answers = Answers::new(api, diagnostics);
    let operations: Vec<Item> =
        stubs.iter().map(|stub| operation(context, stub, &mut answers)).collect();
    if !operations.is_empty() {
        imports.add("crate::support::server", "Operation");
    }
    let mut items = constants;
    items.extend(schemes(context, stubs, &mut imports));
    items.extend(answers.items(&unknown_path(), &mut imports));
    items.extend(operations);
    PlannedFile {
        path: format!("{}/server/tables.rs", context.types.names().module()),
        doc: "What the document says of parameters, bodies, credentials and refusals, as tables."
            .to_owned(),
        imports,
        items,
    }
}

/// The tables of the schemes that operations use.
fn schemes(context: &Context<'_>, stubs: &[Stub<'_>], imports: &mut Imports) -> Vec<Item> {
    if !stubs.iter().any(|stub| stub.security.demands()) {
        return Vec::new();
    }
    imports.add("crate::support::server", "Scheme");
    imports.add("crate::support::server", "SchemeKind");
    let (api, names) = (context.types.api(), context.types.names());
    let used = stubs.iter().flat_map(|stub| &stub.operation.security).flat_map(|it| &it.schemes);
    let used: Vec<&str> = used.map(|(scheme, _)| scheme.as_str()).collect();
    let schemes = api.security_schemes.iter().filter(|(id, _)| used.contains(&id.as_str()));
    let table =
        |(id, scheme): (&String, _)| Some(credential::scheme_table(names.security(id)?, scheme));
    schemes.filter_map(table).collect()
}

fn operation(context: &Context<'_>, stub: &Stub<'_>, answers: &mut Answers<'_>) -> Item {
    let gate = context.tags.operation(stub.operation);
    let name = stub.constant();
    let (id, method) = (&stub.operation.id.0, stub.operation.method.as_str());
    let path = stub.operation.path.to_string();
    let answers = answers.of(stub.operation);
    let tokens = quote! {
        #gate
        pub(super) static #name: Operation =
            Operation { id: #id, method: #method, path: #path, answers: &#answers };
    };
    Item::new(ItemKind::Static, name, tokens)
}
