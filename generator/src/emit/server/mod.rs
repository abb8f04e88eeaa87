//! Operations → traits to implement, typed requests and answers, and a router.
//!
//! What is the same for every document is support code; what is written here are types, tables,
//! and the few lines that join them.

mod answers;
mod credential;
mod endpoint;
mod framings;
mod harness;
mod media;
mod parameter;
mod request;
mod response;
mod routes;
mod socket;
mod status;
mod stub;
mod tables;
mod template;
mod traits;

use super::framing::Framings;
use super::{PlannedFile, TagFeatures, Types};
use crate::diagnostic::Diagnostics;
pub use harness::{ECHO, harness};
use stub::{Context, Stub};

/// The files of the server of an API; none where it has no operations. What is not emitted is told.
#[must_use]
pub fn emit(
    types: &Types<'_>,
    framings: &Framings,
    tags: &TagFeatures,
    diagnostics: &mut Diagnostics,
) -> Vec<PlannedFile> {
    let context = Context { types, framings, tags };
    let stubs = stub::stubs(&context);
    if stubs.is_empty() {
        return Vec::new();
    }
    let routes = routes::routes(stubs.iter(), diagnostics);
    let mut files =
        vec![traits::file(&context, &stubs, &routes), tables::file(&context, &stubs, diagnostics)];
    files.extend(stubs.iter().map(|stub| operation_file(&context, stub, diagnostics)));
    files
}

fn operation_file(
    context: &Context<'_>,
    stub: &Stub<'_>,
    diagnostics: &mut Diagnostics,
) -> PlannedFile {
    let mut imports = super::Imports::qualified();
    let body = request::body(context, stub, &mut imports, diagnostics);
    let answers = response::plan(context, stub, &mut imports, diagnostics);
    let mut items = parameter::constants(context, stub, &mut imports);
    items.extend(request::constants(context, stub, body.as_ref(), &mut imports));
    items.extend(response::constants(context, stub, &mut imports));
    items.extend(request::items(context, stub, body.as_ref(), &mut imports));
    items.extend(credential::items(stub, &mut imports));
    items.extend(response::items(stub, &answers, &mut imports));
    items.extend(endpoint::items(context, stub, &answers, &mut imports));
    PlannedFile {
        path: format!("{}/server/{}.rs", context.types.names().module(), stub.names.file),
        doc: format!("{}.", stub.request_line()),
        imports,
        items,
    }
}
