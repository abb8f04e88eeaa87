//! Tags → traits; all of them together → a router.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::routes::{self, Route};
use super::stub::{Context, Stub};
use super::{credential, tables};
use crate::diagnostic::Diagnostics;
use crate::emit::{Imports, Item, ItemKind, PlannedFile, doc};
use crate::name::{Case, Name};

/// The file that an implementer reads first.
pub(super) fn file(context: &Context<'_>, stubs: &[Stub<'_>], routes: &[Route<'_>]) -> PlannedFile {
    let (api, names) = (context.types.api(), context.types.names());
    let mut imports = Imports::qualified();
    imports.add("crate::support", "server");
    let mut items: Vec<Item> = stubs.iter().map(|stub| module(context, stub)).collect();
    let lenient = context.tags.lenient();
    items.push(Item::new(ItemKind::Module, "tables", quote! { #lenient mod tables; }));
    let tags = tags(stubs);
    items.extend(tags.iter().map(|tag| trait_item(context, stubs, tag)));
    if stubs.iter().any(|stub| stub.security.demands()) {
        items.push(authenticate(context));
    }
    let whole = Router {
        name: Name::new("router", Case::Value),
        about: "A router over an implementation of every trait.",
        gate: context.tags.all(),
    };
    items.extend(router(&whole, stubs.iter(), routes, &tags));
    if tags.len() > 1 && !context.tags.is_empty() {
        items.extend(tags.iter().flat_map(|tag| router_of(context, stubs, tag)));
    }
    PlannedFile {
        path: format!("{}/server/mod.rs", names.module()),
        doc: format!("The server of {}, version {}.", api.title, api.version),
        imports,
        items,
    }
}

fn module(context: &Context<'_>, stub: &Stub<'_>) -> Item {
    let (file, gate) = (&stub.names.file, context.tags.operation(stub.operation));
    Item::new(ItemKind::Module, file, quote! { #gate pub mod #file; })
}

/// The router of one tag, for a crate without the features of all.
fn router_of(context: &Context<'_>, stubs: &[Stub<'_>], tag: &Name) -> Vec<Item> {
    let own = || stubs.iter().filter(|stub| stub.owner == tag);
    // Whatever is to be told of routes is told where all of them are made.
    let routes = routes::routes(own(), &mut Diagnostics::default());
    let router_of = Router {
        name: Name::new("router of", Case::Value).join(tag.as_str(), Case::Value),
        about: "A router of this tag alone, which takes every path of other tags for unknown.",
        gate: own().map(|stub| context.tags.operation(stub.operation)).next().unwrap_or_default(),
    };
    router(&router_of, own(), &routes, &[tag])
}

/// The traits in order of their first operation.
fn tags<'s>(stubs: &'s [Stub<'s>]) -> Vec<&'s Name> {
    let mut seen = BTreeSet::new();
    stubs.iter().map(|stub| stub.owner).filter(|owner| seen.insert(*owner)).collect()
}

fn trait_item(context: &Context<'_>, stubs: &[Stub<'_>], name: &Name) -> Item {
    let own: Vec<&Stub<'_>> = stubs.iter().filter(|stub| stub.owner == name).collect();
    let tag = own.first().and_then(|stub| stub.operation.tags.first());
    let tag = tag.and_then(|tag| context.types.api().tags.iter().find(|known| known.name == *tag));
    let about = tag.and_then(|tag| tag.description.as_deref()).and_then(doc::said);
    let outer = doc::outer(
        about
            .unwrap_or("Operations to implement. What is left out is answered as not implemented."),
    );
    let methods = own.iter().map(|stub| method(stub));
    let gate = own.first().map(|stub| context.tags.operation(stub.operation));
    let tokens = quote! {
        #outer
        #gate
        pub trait #name: Send + Sync + 'static { #(#methods)* }
    };
    Item::new(ItemKind::Trait, name, tokens)
}

fn method(stub: &Stub<'_>) -> TokenStream {
    let operation = stub.operation;
    let deprecated = operation.deprecated.then_some("Its use is discouraged.");
    let parts = [
        operation.summary.as_deref().unwrap_or_default(),
        operation.description.as_deref().unwrap_or_default(),
        &stub.request_line(),
        deprecated.unwrap_or_default(),
    ];
    let outer = doc::outer(&doc::paragraphs(parts));
    let (name, file) = (&stub.names.method, &stub.names.file);
    let (request, response) = (stub.request(), stub.response());
    quote! {
        #outer
        fn #name(
            &self,
            request: #file::#request,
        ) -> impl Future<Output = server::Outcome<#file::#response>> + Send {
            let _ = request;
            std::future::ready(Err(server::Refused::not_implemented()))
        }
    }
}

fn authenticate(context: &Context<'_>) -> Item {
    let api = context.types.api();
    let methods = api.security_schemes.iter().filter_map(|(scheme, about)| {
        let name = context.types.names().security(scheme)?;
        let method = Name::new(name.as_str(), Case::Value);
        let kind = Name::new(credential::credential_type(&about.kind), Case::Type);
        let fallback = format!("A credential of the scheme {}.", doc::code(scheme));
        let outer =
            doc::outer(about.description.as_deref().and_then(doc::said).unwrap_or(&fallback));
        Some(quote! {
            #outer
            fn #method(
                &self,
                credential: &server::#kind,
                access: &server::Access,
            ) -> impl Future<Output = server::Outcome<()>> + Send;
        })
    });
    let tokens = quote! {
        /// Says whether a credential is good for what it is presented for. Every request goes through here
        /// before anything else of it is looked at.
        pub trait Authenticate: Send + Sync + 'static { #(#methods)* }
    };
    Item::new(ItemKind::Trait, "Authenticate", tokens)
}

/// A function that makes a router, and one that takes options as well.
struct Router {
    name: Name,
    about: &'static str,
    gate: TokenStream,
}

fn router<'s>(
    wanted: &Router,
    mut stubs: impl Iterator<Item = &'s Stub<'s>>,
    routes: &[Route<'_>],
    tags: &[&Name],
) -> Vec<Item> {
    let Router { name, about, gate } = wanted;
    let with = name.join("with", Case::Value);
    let outer = doc::outer(about);
    let authenticate = stubs.any(|stub| stub.security.demands());
    let authenticate = authenticate.then(|| quote! { Authenticate });
    let bounds: Vec<TokenStream> =
        tags.iter().map(|tag| quote! { #tag }).chain(authenticate).collect();
    let bounds = if bounds.is_empty() { vec![quote! { Send + Sync + 'static }] } else { bounds };
    let unknown = tables::unknown_path();
    let (of_axum, own): (Vec<_>, Vec<_>) = routes.iter().partition(|it| !it.paths.is_empty());
    let calls = of_axum.iter().map(|route| axum_route(route));
    let fallback = if own.is_empty() {
        quote! { move || std::future::ready(server::unknown_path(&unknown, &tables::#unknown)) }
    } else {
        let calls = own.iter().map(|route| own_route(route));
        quote! { server::Routes::default() #(#calls)* .or_unknown(unknown, &tables::#unknown) }
    };
    let plain = quote! {
        #outer
        #gate
        pub fn #name<A: #(#bounds)+*>(api: A) -> axum::Router {
            #with(api, server::Options::default())
        }
    };
    let options = quote! {
        /// The same with options: how large a body may be, and who writes refusals.
        #gate
        pub fn #with<A: #(#bounds)+*>(api: A, options: server::Options) -> axum::Router {
            let service = server::Service::new(api, options);
            let unknown = service.clone();
            axum::Router::new()
                #(#calls)*
                .fallback(#fallback)
                .with_state(service)
        }
    };
    vec![Item::new(ItemKind::Function, name, plain), Item::new(ItemKind::Function, with, options)]
}

fn axum_route(route: &Route<'_>) -> TokenStream {
    let (paths, handlers) = (&route.paths, handlers(route));
    quote! { #(.route(#paths, #handlers.router()))* }
}

fn own_route(route: &Route<'_>) -> TokenStream {
    let (template, handlers) = (&route.template, handlers(route));
    let segments = template.iter().map(|texts| quote! { &[#(#texts),*] });
    quote! { .route(&[#(#segments),*], #handlers) }
}

/// What each method of a path does, and every other.
fn handlers(route: &Route<'_>) -> TokenStream {
    let requests = route.stubs.iter().map(|stub| endpoint(stub));
    let calls = requests.enumerate().map(|(index, request)| match index {
        0 => quote! { ::of::<#request>() },
        _ => quote! { .and::<#request>() },
    });
    quote! { server::Methods::<A> #(#calls)* }
}

fn endpoint(stub: &Stub<'_>) -> TokenStream {
    let (file, request) = (&stub.names.file, stub.request());
    quote! { #file::#request }
}
