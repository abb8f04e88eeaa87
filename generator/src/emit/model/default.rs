//! Defaults: what an absent value means. An absent member stays absent in the model;
//! a default that its own schema refuses is left out.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::Context;
use crate::contract::{Property, Schema, SchemaId, Shape};
use crate::emit::{Types, doc, literal, sample};
use crate::name::{Form, Name, Text, Width};

/// The method that gives an optional member or what its absence means.
pub(super) fn accessor(
    context: &mut Context<'_, '_>,
    property: &Property,
    field: &Name,
    method: &Name,
) -> Option<TokenStream> {
    let (types, id) = (context.types, property.schema);
    let schema = types.schema(id)?;
    let default = property.default.as_ref().or(schema.default.as_ref());
    let default = default.filter(|default| sample::accepts(types.api(), id, default))?;
    let owned = types.rust_type(id, &mut context.imports);
    let (result, value) = match types.names().form(id) {
        Form::Text(Text::Plain) => {
            let text = default.as_str()?;
            (quote! { &str }, quote! { self.#field.as_deref().unwrap_or(#text) })
        }
        form @ (Form::Boolean | Form::Integer(_) | Form::Number) => {
            let value = scalar(form, default)?;
            (owned, quote! { self.#field.unwrap_or(#value) })
        }
        Form::Enumeration => {
            let variant = variant(types, id, schema, default)?;
            (owned.clone(), quote! { self.#field.unwrap_or(#owned::#variant) })
        }
        // Only the default of the type itself can be made without a check.
        Form::Constrained if schema.default.as_ref() == Some(default) => {
            of_newtype(types, id, schema)?;
            let owner = if types.is_copy(id) {
                quote! {}
            } else {
                quote! { .clone() }
            };
            (owned, quote! { self.#field #owner.unwrap_or_default() })
        }
        _ => return None,
    };
    let about = doc::outer(&format!("{}, or its default.", doc::code(field.as_str())));
    Some(quote! {
        #about
        #[must_use]
        pub fn #method(&self) -> #result {
            #value
        }
    })
}

fn variant<'a>(
    types: &Types<'a>,
    id: SchemaId,
    schema: &Schema,
    default: &Value,
) -> Option<&'a Name> {
    let Shape::Enumeration(values) = &schema.shape else { return None };
    let index = values.iter().position(|value| value == default)?;
    types.names().model(id)?.members.get(index)
}

/// The default of a newtype.
pub(super) struct NewtypeDefault {
    /// The value inside.
    pub(super) value: TokenStream,
    /// Whether it is the default of the type inside as well.
    pub(super) is_derived: bool,
}

/// The default of a newtype, if its schema has one that is within its bounds.
pub(super) fn of_newtype(
    types: &Types<'_>,
    id: SchemaId,
    schema: &Schema,
) -> Option<NewtypeDefault> {
    let default = schema.default.as_ref();
    let default = default.filter(|default| sample::accepts(types.api(), id, default))?;
    let is_derived = default.as_f64() == Some(0.0) || default.as_str() == Some("");
    let value = match types.names().unbounded_form(&schema.shape) {
        Form::Text(Text::Plain) => {
            let text = default.as_str()?;
            quote! { #text.to_owned() }
        }
        form => scalar(form, default)?,
    };
    Some(NewtypeDefault { value, is_derived })
}

fn scalar(form: Form, value: &Value) -> Option<TokenStream> {
    match form {
        Form::Boolean => value.as_bool().map(|flag| quote! { #flag }),
        Form::Integer(Width::I32) => {
            let whole = i32::try_from(value.as_i64()?).ok()?;
            Some(literal::integer(i128::from(whole)))
        }
        Form::Integer(Width::I64) => {
            value.as_i64().map(|whole| literal::integer(i128::from(whole)))
        }
        Form::Integer(Width::U64) => {
            value.as_u64().map(|whole| literal::integer(i128::from(whole)))
        }
        Form::Number => value.as_f64().map(literal::float),
        _ => None,
    }
}
