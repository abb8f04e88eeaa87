//! Credentials: which are right, and what a request without one is told.

use base64::Engine as _;
use bytes::Bytes;
use generator::contract::{
    Api, CredentialPlace, Fault, Operation, SecurityScheme, SecuritySchemeKind,
};

use super::Refusal;
use super::argument::{cookies, pairs};
use crate::call::Credentials;

/// The right credential of every scheme that travels in a header field.
pub(super) fn right(api: &Api, secret: &str) -> Credentials {
    let mut headers: Vec<(String, String)> = Vec::new();
    for scheme in api.security_schemes.values() {
        let field = match &scheme.kind {
            SecuritySchemeKind::ApiKey { place: CredentialPlace::Header, name } => {
                (name.clone(), key(scheme, secret))
            }
            SecuritySchemeKind::ApiKey { place: CredentialPlace::Cookie, name } => {
                ("Cookie".to_owned(), format!("{name}={}", key(scheme, secret)))
            }
            SecuritySchemeKind::ApiKey { place: CredentialPlace::Query, .. } => continue,
            _ => ("Authorization".to_owned(), authorization(scheme, secret)),
        };
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(&field.0)) {
            headers.push(field);
        }
    }
    Credentials { headers }
}

/// Lets a request pass that presents what one of the alternatives asks for.
pub(super) fn check(
    api: &Api,
    operation: &Operation,
    secret: &str,
    request: &http::Request<Bytes>,
) -> Result<(), Refusal> {
    let presents = |name: &str| {
        let scheme = api.security_schemes.get(name);
        scheme.is_some_and(|scheme| is_presented(scheme, secret, request))
    };
    let passes = operation.security.is_empty()
        || operation
            .security
            .iter()
            .any(|alternative| alternative.schemes.iter().all(|(name, _)| presents(name)));
    if passes { Ok(()) } else { Err(Fault::Unauthenticated.into()) }
}

/// What `WWW-Authenticate` says (RFC 9110 §11.6.1).
pub(super) fn challenge(api: &Api, operation: &Operation) -> String {
    let named = operation.security.iter().flat_map(|alternative| &alternative.schemes);
    let scheme = named.filter_map(|(name, _)| api.security_schemes.get(name)).next();
    match scheme.map(|scheme| &scheme.kind) {
        Some(SecuritySchemeKind::Http { scheme }) if scheme == "basic" => {
            "Basic realm=\"mock\"".to_owned()
        }
        Some(SecuritySchemeKind::ApiKey { .. }) => "ApiKey realm=\"mock\"".to_owned(),
        _ => "Bearer realm=\"mock\"".to_owned(),
    }
}

/// The secret within the documented bounds of its length.
fn key(scheme: &SecurityScheme, secret: &str) -> String {
    let least = scheme.length.minimum.and_then(|least| usize::try_from(least).ok()).unwrap_or(0);
    let most = scheme.length.maximum.and_then(|most| usize::try_from(most).ok());
    let count = secret.chars().count();
    let wanted = count.max(least.min(4096)).min(most.unwrap_or(usize::MAX));
    secret.chars().cycle().take(if count == 0 { 0 } else { wanted }).collect()
}

fn authorization(scheme: &SecurityScheme, secret: &str) -> String {
    match &scheme.kind {
        SecuritySchemeKind::Http { scheme: name } if name == "basic" => {
            let pair = format!("{secret}:{secret}");
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
        }
        SecuritySchemeKind::Http { scheme: name } if name != "bearer" => {
            format!("{name} {}", key(scheme, secret))
        }
        _ => format!("Bearer {}", key(scheme, secret)),
    }
}

fn is_presented(scheme: &SecurityScheme, secret: &str, request: &http::Request<Bytes>) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match &scheme.kind {
        SecuritySchemeKind::ApiKey { place: CredentialPlace::Header, name } => {
            header(name) == Some(&key(scheme, secret))
        }
        SecuritySchemeKind::ApiKey { place: CredentialPlace::Cookie, name } => {
            cookies(request).contains(&(name.clone(), key(scheme, secret)))
        }
        SecuritySchemeKind::ApiKey { place: CredentialPlace::Query, name } => {
            let query = request.uri().query().unwrap_or_default();
            pairs(query).contains(&(name.clone(), key(scheme, secret)))
        }
        _ => {
            header("authorization").is_some_and(|value| same(value, &authorization(scheme, secret)))
        }
    }
}

/// Schemes are compared without regard to case (RFC 9110 §11.1), what follows is not.
fn same(one: &str, other: &str) -> bool {
    match (one.split_once(' '), other.split_once(' ')) {
        (Some((one, rest)), Some((other, wanted))) => {
            one.eq_ignore_ascii_case(other) && rest.trim() == wanted
        }
        _ => false,
    }
}
