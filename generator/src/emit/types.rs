//! A schema → the Rust type of its values, as every emitter writes it.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::Imports;
use crate::contract::{Additional, Api, Schema, SchemaId, Shape};
use crate::name::{Form, Names, Text, Width};

/// The Rust types of one API's schemas.
#[derive(Clone, Debug)]
pub struct Types<'a> {
    api: &'a Api,
    names: &'a Names,
    boxed: BTreeSet<(SchemaId, usize)>,
}

impl<'a> Types<'a> {
    /// The types of `api` under `names`.
    #[must_use]
    pub fn new(api: &'a Api, names: &'a Names) -> Self {
        let mut types = Self { api, names, boxed: BTreeSet::new() };
        types.boxed = recursion::boxes(&types);
        types
    }

    /// The API.
    #[must_use]
    pub fn api(&self) -> &'a Api {
        self.api
    }

    /// Its names.
    #[must_use]
    pub fn names(&self) -> &'a Names {
        self.names
    }

    /// The schema of that id.
    #[must_use]
    pub fn schema(&self, id: SchemaId) -> Option<&'a Schema> {
        self.api.schemas.get(id)
    }

    /// The type of a value, with `Option` around it where `null` is one.
    /// What it needs from elsewhere is added to `imports`.
    pub fn rust_type(&self, id: SchemaId, imports: &mut Imports) -> TokenStream {
        let bare = self.bare_type(id, imports);
        if self.is_nullable(id) {
            quote! { Option<#bare> }
        } else {
            bare
        }
    }

    /// The type of a value that is not `null`.
    pub fn bare_type(&self, id: SchemaId, imports: &mut Imports) -> TokenStream {
        let form = self.names.form(id);
        match self.names.model(id) {
            Some(model) if form.is_own() => imports.model(&model.home, &model.type_name),
            _ => self.form_type(form, imports),
        }
    }

    /// The type of a form that is no type of its own.
    pub(crate) fn form_type(&self, form: Form, imports: &mut Imports) -> TokenStream {
        match form {
            Form::Boolean => quote! { bool },
            Form::Integer(Width::I32) => quote! { i32 },
            Form::Integer(Width::I64) => quote! { i64 },
            Form::Integer(Width::U64) => quote! { u64 },
            Form::Number => quote! { f64 },
            Form::Text(Text::Plain) => quote! { String },
            Form::Text(Text::Base64) => quote! { crate::support::Base64 },
            Form::Text(Text::Date) => quote! { crate::support::Date },
            Form::Text(Text::DateTime) => quote! { crate::support::DateTime },
            Form::Text(Text::Uuid) => quote! { crate::support::Uuid },
            Form::Text(Text::Ipv4) => quote! { crate::support::Ipv4 },
            Form::Text(Text::Ipv6) => quote! { crate::support::Ipv6 },
            Form::List(item) => {
                let item = self.rust_type(item, imports);
                quote! { Vec<#item> }
            }
            Form::Map(member) => {
                imports.add("std::collections", "BTreeMap");
                let member = member.map_or_else(
                    || quote! { serde_json::Value },
                    |member| self.rust_type(member, imports),
                );
                quote! { BTreeMap<String, #member> }
            }
            Form::Never => quote! { crate::support::Never },
            Form::Any | Form::Constrained | Form::Enumeration | Form::Object | Form::Union => {
                quote! { serde_json::Value }
            }
        }
    }

    /// Whether `null` is a value beside those of the bare type.
    #[must_use]
    pub fn is_nullable(&self, id: SchemaId) -> bool {
        let nullable = self.schema(id).is_some_and(|schema| schema.nullable);
        nullable && self.names.form(id) != Form::Any
    }

    /// Whether values are `Copy`.
    #[must_use]
    pub fn is_copy(&self, id: SchemaId) -> bool {
        match self.names.form(id) {
            Form::Boolean | Form::Integer(_) | Form::Number | Form::Never => true,
            Form::Enumeration => true,
            Form::Constrained => self.schema(id).is_some_and(|schema| {
                matches!(schema.shape, Shape::Integer { .. } | Shape::Number { .. })
            }),
            _ => false,
        }
    }

    /// Whether the member of that number, a property or an alternative, is boxed to break a cycle,
    /// or to keep an alternative from being much larger than its siblings.
    #[must_use]
    pub fn is_boxed(&self, owner: SchemaId, member: usize) -> bool {
        self.boxed.contains(&(owner, member))
    }

    /// Whether a value takes so much room on the stack that an enum should box it.
    #[must_use]
    pub fn is_large(&self, id: SchemaId) -> bool {
        LARGE < self.size(id, 0)
    }

    /// About how many bytes a value takes; what is beyond [`LARGE`] is not counted further.
    fn size(&self, id: SchemaId, depth: usize) -> usize {
        let Some(schema) = self.schema(id) else { return TEXT };
        let member = |index: usize, member: SchemaId| {
            let boxed = self.is_boxed(id, index) || DEEP < depth;
            if boxed { 8 } else { self.size(member, depth + 1) }
        };
        match (&schema.shape, self.names.form(id)) {
            (Shape::Object { properties, additional, .. }, Form::Object) => {
                let rest = if *additional == Additional::Refused { 0 } else { TEXT };
                (0..).zip(properties).fold(rest, |sum, (index, property)| {
                    if LARGE < sum { sum } else { sum + 8 + member(index, property.schema) }
                })
            }
            (Shape::Union(union), Form::Union) => {
                (0..).zip(&union.variants).fold(8, |largest: usize, (index, variant)| {
                    if LARGE < largest { largest } else { largest.max(8 + member(index, *variant)) }
                })
            }
            (_, Form::Any) => 32,
            (_, Form::Text(Text::DateTime | Text::Ipv6)) => 48,
            (
                _,
                Form::Boolean | Form::Integer(_) | Form::Number | Form::Enumeration | Form::Never,
            ) => 8,
            _ => TEXT,
        }
    }
}

/// Members deeper than that count as boxed.
const DEEP: usize = 8;

/// What a `String`, `Vec` or `BTreeMap` takes, in bytes.
const TEXT: usize = 24;

/// An alternative above this is boxed, in bytes; well below what `clippy::large_enum_variant` allows.
const LARGE: usize = 96;

mod recursion {
    //! Finds where a value would hold itself without end, and puts a box there.

    use super::{BTreeSet, Form, SchemaId, Shape, Types};

    /// Members to box: the fewest that a walk in document order finds.
    pub(super) fn boxes(types: &Types<'_>) -> BTreeSet<(SchemaId, usize)> {
        let mut walk =
            Walk { types, boxed: BTreeSet::new(), open: Vec::new(), done: BTreeSet::new() };
        for (id, _) in types.names.models() {
            walk.visit(id);
        }
        let mut boxed = walk.boxed;
        boxed.extend(large_alternatives(types));
        boxed
    }

    struct Walk<'t, 'a> {
        types: &'t Types<'a>,
        boxed: BTreeSet<(SchemaId, usize)>,
        open: Vec<SchemaId>,
        done: BTreeSet<SchemaId>,
    }

    impl Walk<'_, '_> {
        fn visit(&mut self, id: SchemaId) {
            if !self.done.insert(id) {
                return;
            }
            self.open.push(id);
            for (index, member) in held(self.types, id) {
                if self.open.contains(&member) {
                    self.boxed.insert((id, index));
                } else {
                    self.visit(member);
                }
            }
            self.open.pop();
        }
    }

    /// The members that a value of this schema holds directly, not behind a list or a map.
    fn held(types: &Types<'_>, id: SchemaId) -> Vec<(usize, SchemaId)> {
        let Some(schema) = types.schema(id) else { return Vec::new() };
        match (&schema.shape, types.names.form(id)) {
            (Shape::Object { properties, .. }, Form::Object) => {
                (0..).zip(properties.iter().map(|property| property.schema)).collect()
            }
            (Shape::Union(union), _) => (0..).zip(union.variants.iter().copied()).collect(),
            _ => Vec::new(),
        }
    }

    fn large_alternatives(types: &Types<'_>) -> Vec<(SchemaId, usize)> {
        let unions = types.names.models().filter_map(|(id, _)| match &types.schema(id)?.shape {
            Shape::Union(union) => Some((id, union)),
            _ => None,
        });
        unions
            .flat_map(|(id, union)| {
                let variants = (0..).zip(&union.variants);
                variants
                    .filter(|(_, variant)| types.is_large(**variant))
                    .map(move |(index, _)| (id, index))
            })
            .collect()
    }
}
