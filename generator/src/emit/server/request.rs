//! Parameters and bodies → one struct of what an operation is asked.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::constants::Tables;
use super::credential;
use super::media::Media;
use super::parameter::{default, members};
use super::said::Said;
use super::stub::{Context, Stub};
use crate::contract::{Additional, Body, Parameter, Shape};
use crate::diagnostic::Diagnostics;
use crate::emit::framing::{LayoutKind, LayoutPlan};
use crate::emit::{Imports, Item, ItemKind, doc};
use crate::name::{Case, Name};

/// How the body of a request is read.
pub(super) struct BodyPlan<'a> {
    body: &'a Body,
    /// The type of the field, without the `Option` of a body that may be missing.
    kind: TokenStream,
    /// The alternatives, where there are several media types.
    variants: Vec<TokenStream>,
    /// The expression that reads it.
    read: TokenStream,
}

/// Plans the body; `None` where the operation takes none.
pub(super) fn body<'a>(
    context: &Context<'a>,
    stub: &Stub<'a>,
    imports: &mut Imports,
    diagnostics: &mut Diagnostics,
) -> Option<BodyPlan<'a>> {
    let body = stub.operation.body.as_ref().filter(|body| !body.content.is_empty())?;
    let api = context.types.api();
    let medias: Vec<Media> = body.content.iter().map(|content| Media::of(api, content)).collect();
    for content in
        body.content.iter().filter(|content| content.media_type.essence().starts_with("multipart/"))
    {
        diagnostics.warning(
            "multipart-not-emitted",
            &content.place,
            "the parts of a multipart body are not yet emitted",
            "the handler gets the bytes",
        );
    }
    let contents = body.content.iter().zip(&medias).zip(&stub.names.body_variants);
    let each = contents.map(|((content, media), name)| Alternative {
        name: name.clone(),
        kind: kind(context, *media, content.schema, imports),
        media_type: content.media_type.to_string(),
        read: read(context, *media, content.schema, imports),
    });
    let each: Vec<Alternative> = each.collect();
    Some(match each.as_slice() {
        [only] => BodyPlan {
            body,
            kind: only.kind.clone(),
            variants: Vec::new(),
            read: only.whole(body.required),
        },
        _ => several(stub, body, &each),
    })
}

/// The type of a body, wide ones behind a pointer: a request is moved more than once on its way to its handler.
fn kind(
    context: &Context<'_>,
    media: Media,
    schema: Option<crate::contract::SchemaId>,
    imports: &mut Imports,
) -> TokenStream {
    let kind = media.rust_type(context.types, schema, imports);
    if media.boxes(context.types, schema) {
        quote! { Box<#kind> }
    } else {
        kind
    }
}

/// One media type of a body.
struct Alternative {
    name: Name,
    kind: TokenStream,
    media_type: String,
    read: TokenStream,
}

impl Alternative {
    fn whole(&self, required: bool) -> TokenStream {
        let read = &self.read;
        if required {
            return quote! { #read };
        }
        quote! {
            match reader.incoming().kind() {
                Some(_) => #read.map(Some),
                None => Some(None),
            }
        }
    }

    fn variant(&self) -> TokenStream {
        let (name, kind) = (&self.name, &self.kind);
        let outer = doc::outer(&format!("{}.", doc::code(&self.media_type)));
        quote! { #outer #name(#kind) }
    }
}

fn several<'a>(stub: &Stub<'a>, body: &'a Body, each: &[Alternative]) -> BodyPlan<'a> {
    let name = stub.named("body");
    let arms = (0..).zip(each).map(|(number, alternative)| {
        let number = Literal::usize_unsuffixed(number);
        let (variant, read) = (&alternative.name, &alternative.read);
        let optional = (!body.required).then(|| quote! { .map(Some) });
        quote! { Some(#number) => #read.map(#name::#variant) #optional }
    });
    let absent = if body.required {
        quote! { None }
    } else {
        quote! { Some(None) }
    };
    let read = quote! {
        match reader.incoming().kind() {
            #(#arms,)*
            _ => #absent,
        }
    };
    let variants = each.iter().map(Alternative::variant).collect();
    BodyPlan { body, kind: quote! { #name }, variants, read }
}

fn read(
    context: &Context<'_>,
    media: Media,
    schema: Option<crate::contract::SchemaId>,
    imports: &mut Imports,
) -> TokenStream {
    let shape = schema.and_then(|id| context.types.schema(id)).map(|schema| &schema.shape);
    match (media, shape) {
        (Media::Json, _) => quote! { reader.json() },
        (Media::Yaml, _) => quote! { reader.yaml() },
        (Media::Text, _) => quote! { reader.text() },
        (Media::Bytes, _) => quote! { reader.bytes() },
        (Media::Form, Some(Shape::Object { properties, additional, .. })) => {
            let members = members(context.types.api(), properties, *additional, 0, imports);
            quote! { reader.form(&#members) }
        }
        (Media::Form, _) => {
            let members = members(context.types.api(), &[], Additional::Unsaid, 0, imports);
            quote! { reader.form(&#members) }
        }
    }
}

/// The table of the protocols to leave HTTP for.
pub(super) fn constants(
    context: &Context<'_>,
    stub: &Stub<'_>,
    imports: &mut Imports,
) -> Vec<Item> {
    if let Some(plan) = stub.socket(context) {
        return vec![subprotocols(plan, imports)];
    }
    let upgrade = stub.operation.upgrade.iter();
    upgrade
        .map(|upgrade| {
            let protocols = &upgrade.protocols;
            let tokens = quote! { const PROTOCOLS: &[&str] = &[#(#protocols),*]; };
            Item::new(ItemKind::Constant, "PROTOCOLS", tokens)
        })
        .collect()
}

/// The subprotocols of channels over WebSocket.
fn subprotocols(plan: &LayoutPlan, imports: &mut Imports) -> Item {
    imports.add("crate::support::server", "Protocol");
    let protocols = match &plan.kind {
        LayoutKind::Channels(layout) => Some(&layout.protocols),
        LayoutKind::Pairs(layout) => Some(&layout.protocols),
        _ => None,
    };
    let protocols = protocols.into_iter().flatten().map(|(name, (encoding, close))| {
        let encoding = Name::new(encoding, Case::Value);
        let close = close.map(|channel| {
            let channel = Literal::u8_unsuffixed(channel);
            quote! { .closing(#channel) }
        });
        quote! { Protocol::#encoding(#name) #close }
    });
    let tokens = quote! { const PROTOCOLS: &[Protocol] = &[#(#protocols),*]; };
    Item::new(ItemKind::Constant, "PROTOCOLS", tokens)
}

/// The struct, the function that reads it, and the body with its alternatives.
pub(super) fn items(
    context: &Context<'_>,
    stub: &Stub<'_>,
    body: Option<&BodyPlan<'_>>,
    tables: &Tables,
    said: &mut Said,
    imports: &mut Imports,
) -> Vec<Item> {
    let name = stub.request();
    let outer = doc::outer(&format!("What {} is asked.", stub.request_line()));
    let fields = fields(context, stub, body, said, imports);
    let tokens = quote! {
        #outer
        #[derive(Debug)]
        pub struct #name { #(#fields),* }
    };
    let mut items = vec![Item::new(ItemKind::Struct, &name, tokens)];
    if reads(stub) {
        items.push(read_block(context, stub, body, tables, imports));
    }
    let variants = body.map(|plan| plan.variants.as_slice()).unwrap_or_default();
    if !variants.is_empty() {
        let name = stub.named("body");
        let outer = doc::outer(&format!("The body of {}.", stub.request_line()));
        let tokens = quote! {
            #outer
            #[derive(Clone, Debug)]
            pub enum #name { #(#variants),* }
        };
        items.push(Item::new(ItemKind::Enum, name, tokens));
    }
    items.extend(wanted(stub));
    items
}

/// The media types that a caller chooses from, and which one is meant by its place in the table.
fn wanted(stub: &Stub<'_>) -> Vec<Item> {
    let Some(((first, _), others)) = stub.names.wanted.split_first() else { return Vec::new() };
    let name = stub.named("media type");
    let outer = doc::outer(&format!("A media type of {}.", stub.request_line()));
    let variants = stub.names.wanted.iter().map(|(variant, media_type)| {
        let outer = doc::outer(&format!("{}.", doc::code(media_type)));
        quote! { #outer #variant }
    });
    let definition = quote! {
        #outer
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum #name { #(#variants),* }
    };
    let others = (1..).zip(others).map(|(place, (variant, _))| {
        let place = Literal::usize_unsuffixed(place);
        quote! { #place => Self::#variant }
    });
    let choice = quote! {
        impl #name {
            fn at(place: usize) -> Self {
                match place { #(#others,)* _ => Self::#first }
            }
        }
    };
    vec![Item::new(ItemKind::Enum, &name, definition), Item::block(&name, choice)]
}

/// Whether there is anything to read beside credentials and offers.
pub(super) fn reads(stub: &Stub<'_>) -> bool {
    let body = stub.operation.body.as_ref().is_some_and(|body| !body.content.is_empty());
    body || !stub.operation.parameters.is_empty()
}

fn fields(
    context: &Context<'_>,
    stub: &Stub<'_>,
    body: Option<&BodyPlan<'_>>,
    said: &mut Said,
    imports: &mut Imports,
) -> Vec<TokenStream> {
    let mut fields = Vec::new();
    if let Some(kind) = credential::field_type(stub, imports) {
        fields.push(quote! {
            /// What the caller presents; already checked.
            pub credential: #kind
        });
    }
    if !stub.names.wanted.is_empty() {
        let kind = stub.named("media type");
        fields.push(quote! {
            /// The media type that the caller would rather have of an answer that comes in several.
            pub wanted: #kind
        });
    }
    for (parameter, field) in stub.operation.parameters.iter().zip(&stub.names.parameters) {
        let kind = context.types.bare_type(parameter.schema, imports);
        let kind = if is_certain(context, parameter) {
            kind
        } else {
            quote! { Option<#kind> }
        };
        let about = parameter_doc(context, stub, parameter, said);
        let outer = said.doc(about);
        fields.push(quote! { #outer pub #field: #kind });
    }
    if let Some(plan) = body {
        let kind = &plan.kind;
        let kind = if plan.body.required {
            quote! { #kind }
        } else {
            quote! { Option<#kind> }
        };
        let outer =
            doc::outer(plan.body.description.as_deref().and_then(doc::said).unwrap_or("The body."));
        fields.push(quote! { #outer pub body: #kind });
    }
    if stub.upgrades() {
        let offer = offer(context, stub, imports);
        fields.push(quote! {
            /// The offer to leave HTTP, where the request makes it.
            pub upgrade: Option<#offer>
        });
    }
    fields
}

/// Whether a request always has a value for it, its own or the default.
fn is_certain(context: &Context<'_>, parameter: &Parameter) -> bool {
    parameter.required || default(context.types.api(), parameter).is_some()
}

fn parameter_doc(
    context: &Context<'_>,
    stub: &Stub<'_>,
    parameter: &Parameter,
    said: &mut Said,
) -> String {
    let name = doc::code(&parameter.name);
    let place = match parameter.location {
        crate::contract::Location::Header => "Header field",
        crate::contract::Location::Cookie => "Cookie",
        crate::contract::Location::Path => "Path parameter",
        crate::contract::Location::Query => "Query parameter",
    };
    let default = default(context.types.api(), parameter)
        .map(|value| format!(" Default {}.", doc::code(&value.to_string())));
    let line = format!("{place} {name}.{}", default.unwrap_or_default());
    let about = parameter.description.as_deref().unwrap_or_default();
    doc::paragraphs([said.once(about, stub).as_str(), line.as_str()])
}

fn read_block(
    context: &Context<'_>,
    stub: &Stub<'_>,
    body: Option<&BodyPlan<'_>>,
    tables: &Tables,
    imports: &mut Imports,
) -> Item {
    imports.add("crate::support::server", "Reader");
    let name = stub.request();
    let given = given(context, stub, imports);
    let parameters = stub.operation.parameters.iter().zip(&stub.names.parameters);
    let reads = parameters.zip(&tables.parameters).map(|((parameter, field), constant)| {
        let how = if is_certain(context, parameter) { "required" } else { "optional" };
        let how = Name::new(how, Case::Value);
        quote! { let #field = reader.#how(&tables::#constant); }
    });
    let body_read = body.map(|plan| {
        let read = &plan.read;
        quote! { let body = #read; }
    });
    let passed = given.iter().map(|(field, _)| quote! { #field });
    let found = stub.names.parameters.iter().map(|field| quote! { #field: #field? });
    let found_body = body.map(|_| quote! { body: body? });
    let members = passed.chain(found).chain(found_body);
    let arguments = given.iter().map(|(field, kind)| quote! { #field: #kind });
    let tokens = quote! {
        impl #name {
            fn read(reader: &mut Reader<'_> #(, #arguments)*) -> Option<Self> {
                #(#reads)*
                #body_read
                Some(Self { #(#members),* })
            }
        }
    };
    Item::block(name, tokens)
}

/// What is known before parameters and body are read: name and type of each field.
pub(super) fn given(
    context: &Context<'_>,
    stub: &Stub<'_>,
    imports: &mut Imports,
) -> Vec<(Name, TokenStream)> {
    let mut given = Vec::new();
    if let Some(kind) = credential::field_type(stub, imports) {
        given.push((Name::new("credential", Case::Value), kind));
    }
    if stub.upgrades() {
        let offer = offer(context, stub, imports);
        given.push((Name::new("upgrade", Case::Value), quote! { Option<#offer> }));
    }
    if !stub.names.wanted.is_empty() {
        let kind = stub.named("media type");
        given.push((Name::new("wanted", Case::Value), quote! { #kind }));
    }
    given
}

/// The type of an offer to leave HTTP.
fn offer(context: &Context<'_>, stub: &Stub<'_>, imports: &mut Imports) -> Name {
    let name = if stub.socket(context).is_some() { "WebSocketOffer" } else { "Upgrade" };
    imports.add("crate::support::server", name);
    Name::new(name, Case::Type)
}
