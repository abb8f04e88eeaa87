//! A length-prefixed layout → its streams and the table of its header.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::contract::{FieldRole, HeaderField, HeaderType, LengthPrefixed};
use crate::emit::framing::LayoutPlan;
use crate::emit::{Imports, Item, ItemKind, doc};
use crate::name::{Case, Name};

/// The streams as a type, the frame, the codec, and the table.
pub(super) fn items(
    plan: &LayoutPlan,
    layout: &LengthPrefixed,
    imports: &mut Imports,
) -> Vec<Item> {
    for name in ["Endian", "Field", "Frame", "Layout", "LengthPrefixed", "Role"] {
        imports.add("crate::support::stream", name);
    }
    let streams = Streams::of(layout);
    let operation = doc::code(&plan.operation.0);
    let (marker, frame, codec) = (&plan.marker, &plan.frame, &plan.codec);
    let frame_doc = doc::outer(&format!("A frame of {operation}."));
    let codec_doc = doc::outer(&format!("Reads and writes the frames of {operation}."));
    vec![
        marker_item(plan, &streams),
        Item::new(ItemKind::Type, frame, quote! { #frame_doc pub type #frame = Frame<#marker>; }),
        Item::new(
            ItemKind::Type,
            codec,
            quote! { #codec_doc pub type #codec = LengthPrefixed<#marker>; },
        ),
        table(plan, layout, &streams),
    ]
}

/// Which streams a layout has.
enum Streams {
    /// The numbers are open.
    Open,
    /// These, by number.
    Listed(Vec<(u64, Name, String)>),
}

impl Streams {
    fn of(layout: &LengthPrefixed) -> Self {
        let stream = layout.header.iter().find_map(|field| match &field.role {
            FieldRole::Stream(values) => Some(values),
            _ => None,
        });
        match stream {
            None => Self::Listed(vec![(0, Name::new("data", Case::Variant), "data".to_owned())]),
            Some(values) if values.is_empty() => Self::Open,
            Some(values) => Self::Listed(variants(values)),
        }
    }
}

fn variants(values: &BTreeMap<u64, String>) -> Vec<(u64, Name, String)> {
    let mut variants: Vec<(u64, Name, String)> = Vec::new();
    for (number, text) in values {
        let mut name = Name::new(text, Case::Variant);
        if variants.iter().any(|(_, taken, _)| *taken == name) {
            name = name.join(&number.to_string(), Case::Variant);
        }
        variants.push((*number, name, text.clone()));
    }
    variants
}

fn marker_item(plan: &LayoutPlan, streams: &Streams) -> Item {
    let operation = doc::code(&plan.operation.0);
    let outer = doc::outer(&format!("The streams of {operation}."));
    let derives = quote! { #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)] };
    let name = &plan.marker;
    match streams {
        Streams::Open => {
            let tokens = quote! {
                #outer #derives
                pub struct #name(
                    /// The number of the stream.
                    pub u64,
                );
            };
            Item::new(ItemKind::Struct, name, tokens)
        }
        Streams::Listed(listed) => {
            let variants = listed.iter().map(|(number, name, text)| {
                let outer = doc::outer(&format!("{}, number {number}.", doc::code(text)));
                quote! { #outer #name }
            });
            Item::new(
                ItemKind::Enum,
                name,
                quote! { #outer #derives pub enum #name { #(#variants),* } },
            )
        }
    }
}

fn table(plan: &LayoutPlan, layout: &LengthPrefixed, streams: &Streams) -> Item {
    let marker = &plan.marker;
    let fields = layout.header.iter().map(field);
    let bound = match layout.max_frame {
        Some(bytes) => {
            let bytes = Literal::u64_unsuffixed(bytes);
            quote! { Some(#bytes) }
        }
        None => quote! { None },
    };
    let numbers = numbers(layout, streams);
    let tokens = quote! {
        impl Layout for #marker {
            const HEADER: &'static [Field] = &[#(#fields),*];

            const MAX_FRAME: Option<u64> = #bound;

            #numbers
        }
    };
    Item::block(format!("Layout for {marker}"), tokens)
}

fn numbers(layout: &LengthPrefixed, streams: &Streams) -> TokenStream {
    let has_field = layout.header.iter().any(|field| matches!(field.role, FieldRole::Stream(_)));
    match streams {
        Streams::Open => quote! {
            fn from_number(number: u64) -> Option<Self> { Some(Self(number)) }

            fn number(self) -> u64 { self.0 }
        },
        Streams::Listed(listed) => {
            let from = listed.iter().map(|(number, name, _)| {
                let number = Literal::u64_unsuffixed(*number);
                quote! { #number => Some(Self::#name) }
            });
            let to = listed.iter().map(|(number, name, _)| {
                let number = Literal::u64_unsuffixed(*number);
                quote! { Self::#name => #number }
            });
            if !has_field {
                return quote! {
                    fn from_number(_number: u64) -> Option<Self> { Some(Self::Data) }

                    fn number(self) -> u64 { 0 }
                };
            }
            quote! {
                fn from_number(number: u64) -> Option<Self> {
                    match number { #(#from,)* _ => None }
                }

                fn number(self) -> u64 {
                    match self { #(#to),* }
                }
            }
        }
    }
}

fn field(field: &HeaderField) -> TokenStream {
    let name = &field.name;
    let width = Literal::usize_unsuffixed(field.kind.width());
    let endian = match field.kind {
        HeaderType::U16 { big_endian: false }
        | HeaderType::U32 { big_endian: false }
        | HeaderType::U64 { big_endian: false } => quote! { Endian::Little },
        _ => quote! { Endian::Big },
    };
    let role = match (&field.role, field.kind) {
        (FieldRole::PayloadLength { includes_header: false }, _) => quote! { Role::PayloadLength },
        (FieldRole::PayloadLength { includes_header: true }, _) => quote! { Role::FrameLength },
        (FieldRole::Stream(_), _) => quote! { Role::Stream },
        (FieldRole::Constant(byte), HeaderType::Bytes(_)) => {
            let byte = Literal::u8_unsuffixed(u8::try_from(*byte).unwrap_or(u8::MAX));
            quote! { Role::Filler(#byte) }
        }
        (FieldRole::Constant(number), _) => {
            let number = Literal::u64_unsuffixed(*number);
            quote! { Role::Constant(#number) }
        }
        (FieldRole::Free, _) => quote! { Role::Free },
    };
    quote! { Field::new(#name, #width, #endian, #role) }
}
