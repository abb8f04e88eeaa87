//! Constants that operations read by, each once however many of them use it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::parameter;
use super::stub::{Context, Stub};
use crate::emit::{Imports, Item, ItemKind};
use crate::name::{Case, Name};

/// The constants by which an operation is read.
pub(super) struct Tables {
    /// Of each parameter, parallel to them.
    pub(super) parameters: Vec<Name>,
    /// Whether a body is expected, and of which media types.
    pub(super) body: Option<Name>,
    /// The media types that a caller may accept, where it is looked at.
    pub(super) acceptable: Option<Name>,
}

/// Asks for the constants of parameters, body and media types.
pub(super) fn tables(context: &Context<'_>, stub: &Stub<'_>, constants: &mut Constants) -> Tables {
    let parameters = parameter::constants(context, stub, constants);
    let body = stub.operation.body.as_ref().filter(|body| !body.content.is_empty());
    let body = body.map(|body| {
        constants.imports.add("crate::support::server", "BodyKinds");
        let required = body.required;
        let media_types = body.content.iter().map(|content| content.media_type.essence());
        let value = quote! { BodyKinds { required: #required, media_types: &[#(#media_types),*] } };
        constants.share(&Name::new("request body", Case::Constant), &quote! { BodyKinds }, &value)
    });
    let looks = stub.refuses_unacceptable() || !stub.names.wanted.is_empty();
    let acceptable = looks.then(|| {
        let media_types = stub.operation.success_media_types();
        let media_types = media_types.iter().map(|media_type| &media_type.0);
        let value = quote! { &[#(#media_types),*] };
        constants.share(&Name::new("acceptable", Case::Constant), &quote! { &[&str] }, &value)
    });
    Tables { parameters, body, acceptable }
}

/// The constants that operations have asked for.
pub(super) struct Constants {
    pub(super) imports: Imports,
    known: BTreeMap<String, Name>,
    taken: BTreeSet<Name>,
    items: Vec<Item>,
}

impl Constants {
    /// None yet.
    pub(super) fn new() -> Self {
        let (known, taken, items) = (BTreeMap::new(), BTreeSet::new(), Vec::new());
        Self { imports: Imports::qualified(), known, taken, items }
    }

    /// The constant of that value; called so as `wished`, unless another value is.
    pub(super) fn share(&mut self, wished: &Name, kind: &TokenStream, value: &TokenStream) -> Name {
        let text = value.to_string();
        if let Some(known) = self.known.get(&text) {
            return known.clone();
        }
        let numbered = (2_u32..).map(|number| wished.join(&number.to_string(), Case::Constant));
        let mut names = std::iter::once(wished.clone()).chain(numbered);
        let name = names.find(|name| !self.taken.contains(name)).unwrap_or_else(|| wished.clone());
        self.taken.insert(name.clone());
        self.known.insert(text, name.clone());
        let tokens = quote! { pub(super) const #name: #kind = #value; };
        self.items.push(Item::new(ItemKind::Constant, &name, tokens));
        name
    }

    /// Everything asked for, by name.
    pub(super) fn items(self) -> (Imports, Vec<Item>) {
        let Self { imports, mut items, .. } = self;
        items.sort_by(|one, other| one.planned.name.cmp(&other.planned.name));
        (imports, items)
    }
}
