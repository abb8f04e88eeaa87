//! Contract and names → files of items. One file here for each kind of item; emitters never import each other.
//!
//! Only `quote!` makes code. Whatever a document says reaches the output as a literal, a doc comment
//! or a name from the table, never as text.

pub mod doc;
pub mod framing;
mod gate;
pub mod literal;
mod model;
mod need;
mod plan;
pub(crate) mod sample;
pub mod server;
pub mod stream;
mod support;
mod tag;
mod types;

use std::collections::BTreeMap;
use std::sync::Arc;

use proc_macro2::TokenStream;
use quote::quote;

pub use gate::{Gate, SERVER};
pub use need::needs;
pub(crate) use plan::path_rank;
pub use plan::{Imports, Item, ItemKind, Planned, PlannedFile};
pub use support::{DEPENDENCIES, Dependency, Parts, SUPPORT, WEBSOCKET, YAML, support};
pub use tag::TagFeatures;
pub use types::Types;

use crate::diagnostic::Diagnostics;
use crate::name::{Case, Name};
use framing::Framings;

/// Every file of the models that several APIs use, each with the document that it is made from, and the list of their
/// modules. `gates` are, for each module, the features that use it.
pub fn shared(
    types: &Types<'_>,
    gates: &BTreeMap<&Name, Gate>,
    diagnostics: &mut Diagnostics,
) -> Vec<(Arc<str>, PlannedFile)> {
    let modules = gates.iter().map(|(name, gate)| {
        let gate = gate.attribute();
        Item::new(ItemKind::Module, name, quote! { #gate pub mod #name; })
    });
    let list = PlannedFile {
        path: format!("{}/mod.rs", types.names().module()),
        doc: "What several APIs are made of, one module a document.".to_owned(),
        imports: Imports::default(),
        items: modules.collect(),
    };
    let mut files = vec![(Arc::from("the shipped specs"), list)];
    for (schema, file) in model::emit_shared(types, diagnostics) {
        let source = types.schema(schema).map(|schema| Arc::clone(&schema.place.source));
        files.push((source.unwrap_or_else(|| Arc::from("the shipped specs")), file));
    }
    files
}

/// Hands over every file of those parts of one module, one after another. `types` hold its contract and names, `tags`
/// what is behind features.
pub fn module(
    types: &Types<'_>,
    parts: Parts,
    tags: &TagFeatures,
    diagnostics: &mut Diagnostics,
    sink: &mut dyn FnMut(PlannedFile),
) {
    if parts == Parts::Models {
        sink(root(types, tags, ["models"].into_iter()));
        return model::emit(types, tags, diagnostics, sink);
    }
    let framings = Framings::of(types.api(), types.names(), diagnostics);
    let streams = stream::emit(types, &framings);
    model::emit(types, tags, diagnostics, sink);
    let has_server = server::emit(types, &framings, tags, diagnostics, sink);
    let parts = [("models", true), ("server", has_server), ("streams", streams.is_some())];
    let parts = parts.into_iter().filter(|(_, exists)| *exists).map(|(name, _)| name);
    sink(root(types, tags, parts));
    streams.into_iter().for_each(sink);
}

/// The root of the output: support, and a module for each API, each where its gate is open.
#[must_use]
pub fn library(modules: &[(&Name, Gate)]) -> PlannedFile {
    let support = quote! {
        pub mod support;
    };
    let modules = modules.iter().map(|(module, gate)| {
        let gate = gate.attribute();
        let tokens = quote! {
            #gate
            #[rustfmt::skip]
            pub mod #module;
        };
        Item::new(ItemKind::Module, module, tokens)
    });
    PlannedFile {
        path: "lib.rs".to_owned(),
        doc: "Models and server stubs made from OpenAPI documents, one module an API.\n\nNothing here is edited by hand.".to_owned(),
        imports: Imports::default(),
        items: std::iter::once(Item::new(ItemKind::Module, "support", support)).chain(modules).collect(),
    }
}

fn root(
    types: &Types<'_>,
    tags: &TagFeatures,
    parts: impl Iterator<Item = &'static str>,
) -> PlannedFile {
    let (api, module) = (types.api(), types.names().module());
    let about = format!("{}, version {}.", api.title, api.version);
    let modules = parts.map(|name| {
        let ident = Name::new(name, Case::Value);
        let gate = match name {
            "models" => TokenStream::new(),
            "server" => tags.server(),
            _ => Gate::of([SERVER.to_owned()]).attribute(),
        };
        Item::new(ItemKind::Module, name, quote! { #gate pub mod #ident; })
    });
    PlannedFile {
        path: format!("{module}/mod.rs"),
        doc: doc::paragraphs([about.as_str(), api.description.as_deref().unwrap_or_default()]),
        imports: Imports::default(),
        items: modules.collect(),
    }
}
