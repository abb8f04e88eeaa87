//! An operation → the lines that join reading, checking, handling and writing.

use proc_macro2::TokenStream;
use quote::quote;

use super::constants::Tables;
use super::response::AnswerPlan;
use super::stub::{Context, Stub};
use super::{credential, request};
use crate::emit::{Imports, Item};

/// The block that makes a request type serve itself.
pub(super) fn items(
    context: &Context<'_>,
    stub: &Stub<'_>,
    answers: &AnswerPlan,
    tables: &Tables,
    imports: &mut Imports,
) -> Vec<Item> {
    for used in ["Endpoint", "Incoming", "Operation", "Outcome"] {
        imports.add("crate::support::server", used);
    }
    imports.add("axum::response", "Response");
    imports.add("super", "tables");
    let (name, owner, method) = (stub.request(), stub.owner, &stub.names.method);
    let constant = stub.constant();
    let authenticate = stub.security.demands().then(|| quote! { + super::Authenticate });
    let check = credential::check(stub, imports);
    let has_body = stub.operation.body.as_ref().is_some_and(|body| !body.content.is_empty());
    let load = tables.body.as_ref().map(|body| quote! { incoming.load(&tables::#body).await?; });
    let upgrade = upgrade(context, stub, imports);
    let accept = accept(stub, tables);
    let given = request::given(context, stub, imports);
    let given: Vec<_> = given.iter().map(|(name, _)| name).collect();
    let read = match (request::reads(stub), given.as_slice()) {
        (true, []) => quote! { let request = incoming.read(Self::read)?; },
        (true, given) => {
            quote! { let request = incoming.read(|reader| Self::read(reader, #(#given),*))?; }
        }
        (false, given) => quote! { let request = Self { #(#given),* }; },
    };
    let write = if answers.looks_back() {
        quote! { response.write(&incoming) }
    } else {
        quote! { response.write() }
    };
    let changes = has_body || stub.upgrades();
    let looks = changes
        || accept.is_some()
        || stub.security.demands()
        || request::reads(stub)
        || answers.looks_back();
    let argument = match (changes, looks) {
        (true, _) => quote! { mut incoming },
        (false, true) => quote! { incoming },
        (false, false) => quote! { _incoming },
    };
    let tokens = quote! {
        impl<A: super::#owner #authenticate> Endpoint<A> for #name {
            const OPERATION: &'static Operation = &tables::#constant;

            async fn serve(api: &A, #argument: Incoming) -> Outcome<Response> {
                #check
                #accept
                #load
                #upgrade
                #read
                let response = api.#method(request).await?;
                #write
            }
        }
    };
    vec![Item::block(format!("Endpoint for {name}"), tokens)]
}

/// The lines that look at what the caller accepts: refused, chosen from, or both.
fn accept(stub: &Stub<'_>, tables: &Tables) -> Option<TokenStream> {
    let acceptable = tables.acceptable.as_ref()?;
    let kind = stub.named("media type");
    match (stub.refuses_unacceptable(), stub.names.wanted.is_empty()) {
        (true, true) => Some(quote! { incoming.accepted(tables::#acceptable)?; }),
        (true, false) => {
            Some(quote! { let wanted = #kind::at(incoming.accepted(tables::#acceptable)?); })
        }
        (false, false) => Some(
            quote! { let wanted = #kind::at(incoming.accepted(tables::#acceptable).unwrap_or_default()); },
        ),
        (false, true) => None,
    }
}

/// The lines that look for an offer to leave HTTP, and insist on it where it is required.
fn upgrade(context: &Context<'_>, stub: &Stub<'_>, imports: &mut Imports) -> Option<TokenStream> {
    let upgrade = stub.operation.upgrade.as_ref()?;
    let (offer, wanted) = if stub.socket(context).is_some() {
        (quote! { incoming.websocket(PROTOCOLS)? }, quote! { &["websocket"] })
    } else {
        (quote! { incoming.upgrade(PROTOCOLS) }, quote! { PROTOCOLS })
    };
    let insist = upgrade.required.then(|| {
        imports.add("crate::support::server", "no_upgrade");
        quote! { if upgrade.is_none() { return Err(no_upgrade(#wanted)); } }
    });
    Some(quote! {
        let upgrade = #offer;
        #insist
    })
}
