//! JSON lines → what is promised of them.

use quote::quote;

use crate::contract::{Lines, Terminated};
use crate::emit::framing::LayoutPlan;
use crate::emit::{Imports, Item, ItemKind, Types, doc};

/// The marker of the lines, the codec, and the promises.
pub(super) fn items(
    plan: &LayoutPlan,
    layout: &Lines,
    types: &Types<'_>,
    imports: &mut Imports,
) -> Vec<Item> {
    imports.add("crate::support::stream", "Line");
    imports.add("crate::support::stream", "Lines");
    let operation = doc::code(&plan.operation.0);
    let (marker, codec) = (&plan.marker, &plan.codec);
    let marker_doc = doc::outer(&format!("The lines of {operation}."));
    let codec_doc = doc::outer(&format!("Reads and writes the lines of {operation}."));
    let item = match layout.item {
        Some(item) => types.bare_type(item, imports),
        None => quote! { serde_json::Value },
    };
    let last = match layout.last.as_ref().map(ToString::to_string) {
        Some(pointer) => quote! { Some(#pointer) },
        None => quote! { None },
    };
    let alternatives = layout.alternatives.iter().map(ToString::to_string);
    let may_be_open = layout.terminated == Terminated::ExceptFinal;
    let promises = quote! {
        impl Line for #marker {
            type Item = #item;

            const LAST: Option<&'static str> = #last;

            const ALTERNATIVES: &'static [&'static str] = &[#(#alternatives),*];

            const LAST_MAY_BE_OPEN: bool = #may_be_open;
        }
    };
    vec![
        Item::new(
            ItemKind::Struct,
            marker,
            quote! {
                #marker_doc
                #[derive(Clone, Copy, Debug)]
                pub struct #marker;
            },
        ),
        Item::new(ItemKind::Type, codec, quote! { #codec_doc pub type #codec = Lines<#marker>; }),
        Item::block(format!("Line for {marker}"), promises),
    ]
}
