//! A feature for each tag: which models and operations each switches on.
//!
//! Features only add. What a tag's operations lead to is there with the tag; what no operation leads to, and what streams
//! are made of, is always there. Nothing that is always there, or there with one tag, needs what is there with another
//! alone.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::gate::{Gate, SERVER};
use super::support::{WEBSOCKET, YAML};
use crate::contract::{Api, Operation, SchemaId};
use crate::name::{Case, Name, Names};
use crate::select;

/// The features by which a model is there; none where it always is.
type Openers = Option<BTreeSet<String>>;

/// The features of the tags of one API, and what is behind them.
#[derive(Clone, Debug, Default)]
pub struct TagFeatures {
    /// By tag; the empty tag is for operations without any. Empty where nothing is behind a feature of a tag.
    features: BTreeMap<String, String>,
    models: BTreeMap<SchemaId, Openers>,
}

impl TagFeatures {
    /// One feature for each first tag of an operation. `before` goes in front of each, where a crate has several APIs.
    #[must_use]
    pub fn of(api: &Api, names: &Names, before: Option<&str>) -> Self {
        let tags: BTreeSet<&str> = api.operations.iter().map(tag).collect();
        let feature = |tag: &str| {
            let name = names.trait_of(tag).map_or(tag, Name::as_str);
            let name = Name::new(name, Case::Module).as_str().replace('_', "-");
            match (before, name.as_str()) {
                (Some(before), _) => format!("{before}-{name}"),
                (None, SERVER | WEBSOCKET | YAML | "default") => format!("{name}-tag"),
                (None, _) => name,
            }
        };
        let features: BTreeMap<_, _> =
            tags.into_iter().map(|tag| (tag.to_owned(), feature(tag))).collect();
        let mut models = openers(api, &features);
        settle(api, names, &mut models);
        Self { features, models }
    }

    /// Every feature.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.features.values().map(String::as_str)
    }

    /// Whether nothing is behind a feature of a tag.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// The gate of an operation.
    pub(super) fn operation(&self, operation: &Operation) -> TokenStream {
        Gate::of(self.features.get(tag(operation)).cloned()).attribute()
    }

    /// The gate of a file with these models.
    pub(super) fn file(&self, models: impl IntoIterator<Item = SchemaId>) -> TokenStream {
        let mut features = BTreeSet::new();
        for id in models {
            match self.models.get(&id) {
                Some(Some(own)) => features.extend(own.iter().cloned()),
                Some(None) | None => return TokenStream::new(),
            }
        }
        Gate::of(features).attribute()
    }

    /// The gate of the server, which is there with any of the tags.
    pub(super) fn server(&self) -> TokenStream {
        let features = self.iter();
        if self.is_empty() {
            return Gate::of([SERVER.to_owned()]).attribute();
        }
        quote! { #[cfg(all(feature = #SERVER, any(#(feature = #features),*)))] }
    }

    /// The gate of what needs every tag.
    pub(super) fn all(&self) -> TokenStream {
        let features: Vec<&str> = self.iter().collect();
        match features.as_slice() {
            [] => TokenStream::new(),
            [only] => quote! { #[cfg(feature = #only)] },
            several => quote! { #[cfg(all(#(feature = #several),*))] },
        }
    }

    /// Says that parts may go unused while some tag is off.
    pub(super) fn lenient(&self) -> TokenStream {
        let features: Vec<&str> = self.iter().collect();
        if features.len() < 2 {
            return TokenStream::new();
        }
        let reason = "operations of other tags use it";
        quote! {
            #[cfg_attr(not(all(#(feature = #features),*)), allow(dead_code, reason = #reason))]
        }
    }
}

/// The tag whose trait has the operation.
fn tag(operation: &Operation) -> &str {
    operation.tags.first().map(String::as_str).unwrap_or_default()
}

/// The features of the operations that lead to each schema.
fn openers(api: &Api, features: &BTreeMap<String, String>) -> BTreeMap<SchemaId, Openers> {
    let mut found: BTreeMap<SchemaId, Openers> = BTreeMap::new();
    for operation in &api.operations {
        let Some(feature) = features.get(tag(operation)) else { continue };
        for id in select::reached(&api.schemas, operation) {
            let openers = found.entry(id).or_insert_with(|| Some(BTreeSet::new()));
            if let Some(own) = openers {
                own.insert(feature.clone());
            }
        }
        for id in select::streamed(&api.schemas, operation) {
            found.insert(id, None);
        }
    }
    api.schemas.iter().map(|(id, _)| (id, found.remove(&id).unwrap_or_default())).collect()
}

/// Lets everything be there wherever something is that names it or that shares its file.
fn settle(api: &Api, names: &Names, models: &mut BTreeMap<SchemaId, Openers>) {
    let mut by_file: BTreeMap<(&str, &Name), Vec<SchemaId>> = BTreeMap::new();
    for (id, names) in names.models() {
        by_file.entry((&names.home, &names.file)).or_default().push(id);
    }
    let links: Vec<(SchemaId, SchemaId)> = api
        .schemas
        .iter()
        .flat_map(|(id, schema)| schema.inside().into_iter().map(move |inner| (id, inner)))
        .chain(names.same())
        .chain(by_file.values().flat_map(|file| {
            let back = file.iter().skip(1).zip(file);
            let forth = file.iter().zip(file.iter().skip(1));
            forth.chain(back).map(|(one, other)| (*one, *other)).collect::<Vec<_>>()
        }))
        .collect();
    let mut waiting: Vec<SchemaId> = models.keys().copied().collect();
    let mut by_outer: BTreeMap<SchemaId, Vec<SchemaId>> = BTreeMap::new();
    for (outer, inner) in links {
        by_outer.entry(outer).or_default().push(inner);
    }
    while let Some(outer) = waiting.pop() {
        let openers = models.get(&outer).cloned().unwrap_or_default();
        for inner in by_outer.get(&outer).into_iter().flatten() {
            let Some(own) = models.get_mut(inner) else { continue };
            let wider = match (&openers, &*own) {
                (None, _) | (_, None) => None,
                (Some(one), Some(other)) => Some(one.union(other).cloned().collect()),
            };
            if wider != *own {
                *own = wider;
                waiting.push(*inner);
            }
        }
    }
}
