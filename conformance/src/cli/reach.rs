//! How the server is reached: its URL, whom to trust, who this side is, and what it shows for it.
//!
//! The only place where secrets are read from files and the environment.

use std::path::Path;

use super::arguments::{RunArguments, header};
use super::kubeconfig;
use crate::call::Credentials;
use crate::wire::{Identity, Limits, Target, Tls, TlsSettings, Wire};

/// A server and how it is spoken to.
pub(super) struct Reach {
    /// Its URL.
    pub(super) target: Target,
    /// Header fields that go with every request.
    pub(super) credentials: Credentials,
    tls: Option<Tls>,
}

impl Reach {
    /// What was asked for. Options win over the credentials file.
    pub(super) fn asked(asked: &RunArguments) -> Result<Self, String> {
        let context = asked.context.as_deref();
        let stored = match &asked.kubeconfig {
            Some(path) => kubeconfig::read(path, context)?,
            None if context.is_some() => return Err("--context needs --kubeconfig".to_owned()),
            None => kubeconfig::Stored::default(),
        };
        let url = asked.target.as_ref().or(stored.server.as_ref());
        let url = url.ok_or_else(|| "--target URL is missing".to_owned())?;
        let target: Target = url.parse().map_err(|error| format!("--target {url}: {error}"))?;
        let mut headers =
            asked.headers.iter().map(|text| header(text)).collect::<Result<Vec<_>, _>>()?;
        let is_given = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let token = token(asked)?.or(stored.token.filter(|_| !is_given));
        headers.extend(token.map(|token| ("Authorization".to_owned(), format!("Bearer {token}"))));
        let settings = TlsSettings {
            authorities: match &asked.ca_file {
                Some(path) => Some(bytes(path)?),
                None => stored.authorities,
            },
            identity: identity(asked)?.or(stored.identity),
            insecure: asked.insecure || stored.insecure,
        };
        let tls = secured(&target, &settings)?;
        Ok(Self { target, credentials: Credentials { headers }, tls })
    }

    /// Connections to it.
    pub(super) fn wire(&self) -> Wire {
        let (target, limits) = (self.target.clone(), Limits::default());
        match &self.tls {
            Some(tls) => Wire::secured(target, limits, tls.clone()),
            None => Wire::new(target, limits),
        }
    }
}

/// TLS for a target that asks for it. That nobody is checked is said loudly.
pub(super) fn secured(target: &Target, settings: &TlsSettings) -> Result<Option<Tls>, String> {
    if !target.is_secure() {
        return Ok(None);
    }
    if settings.insecure {
        eprintln!(
            "WARNING: the certificate of {target} is not checked. Whoever answers there is taken for the server, and \
             is sent every credential."
        );
    }
    Tls::new(settings).map(Some).map_err(|error| format!("{target}: {error}"))
}

/// The content of a file.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn identity(asked: &RunArguments) -> Result<Option<Identity>, String> {
    match (&asked.client_cert, &asked.client_key) {
        (None, None) => Ok(None),
        (Some(chain), Some(key)) => Ok(Some(Identity { chain: bytes(chain)?, key: bytes(key)? })),
        _ => Err("--client-cert and --client-key go together".to_owned()),
    }
}

fn token(asked: &RunArguments) -> Result<Option<String>, String> {
    let (source, token) = match (&asked.token_file, &asked.token_env) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err("give --token-file or --token-env, not both".to_owned()),
        (Some(path), None) => {
            let text = std::fs::read_to_string(path);
            (path.display().to_string(), text.map_err(|error| error.to_string()))
        }
        (None, Some(name)) => {
            (name.clone(), std::env::var(name).map_err(|error| error.to_string()))
        }
    };
    let token = token.map_err(|error| format!("{source}: {error}"))?;
    checked(&source, &token).map(Some)
}

/// A token that can stand in a header field (RFC 6750 §2.1); which characters it has is not told.
pub(super) fn checked(source: &str, token: &str) -> Result<String, String> {
    let token = token.trim();
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!("{source}: holds no bearer token"));
    }
    Ok(token.to_owned())
}
