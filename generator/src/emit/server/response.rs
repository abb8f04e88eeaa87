//! Documented answers → an enum with one variant for each status and media type, and how each is written.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::framings;
use super::media::Media;
use super::socket;
use super::status::{StatusType, status_type};
use super::stub::{Context, Stub};
use crate::contract::{Content, Header, Response, StatusKey};
use crate::diagnostic::Diagnostics;
use crate::emit::framing::ContentFraming;
use crate::emit::need::speaks_websocket;
use crate::emit::{Imports, Item, ItemKind, doc};
use crate::name::{Case, Name, ResponseNames};

/// The answers of an operation.
pub(super) struct AnswerPlan {
    pub(super) variants: Vec<Variant>,
    statuses: Vec<StatusType>,
}

/// One variant.
pub(super) struct Variant {
    pub(super) name: Name,
    doc: String,
    /// The expression of the status, from the field `status` where it is open.
    status: TokenStream,
    pub(super) fields: Vec<Field>,
    /// The calls that write the header fields.
    headers: Vec<TokenStream>,
    /// The call that writes the body.
    body: TokenStream,
    /// Whether writing it looks at the request.
    looks_back: bool,
    /// For a takeover: what goes each way.
    directions: Option<Directions>,
}

/// What goes each way after a takeover.
pub(super) enum Directions {
    /// The types of what is sent, and of the codec of what comes.
    Codecs(TokenStream, TokenStream),
    /// The types of what is sent and of what comes, and the expression of the channels.
    Channels(TokenStream, TokenStream, TokenStream),
    /// What opens the channels of each pair.
    Pairs(TokenStream),
}

/// A value that a variant carries.
pub(super) struct Field {
    pub(super) name: Name,
    pub(super) kind: TokenStream,
    doc: String,
}

/// Plans the answers. Those that cannot be given are told and left out.
pub(super) fn plan(
    context: &Context<'_>,
    stub: &Stub<'_>,
    imports: &mut Imports,
    diagnostics: &mut Diagnostics,
) -> AnswerPlan {
    let mut plan = AnswerPlan { variants: Vec::new(), statuses: Vec::new() };
    for (status, response) in stub.operation.responses.iter() {
        let Some(names) = stub.names.responses.get(&status) else { continue };
        if !can_be_given(context, stub, status, response, diagnostics) {
            continue;
        }
        let status_type = status_type(stub, status, response);
        let contents: Vec<Option<&Content>> = match response.content.as_slice() {
            _ if has_no_body(status) => vec![None],
            [] => vec![None],
            several => several.iter().map(Some).collect(),
        };
        for ((number, content), name) in (0..).zip(contents).zip(&names.variants) {
            let framing = context.framings.content(&stub.operation.id, status, number);
            let maker = Maker {
                context,
                stub,
                names,
                status,
                response,
                status_type: status_type.as_ref(),
                content,
            };
            plan.variants.extend(maker.variants(name, framing, imports));
        }
        plan.statuses.extend(status_type);
    }
    make_unique(&mut plan.variants);
    plan
}

/// The tables by which the framing of an answer is chosen.
pub(super) fn constants(
    context: &Context<'_>,
    stub: &Stub<'_>,
    imports: &mut Imports,
) -> Vec<Item> {
    framings::constants(context, stub, imports)
}

/// The enum, the open statuses, and how an answer is written.
pub(super) fn items(stub: &Stub<'_>, plan: &AnswerPlan, imports: &mut Imports) -> Vec<Item> {
    let name = stub.response();
    let outer = doc::outer(&format!("What {} answers.", stub.request_line()));
    let variants = plan.variants.iter().map(Variant::declaration);
    let tokens = quote! {
        #outer
        #[derive(Debug)]
        pub enum #name { #(#variants),* }
    };
    let mut items =
        vec![Item::new(ItemKind::Enum, &name, tokens), write_block(&name, plan, imports)];
    items.extend(plan.statuses.iter().flat_map(StatusType::items));
    items
}

impl AnswerPlan {
    /// Whether writing an answer looks at the request.
    pub(super) fn looks_back(&self) -> bool {
        self.variants.iter().any(|variant| variant.looks_back)
    }
}

pub(super) fn can_be_given(
    context: &Context<'_>,
    stub: &Stub<'_>,
    status: StatusKey,
    response: &Response,
    diagnostics: &mut Diagnostics,
) -> bool {
    let reason = match status {
        StatusKey::Code(101) => match &stub.operation.upgrade {
            None => "the document does not say what 101 switches to",
            Some(_) if speaks_websocket(stub.operation) && stub.socket(context).is_none() => {
                "WebSocket without channels is not yet emitted"
            }
            Some(_) => return true,
        },
        StatusKey::Code(100..=199) | StatusKey::Range(1) => "no answer ends with an interim status",
        _ => return true,
    };
    diagnostics.warning(
        "answer-not-emitted",
        &response.place,
        reason,
        "the answer is left out of the server",
    );
    false
}

/// Statuses whose answers have no body (RFC 9110 §15.3.5, §15.3.6, §15.4.5).
pub(super) fn has_no_body(status: StatusKey) -> bool {
    matches!(status, StatusKey::Code(204 | 205 | 304))
}

struct Maker<'m> {
    context: &'m Context<'m>,
    stub: &'m Stub<'m>,
    names: &'m ResponseNames,
    status: StatusKey,
    response: &'m Response,
    status_type: Option<&'m StatusType>,
    content: Option<&'m Content>,
}

/// A body as it is handed over and written.
pub(super) struct Written {
    pub(super) kind: Option<TokenStream>,
    pub(super) call: TokenStream,
    pub(super) looks_back: bool,
    pub(super) directions: Option<Directions>,
}

impl Written {
    fn plain(kind: Option<TokenStream>, call: TokenStream) -> Self {
        Self { kind, call, looks_back: false, directions: None }
    }
}

impl Maker<'_> {
    /// The variant, or the two of a body that is a stream or not.
    fn variants(
        &self,
        name: &Name,
        framing: Option<&ContentFraming>,
        imports: &mut Imports,
    ) -> Vec<Variant> {
        let Some(framing) = framing else {
            let body = self.plain(imports);
            return vec![self.variant(name.clone(), body, imports)];
        };
        let stream = self.stream(framing, imports);
        if !framing.plain {
            return vec![self.variant(name.clone(), stream, imports)];
        }
        let plain = self.plain(imports);
        let stream_name = name.join("stream", Case::Variant);
        vec![self.variant(name.clone(), plain, imports), self.variant(stream_name, stream, imports)]
    }

    fn variant(&self, name: Name, body: Written, imports: &mut Imports) -> Variant {
        let mut fields = Vec::new();
        let status = match (self.status, self.status_type) {
            (StatusKey::Code(code), _) => {
                let code = Literal::u16_unsuffixed(code);
                quote! { #code }
            }
            (_, Some(status_type)) => {
                let kind = &status_type.name;
                fields.push(Field::new("status", quote! { #kind }, "The status."));
                quote! { status.get() }
            }
            (_, None) => quote! { 500 },
        };
        let mut headers = Vec::new();
        for (header, field) in self.response.headers.iter().zip(&self.names.headers) {
            let (field, call) = self.header(header, field, imports);
            fields.push(field);
            headers.push(call);
        }
        if let Some(kind) = body.kind.clone() {
            fields.push(Field::new("body", kind, "The body."));
        }
        let status_text = match self.status {
            StatusKey::Default => "Any other status".to_owned(),
            status => status.to_string(),
        };
        let media_type = self.content.filter(|_| self.response.content.len() > 1);
        let media_type =
            media_type.map(|content| format!(" as {}", doc::code(content.media_type.0.as_str())));
        let description = if self.response.description.trim().is_empty() {
            "No more is said."
        } else {
            &self.response.description
        };
        let doc = format!("{status_text}{}: {description}", media_type.unwrap_or_default());
        let Written { call, looks_back, directions, .. } = body;
        Variant { name, doc, status, fields, headers, body: call, looks_back, directions }
    }

    fn header(&self, header: &Header, field: &Name, imports: &mut Imports) -> (Field, TokenStream) {
        let kind = self.context.types.bare_type(header.schema, imports);
        let (name, explode) = (header.name.to_ascii_lowercase(), header.explode);
        let call = if header.required {
            quote! { .header(#name, &#field, #explode)? }
        } else {
            quote! { .optional_header(#name, #field.as_ref(), #explode)? }
        };
        let kind = if header.required {
            kind
        } else {
            quote! { Option<#kind> }
        };
        let line = format!("Header field {}.", doc::code(&header.name));
        let doc =
            doc::paragraphs([header.description.as_deref().unwrap_or_default(), line.as_str()]);
        (Field { name: field.clone(), kind, doc }, call)
    }

    fn plain(&self, imports: &mut Imports) -> Written {
        let Some(content) = self.content else {
            return Written::plain(None, quote! { .empty() });
        };
        let types = self.context.types;
        let media = Media::of(types.api(), content);
        let media_type = media.concrete(content);
        let kind = media.rust_type(types, content.schema, imports);
        let kind = if media.boxes(types, content.schema) {
            quote! { Box<#kind> }
        } else {
            kind
        };
        let call = match media {
            Media::Json => quote! { .json(#media_type, &body) },
            Media::Yaml => quote! { .yaml(#media_type, &body) },
            Media::Form => quote! { .form(#media_type, &body) },
            Media::Text => quote! { .text(#media_type, &body) },
            Media::Bytes => quote! { .bytes(#media_type, body) },
        };
        Written::plain(Some(kind), call)
    }

    fn stream(&self, framing: &ContentFraming, imports: &mut Imports) -> Written {
        if let Some(plan) =
            self.stub.socket(self.context).filter(|_| self.status == StatusKey::Code(101))
        {
            return socket::written(self.context, plan, imports);
        }
        let codecs = framings::Codecs { context: self.context, stub: self.stub, framing };
        let frame = codecs.frame(imports);
        let encoder = codecs.encoder(imports);
        let media_type = self.content.map(|content| content.media_type.0.as_str());
        let looks_back = codecs.looks_back();
        if self.status == StatusKey::Code(101) {
            imports.add("crate::support::server", "Takeover");
            let (decoder_type, decoder) = codecs.decoder(imports);
            let media_type = match media_type {
                Some(media_type) => quote! { Some(#media_type) },
                None => quote! { None },
            };
            let call = quote! { .takeover(#media_type, body, #encoder, #decoder) };
            let kind = Some(quote! { Takeover<#frame, #decoder_type> });
            return Written {
                kind,
                call,
                looks_back,
                directions: Some(Directions::Codecs(frame, decoder_type)),
            };
        }
        imports.add("crate::support::server", "Outgoing");
        let media_type = media_type.unwrap_or("application/octet-stream");
        let call = quote! { .stream(#media_type, body, #encoder) };
        Written { looks_back, ..Written::plain(Some(quote! { Outgoing<#frame> }), call) }
    }
}

impl Field {
    fn new(name: &str, kind: TokenStream, doc: &str) -> Self {
        Self { name: Name::new(name, Case::Value), kind, doc: doc.to_owned() }
    }
}

impl Variant {
    fn declaration(&self) -> TokenStream {
        let (name, outer) = (&self.name, doc::outer(&self.doc));
        match self.fields.as_slice() {
            [] => quote! { #outer #name },
            [only] => {
                let kind = &only.kind;
                quote! { #outer #name(#kind) }
            }
            several => {
                let fields = several.iter().map(|field| {
                    let (name, kind, outer) = (&field.name, &field.kind, doc::outer(&field.doc));
                    quote! { #outer #name: #kind }
                });
                quote! { #outer #name { #(#fields),* } }
            }
        }
    }

    /// The function that accepts an offer, where the variant carries nothing else.
    fn acceptance(&self, imports: &mut Imports) -> Option<TokenStream> {
        let directions = self.directions.as_ref().filter(|_| self.fields.len() == 1)?;
        let Directions::Codecs(frame, decoder) = directions else {
            return Some(socket::acceptance(&self.name, directions, imports));
        };
        for used in ["FrameSender", "Input", "Upgrade"] {
            imports.add("crate::support::server", used);
        }
        let variant = &self.name;
        let function = Name::new(variant.as_str(), Case::Value);
        Some(quote! {
            /// Accepts an offer: the answer, where to send, and where what the client sends comes from.
            #[must_use]
            pub fn #function(offer: Upgrade) -> (Self, FrameSender<#frame>, Input<#decoder>) {
                let (takeover, output, input) = offer.accept();
                (Self::#variant(takeover), output, input)
            }
        })
    }

    fn arm(&self) -> TokenStream {
        let fields = self.fields.iter().map(|field| &field.name);
        let name = &self.name;
        let pattern = match self.fields.len() {
            0 => quote! { Self::#name },
            1 => quote! { Self::#name(#(#fields),*) },
            _ => quote! { Self::#name { #(#fields),* } },
        };
        let (status, headers, body) = (&self.status, &self.headers, &self.body);
        quote! { #pattern => Reply::new(#status) #(#headers)* #body }
    }
}

fn write_block(name: &Name, plan: &AnswerPlan, imports: &mut Imports) -> Item {
    imports.add("axum::response", "Response");
    imports.add("crate::support::server", "Outcome");
    let argument = plan.looks_back().then(|| {
        imports.add("crate::support::server", "Incoming");
        quote! { , incoming: &Incoming }
    });
    if !plan.variants.is_empty() {
        imports.add("crate::support::server", "Reply");
    }
    let arms = plan.variants.iter().map(Variant::arm);
    let acceptances = plan.variants.iter().filter_map(|variant| variant.acceptance(imports));
    let acceptances: Vec<_> = acceptances.collect();
    let tokens = quote! {
        impl #name {
            #(#acceptances)*

            fn write(self #argument) -> Outcome<Response> {
                match self { #(#arms,)* }
            }
        }
    };
    Item::block(name, tokens)
}

/// Variants made here, beside those of the table of names, may be called as one of those.
fn make_unique(variants: &mut [Variant]) {
    for index in 0..variants.len() {
        let (before, rest) = variants.split_at_mut(index);
        let Some(variant) = rest.first_mut() else { continue };
        let base = variant.name.clone();
        let mut number = 2_u32;
        while before.iter().any(|other| other.name == variant.name) {
            variant.name = base.join(&number.to_string(), Case::Variant);
            number += 1;
        }
    }
}
