//! Credentials: finding them in a request. Whether one is good is for the implementer to say.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::cookie::cookies;
use super::fault::{Fault, Outcome, Part, Refused};
use super::incoming::Incoming;
use super::operation::Operation;
use super::query::{decode_query, pairs};

/// A way to present a credential.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// Where it stands.
    pub kind: SchemeKind,
    /// The least length of a credential, in bytes.
    pub shortest: usize,
    /// The greatest length of a credential, in bytes.
    pub longest: usize,
}

/// Where a credential stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// In a header field of that name.
    Header(&'static str),
    /// In a query parameter of that name.
    Query(&'static str),
    /// In a cookie of that name.
    Cookie(&'static str),
    /// In `Authorization`, after that scheme (RFC 9110 §11.4).
    Http(&'static str),
}

/// What a credential is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    /// The operation.
    pub operation: &'static Operation,
    /// The scopes it needs.
    pub scopes: &'static [&'static str],
}

/// A credential of one kind.
pub trait Credential: Sized {
    /// Reads the text in which it is presented; `None` where the text is not one.
    fn parse(text: &str) -> Option<Self>;
}

macro_rules! text_credential {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The text. Keep it out of logs.
            #[must_use]
            pub fn reveal(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl Credential for $name {
            fn parse(text: &str) -> Option<Self> {
                Some(Self(text.to_owned()))
            }
        }
    };
}

text_credential! {
    /// A key in a header field, the query or a cookie.
    ApiKey
}

text_credential! {
    /// A bearer token (RFC 6750 §2.1).
    Bearer
}

text_credential! {
    /// What follows another scheme in `Authorization`.
    HttpToken
}

/// A name and a password (RFC 7617).
#[derive(Clone, PartialEq, Eq)]
pub struct Basic {
    /// The name.
    pub user: String,
    password: String,
}

impl Basic {
    /// The password. Keep it out of logs.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.password
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Basic(…)")
    }
}

impl Credential for Basic {
    fn parse(text: &str) -> Option<Self> {
        let text = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
        let (user, password) = text.split_once(':')?;
        Some(Self { user: user.to_owned(), password: password.to_owned() })
    }
}

impl Incoming {
    /// The credential that the request presents by that scheme.
    ///
    /// # Errors
    /// [`Fault::Unauthenticated`] where there is none, or none of the documented length and form.
    pub fn credential<C: Credential>(&self, scheme: &Scheme) -> Outcome<C> {
        let (part, name) = scheme.kind.place();
        let refuse = |message: &str| Refused::at(Fault::Unauthenticated, part, name, message);
        let text = self.presented(scheme.kind).ok_or_else(|| refuse("holds no credential"))?;
        if !(scheme.shortest..=scheme.longest).contains(&text.len()) {
            return Err(refuse("is not of the documented length"));
        }
        C::parse(&text).ok_or_else(|| refuse("is not of the documented form"))
    }

    /// Whether the request presents anything by that scheme.
    #[must_use]
    pub fn presents(&self, scheme: &Scheme) -> bool {
        self.presented(scheme.kind).is_some()
    }

    fn presented(&self, kind: SchemeKind) -> Option<String> {
        let headers = &self.parts().headers;
        match kind {
            SchemeKind::Header(name) => only(headers, name).map(str::to_owned),
            SchemeKind::Query(name) => {
                let found = pairs(self.parts().uri.query().unwrap_or_default());
                let pair = found.into_iter().find(|pair| pair.name == name)?;
                decode_query(pair.value).ok()
            }
            SchemeKind::Cookie(name) => {
                let mut found = cookies(headers).filter(|(cookie, _)| *cookie == name);
                found.next().map(|(_, value)| value.to_owned())
            }
            SchemeKind::Http(scheme) => {
                let (found, rest) = only(headers, AUTHORIZATION.as_str())?.split_once(' ')?;
                found.eq_ignore_ascii_case(scheme).then(|| rest.trim().to_owned())
            }
        }
    }
}

impl SchemeKind {
    fn place(self) -> (Part, &'static str) {
        match self {
            Self::Header(name) => (Part::Header, name),
            Self::Query(name) => (Part::Query, name),
            Self::Cookie(name) => (Part::Cookie, name),
            Self::Http(_) => (Part::Header, "authorization"),
        }
    }
}

/// The text of a field that is there once.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut fields = headers.get_all(name).into_iter();
    let field = fields.next()?;
    if fields.next().is_some() { None } else { field.to_str().ok() }
}

/// Keeps the most telling refusal while the alternatives of an operation are tried in turn.
#[derive(Debug, Default)]
pub struct Attempts(Option<Refused>);

impl Attempts {
    /// Notes that an alternative failed. A known caller who may not go on says more than an unknown one.
    pub fn note(&mut self, refused: Refused) {
        let told = self.0.as_ref().is_some_and(|noted| noted.fault() != Fault::Unauthenticated);
        if !told {
            self.0 = Some(refused);
        }
    }

    /// The refusal when every alternative failed.
    #[must_use]
    pub fn refused(self) -> Refused {
        self.0.unwrap_or_else(|| Refused::new(Fault::Unauthenticated, "holds no credential"))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use std::sync::Arc;

    use super::super::endpoint::Options;
    use super::*;

    fn find<C: Credential>(kind: SchemeKind, header: (&str, &str)) -> Option<C> {
        let request = http::Request::get("/?key=a%20b").header(header.0, header.1);
        let request = request.body(Body::empty()).unwrap();
        let incoming = Incoming::new(request, Arc::new(Options::default()));
        incoming.credential(&Scheme { kind, shortest: 2, longest: 20 }).ok()
    }

    #[test]
    fn credentials_are_found_where_their_scheme_says() {
        let key = find::<ApiKey>(SchemeKind::Header("x-key"), ("X-Key", "abc")).unwrap();
        assert_eq!(key.reveal(), "abc");
        assert!(find::<ApiKey>(SchemeKind::Header("x-key"), ("X-Key", "a")).is_none());
        let key = find::<ApiKey>(SchemeKind::Query("key"), ("x", "y")).unwrap();
        assert_eq!(key.reveal(), "a b");
        let key = find::<ApiKey>(SchemeKind::Cookie("k"), ("Cookie", "j=1; k=abc")).unwrap();
        assert_eq!(key.reveal(), "abc");
        let token = ("Authorization", "bearer abc");
        assert_eq!(find::<Bearer>(SchemeKind::Http("bearer"), token).unwrap().reveal(), "abc");
        assert!(find::<Basic>(SchemeKind::Http("basic"), token).is_none());
        let basic = ("Authorization", "Basic dTpwOnE=");
        let basic = find::<Basic>(SchemeKind::Http("basic"), basic).unwrap();
        assert_eq!((basic.user.as_str(), basic.reveal()), ("u", "p:q"));
        assert_eq!(format!("{basic:?} {key:?}"), "Basic(…) ApiKey(…)");
    }

    #[test]
    fn a_known_caller_is_told_more() {
        let mut attempts = Attempts::default();
        attempts.note(Refused::new(Fault::Forbidden, "not yours"));
        attempts.note(Refused::new(Fault::Unauthenticated, "who"));
        assert_eq!(attempts.refused().fault(), Fault::Forbidden);
    }
}
