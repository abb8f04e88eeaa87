//! Writes a call as an HTTP request (OpenAPI 3.0.3, parameter styles; RFC 3986 for escapes).

use generator::contract::{
    Api, CredentialPlace, Location, Operation, Parameter, PathPart, SecuritySchemeKind, Style,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{ArgumentValue, Call, CallBody, Credential, Handshake};
use crate::probe::{Header, Request};

/// Everything but the unreserved characters of RFC 3986 §2.3 is escaped.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same, with reserved characters let through (`allowReserved`), but those that would cut a query.
const ESCAPED_UNRESERVED: &AsciiSet = &ESCAPED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';');

/// Header fields that the user gave, sent with every request; some of them are credentials.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// Name and value, in the order given.
    pub headers: Vec<(String, String)>,
}

/// The request of a call, its target relative to the API's base path.
#[must_use]
pub fn compose(
    api: &Api,
    operation: &Operation,
    call: &Call,
    credentials: &Credentials,
) -> Request {
    let mut headers = vec![Header::new("Accept", accept(operation))];
    headers.extend(presented(api, operation, call.credential, credentials));
    let mut query = Vec::new();
    let mut cookies = Vec::new();
    for argument in &call.arguments {
        let parameter = operation
            .parameters
            .iter()
            .find(|known| known.location == argument.location && known.name == argument.name);
        let written = match &argument.value {
            ArgumentValue::Raw(text) => vec![(argument.name.clone(), text.clone())],
            ArgumentValue::Value(value) => {
                write_parameter(parameter, argument.location, &argument.name, value)
            }
        };
        match argument.location {
            Location::Query => {
                query.extend(written.into_iter().map(|(name, value)| format!("{name}={value}")))
            }
            Location::Header => {
                headers.extend(written.into_iter().map(|(name, value)| Header::new(name, value)))
            }
            Location::Cookie => {
                cookies.extend(written.into_iter().map(|(name, value)| format!("{name}={value}")))
            }
            Location::Path => {}
        }
    }
    query.extend(query_credential(api, operation, call.credential));
    if !cookies.is_empty() {
        headers.push(Header::new("Cookie", cookies.join("; ")));
    }
    if !call.upgrade.is_empty() {
        headers.push(Header::new("Connection", "Upgrade"));
        headers.push(Header::new("Upgrade", call.upgrade.join(", ")));
        headers.extend(call.handshake.iter().flat_map(Handshake::headers));
    }
    let body = body(call, &mut headers);
    let mut target = path(operation, call);
    if !query.is_empty() {
        target = format!("{target}?{}", query.join("&"));
    }
    let method = call.method.clone().unwrap_or_else(|| operation.method.as_str().to_owned());
    Request { method, target, headers, body, exact: false }
}

/// Every media type the operation documents for an answer.
fn accept(operation: &Operation) -> String {
    let mut types: Vec<String> = Vec::new();
    for (_, response) in operation.responses.iter() {
        for content in &response.content {
            if !types.contains(&content.media_type.0) {
                types.push(content.media_type.0.clone());
            }
        }
    }
    types.push("*/*;q=0.1".to_owned());
    types.join(", ")
}

fn body(call: &Call, headers: &mut Vec<Header>) -> Option<bytes::Bytes> {
    let (media_type, bytes) = match &call.body {
        CallBody::None => return None,
        CallBody::Json(media_type, value) => (media_type.0.clone(), value.to_string().into_bytes()),
        CallBody::Bytes(media_type, bytes) => (media_type.clone(), bytes.clone()),
    };
    if !media_type.is_empty() {
        headers.push(Header::new("Content-Type", media_type));
    }
    Some(bytes.into())
}

fn path(operation: &Operation, call: &Call) -> String {
    let mut path = String::new();
    for segment in &operation.path.segments {
        path.push('/');
        for part in &segment.0 {
            match part {
                PathPart::Literal(text) => path.push_str(text),
                PathPart::Parameter(name) => path.push_str(&path_value(operation, call, name)),
            }
        }
    }
    path
}

fn path_value(operation: &Operation, call: &Call, name: &str) -> String {
    let argument = call
        .arguments
        .iter()
        .find(|argument| argument.location == Location::Path && argument.name == name);
    let parameter = operation
        .parameters
        .iter()
        .find(|known| known.location == Location::Path && known.name == name);
    match argument.map(|argument| &argument.value) {
        Some(ArgumentValue::Raw(text)) => text.clone(),
        Some(ArgumentValue::Value(value)) => {
            write_parameter(parameter, Location::Path, name, value)
                .into_iter()
                .map(|(_, text)| text)
                .next()
                .unwrap_or_default()
        }
        None => "-".to_owned(),
    }
}

/// A parameter's value as name and text pairs, escaped for where it travels.
#[must_use]
pub fn write_parameter(
    parameter: Option<&Parameter>,
    location: Location,
    name: &str,
    value: &Value,
) -> Vec<(String, String)> {
    let form = if matches!(location, Location::Query | Location::Cookie) {
        Style::Form
    } else {
        Style::Simple
    };
    let style = parameter.map_or(form, |parameter| parameter.style);
    let explode = parameter.map_or(style == Style::Form, |parameter| parameter.explode);
    let escape = |text: &str| match location {
        Location::Header => text.chars().filter(|c| !c.is_control()).collect(),
        Location::Query if parameter.is_some_and(|parameter| parameter.allow_reserved) => {
            utf8_percent_encode(text, ESCAPED_UNRESERVED).to_string()
        }
        _ => utf8_percent_encode(text, ESCAPED).to_string(),
    };
    if parameter.is_some_and(|parameter| parameter.content.is_some()) {
        return vec![(escape_name(location, name), escape(&value.to_string()))];
    }
    let name = escape_name(location, name);
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| escape(&plain(item))).collect();
            write_items(&name, &items, style, explode)
        }
        Value::Object(members) => {
            let members: Vec<_> =
                members.iter().map(|(key, value)| (escape(key), escape(&plain(value)))).collect();
            write_members(&name, &members, style, explode)
        }
        scalar => {
            let text = escape(&plain(scalar));
            let text = match style {
                Style::Label => format!(".{text}"),
                Style::Matrix => format!(";{name}={text}"),
                _ => text,
            };
            vec![(name, text)]
        }
    }
}

fn escape_name(location: Location, name: &str) -> String {
    match location {
        Location::Query | Location::Cookie => utf8_percent_encode(name, ESCAPED).to_string(),
        _ => name.to_owned(),
    }
}

fn write_items(name: &str, items: &[String], style: Style, explode: bool) -> Vec<(String, String)> {
    let joined = |separator: &str| vec![(name.to_owned(), items.join(separator))];
    match (style, explode) {
        (Style::Form | Style::SpaceDelimited | Style::PipeDelimited | Style::DeepObject, true) => {
            items.iter().map(|item| (name.to_owned(), item.clone())).collect()
        }
        (Style::SpaceDelimited, false) => joined("%20"),
        (Style::PipeDelimited, false) => joined("%7C"),
        (Style::Label, true) => vec![(name.to_owned(), format!(".{}", items.join(".")))],
        (Style::Label, false) => vec![(name.to_owned(), format!(".{}", items.join(",")))],
        (Style::Matrix, true) => {
            vec![(name.to_owned(), items.iter().map(|item| format!(";{name}={item}")).collect())]
        }
        (Style::Matrix, false) => vec![(name.to_owned(), format!(";{name}={}", items.join(",")))],
        _ => joined(","),
    }
}

fn write_members(
    name: &str,
    members: &[(String, String)],
    style: Style,
    explode: bool,
) -> Vec<(String, String)> {
    let flat: Vec<_> =
        members.iter().flat_map(|(key, value)| [key.clone(), value.clone()]).collect();
    let pairs = |separator: &str| {
        members
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect::<Vec<_>>()
            .join(separator)
    };
    match (style, explode) {
        (Style::DeepObject, _) => members
            .iter()
            .map(|(key, value)| (format!("{name}%5B{key}%5D"), value.clone()))
            .collect(),
        (Style::Form, true) => members.to_vec(),
        (Style::Label, true) => vec![(name.to_owned(), format!(".{}", pairs(".")))],
        (Style::Matrix, true) => vec![(name.to_owned(), format!(";{}", pairs(";")))],
        (Style::Simple, true) => vec![(name.to_owned(), pairs(","))],
        (Style::Label, false) => vec![(name.to_owned(), format!(".{}", flat.join(",")))],
        (Style::Matrix, false) => vec![(name.to_owned(), format!(";{name}={}", flat.join(",")))],
        _ => vec![(name.to_owned(), flat.join(","))],
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The header fields that carry a credential of this operation, in lower case.
fn credential_headers(api: &Api, operation: &Operation) -> Vec<String> {
    schemes(api, operation)
        .filter_map(|kind| match kind {
            SecuritySchemeKind::ApiKey { place: CredentialPlace::Header, name } => {
                Some(name.to_ascii_lowercase())
            }
            SecuritySchemeKind::ApiKey { place: CredentialPlace::Cookie, .. } => {
                Some("cookie".to_owned())
            }
            SecuritySchemeKind::ApiKey { .. } => None,
            _ => Some("authorization".to_owned()),
        })
        .collect()
}

fn schemes<'a>(
    api: &'a Api,
    operation: &'a Operation,
) -> impl Iterator<Item = &'a SecuritySchemeKind> {
    operation
        .security
        .iter()
        .flat_map(|requirement| &requirement.schemes)
        .filter_map(|(name, _)| api.security_schemes.get(name).map(|scheme| &scheme.kind))
}

/// The user's header fields, with those that are credentials of this operation changed as the call says.
fn presented(
    api: &Api,
    operation: &Operation,
    credential: Credential,
    given: &Credentials,
) -> Vec<Header> {
    let secret = credential_headers(api, operation);
    let is_secret = |name: &str| secret.contains(&name.to_ascii_lowercase());
    given
        .headers
        .iter()
        .filter(|(name, _)| credential != Credential::Absent || !is_secret(name))
        .map(|(name, value)| {
            let value = match credential {
                Credential::Empty if is_secret(name) => String::new(),
                Credential::Wrong if is_secret(name) => made_up(name, value),
                _ => value.clone(),
            };
            Header::new(name.clone(), value)
        })
        .collect()
}

/// A credential that looks alike: the scheme is kept where a field begins with one (RFC 9110 §11.4).
fn made_up(name: &str, old: &str) -> String {
    match old.split_once(' ').filter(|_| name.eq_ignore_ascii_case("authorization")) {
        Some((scheme, _)) => format!("{scheme} bm90LWEtY3JlZGVudGlhbDpub3Q="),
        None => "not-a-credential".to_owned(),
    }
}

/// A key in the query is never among the user's header fields; only its absence and a wrong one can be shown.
fn query_credential(api: &Api, operation: &Operation, credential: Credential) -> Option<String> {
    let name = schemes(api, operation).find_map(|kind| match kind {
        SecuritySchemeKind::ApiKey { place: CredentialPlace::Query, name } => Some(name),
        _ => None,
    })?;
    match credential {
        Credential::Empty => Some(format!("{name}=")),
        Credential::Wrong => Some(format!("{name}=not-a-credential")),
        Credential::Given | Credential::Absent => None,
    }
}
