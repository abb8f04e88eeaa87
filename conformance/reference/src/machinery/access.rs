//! Who is known by a token, what a request wants to do, and whether its user may.
//!
//! Decides by method and path alone, before anything else of a request is looked at.

use std::borrow::Cow;

use generated::support::server::{Bearer, Fault, Outcome, Refused};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;

use crate::cluster::status::Status;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Right {
    Everything,
    Reading,
    Nothing,
}

/// Somebody who is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct User {
    /// The name.
    pub(super) name: &'static str,
    /// What shows that it is them.
    pub(super) token: &'static str,
    right: Right,
}

/// Everybody who is known.
pub(super) const USERS: [User; 3] = [
    User { name: "reference", token: "reference-token", right: Right::Everything },
    User { name: "reader", token: "reader-token", right: Right::Reading },
    User { name: "powerless", token: "powerless-token", right: Right::Nothing },
];

/// Paths that are answered to anybody.
const PUBLIC: [&str; 4] = ["/healthz", "/livez", "/readyz", "/version"];

/// What reading is.
const READING: [&str; 3] = ["get", "list", "watch"];

/// What can be read by those who may only read. Whoever reaches a process or a port can change things.
const READABLE: [&str; 4] = ["namespaces", "pods", "pods/log", "pods/status"];

/// Methods, and the verbs that they are at one object and at many.
const VERBS: [(Method, &str, &str); 6] = [
    (Method::GET, "get", "list"),
    (Method::HEAD, "get", "list"),
    (Method::POST, "create", "create"),
    (Method::PUT, "update", "update"),
    (Method::PATCH, "patch", "patch"),
    (Method::DELETE, "delete", "deletecollection"),
];

/// Whether the bearer of a token is known. What they may do was decided before.
///
/// # Errors
/// The token is nobody's.
pub(crate) fn admit(credential: &Bearer) -> Outcome<()> {
    match user(credential.reveal()) {
        Some(_) => Ok(()),
        None => Err(Refused::new(Fault::Unauthenticated, "Unauthorized")),
    }
}

/// Whether whoever asks may have that asked.
///
/// # Errors
/// 401 for somebody unknown, 403 for somebody who may not.
pub(super) fn permit(method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<(), Status> {
    if PUBLIC.contains(&uri.path()) {
        return Ok(());
    }
    let user = token(headers).and_then(user).ok_or_else(Status::unauthorized)?;
    let Some(action) = Action::of(method, uri) else { return Ok(()) };
    let may = match user.right {
        Right::Everything => true,
        Right::Reading => {
            READING.contains(&action.verb) && READABLE.contains(&action.resource.as_str())
        }
        Right::Nothing => false,
    };
    if may { Ok(()) } else { Err(action.forbidden(user.name)) }
}

fn user(token: &str) -> Option<&'static User> {
    USERS.iter().find(|user| user.token == token)
}

/// The bearer token of a request (RFC 6750 §2.1), if it has just one.
fn token(headers: &HeaderMap) -> Option<&str> {
    let mut fields = headers.get_all(AUTHORIZATION).into_iter();
    let field = fields.next().filter(|_| fields.next().is_none())?;
    let (scheme, token) = field.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// What a request wants to do to a resource.
#[derive(Debug)]
struct Action<'r> {
    verb: &'static str,
    /// With the part of it that is meant: `pods`, `pods/log`.
    resource: String,
    namespace: Option<Cow<'r, str>>,
    /// Empty where many are meant.
    name: Cow<'r, str>,
}

impl<'r> Action<'r> {
    /// The action of a request; none where its path is no resource's.
    fn of(method: &Method, uri: &'r Uri) -> Option<Self> {
        let mut segments = uri.path().strip_prefix("/api/v1/")?.split('/').map(decoded).peekable();
        let mut namespace = None;
        let mut resource = segments.next().filter(|resource| !resource.is_empty())?.into_owned();
        if resource == "namespaces" {
            namespace = segments.peek().filter(|name| !name.is_empty()).cloned();
            let mut behind = segments.clone().skip(1);
            if let Some(inner) = behind.next() {
                resource = inner.into_owned();
                segments.next();
                segments.next();
            }
        }
        let name = segments.next().unwrap_or_default();
        if let Some(part) = segments.next().filter(|part| !part.is_empty()) {
            resource = format!("{resource}/{part}");
        }
        let verb = verb(method, uri.query().unwrap_or_default(), name.is_empty());
        Some(Self { verb, resource, namespace, name })
    }

    fn forbidden(&self, user: &str) -> Status {
        let name =
            if self.verb == "create" && !self.resource.contains('/') { "" } else { &self.name };
        Status::forbidden(user, self.verb, &self.resource, self.namespace.as_deref(), name)
    }
}

fn decoded(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

/// The verb of a method; an empty one for a method that does nothing to resources.
fn verb(method: &Method, query: &str, many: bool) -> &'static str {
    let found = VERBS.iter().find(|(known, ..)| known == method);
    match found.map_or("", |(_, one, all)| if many { all } else { one }) {
        "list" if watches(query) => "watch",
        verb => verb,
    }
}

/// Whether a query asks for changes: with anything but these two words.
pub(super) fn watches(query: &str) -> bool {
    let mut pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.any(|(name, value)| name == "watch" && !["false", "0"].contains(&value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a request with that token comes to: the code, and the message.
    fn asked(token: &str, method: &str, path: &'static str) -> (u16, String) {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        match permit(&method, &Uri::from_static(path), &headers) {
            Ok(()) => (200, String::new()),
            Err(status) => (status.code, status.message),
        }
    }

    #[test]
    fn an_action_is_told_as_it_was_asked() {
        let rows = [
            (
                "GET",
                "/api/v1/pods",
                "pods is forbidden: User \"powerless\" cannot list resource \"pods\" in API group \"\" at the cluster scope",
            ),
            (
                "GET",
                "/api/v1/namespaces/default/pods?watch=1",
                "pods is forbidden: User \"powerless\" cannot watch resource \"pods\" in API group \"\" in the namespace \"default\"",
            ),
            (
                "GET",
                "/api/v1/namespaces/default/pods/a?watch=1",
                "pods \"a\" is forbidden: User \"powerless\" cannot get resource \"pods\" in API group \"\" in the namespace \"default\"",
            ),
            (
                "POST",
                "/api/v1/namespaces/default/pods",
                "pods is forbidden: User \"powerless\" cannot create resource \"pods\" in API group \"\" in the namespace \"default\"",
            ),
            (
                "POST",
                "/api/v1/namespaces/default/pods/a/exec?command=ls",
                "pods \"a\" is forbidden: User \"powerless\" cannot create resource \"pods/exec\" in API group \"\" in the namespace \"default\"",
            ),
            (
                "DELETE",
                "/api/v1/namespaces/de%20fault/pods",
                "pods is forbidden: User \"powerless\" cannot deletecollection resource \"pods\" in API group \"\" in the namespace \"de fault\"",
            ),
            (
                "PUT",
                "/api/v1/namespaces/default/pods/a/proxy/x/y",
                "pods \"a\" is forbidden: User \"powerless\" cannot update resource \"pods/proxy\" in API group \"\" in the namespace \"default\"",
            ),
            (
                "GET",
                "/api/v1/namespaces",
                "namespaces is forbidden: User \"powerless\" cannot list resource \"namespaces\" in API group \"\" at the cluster scope",
            ),
            (
                "GET",
                "/api/v1/namespaces/default",
                "namespaces \"default\" is forbidden: User \"powerless\" cannot get resource \"namespaces\" in API group \"\" in the namespace \"default\"",
            ),
        ];
        for (method, path, message) in rows {
            assert_eq!(asked("powerless-token", method, path), (403, message.to_owned()), "{path}");
            assert_eq!(asked("reference-token", method, path).0, 200, "{path}");
            assert_eq!(asked("nobody", method, path), (401, "Unauthorized".to_owned()), "{path}");
        }
    }

    #[test]
    fn readers_read() {
        let reader = |method, path| asked("reader-token", method, path).0;
        assert_eq!(reader("GET", "/api/v1/pods"), 200);
        assert_eq!(reader("GET", "/api/v1/namespaces/shop/pods?watch=true"), 200);
        assert_eq!(reader("GET", "/api/v1/namespaces/shop/pods/a/log"), 200);
        assert_eq!(reader("GET", "/api/v1/namespaces/shop/pods/a/status"), 200);
        assert_eq!(reader("GET", "/api/v1/namespaces"), 200);
        assert_eq!(reader("GET", "/api/v1/namespaces/shop/pods/a/exec"), 403);
        assert_eq!(reader("GET", "/api/v1/namespaces/shop/pods/a/proxy/"), 403);
        assert_eq!(reader("OPTIONS", "/api/v1/namespaces/shop/pods/a/proxy/"), 403);
        assert_eq!(reader("PATCH", "/api/v1/namespaces/shop/pods/a/status"), 403);
        assert_eq!(reader("DELETE", "/api/v1/namespaces/shop/pods/a"), 403);
    }

    #[test]
    fn some_paths_are_for_anybody_and_some_for_all_who_are_known() {
        assert_eq!(asked("nobody", "GET", "/version").0, 200);
        assert_eq!(asked("nobody", "GET", "/api").0, 401);
        assert_eq!(asked("powerless-token", "GET", "/api/v1").0, 200);
        assert_eq!(asked("powerless-token", "GET", "/elsewhere").0, 200);
    }
}
