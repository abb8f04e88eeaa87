//! Defaults: what an absent value means. An absent member stays absent in the model;
//! a default that its own schema refuses is left out.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Number, Value};

use super::{Context, pattern};
use crate::contract::{Bound, Schema, SchemaId, Shape};
use crate::emit::{doc, literal};
use crate::name::{Form, Name, Text, Width};

/// The method that gives an optional member or what its absence means.
pub(super) fn accessor(
    context: &mut Context<'_, '_>,
    id: SchemaId,
    field: &Name,
    method: &Name,
) -> Option<TokenStream> {
    let types = context.types;
    let schema = types.schema(id)?;
    let default = schema.default.as_ref().filter(|default| fits(schema, default))?;
    let form = types.names().form(id);
    let owned = types.rust_type(id, &mut context.imports);
    let (result, value) = match form {
        Form::Text(Text::Plain) => {
            let text = default.as_str()?;
            (quote! { &str }, quote! { self.#field.as_deref().unwrap_or(#text) })
        }
        Form::Boolean | Form::Integer(_) | Form::Number => {
            let value = scalar(form, default)?;
            (owned, quote! { self.#field.unwrap_or(#value) })
        }
        Form::Enumeration => (owned, quote! { self.#field.unwrap_or_default() }),
        Form::Constrained => {
            of_newtype(schema, types.names().unbounded_form(&schema.shape))?;
            let copied = if types.is_copy(id) {
                quote! {}
            } else {
                quote! { .clone() }
            };
            (owned, quote! { self.#field #copied.unwrap_or_default() })
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

/// The default of a newtype.
pub(super) struct NewtypeDefault {
    /// The value inside.
    pub(super) value: TokenStream,
    /// Whether it is the default of the type inside as well.
    pub(super) is_derived: bool,
}

/// The default of a newtype around that form, if its schema has one that is within its bounds.
pub(super) fn of_newtype(schema: &Schema, form: Form) -> Option<NewtypeDefault> {
    let default = schema.default.as_ref().filter(|default| fits(schema, default))?;
    let is_derived = default.as_f64() == Some(0.0) || default.as_str() == Some("");
    let value = match form {
        Form::Text(Text::Plain) => {
            let text = default.as_str()?;
            quote! { #text.to_owned() }
        }
        _ => scalar(form, default)?,
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

/// Whether the schema of a scalar admits its own default.
fn fits(schema: &Schema, default: &Value) -> bool {
    match &schema.shape {
        Shape::Boolean => default.is_boolean(),
        Shape::Enumeration(values) => values.contains(default),
        Shape::Integer { minimum, maximum, multiple_of, .. }
        | Shape::Number { minimum, maximum, multiple_of, .. } => {
            let above = |bound: &Bound, value: f64| {
                bound
                    .value
                    .as_f64()
                    .is_some_and(|least| least < value || !bound.exclusive && least == value)
            };
            let below = |bound: &Bound, value: f64| {
                bound
                    .value
                    .as_f64()
                    .is_some_and(|most| value < most || !bound.exclusive && value == most)
            };
            default.as_f64().is_some_and(|value| {
                multiple_of.as_ref().is_none_or(|divisor| divides(divisor, default))
                    && minimum.as_ref().is_none_or(|bound| above(bound, value))
                    && maximum.as_ref().is_none_or(|bound| below(bound, value))
            })
        }
        Shape::String { length, pattern, .. } => default.as_str().is_some_and(|text| {
            let count = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
            length.minimum.is_none_or(|least| least <= count)
                && length.maximum.is_none_or(|most| count <= most)
                && pattern.as_deref().is_none_or(|pattern| matches(pattern, text))
        }),
        _ => false,
    }
}

/// Whether a whole divisor divides a whole number; of others that is not said here.
fn divides(divisor: &Number, value: &Value) -> bool {
    let remainder = value
        .as_i64()
        .zip(divisor.as_i64())
        .and_then(|(value, divisor)| value.checked_rem(divisor));
    remainder == Some(0)
}

fn matches(ecma: &str, text: &str) -> bool {
    let regex =
        pattern::translate(ecma).ok().and_then(|pattern| fancy_regex::Regex::new(&pattern).ok());
    regex.is_none_or(|regex| regex.is_match(text).unwrap_or(false))
}
