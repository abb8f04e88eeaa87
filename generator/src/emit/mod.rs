//! Contract and names → files of items. One file here for each kind of item; emitters never import each other.
//!
//! Only `quote!` makes code. Whatever a document says reaches the output as a literal, a doc comment
//! or a name from the table, never as text.

pub mod doc;
pub mod framing;
pub mod literal;
mod model;
mod plan;
pub(crate) mod sample;
pub mod server;
pub mod stream;
mod support;
mod types;

use quote::quote;

pub(crate) use plan::path_rank;
pub use plan::{Imports, Item, ItemKind, Planned, PlannedFile};
pub use support::{DEPENDENCIES, Dependency, SUPPORT};
pub use types::Types;

use crate::diagnostic::Diagnostics;
use crate::name::{Case, Name};
use framing::Framings;

/// Every file of one module. `types` hold its contract and names.
pub fn module(types: &Types<'_>, diagnostics: &mut Diagnostics) -> Vec<PlannedFile> {
    let framings = Framings::of(types.api(), types.names(), diagnostics);
    let streams = stream::emit(types, &framings);
    let server = server::emit(types, &framings, diagnostics);
    let parts = [("models", true), ("server", !server.is_empty()), ("streams", streams.is_some())];
    let parts = parts.into_iter().filter(|(_, exists)| *exists).map(|(name, _)| name);
    let mut files = vec![root(types, parts)];
    files.extend(model::emit(types, diagnostics));
    files.extend(server);
    files.extend(streams);
    files
}

/// The root of the output: support, and a module for each API.
#[must_use]
pub fn library(modules: &[&Name]) -> PlannedFile {
    let support = quote! {
        pub mod support;
    };
    let modules = modules.iter().map(|module| {
        let tokens = quote! {
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

fn root(types: &Types<'_>, parts: impl Iterator<Item = &'static str>) -> PlannedFile {
    let (api, module) = (types.api(), types.names().module());
    let about = format!("{}, version {}.", api.title, api.version);
    let modules = parts.map(|name| {
        let ident = Name::new(name, Case::Value);
        Item::new(ItemKind::Module, name, quote! { pub mod #ident; })
    });
    PlannedFile {
        path: format!("{module}/mod.rs"),
        doc: doc::paragraphs([about.as_str(), api.description.as_deref().unwrap_or_default()]),
        imports: Imports::default(),
        items: modules.collect(),
    }
}
