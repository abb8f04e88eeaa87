//! An API → an implementation of its server that tells what it was asked and gives the answers it is told to give.
//! It is for tests of the generator, and never part of what a user gets.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Value, json};

use super::credential;
use super::media::Media;
use super::response::{self, Field};
use super::stub::{self, Context, Stub};
use crate::contract::{Content, Response, StatusKey};
use crate::diagnostic::Diagnostics;
use crate::emit::framing::Framings;
use crate::emit::{Imports, TagFeatures, Types};
use crate::name::{Case, Name};

/// What every such implementation rests on.
pub const ECHO: &str = include_str!("../../../harness/echo.rs");

/// The file of one module, as text that nobody reads. None where it has no operations.
#[must_use]
pub fn harness(types: &Types<'_>) -> Option<String> {
    let mut diagnostics = Diagnostics::default();
    let framings = Framings::of(types.api(), types.names(), &mut diagnostics);
    let tags = TagFeatures::default();
    let context = Context { types, framings: &framings, tags: &tags };
    let stubs = stub::stubs(&context);
    let module = types.names().module();
    let mut owners: Vec<&Name> = stubs.iter().map(|stub| stub.owner).collect();
    owners.sort_unstable();
    owners.dedup();
    let mut told = serde_json::Map::new();
    let traits = owners.iter().map(|owner| {
        let own = stubs.iter().filter(|stub| *stub.owner == **owner);
        let methods = own.map(|stub| {
            let (method, answers) = method(&context, stub);
            told.insert(stub.operation.id.0.clone(), Value::Array(answers));
            method
        });
        quote! { impl server::#owner for Echo { #(#methods)* } }
    });
    let traits: Vec<TokenStream> = traits.collect();
    let authenticate =
        stubs.iter().any(|stub| stub.security.demands()).then(|| authenticate(types));
    let told = Value::Object(told).to_string();
    let tokens = quote! {
        use emitted::#module::server;

        pub struct Echo;

        #(#traits)*
        #authenticate

        pub const ANSWERS: &str = #told;

        pub fn router() -> axum::Router {
            server::router(Echo)
        }
    };
    (!stubs.is_empty()).then(|| tokens.to_string())
}

fn authenticate(types: &Types<'_>) -> TokenStream {
    let methods = types.api().security_schemes.iter().filter_map(|(scheme, about)| {
        let name = types.names().security(scheme)?;
        let method = Name::new(name.as_str(), Case::Value);
        let kind = Name::new(credential::credential_type(&about.kind), Case::Type);
        Some(quote! {
            async fn #method(
                &self,
                _: &emitted::support::server::#kind,
                _: &emitted::support::server::Access,
            ) -> emitted::support::server::Outcome<()> {
                Ok(())
            }
        })
    });
    quote! { impl server::Authenticate for Echo { #(#methods)* } }
}

/// The method of an operation, and what is told of its answers.
fn method(context: &Context<'_>, stub: &Stub<'_>) -> (TokenStream, Vec<Value>) {
    let (name, file, id) = (&stub.names.method, &stub.names.file, &stub.operation.id.0);
    let (request, response) = (stub.request(), stub.response());
    let values = stub.names.parameters.iter().map(|field| {
        quote! { crate::echo::value(&request.#field) }
    });
    let body = body(context, stub);
    let answers = answers(context, stub);
    let arms = (0..).zip(&answers).filter_map(|(number, answer)| {
        let number = Literal::u64_unsuffixed(number);
        let made = answer.made.as_ref()?;
        Some(quote! { Some(#number) => Ok(#made), })
    });
    let tokens = quote! {
        async fn #name(
            &self,
            request: server::#file::#request,
        ) -> emitted::support::server::Outcome<server::#file::#response> {
            let _ = &request;
            let answer = crate::echo::asked(#id, vec![#(#values),*], #body);
            match answer.number() {
                #(#arms)*
                _ => Err(emitted::support::server::Refused::not_implemented()),
            }
        }
    };
    let told = answers.iter().map(|answer| {
        json!({
            "status": answer.status.to_string(),
            "content": answer.content,
            "made": answer.made.is_some(),
        })
    });
    (tokens, told.collect())
}

/// The number of the body's media type, and the body.
fn body(context: &Context<'_>, stub: &Stub<'_>) -> TokenStream {
    let found = stub.operation.body.as_ref().filter(|body| !body.content.is_empty());
    let Some(body) = found else { return quote! { serde_json::Value::Null } };
    let kind = stub.named("body");
    let file = &stub.names.file;
    let told = |content: &Content, number: usize| {
        let number = Literal::usize_unsuffixed(number);
        let how = how(context, content);
        quote! { serde_json::json!([#number, crate::echo::#how(body)]) }
    };
    let seen = match body.content.as_slice() {
        [only] => told(only, 0),
        several => {
            let contents = (0..).zip(several).zip(&stub.names.body_variants);
            let arms = contents.map(|((number, content), variant)| {
                let told = told(content, number);
                quote! { server::#file::#kind::#variant(body) => #told }
            });
            quote! { match body { #(#arms),* } }
        }
    };
    if body.required {
        quote! { { let body = &request.body; #seen } }
    } else {
        quote! { request.body.as_ref().map_or(serde_json::Value::Null, |body| #seen) }
    }
}

fn how(context: &Context<'_>, content: &Content) -> Name {
    let is_bytes = Media::of(context.types.api(), content) == Media::Bytes;
    Name::new(if is_bytes { "bytes" } else { "value" }, Case::Value)
}

/// One answer of an operation.
struct Answer {
    status: StatusKey,
    /// The number of its media type; none where it has no body.
    content: Option<usize>,
    /// The expression that makes it; none for a stream.
    made: Option<TokenStream>,
}

/// The answers in the order of their variants.
fn answers(context: &Context<'_>, stub: &Stub<'_>) -> Vec<Answer> {
    let mut scratch = Diagnostics::default();
    let plan = response::plan(context, stub, &mut Imports::qualified(), &mut scratch);
    let mut variants = plan.variants.iter();
    let mut answers = Vec::new();
    for (status, documented) in stub.operation.responses.iter() {
        let is_given = stub.names.responses.contains_key(&status)
            && response::can_be_given(context, stub, status, documented, &mut scratch);
        if !is_given {
            continue;
        }
        for content in contents(status, documented) {
            let framing =
                context.framings.content(&stub.operation.id, status, content.unwrap_or_default());
            let streams = framing.map_or(vec![false], |framing| {
                if framing.plain { vec![false, true] } else { vec![true] }
            });
            for streams in streams {
                let Some(variant) = variants.next() else { return answers };
                let body = content.and_then(|number| documented.content.get(number));
                let made =
                    |body| made(context, stub, documented, &variant.name, &variant.fields, body);
                answers.push(Answer { status, content, made: (!streams).then(|| made(body)) });
            }
        }
    }
    answers
}

fn contents(status: StatusKey, response: &Response) -> Vec<Option<usize>> {
    match response.content.len() {
        0 => vec![None],
        _ if response::has_no_body(status) => vec![None],
        count => (0..count).map(Some).collect(),
    }
}

/// The expression of a variant: the status where it is open, header fields, the body.
fn made(
    context: &Context<'_>,
    stub: &Stub<'_>,
    response: &Response,
    variant: &Name,
    fields: &[Field],
    body: Option<&Content>,
) -> TokenStream {
    let (file, kind) = (&stub.names.file, stub.response());
    let others = response.headers.len() + usize::from(body.is_some());
    let status = fields.len().saturating_sub(others);
    let headers = (0..).zip(&response.headers).map(|(number, header)| {
        let number = Literal::usize_unsuffixed(number);
        let how = if header.required { "header" } else { "optional_header" };
        let how = Name::new(how, Case::Value);
        quote! { answer.#how(#number)? }
    });
    let open = fields.iter().take(status).map(|field| {
        let kind = &field.kind;
        quote! { answer.status(server::#file::#kind::new)? }
    });
    let body = body.map(|content| match how(context, content).as_str() {
        "bytes" => quote! { answer.bytes()? },
        _ => quote! { answer.body()? },
    });
    let values: Vec<TokenStream> = open.chain(headers).chain(body).collect();
    let variant = quote! { server::#file::#kind::#variant };
    match values.as_slice() {
        [] => variant,
        [only] => quote! { #variant(#only) },
        several => {
            let names = fields.iter().map(|field| &field.name);
            quote! { #variant { #(#names: #several),* } }
        }
    }
}
