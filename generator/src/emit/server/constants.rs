//! Constants that operations read by, each once however many of them use it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::{Imports, Item, ItemKind};
use crate::name::{Case, Name};

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
