//! The server under test, parsed from its base URL. Resolves no name and opens nothing.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use url::{Host, Url};

/// A server and the path under which its API lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    scheme: Scheme,
    host: Host<String>,
    port: u16,
    base: String,
}

/// How a server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Scheme {
    /// The port where none is named (RFC 9110 §4.2.1, §4.2.2).
    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Why a URL is no target.
#[derive(Debug, Error)]
pub enum TargetError {
    /// It is no absolute URL.
    #[error("`{url}` is not a URL: {reason}")]
    Syntax {
        /// What was given.
        url: String,
        /// What is wrong with it.
        reason: url::ParseError,
    },
    /// Its scheme is no HTTP.
    #[error("scheme `{0}` is not supported; use http or https")]
    Scheme(String),
    /// It lacks a host.
    #[error("the URL has no host")]
    NoHost,
    /// It carries a user name or password.
    #[error("the URL holds credentials; give them as a header instead")]
    Credentials,
    /// It has a query or a fragment, which cannot be part of a base.
    #[error("the URL has a query or fragment; a base URL ends with its path")]
    Tail,
}

impl Target {
    /// The authority, as in the `Host` field: the port is left out where it is the default (RFC 9110 §4.2.1, §7.2).
    #[must_use]
    pub fn authority(&self) -> String {
        if self.port == self.scheme.port() {
            return self.host.to_string();
        }
        format!("{}:{}", self.host, self.port)
    }

    /// Whether it is reached over TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// The path of the base URL, without a slash at its end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The URL of a path and query below the base.
    #[must_use]
    pub fn url(&self, path_and_query: &str) -> String {
        format!("{self}{path_and_query}")
    }

    /// The path and query below the base that a reference means which came with the answer to the request for `from`
    /// (RFC 3986 §5). Its host is not followed: a server behind another may name one that this side does not reach.
    #[must_use]
    pub fn referred(&self, from: &str, reference: &str) -> String {
        let Ok(url) = Url::parse(&self.url(from)).and_then(|url| url.join(reference)) else {
            return from.to_owned();
        };
        let below = url.path().strip_prefix(&self.base).filter(|path| path.starts_with('/'));
        let path = below.unwrap_or(url.path());
        url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
    }

    /// Whether the server is this very machine by its address or by the name `localhost` (RFC 6761 §6.3).
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        }
    }

    /// Host and port, as a connection needs them.
    pub(super) fn address(&self) -> (String, u16) {
        let host = match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        (host, self.port)
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text)
            .map_err(|reason| TargetError::Syntax { url: text.to_owned(), reason })?;
        let scheme = match url.scheme() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            other => return Err(TargetError::Scheme(other.to_owned())),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(TargetError::Tail);
        }
        let host = url.host().ok_or(TargetError::NoHost)?.to_owned();
        let base = url.path().trim_end_matches('/').to_owned();
        Ok(Self { scheme, host, port: url.port().unwrap_or(scheme.port()), base })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_secure() { "https" } else { "http" };
        write!(f, "{scheme}://{}{}", self.authority(), self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        text.parse::<Target>().unwrap_err().to_string()
    }

    #[test]
    fn a_base_url_keeps_its_path_and_drops_the_default_port() {
        let target: Target = "http://Example.test:80/api/v1/".parse().unwrap();
        assert_eq!(target.to_string(), "http://example.test/api/v1");
        assert_eq!(target.url("/things?a=b"), "http://example.test/api/v1/things?a=b");
        assert_eq!(target.address(), ("example.test".to_owned(), 80));
        assert!(!target.is_loopback());
    }

    #[test]
    fn https_has_a_default_port_of_its_own() {
        let target: Target = "https://example.test:443/".parse().unwrap();
        assert_eq!(target.to_string(), "https://example.test");
        assert_eq!(target.address(), ("example.test".to_owned(), 443));
        assert!(target.is_secure());
        let odd: Target = "https://example.test:80/".parse().unwrap();
        assert_eq!(odd.authority(), "example.test:80");
    }

    #[test]
    fn loopback_is_told_by_address() {
        for (text, address) in [
            ("http://127.8.9.1:8080", "127.8.9.1"),
            ("http://[::1]:8080", "::1"),
            ("http://localhost:8080/", "localhost"),
        ] {
            let target: Target = text.parse().unwrap();
            assert!(target.is_loopback(), "{text}");
            assert_eq!(target.address(), (address.to_owned(), 8080));
        }
        assert_eq!("http://[::1]:8080".parse::<Target>().unwrap().authority(), "[::1]:8080");
    }

    #[test]
    fn what_cannot_be_a_base_is_refused() {
        assert!(refusal("ftp://localhost/").contains("`ftp`"));
        assert!(refusal("http://user:word@localhost/").contains("credentials"));
        assert!(refusal("http://localhost/?a=b").contains("query"));
        assert!(refusal("localhost").contains("not a URL"));
    }
}
