//! Credentials: schemes, and which of them an operation asks for.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{APIKeyLocation, SecurityScheme as Spelled};

use crate::contract::{
    CredentialPlace, Length, Place, Pointer, SecurityRequirement, SecurityScheme,
    SecuritySchemeKind,
};
use crate::resolve::Cursor;

use super::bounds;
use super::context::Lowering;

/// The kinds of schemes that are known.
const KINDS: [&str; 4] = ["apiKey", "http", "oauth2", "openIdConnect"];

/// A scheme of which nothing is known but that something must be presented.
fn bearer(place: Place) -> SecurityScheme {
    SecurityScheme {
        kind: SecuritySchemeKind::Http { scheme: "bearer".to_owned() },
        description: None,
        length: Length::default(),
        provenance: None,
        place,
    }
}

/// Every requirement of the document and its operations.
fn requirements<'d>(root: &Cursor<'d>) -> Vec<Cursor<'d>> {
    let items = root.get("paths").iter().flat_map(Cursor::entries).collect::<Vec<_>>();
    let operations = items.iter().flat_map(|(_, item)| item.entries().collect::<Vec<_>>());
    let owners = operations.map(|(_, operation)| operation).chain([root.clone()]);
    let lists = owners.filter_map(|owner| owner.get("security"));
    lists.flat_map(|list| list.items().collect::<Vec<_>>()).collect()
}

impl<'d> Lowering<'d, '_> {
    /// The schemes of `components/securitySchemes`.
    pub(super) fn security_schemes(
        &mut self,
        root: &Cursor<'d>,
    ) -> BTreeMap<String, SecurityScheme> {
        let schemes =
            root.get("components").and_then(|components| components.get("securitySchemes"));
        let entries: Vec<_> = schemes.iter().flat_map(Cursor::entries).collect();
        let mut lowered = BTreeMap::new();
        for (name, cursor) in entries {
            if let Some(scheme) = self.security_scheme(&cursor) {
                lowered.insert(name.to_owned(), scheme);
            }
        }
        for requirement in requirements(root) {
            for (name, cursor) in requirement.entries() {
                if schemes.as_ref().is_none_or(|schemes| schemes.get(name).is_none()) {
                    let bearer = bearer(cursor.place());
                    lowered.entry(name.to_owned()).or_insert(bearer);
                }
            }
        }
        lowered
    }

    fn security_scheme(&mut self, cursor: &Cursor<'d>) -> Option<SecurityScheme> {
        let cursor = self.follow(cursor)?;
        if cursor.text("type") == Some("mutualTLS") {
            // It is settled before any request is sent, so that no request can lack it.
            self.not_carried(&cursor, "a certificate of the caller");
            return None;
        }
        if cursor.text("type").is_some_and(|kind| !KINDS.contains(&kind)) {
            // Said by the structural pass.
            return Some(bearer(cursor.place()));
        }
        let (kind, description) = match self.piece(&cursor, "a security scheme", &[])? {
            Spelled::APIKey { location, name, description, .. } => {
                let place = match location {
                    APIKeyLocation::Header => CredentialPlace::Header,
                    APIKeyLocation::Query => CredentialPlace::Query,
                    APIKeyLocation::Cookie => CredentialPlace::Cookie,
                };
                (SecuritySchemeKind::ApiKey { place, name }, description)
            }
            Spelled::HTTP { scheme, description, .. } => {
                (SecuritySchemeKind::Http { scheme: scheme.to_ascii_lowercase() }, description)
            }
            Spelled::OAuth2 { description, .. } => (SecuritySchemeKind::OAuth2, description),
            Spelled::OpenIDConnect { description, .. } => {
                (SecuritySchemeKind::OpenIdConnect, description)
            }
        };
        let length = self.credential_length(&cursor);
        let provenance = self.provenance(&cursor);
        Some(SecurityScheme { kind, description, length, provenance, place: cursor.place() })
    }

    /// `x-length`: the least and the greatest length.
    fn credential_length(&mut self, owner: &Cursor<'d>) -> Length {
        let Some(cursor) = owner.get("x-length") else { return Length::default() };
        let items = self.list_of(&cursor);
        let [minimum, maximum] = items.as_slice() else {
            self.wrong_extension(&cursor, "a list of the least and the greatest length");
            return Length::default();
        };
        let length = Length { minimum: self.count_of(minimum), maximum: self.count_of(maximum) };
        if bounds::is_empty(length) {
            self.wrong_extension(&cursor, "the least length before the greatest");
            return Length::default();
        }
        length
    }

    /// The alternatives that `security` of the thing at `owner` lists; `None` where it has no such list.
    pub(super) fn security(
        &mut self,
        owner: &Cursor<'d>,
        schemes: &BTreeMap<String, SecurityScheme>,
    ) -> Option<Vec<SecurityRequirement>> {
        let list = owner.get("security")?;
        list.node().sequence()?;
        let alternatives: Vec<_> = list.items().collect();
        let usable: Vec<_> =
            alternatives.iter().filter_map(|cursor| self.requirement(cursor, schemes)).collect();
        // A list that came to nothing does not mean that nothing is needed.
        Some(usable).filter(|usable| usable.is_empty() == alternatives.is_empty())
    }

    /// Whether a scheme is about the connection rather than about requests.
    fn is_settled_before(&mut self, name: &str) -> bool {
        let root = Cursor::root(self.resolver.documents().root());
        let pointer = Pointer::from_segments(["components", "securitySchemes", name]);
        let scheme = root.at(&pointer).and_then(|scheme| self.follow(&scheme));
        scheme.is_some_and(|scheme| scheme.text("type") == Some("mutualTLS"))
    }

    fn requirement(
        &mut self,
        cursor: &Cursor<'d>,
        schemes: &BTreeMap<String, SecurityScheme>,
    ) -> Option<SecurityRequirement> {
        let mut named = Vec::new();
        let mut authorizations = BTreeSet::new();
        for (name, scopes) in cursor.entries() {
            if self.is_settled_before(name) {
                continue;
            }
            // What is wrong with its definition has been said.
            let scheme = schemes.get(name)?;
            authorizations.extend(authorization(&scheme.kind));
            let scopes =
                scopes.items().filter_map(|scope| scope.node().string().map(str::to_owned));
            named.push((name.to_owned(), scopes.collect()));
        }
        if authorizations.len() > 1 {
            let all: Vec<_> = authorizations.iter().map(|scheme| format!("`{scheme}`")).collect();
            self.warning(
                "unmeetable-security",
                &cursor.place(),
                format_args!("`Authorization` cannot be {} at once", all.join(" and ")),
                "make them items of the list, each of which then is enough",
            );
        }
        Some(SecurityRequirement { schemes: named })
    }
}

/// The scheme of `Authorization`, which a request has once (RFC 9110 §11.6.2).
fn authorization(kind: &SecuritySchemeKind) -> Option<&str> {
    match kind {
        SecuritySchemeKind::Http { scheme } => Some(scheme),
        SecuritySchemeKind::OAuth2 | SecuritySchemeKind::OpenIdConnect => Some("bearer"),
        SecuritySchemeKind::ApiKey { .. } => None,
    }
}
