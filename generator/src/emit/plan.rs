//! What emitters hand on: files as lists of items, each with the kind and name it is meant to have.
//! Prints nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::name::Name;

/// A file to print.
#[derive(Clone, Debug)]
pub struct PlannedFile {
    /// Where it goes, relative to the folder that holds all output, with `/` between segments.
    pub path: String,
    /// What stands at its top, as prose.
    pub doc: String,
    /// What it uses from elsewhere.
    pub imports: Imports,
    /// What it defines, in order.
    pub items: Vec<Item>,
}

/// One item: its tokens, and what it is meant to be once printed and parsed again.
#[derive(Clone, Debug)]
pub struct Item {
    /// What it is meant to be.
    pub planned: Planned,
    /// Its tokens, attributes included.
    pub tokens: TokenStream,
}

impl Item {
    /// An item of that kind and name.
    pub fn new(kind: ItemKind, name: impl fmt::Display, tokens: TokenStream) -> Self {
        Self { planned: Planned { kind, name: name.to_string() }, tokens }
    }

    /// An `impl` block, named as it reads: `Pod`, or `Decode for Pod`.
    pub fn block(name: impl fmt::Display, tokens: TokenStream) -> Self {
        Self::new(ItemKind::Impl, name, tokens)
    }
}

/// Kind and name of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The kind.
    pub kind: ItemKind,
    /// The name; for a block the trait, if any, and the type, without generics and paths.
    pub name: String,
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.keyword(), self.name)
    }
}

/// The kinds of items that emitters make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// `const`.
    Constant,
    /// `enum`.
    Enum,
    /// `fn`.
    Function,
    /// `impl`.
    Impl,
    /// A call of a macro.
    Macro,
    /// `mod`.
    Module,
    /// `static`.
    Static,
    /// `struct`.
    Struct,
    /// `trait`.
    Trait,
    /// `type`.
    Type,
    /// `use`.
    Use,
}

impl ItemKind {
    fn keyword(self) -> &'static str {
        match self {
            Self::Constant => "const",
            Self::Enum => "enum",
            Self::Function => "fn",
            Self::Impl => "impl",
            Self::Macro => "macro",
            Self::Module => "mod",
            Self::Static => "static",
            Self::Struct => "struct",
            Self::Trait => "trait",
            Self::Type => "type",
            Self::Use => "use",
        }
    }
}

/// The names a file uses from elsewhere, collected while its items are made, so that none is unused.
#[derive(Clone, Debug, Default)]
pub struct Imports {
    local: BTreeSet<String>,
    used: BTreeMap<String, BTreeSet<String>>,
    qualified: bool,
}

impl Imports {
    /// No imports yet; `local` types are defined in the file itself.
    pub fn new<'n>(local: impl IntoIterator<Item = &'n Name>) -> Self {
        let local = local.into_iter().map(Name::to_string).collect();
        Self { local, used: BTreeMap::new(), qualified: false }
    }

    /// No imports yet, for a file that writes `models::` before every model, because it has types
    /// of its own that may be called the same.
    #[must_use]
    pub fn qualified() -> Self {
        Self { qualified: true, ..Self::default() }
    }

    /// Uses `name` of the module `path`, such as `BTreeMap` of `std::collections`; `self` is the module.
    pub fn add(&mut self, path: &str, name: &str) {
        if !self.local.contains(name) {
            self.used.entry(path.to_owned()).or_default().insert(name.to_owned());
        }
    }

    /// Uses a model of the module `home`, such as `api::models`, and tells what it is called here.
    pub fn model(&mut self, home: &str, name: &Name) -> TokenStream {
        let parts = home.rsplit_once("::").filter(|_| self.qualified);
        if let Some((parent, last)) = parts {
            self.add(&format!("crate::{parent}"), last);
            let last = Ident::new(last, Span::call_site());
            return quote! { #last::#name };
        }
        self.add(&format!("crate::{home}"), name.as_str());
        quote! { #name }
    }

    /// The `use` items, sorted, those of the standard library first and those of the crate last.
    #[must_use]
    pub fn items(&self) -> Vec<Item> {
        let mut paths: Vec<_> = self.used.iter().collect();
        paths.sort_by_key(|(path, _)| (path_rank(path), path.as_str()));
        paths.into_iter().map(|(path, names)| use_item(path, names)).collect()
    }
}

/// In which group of imports a path stands: standard library, other crates, this crate.
#[must_use]
pub(crate) fn path_rank(path: &str) -> u8 {
    match path.split("::").next() {
        Some("std" | "core" | "alloc") => 0,
        Some("crate" | "self" | "super") => 2,
        _ => 1,
    }
}

fn use_item(path: &str, names: &BTreeSet<String>) -> Item {
    let ident = |text: &str| Ident::new(text, Span::call_site());
    let segments: Vec<Ident> = path.split("::").map(ident).collect();
    let itself = names.iter().filter(|name| *name == "self");
    let others = names.iter().filter(|name| *name != "self");
    let idents: Vec<Ident> = itself.chain(others).map(|name| ident(name)).collect();
    let (planned, tokens) = match idents.as_slice() {
        [only] if only == "self" => {
            let parent = path.rsplit_once("::").map_or(path, |(parent, _)| parent);
            (parent, quote! { use #(#segments)::*; })
        }
        [only] => (path, quote! { use #(#segments)::*::#only; }),
        several => (path, quote! { use #(#segments)::*::{#(#several),*}; }),
    };
    Item::new(ItemKind::Use, planned, tokens)
}
