//! Values → the literals and expressions that make them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Number, Value};

/// An integer, with its sign as a token of its own.
#[must_use]
pub fn integer(value: i128) -> TokenStream {
    let digits = Literal::u128_unsuffixed(value.unsigned_abs());
    if value < 0 {
        quote! { -#digits }
    } else {
        quote! { #digits }
    }
}

/// A float, with its sign as a token of its own; what is not finite, JSON does not have.
#[must_use]
pub fn float(value: f64) -> TokenStream {
    let finite = if value.is_finite() { value.abs() } else { f64::MAX };
    let digits = Literal::f64_unsuffixed(finite);
    if value.is_sign_negative() {
        quote! { -#digits }
    } else {
        quote! { #digits }
    }
}

/// `Some` of that, or `None`.
#[must_use]
pub fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote! { None }, |value| quote! { Some(#value) })
}

/// A count, or `None`.
#[must_use]
pub fn count(value: Option<u64>) -> TokenStream {
    option(value.map(|value| integer(i128::from(value))))
}

/// An expression of type `serde_json::Value`.
#[must_use]
pub fn json(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote! { serde_json::Value::Null },
        Value::Bool(flag) => quote! { serde_json::Value::from(#flag) },
        Value::Number(number) => {
            let number = number_literal(number);
            quote! { serde_json::Value::from(#number) }
        }
        Value::String(text) => quote! { serde_json::Value::from(#text) },
        Value::Array(items) => {
            let items = items.iter().map(json);
            quote! { serde_json::Value::Array(vec![#(#items),*]) }
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| {
                let member = json(member);
                quote! { (#name.to_owned(), #member) }
            });
            quote! { serde_json::Value::Object([#(#members),*].into_iter().collect()) }
        }
    }
}

/// A number with its type, so that no default type is too narrow.
fn number_literal(number: &Number) -> TokenStream {
    match (number.as_i64(), number.as_u64()) {
        (Some(i64::MIN), _) => quote! { i64::MIN },
        (Some(whole), _) => {
            let digits = Literal::i64_suffixed(whole.abs());
            if whole < 0 {
                quote! { -#digits }
            } else {
                quote! { #digits }
            }
        }
        (None, Some(whole)) => {
            let digits = Literal::u64_suffixed(whole);
            quote! { #digits }
        }
        (None, None) => float(number.as_f64().unwrap_or_default()),
    }
}
