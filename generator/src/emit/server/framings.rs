//! How an answer's stream is framed → its codecs, and the tables by which the request chooses among them.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::stub::{Context, Stub};
use crate::contract::{Condition, Location, Operation, Pointer, SchemaId, Shape, Subject};
use crate::emit::framing::{Codec, ContentFraming, LayoutKind};
use crate::emit::{Imports, Item, ItemKind};
use crate::name::{Case, Name};

/// The codecs of one answer.
pub(super) struct Codecs<'c> {
    pub(super) context: &'c Context<'c>,
    pub(super) stub: &'c Stub<'c>,
    pub(super) framing: &'c ContentFraming,
}

impl Codecs<'_> {
    /// The type of what a handler sends.
    pub(super) fn frame(&self, imports: &mut Imports) -> TokenStream {
        match self.framing.output {
            Codec::Raw => {
                imports.add("bytes", "Bytes");
                quote! { Bytes }
            }
            Codec::Framed(layout)
            | Codec::Switched(layout)
            | Codec::Lines(layout)
            | Codec::Channels(layout)
            | Codec::Pairs(layout) => self.layout_frame(layout, imports),
        }
    }

    /// The expression of the codec that writes it.
    pub(super) fn encoder(&self, imports: &mut Imports) -> TokenStream {
        if let Codec::Switched(_) = self.framing.output {
            imports.add("crate::support", "stream");
            let framed = self.chooses_frames();
            return quote! { stream::Switched::new(#framed) };
        }
        self.codec(self.framing.output, imports).1
    }

    /// Type and expression of the codec that reads what the client sends.
    pub(super) fn decoder(&self, imports: &mut Imports) -> (TokenStream, TokenStream) {
        self.codec(self.framing.input, imports)
    }

    /// Whether the request chooses.
    pub(super) fn looks_back(&self) -> bool {
        matches!(self.framing.output, Codec::Switched(_))
    }

    fn codec(&self, codec: Codec, imports: &mut Imports) -> (TokenStream, TokenStream) {
        match codec {
            Codec::Framed(layout) | Codec::Switched(layout) | Codec::Lines(layout) => {
                let Some(plan) = self.context.framings.layout(layout) else {
                    return self.codec(Codec::Raw, imports);
                };
                let name = &plan.codec;
                self.import_streams(imports);
                (quote! { streams::#name }, quote! { streams::#name::new() })
            }
            // What channels are written with is no codec, see `socket`.
            Codec::Raw | Codec::Channels(_) | Codec::Pairs(_) => {
                imports.add("crate::support", "stream");
                (quote! { stream::Raw }, quote! { stream::Raw })
            }
        }
    }

    fn layout_frame(&self, layout: usize, imports: &mut Imports) -> TokenStream {
        let plan = self.context.framings.layout(layout);
        match plan.map(|plan| (&plan.kind, &plan.frame)) {
            Some((LayoutKind::LengthPrefixed(_) | LayoutKind::Channels(_), frame)) => {
                self.import_streams(imports);
                quote! { streams::#frame }
            }
            Some((LayoutKind::Lines(lines), _)) => match lines.item {
                Some(item) => self.context.types.bare_type(item, imports),
                None => quote! { serde_json::Value },
            },
            Some((LayoutKind::Pairs(_), _)) | None => quote! { bytes::Bytes },
        }
    }

    fn import_streams(&self, imports: &mut Imports) {
        imports.add(&format!("crate::{}", self.context.types.names().module()), "streams");
    }

    /// Whether the first rule that holds is one with frames.
    fn chooses_frames(&self) -> TokenStream {
        let framed = (0..).zip(&self.framing.rules).filter(|(_, (_, framed))| *framed);
        let framed = framed.map(|(index, _)| Literal::usize_unsuffixed(index));
        let framed: Vec<_> = framed.collect();
        let table = table_name(self.context, self.stub, self.framing);
        quote! { matches!(incoming.rule(#table), Some(#(#framed)|*)) }
    }
}

/// The tables of an operation, each list of conditions once.
pub(super) fn constants(
    context: &Context<'_>,
    stub: &Stub<'_>,
    imports: &mut Imports,
) -> Vec<Item> {
    let tables = tables(context, stub);
    if tables.is_empty() {
        return Vec::new();
    }
    imports.add("crate::support::server", "Condition");
    let item = |(number, rules): (usize, Vec<&[Condition]>)| {
        let name = numbered(number);
        let rules = rules.iter().map(|when| {
            let conditions = when.iter().map(|condition| condition_table(context, stub, condition));
            quote! { &[#(#conditions),*] }
        });
        Item::new(
            ItemKind::Constant,
            &name,
            quote! { const #name: &[&[Condition]] = &[#(#rules),*]; },
        )
    };
    (0..).zip(tables).map(item).collect()
}

fn numbered(number: usize) -> Name {
    let text = if number == 0 { "framing".to_owned() } else { format!("framing {}", number + 1) };
    Name::new(&text, Case::Constant)
}

fn table_name(context: &Context<'_>, stub: &Stub<'_>, framing: &ContentFraming) -> Name {
    let tables = tables(context, stub);
    numbered(tables.iter().position(|known| *known == conditions(framing)).unwrap_or(0))
}

fn tables<'c>(context: &Context<'c>, stub: &Stub<'_>) -> Vec<Vec<&'c [Condition]>> {
    let mut tables = Vec::new();
    for (status, response) in stub.operation.responses.iter() {
        for number in 0..response.content.len().max(1) {
            let framing = context.framings.content(&stub.operation.id, status, number);
            let switched = framing.filter(|framing| matches!(framing.output, Codec::Switched(_)));
            if let Some(table) = switched.map(conditions).filter(|table| !tables.contains(table)) {
                tables.push(table);
            }
        }
    }
    tables
}

fn conditions(framing: &ContentFraming) -> Vec<&[Condition]> {
    framing.rules.iter().map(|(when, _)| when.as_slice()).collect()
}

fn condition_table(context: &Context<'_>, stub: &Stub<'_>, condition: &Condition) -> TokenStream {
    let operation = stub.operation;
    let (subject, name, absent) = match &condition.subject {
        Subject::Body(pointer) => {
            ("body", pointer.to_string(), body_default(context, operation, pointer))
        }
        Subject::Query(name) => {
            ("query", name.clone(), parameter_default(context, operation, name, Location::Query))
        }
        Subject::Header(name) => {
            ("header", name.clone(), parameter_default(context, operation, name, Location::Header))
        }
        // Decided before any request, see the planning of framings.
        Subject::ResponseHeader(name) => ("header", name.clone(), None),
        Subject::Status => ("header", String::new(), None),
    };
    let subject = Name::new(subject, Case::Value);
    let equals = condition.equals.to_string();
    let absent = absent.unwrap_or(Value::Null).to_string();
    quote! { Condition::#subject(#name, #equals, #absent) }
}

/// What an absent part of the body counts as: the default of its schema.
fn body_default(context: &Context<'_>, operation: &Operation, pointer: &Pointer) -> Option<Value> {
    let body = operation.body.as_ref()?;
    let content = body.content.iter().find(|content| content.media_type.is_json())?;
    let schema = pointer
        .segments()
        .iter()
        .try_fold(content.schema?, |schema, segment| member(context, schema, segment))?;
    context.types.schema(schema)?.default.clone()
}

fn member(context: &Context<'_>, schema: SchemaId, segment: &str) -> Option<SchemaId> {
    match &context.types.schema(schema)?.shape {
        Shape::Object { properties, .. } => properties
            .iter()
            .find(|property| property.name == segment)
            .map(|property| property.schema),
        Shape::Array { items, .. } => Some(*items),
        _ => None,
    }
}

fn parameter_default(
    context: &Context<'_>,
    operation: &Operation,
    name: &str,
    location: Location,
) -> Option<Value> {
    let mut parameters = operation.parameters.iter();
    let own =
        parameters.find(|parameter| parameter.location == location && parameter.name == name)?;
    context.types.schema(own.schema)?.default.clone()
}
