//! Alternatives → enums whose decoding tells which alternative a value is.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, decode, deserialize, prose, serialize};
use crate::contract::{Discriminator, Schema, SchemaId, Union, UnionKind};
use crate::emit::{Item, ItemKind, doc};
use crate::name::{ModelNames, Name};

/// The enum and everything it implements.
pub(super) fn items(
    context: &mut Context<'_, '_>,
    id: SchemaId,
    schema: &Schema,
    names: &ModelNames,
    union: &Union,
) -> Vec<Item> {
    let variants: Vec<Variant<'_>> = variants(context, id, names, union);
    let name = &names.type_name;
    let decoding = union
        .discriminator
        .as_ref()
        .and_then(|discriminator| tagged(discriminator, &variants))
        .unwrap_or_else(|| tried(union.kind, &variants));
    let each = variants.iter().map(|variant| variant.name);
    let writing = quote! {
        match self { #(Self::#each(value) => value.serialize(serializer)),* }
    };
    vec![
        definition(schema, names, union.kind, &variants),
        decode(context, name, &decoding),
        serialize(context, name, &writing),
        deserialize(name),
    ]
}

struct Variant<'a> {
    name: &'a Name,
    schema: SchemaId,
    payload: TokenStream,
    doc: String,
}

fn variants<'a>(
    context: &mut Context<'_, '_>,
    id: SchemaId,
    names: &'a ModelNames,
    union: &Union,
) -> Vec<Variant<'a>> {
    let named = (0..).zip(&union.variants).zip(&names.members.each);
    named
        .map(|((index, variant), name)| {
            let payload = context.types.rust_type(*variant, &mut context.imports);
            let boxed = context.types.is_boxed(id, index);
            let payload = if boxed {
                quote! { Box<#payload> }
            } else {
                payload
            };
            let schema = context.types.schema(*variant);
            let said = schema.and_then(prose::of_schema).map(str::to_owned);
            let doc =
                said.unwrap_or_else(|| format!("The alternative {}.", doc::code(name.as_str())));
            Variant { name, schema: *variant, payload, doc }
        })
        .collect()
}

fn definition(
    schema: &Schema,
    names: &ModelNames,
    kind: UnionKind,
    variants: &[Variant<'_>],
) -> Item {
    let name = &names.type_name;
    let about = prose::of_type(schema, names);
    let law = match kind {
        UnionKind::OneOf => "A value fits exactly one alternative.",
        UnionKind::AnyOf => "Of the alternatives that fit a value, the first counts.",
    };
    let about = doc::outer(&doc::paragraphs([about.as_str(), law]));
    let each = variants.iter().map(|Variant { name, payload, doc, .. }| {
        let about = doc::outer(doc);
        quote! { #about #name(#payload) }
    });
    let tokens = quote! {
        #about
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name { #(#each),* }
    };
    Item::new(ItemKind::Enum, name, tokens)
}

fn alternative(text: &str, variant: &Name) -> TokenStream {
    quote! {
        decode::Alternative::new(#text, |value, at, faults| {
            Decode::decode(value, at, faults).map(Self::#variant)
        })
    }
}

fn tried(kind: UnionKind, variants: &[Variant<'_>]) -> TokenStream {
    let each = variants.iter().map(|variant| alternative(variant.name.as_str(), variant.name));
    let choose = match kind {
        UnionKind::OneOf => quote! { exactly_one },
        UnionKind::AnyOf => quote! { at_least_one },
    };
    quote! { decode::#choose(value, at, faults, &[#(#each),*]) }
}

/// The member that chooses; `None` when none of its values leads to an alternative.
fn tagged(discriminator: &Discriminator, variants: &[Variant<'_>]) -> Option<TokenStream> {
    let each: Vec<TokenStream> = discriminator
        .mapping
        .iter()
        .filter_map(|(value, schema)| {
            let variant = variants.iter().find(|variant| variant.schema == *schema)?;
            Some(alternative(value, variant.name))
        })
        .collect();
    let tag = &discriminator.property;
    (!each.is_empty()).then(|| quote! { decode::tagged(value, at, faults, #tag, &[#(#each),*]) })
}
