//! Channels over WebSocket → the answer that starts them, and how an offer is accepted.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::response::{Directions, Written};
use super::stub::Context;
use crate::contract::HeaderType;
use crate::emit::Imports;
use crate::emit::framing::{LayoutKind, LayoutPlan};
use crate::name::{Case, Name};

/// How a 101 that starts channels is handed over and written.
pub(super) fn written(context: &Context<'_>, plan: &LayoutPlan, imports: &mut Imports) -> Written {
    imports.add("crate::support::server", "ChannelTakeover");
    let (kind, directions) = match &plan.kind {
        LayoutKind::Pairs(layout) => {
            imports.add("crate::support::server", "Pairs");
            let opening =
                layout.opens_with.as_ref().map(|opening| opening_call(opening.kind, imports));
            (quote! { Pairs }, Directions::Pairs(opening.unwrap_or_default()))
        }
        _ => {
            imports.add(&format!("crate::{}", context.types.names().module()), "streams");
            let (marker, output, input) = (&plan.marker, &plan.frame, &plan.codec);
            let output = quote! { streams::#output };
            let directions = Directions::Channels(
                output,
                quote! { streams::#input },
                quote! { streams::#marker },
            );
            (quote! { streams::#marker }, directions)
        }
    };
    Written {
        kind: Some(quote! { ChannelTakeover<#kind> }),
        call: quote! { .websocket(body) },
        looks_back: false,
        directions: Some(directions),
    }
}

fn opening_call(kind: HeaderType, imports: &mut Imports) -> TokenStream {
    imports.add("crate::support::stream", "Endian");
    let width = Literal::usize_unsuffixed(kind.width());
    let endian = match kind {
        HeaderType::U16 { big_endian: false }
        | HeaderType::U32 { big_endian: false }
        | HeaderType::U64 { big_endian: false } => quote! { Endian::Little },
        _ => quote! { Endian::Big },
    };
    quote! { .opened_by(#width, #endian) }
}

/// The function that accepts an offer as that variant.
pub(super) fn acceptance(
    variant: &Name,
    directions: &Directions,
    imports: &mut Imports,
) -> TokenStream {
    for used in ["ChannelInput", "FrameSender", "WebSocketOffer"] {
        imports.add("crate::support::server", used);
    }
    let function = Name::new(variant.as_str(), Case::Value);
    if let Directions::Pairs(opening) = directions {
        imports.add("crate::support::server", "PairMessage");
        return quote! {
            /// Accepts an offer with a pair of channels for each value: the answer, where to send, and where what the
            /// client sends comes from.
            #[must_use]
            pub fn #function(
                offer: WebSocketOffer,
                values: impl IntoIterator<Item = u64>,
            ) -> (Self, FrameSender<PairMessage>, ChannelInput<PairMessage>) {
                let (takeover, output, input) = offer.accept(Pairs::new(values) #opening);
                (Self::#variant(takeover), output, input)
            }
        };
    }
    let Directions::Channels(sent, received, channels) = directions else {
        return TokenStream::new();
    };
    quote! {
        /// Accepts an offer: the answer, where to send, and where what the client sends comes from.
        #[must_use]
        pub fn #function(offer: WebSocketOffer) -> (Self, FrameSender<#sent>, ChannelInput<#received>) {
            let (takeover, output, input) = offer.accept(#channels);
            (Self::#variant(takeover), output, input)
        }
    }
}
