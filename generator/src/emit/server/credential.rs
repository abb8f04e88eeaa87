//! Security requirements → what a caller presents, as a type, and the check before everything else.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::stub::Stub;
use crate::contract::{Api, CredentialPlace, Operation, SecurityScheme, SecuritySchemeKind};
use crate::emit::{Imports, Item, ItemKind, doc};
use crate::name::{Case, Name, Names};

/// What an operation demands of its callers.
pub(super) struct Security<'a> {
    /// One of these must be met, all of it. None: nothing is demanded.
    alternatives: Vec<Alternative<'a>>,
    /// Whether a caller may also present nothing.
    anonymous: bool,
}

/// Credentials that go together.
struct Alternative<'a> {
    demands: Vec<Demand<'a>>,
    /// The names of its schemes, and a number where another alternative has the same ones.
    name: Name,
}

/// One credential of an alternative.
struct Demand<'a> {
    /// The type it has.
    kind: &'static str,
    /// The scheme as the document calls it.
    scheme: &'a str,
    /// The scheme as a type name, from which the others follow.
    name: Name,
    scopes: &'a [String],
}

impl<'a> Security<'a> {
    pub(super) fn of(api: &'a Api, names: &Names, operation: &'a Operation) -> Self {
        let demand = |(scheme, scopes): &'a (String, Vec<String>)| {
            let kind = credential_type(&api.security_schemes.get(scheme)?.kind);
            Some(Demand { kind, scheme, name: names.security(scheme)?.clone(), scopes })
        };
        let (demanding, anonymous): (Vec<_>, Vec<_>) =
            operation.security.iter().partition(|alternative| !alternative.schemes.is_empty());
        let mut alternatives: Vec<Alternative<'a>> = Vec::new();
        for alternative in demanding {
            let demands: Option<Vec<_>> = alternative.schemes.iter().map(demand).collect();
            let Some(demands) = demands else { continue };
            let name = unused_name(&alternatives, &demands);
            alternatives.push(Alternative { demands, name });
        }
        Self { alternatives, anonymous: !anonymous.is_empty() }
    }

    /// Whether any credential is demanded.
    pub(super) fn demands(&self) -> bool {
        !self.alternatives.is_empty()
    }

    /// The one credential that there is, where the demand is that simple.
    fn single(&self) -> Option<&Demand<'a>> {
        match self.alternatives.as_slice() {
            [alternative] => match alternative.demands.as_slice() {
                [demand] => Some(demand),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Demand<'_> {
    fn field(&self) -> Name {
        Name::new(self.name.as_str(), Case::Value)
    }
}

/// The static of a scheme.
pub(super) fn constant(scheme: &Name) -> Name {
    Name::new(&format!("scheme {scheme}"), Case::Constant)
}

/// The type of the credentials of a scheme.
pub(super) fn credential_type(kind: &SecuritySchemeKind) -> &'static str {
    match kind {
        SecuritySchemeKind::ApiKey { .. } => "ApiKey",
        SecuritySchemeKind::Http { scheme } if scheme == "basic" => "Basic",
        SecuritySchemeKind::Http { scheme } if scheme != "bearer" => "HttpToken",
        SecuritySchemeKind::Http { .. }
        | SecuritySchemeKind::OAuth2
        | SecuritySchemeKind::OpenIdConnect => "Bearer",
    }
}

/// The table of a scheme.
pub(super) fn scheme_table(name: &Name, scheme: &SecurityScheme) -> Item {
    let constant = constant(name);
    let kind = match &scheme.kind {
        SecuritySchemeKind::ApiKey { place: CredentialPlace::Header, name } => {
            quote! { SchemeKind::Header(#name) }
        }
        SecuritySchemeKind::ApiKey { place: CredentialPlace::Query, name } => {
            quote! { SchemeKind::Query(#name) }
        }
        SecuritySchemeKind::ApiKey { place: CredentialPlace::Cookie, name } => {
            quote! { SchemeKind::Cookie(#name) }
        }
        SecuritySchemeKind::Http { scheme } => quote! { SchemeKind::Http(#scheme) },
        SecuritySchemeKind::OAuth2 | SecuritySchemeKind::OpenIdConnect => {
            quote! { SchemeKind::Http("bearer") }
        }
    };
    let shortest = Literal::u64_unsuffixed(scheme.length.minimum.unwrap_or(1));
    let longest = match scheme.length.maximum {
        Some(bytes) => {
            let bytes = Literal::u64_unsuffixed(bytes);
            quote! { #bytes }
        }
        None => quote! { usize::MAX },
    };
    let tokens = quote! {
        pub(super) static #constant: Scheme =
            Scheme { kind: #kind, shortest: #shortest, longest: #longest };
    };
    Item::new(ItemKind::Static, constant, tokens)
}

/// The type of the field that hands the credential over; `None` where nothing is demanded.
pub(super) fn field_type(stub: &Stub<'_>, imports: &mut Imports) -> Option<TokenStream> {
    if !stub.security.demands() {
        return None;
    }
    let Some(demand) = stub.security.single() else {
        let name = stub.named("credential");
        return Some(quote! { #name });
    };
    let kind = imported(demand.kind, imports);
    Some(if stub.security.anonymous {
        quote! { Option<#kind> }
    } else {
        kind
    })
}

/// The lines that find and check the credential, as the variable `credential`.
pub(super) fn check(stub: &Stub<'_>, imports: &mut Imports) -> TokenStream {
    if !stub.security.demands() {
        return TokenStream::new();
    }
    let Some(demand) = stub.security.single() else {
        return quote! { let credential = authenticate(api, &incoming).await?; };
    };
    let variable = Name::new("credential", Case::Value);
    let steps = steps(stub, demand, &variable, imports);
    if !stub.security.anonymous {
        return steps;
    }
    let scheme = constant(&demand.name);
    quote! {
        let credential = if incoming.presents(&tables::#scheme) {
            #steps
            Some(credential)
        } else {
            None
        };
    }
}

/// Finds one credential and has it checked.
fn steps(
    stub: &Stub<'_>,
    demand: &Demand<'_>,
    variable: &Name,
    imports: &mut Imports,
) -> TokenStream {
    imports.add("crate::support::server", "Access");
    let kind = imported(demand.kind, imports);
    let (scheme, operation) = (constant(&demand.name), stub.constant());
    let (method, scopes) = (demand.field(), demand.scopes);
    quote! {
        let #variable = incoming.credential::<#kind>(&tables::#scheme)?;
        let access = Access { operation: &tables::#operation, scopes: &[#(#scopes),*] };
        api.#method(&#variable, &access).await?;
    }
}

/// The type of the credential and its check, where one credential alone does not do.
pub(super) fn items(stub: &Stub<'_>, imports: &mut Imports) -> Vec<Item> {
    if !stub.security.demands() || stub.security.single().is_some() {
        return Vec::new();
    }
    let name = stub.named("credential");
    let anonymous = stub.security.anonymous.then(|| {
        quote! {
            /// Nothing.
            Anonymous
        }
    });
    let variants =
        stub.security.alternatives.iter().map(|alternative| variant(alternative, imports));
    let variants: Vec<_> = variants.chain(anonymous).collect();
    let outer = doc::outer(&format!("What a caller of {} presents.", stub.request_line()));
    let tokens = quote! {
        #outer
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum #name { #(#variants),* }
    };
    let mut items = vec![Item::new(ItemKind::Enum, &name, tokens)];
    let alternatives = stub.security.alternatives.iter();
    items.extend(
        alternatives.map(|alternative| attempt_function(stub, &name, alternative, imports)),
    );
    items.push(check_function(stub, &name, imports));
    items
}

fn function_name(alternative: &Alternative<'_>) -> Name {
    Name::new(&format!("by {}", alternative.name), Case::Value)
}

/// A name for that alternative that none of the others has: the same schemes may be asked for other scopes.
fn unused_name(others: &[Alternative<'_>], demands: &[Demand<'_>]) -> Name {
    let schemes: Vec<&str> = demands.iter().map(|demand| demand.name.as_str()).collect();
    let base = schemes.join(" and ");
    let numbered = (2..).map(|number| format!("{base} {number}"));
    let mut names =
        std::iter::once(base.clone()).chain(numbered).map(|text| Name::new(&text, Case::Variant));
    let is_unused = |name: &Name| others.iter().all(|other| other.name != *name);
    names.find(is_unused).unwrap_or_else(|| Name::new(&base, Case::Variant))
}

fn attempt_function(
    stub: &Stub<'_>,
    name: &Name,
    alternative: &Alternative<'_>,
    imports: &mut Imports,
) -> Item {
    let (function, variant) = (function_name(alternative), &alternative.name);
    let demands = &alternative.demands;
    let each = demands.iter().map(|demand| steps(stub, demand, &demand.field(), imports));
    let each: Vec<_> = each.collect();
    let fields = demands.iter().map(Demand::field);
    let tokens = quote! {
        async fn #function<A: super::Authenticate>(api: &A, incoming: &Incoming) -> Outcome<#name> {
            #(#each)*
            Ok(#name::#variant { #(#fields),* })
        }
    };
    Item::new(ItemKind::Function, function, tokens)
}

fn variant(alternative: &Alternative<'_>, imports: &mut Imports) -> TokenStream {
    let (name, demands) = (&alternative.name, &alternative.demands);
    let fields = demands.iter().map(|demand| {
        let (field, kind) = (demand.field(), imported(demand.kind, imports));
        let outer = doc::outer(&format!("By the scheme {}.", doc::code(demand.scheme)));
        quote! { #outer #field: #kind }
    });
    let fields: Vec<_> = fields.collect();
    let schemes: Vec<String> = demands.iter().map(|demand| doc::code(demand.scheme)).collect();
    let outer = doc::outer(&format!("{}.", schemes.join(" and ")));
    quote! { #outer #name { #(#fields),* } }
}

fn check_function(stub: &Stub<'_>, name: &Name, imports: &mut Imports) -> Item {
    for used in ["Attempts", "Incoming", "Outcome"] {
        imports.add("crate::support::server", used);
    }
    let attempts = stub.security.alternatives.iter().map(|alternative| {
        let function = function_name(alternative);
        quote! {
            match #function(api, incoming).await {
                Ok(credential) => return Ok(credential),
                Err(refused) => attempts.note(refused),
            }
        }
    });
    let attempts: Vec<_> = attempts.collect();
    let anonymous = stub.security.anonymous.then(|| {
        let demands = stub.security.alternatives.iter().flat_map(|it| &it.demands);
        let schemes = demands.map(|demand| constant(&demand.name));
        quote! {
            let schemes = [#(&tables::#schemes),*];
            if !schemes.iter().any(|scheme| incoming.presents(scheme)) {
                return Ok(#name::Anonymous);
            }
        }
    });
    let tokens = quote! {
        async fn authenticate<A: super::Authenticate>(api: &A, incoming: &Incoming) -> Outcome<#name> {
            let mut attempts = Attempts::default();
            #(#attempts)*
            #anonymous
            Err(attempts.refused())
        }
    };
    Item::new(ItemKind::Function, "authenticate", tokens)
}

fn imported(kind: &'static str, imports: &mut Imports) -> TokenStream {
    imports.add("crate::support::server", kind);
    let name = Name::new(kind, Case::Type);
    quote! { #name }
}
