//! Listed values → enums. A value that is not listed cannot be written.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::{Context, decode, deserialize, prose, serialize};
use crate::contract::Schema;
use crate::emit::{Item, ItemKind, doc, literal};
use crate::name::{ModelNames, Name};

/// The enum and everything it implements.
pub(super) fn items(
    context: &mut Context<'_, '_>,
    schema: &Schema,
    names: &ModelNames,
    values: &[Value],
) -> Vec<Item> {
    let variants: Vec<Variant<'_>> = variants(values, &names.members.each, schema.default.as_ref());
    let name = &names.type_name;
    let texts: Option<Vec<&str>> = variants.iter().map(|variant| variant.value.as_str()).collect();
    let mut items = vec![definition(schema, names, &variants)];
    match texts {
        Some(texts) => items.push(of_texts(name, &variants, &texts)),
        None => {
            items.extend(of_any(context, name, &variants));
            items.push(deserialize(name));
        }
    }
    items
}

struct Variant<'a> {
    name: &'a Name,
    value: &'a Value,
    is_default: bool,
}

/// One variant a value; a value that is listed twice has one.
fn variants<'a>(
    values: &'a [Value],
    names: &'a [Name],
    default: Option<&Value>,
) -> Vec<Variant<'a>> {
    let mut variants: Vec<Variant<'a>> = Vec::new();
    for (value, name) in values.iter().zip(names) {
        if variants.iter().all(|variant| variant.value != value) {
            variants.push(Variant { name, value, is_default: default == Some(value) });
        }
    }
    variants
}

fn definition(schema: &Schema, names: &ModelNames, variants: &[Variant<'_>]) -> Item {
    let name = &names.type_name;
    let about = doc::outer(&prose::of_type(schema, names));
    let each = variants.iter().map(|Variant { name, value, is_default }| {
        let about = match value {
            Value::String(text) => doc::code(text),
            other => doc::code(&other.to_string()),
        };
        let about = doc::outer(&format!("{about}."));
        let default = is_default.then(|| quote! { #[default] });
        quote! { #about #default #name }
    });
    let default = variants.iter().any(|variant| variant.is_default).then(|| quote! { Default, });
    let tokens = quote! {
        #about
        #[derive(Clone, Copy, Debug, #default PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum #name { #(#each),* }
    };
    Item::new(ItemKind::Enum, name, tokens)
}

fn all(variants: &[Variant<'_>]) -> TokenStream {
    let count = Literal::usize_unsuffixed(variants.len());
    let each = variants.iter().map(|variant| variant.name);
    quote! {
        /// Every value, in document order.
        pub const ALL: [Self; #count] = [#(Self::#each),*];
    }
}

fn of_texts(name: &Name, variants: &[Variant<'_>], texts: &[&str]) -> Item {
    let each = variants.iter().map(|variant| variant.name);
    let tokens = quote! { crate::worded!(#name { #(#each = #texts),* }); };
    Item::new(ItemKind::Macro, "worded", tokens)
}

fn of_any(context: &mut Context<'_, '_>, name: &Name, variants: &[Variant<'_>]) -> Vec<Item> {
    let all = all(variants);
    let each: Vec<&Name> = variants.iter().map(|variant| variant.name).collect();
    let values = variants.iter().map(|variant| literal::json(variant.value));
    let integers: Option<Vec<i64>> =
        variants.iter().map(|variant| variant.value.as_i64()).collect();
    let integer = integers.map(|integers| {
        let integers = integers.into_iter().map(|integer| literal::integer(i128::from(integer)));
        quote! {
            /// The number on the wire.
            #[must_use]
            pub const fn as_i64(self) -> i64 {
                match self { #(Self::#each => #integers),* }
            }
        }
    });
    let inherent = quote! {
        impl #name {
            #all

            #integer

            /// The value on the wire.
            #[must_use]
            pub fn to_value(self) -> serde_json::Value {
                match self { #(Self::#each => #values),* }
            }
        }
    };
    vec![
        Item::block(name, inherent),
        decode(
            context,
            name,
            &quote! { decode::listed(value, at, faults, &Self::ALL, Self::to_value) },
        ),
        serialize(context, name, &quote! { self.to_value().serialize(serializer) }),
    ]
}
