//! Operations → traits to implement, typed requests and answers, and a router.
//!
//! What is the same for every document is support code; what is written here are types, tables,
//! and the few lines that join them.

mod answers;
mod constants;
mod credential;
mod endpoint;
mod framings;
mod harness;
mod media;
mod parameter;
mod request;
mod response;
mod routes;
mod said;
mod socket;
mod status;
mod stub;
mod tables;
mod template;
mod traits;

use super::framing::Framings;
use super::{PlannedFile, TagFeatures, Types};
use crate::diagnostic::Diagnostics;
use constants::Constants;
pub use harness::{ECHO, harness};
use said::Said;
use stub::{Context, Stub};

/// Hands over the files of the server of an API; `false` where it has no operations. What is not emitted is told.
pub fn emit(
    types: &Types<'_>,
    framings: &Framings,
    tags: &TagFeatures,
    diagnostics: &mut Diagnostics,
    sink: &mut dyn FnMut(PlannedFile),
) -> bool {
    let context = Context { types, framings, tags };
    let stubs = stub::stubs(&context);
    if stubs.is_empty() {
        return false;
    }
    let routes = routes::routes(stubs.iter(), diagnostics);
    sink(traits::file(&context, &stubs, &routes));
    let mut shared = Shared { constants: Constants::new(), said: Said::default() };
    for stub in &stubs {
        sink(operation_file(&context, stub, &mut shared, diagnostics));
    }
    sink(tables::file(&context, &stubs, shared.constants, diagnostics));
    true
}

/// What operations have in common.
struct Shared {
    constants: Constants,
    said: Said,
}

fn operation_file(
    context: &Context<'_>,
    stub: &Stub<'_>,
    shared: &mut Shared,
    diagnostics: &mut Diagnostics,
) -> PlannedFile {
    let mut imports = super::Imports::qualified();
    let body = request::body(context, stub, &mut imports, diagnostics);
    let body = body.as_ref();
    let answers = response::plan(context, stub, &mut imports, diagnostics);
    let tables = constants::tables(context, stub, &mut shared.constants);
    let mut items = request::constants(context, stub, &mut imports);
    items.extend(response::constants(context, stub, &mut imports));
    items.extend(request::items(context, stub, body, &tables, &mut shared.said, &mut imports));
    items.extend(credential::items(stub, &mut imports));
    items.extend(response::items(stub, &answers, &mut imports));
    items.extend(endpoint::items(context, stub, &answers, &tables, &mut imports));
    PlannedFile {
        path: format!("{}/server/{}.rs", context.types.names().module(), stub.names.file),
        doc: format!("{}.", stub.request_line()),
        imports,
        items,
    }
}
