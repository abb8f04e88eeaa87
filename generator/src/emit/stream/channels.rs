//! Channels over WebSocket → what each side sends, and which number it has.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::contract::{Channel, Channels, SchemaId};
use crate::emit::framing::LayoutPlan;
use crate::emit::{Imports, Item, ItemKind, Types, doc};
use crate::name::{Case, Form, Name};

/// A variant of what one side sends.
struct Variant {
    number: u8,
    name: Name,
    about: String,
    /// The type of its document, and whether it is boxed; bytes where it carries none.
    item: Option<(TokenStream, bool)>,
}

/// The marker of the channels, what each side sends, and how that is numbered.
pub(super) fn items(
    plan: &LayoutPlan,
    layout: &Channels,
    types: &Types<'_>,
    imports: &mut Imports,
) -> Vec<Item> {
    imports.add("crate::support::server", "self");
    imports.add("bytes", "Bytes");
    let ends = layout.protocols.values().any(|(_, close)| close.is_some());
    let output = variants(layout, types, imports, |channel| !channel.to_server);
    let input = variants(layout, types, imports, |channel| channel.to_server);
    let operation = doc::code(&plan.operation.0);
    let marker = &plan.marker;
    let about = doc::outer(&format!("The channels of {operation}."));
    let ended: Vec<(u8, Name)> = match ends {
        true => input.iter().map(|it| (it.number, it.name.join("end", Case::Variant))).collect(),
        false => Vec::new(),
    };
    let sent = declared(&output).collect::<Vec<_>>();
    let received = declared(&input).chain(input.iter().zip(&ended).map(|(channel, (_, name))| {
        let about = doc::outer(&format!("The end of {}.", channel.about));
        quote! { #about #name }
    }));
    let received = received.collect::<Vec<_>>();
    vec![
        Item::new(
            ItemKind::Struct,
            marker,
            quote! { #about #[derive(Clone, Copy, Debug)] pub struct #marker; },
        ),
        side(&plan.frame, &format!("What the server sends over {operation}."), &sent),
        side(&plan.codec, &format!("What the client sends over {operation}."), &received),
        channels(plan, layout, &output, &input, &ended),
    ]
}

fn variants(
    layout: &Channels,
    types: &Types<'_>,
    imports: &mut Imports,
    is_wanted: impl Fn(&Channel) -> bool,
) -> Vec<Variant> {
    let mut found: Vec<Variant> = Vec::new();
    for (number, channel) in layout.channels.iter().filter(|(_, channel)| is_wanted(channel)) {
        let wish = Name::new(&channel.name, Case::Variant);
        let is_taken = found.iter().any(|other| other.name == wish);
        let name = if is_taken { wish.join(&number.to_string(), Case::Variant) } else { wish };
        let item = channel.item.map(|item| (types.rust_type(item, imports), is_wide(types, item)));
        let about = format!("channel {number}, {}", doc::code(&channel.name));
        found.push(Variant { number: *number, name, about, item });
    }
    found
}

/// As with bodies: boxed where it is a struct or a union.
fn is_wide(types: &Types<'_>, item: SchemaId) -> bool {
    matches!(types.names().form(item), Form::Object | Form::Union)
}

fn declared(variants: &[Variant]) -> impl Iterator<Item = TokenStream> {
    variants.iter().map(|Variant { name, about, item, .. }| {
        let about = doc::outer(&format!("On {about}."));
        match item {
            Some((kind, true)) => quote! { #about #name(Box<#kind>) },
            Some((kind, false)) => quote! { #about #name(#kind) },
            None => quote! { #about #name(Bytes) },
        }
    })
}

fn side(name: &Name, about: &str, variants: &[TokenStream]) -> Item {
    let about = doc::outer(about);
    let tokens =
        quote! { #about #[derive(Clone, Debug, PartialEq)] pub enum #name { #(#variants),* } };
    Item::new(ItemKind::Enum, name, tokens)
}

fn channels(
    plan: &LayoutPlan,
    layout: &Channels,
    output: &[Variant],
    input: &[Variant],
    ended: &[(u8, Name)],
) -> Item {
    let (marker, sent, received) = (&plan.marker, &plan.frame, &plan.codec);
    let number = |number: u8| Literal::u8_unsuffixed(number);
    let writes = output.iter().map(|variant| {
        let (name, number) = (&variant.name, number(variant.number));
        match &variant.item {
            Some(_) => quote! { #sent::#name(item) => server::item(#number, &item) },
            None => quote! { #sent::#name(bytes) => Ok((#number, bytes)) },
        }
    });
    let reads = input.iter().map(|variant| {
        let (name, number) = (&variant.name, number(variant.number));
        match &variant.item {
            Some((_, boxed)) => {
                let boxed = boxed.then(|| quote! { .map(Box::new) });
                quote! { #number => Some(server::read_item(channel, &payload) #boxed .map(#received::#name)) }
            }
            None => quote! { #number => Some(Ok(#received::#name(payload))) },
        }
    });
    let read = match input {
        [] => quote! { let _ = (channel, payload); None },
        _ => quote! { match channel { #(#reads,)* _ => None } },
    };
    let ends = ended.iter().map(|(channel, name)| {
        let channel = number(*channel);
        quote! { #channel => server::End::Of(#received::#name) }
    });
    let others = layout.channels.keys().filter(|other| ended.iter().all(|(own, _)| own != *other));
    let others: Vec<Literal> = others.map(|other| number(*other)).collect();
    let others = (!others.is_empty())
        .then(|| quote! { _ if [#(#others),*].contains(&channel) => server::End::Ignored, });
    let tokens = quote! {
        impl server::Channels for #marker {
            type Output = #sent;
            type Input = #received;

            fn write(&self, output: #sent) -> Result<(u8, Bytes), serde_json::Error> {
                match output { #(#writes),* }
            }

            fn read(&self, channel: u8, payload: Bytes) -> Option<Result<#received, server::WrongItem>> {
                #read
            }

            fn end(&self, channel: u8) -> server::End<#received> {
                match channel { #(#ends,)* #others _ => server::End::Unknown }
            }
        }
    };
    Item::block(format!("Channels for {marker}"), tokens)
}
