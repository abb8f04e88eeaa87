//! Names of operations, what they take and what they answer, their traits and the security schemes.

use std::collections::{BTreeMap, BTreeSet};

use super::model::media_type_name;
use super::scope::Scope;
use super::{Case, Name};
use crate::contract::{Api, Content, Operation, OperationId, PatchKind, Response, StatusKey};

/// The names of one operation.
#[derive(Clone, Debug)]
pub struct OperationNames {
    /// The method of the trait.
    pub method: Name,
    /// The module that defines the operation's types, and the file it is in.
    pub file: Name,
    /// What the types of the operation begin with.
    pub type_base: Name,
    /// Fields of the parameters, parallel to them.
    pub parameters: Vec<Name>,
    /// The field of the body.
    pub body: Name,
    /// Alternatives of a body with several media types, parallel to its content.
    pub body_variants: Vec<Name>,
    /// Media types of successes, where there are several to choose from: their names, and what they are.
    pub wanted: Vec<(Name, String)>,
    /// Names of each documented answer.
    pub responses: BTreeMap<StatusKey, ResponseNames>,
}

/// The names of one documented answer.
#[derive(Clone, Debug)]
pub struct ResponseNames {
    /// One variant a media type, parallel to the content; a single one where there is no content.
    pub variants: Vec<Name>,
    /// Fields of the documented header fields, parallel to them.
    pub headers: Vec<Name>,
}

/// Names of every operation.
pub(super) fn operations(api: &Api) -> BTreeMap<OperationId, OperationNames> {
    let ids = || api.operations.iter().map(|operation| operation.id.0.as_str());
    let methods = Scope::new(Case::Value, &[]).assign(ids());
    let types = Scope::new(Case::Type, &[]).assign(ids());
    let files = Scope::new(Case::Module, &["tables"]).assign(ids());
    let each = methods.into_iter().zip(types).zip(files);
    api.operations
        .iter()
        .zip(each)
        .map(|(operation, ((method, type_base), file))| {
            (operation.id.clone(), operation_names(operation, method, file, type_base))
        })
        .collect()
}

fn operation_names(
    operation: &Operation,
    method: Name,
    file: Name,
    type_base: Name,
) -> OperationNames {
    let mut fields =
        Scope::new(Case::Value, &["body", "credential", "reader", "upgrade", "wanted"]);
    let mut wished = BTreeSet::new();
    let texts: Vec<String> = operation
        .parameters
        .iter()
        .map(|parameter| {
            let own = wished.insert(Name::new(&parameter.name, Case::Value));
            if own {
                parameter.name.clone()
            } else {
                format!("{} {}", parameter.location, parameter.name)
            }
        })
        .collect();
    let parameters = fields.assign(texts.iter().map(String::as_str));
    let contents = operation.body.iter().flat_map(|body| &body.content);
    let contents: Vec<String> = contents.map(body_variant).collect();
    let body_variants = Scope::new(Case::Variant, &[]).assign(contents.iter().map(String::as_str));
    let mut variants = Scope::new(Case::Variant, &[]);
    let responses = operation
        .responses
        .iter()
        .map(|(status, response)| (status, response_names(status, response, &mut variants)))
        .collect();
    let body = Name::new("body", Case::Value);
    let wanted = wanted(operation);
    OperationNames { method, file, type_base, parameters, body, body_variants, wanted, responses }
}

/// Names of the media types that a caller chooses from; none where there is one, or where anything may come.
fn wanted(operation: &Operation) -> Vec<(Name, String)> {
    let media_types = operation.success_media_types();
    if media_types.len() < 2 || media_types.iter().any(|media_type| media_type.0.contains('*')) {
        return Vec::new();
    }
    let texts: Vec<String> = media_types.iter().map(media_type_name).collect();
    let names = Scope::new(Case::Variant, &[]).assign(texts.iter().map(String::as_str));
    names.into_iter().zip(media_types.into_iter().map(|media_type| media_type.0)).collect()
}

/// What a body of that media type is called: the kind of change it describes, else its media type.
fn body_variant(content: &Content) -> String {
    let kinds = PatchKind::ALL.into_iter();
    let word = content.patch.and_then(|patch| kinds.into_iter().find(|(_, kind)| *kind == patch));
    word.map_or_else(|| media_type_name(&content.media_type), |(word, _)| word.to_owned())
}

fn response_names(status: StatusKey, response: &Response, scope: &mut Scope) -> ResponseNames {
    let status = status_name(status);
    let texts: Vec<String> = match response.content.as_slice() {
        [] | [_] => vec![status],
        several => several
            .iter()
            .map(|content| format!("{status} {}", media_type_name(&content.media_type)))
            .collect(),
    };
    let variants = scope.assign(texts.iter().map(String::as_str));
    let headers = Scope::new(Case::Value, &["body", "status"])
        .assign(response.headers.iter().map(|header| header.name.as_str()));
    ResponseNames { variants, headers }
}

/// Names of the traits, one a first tag; operations without a tag share the one under the empty text.
pub(super) fn traits(api: &Api) -> BTreeMap<String, Name> {
    let first = |operation: &Operation| operation.tags.first().cloned().unwrap_or_default();
    let used: BTreeSet<String> = api.operations.iter().map(first).collect();
    let declared = api.tags.iter().map(|tag| tag.name.clone()).filter(|tag| used.contains(tag));
    let mut tags: Vec<String> = declared.collect();
    tags.extend(used.iter().filter(|tag| !tags.contains(tag)).cloned().collect::<Vec<_>>());
    let wishes = tags.iter().map(|tag| if tag.is_empty() { "api" } else { tag.as_str() });
    let names = Scope::new(Case::Type, &["authenticate"]).assign(wishes);
    tags.iter().cloned().zip(names).collect()
}

/// Names of the security schemes, as types.
pub(super) fn security(api: &Api) -> BTreeMap<String, Name> {
    let schemes: Vec<&str> = api.security_schemes.keys().map(String::as_str).collect();
    let names = Scope::new(Case::Type, &[]).assign(schemes.iter().copied());
    schemes.into_iter().map(str::to_owned).zip(names).collect()
}

/// What a status is called: its registered phrase (IANA HTTP Status Code Registry), else its number.
#[must_use]
pub fn status_name(status: StatusKey) -> String {
    match status {
        StatusKey::Code(code) => PHRASES
            .binary_search_by_key(&code, |(known, _)| *known)
            .ok()
            .and_then(|index| PHRASES.get(index))
            .map_or_else(|| format!("status {code}"), |(_, phrase)| (*phrase).to_owned()),
        StatusKey::Range(class) => CLASSES
            .iter()
            .find(|(known, _)| *known == class)
            .map_or_else(|| format!("class {class}"), |(_, name)| (*name).to_owned()),
        StatusKey::Default => "default".to_owned(),
    }
}

const CLASSES: &[(u8, &str)] = &[
    (1, "informational"),
    (2, "success"),
    (3, "redirection"),
    (4, "client error"),
    (5, "server error"),
];

const PHRASES: &[(u16, &str)] = &[
    (100, "continue"),
    (101, "switching protocols"),
    (102, "processing"),
    (103, "early hints"),
    (200, "ok"),
    (201, "created"),
    (202, "accepted"),
    (203, "non authoritative information"),
    (204, "no content"),
    (205, "reset content"),
    (206, "partial content"),
    (207, "multi status"),
    (208, "already reported"),
    (226, "im used"),
    (300, "multiple choices"),
    (301, "moved permanently"),
    (302, "found"),
    (303, "see other"),
    (304, "not modified"),
    (305, "use proxy"),
    (307, "temporary redirect"),
    (308, "permanent redirect"),
    (400, "bad request"),
    (401, "unauthorized"),
    (402, "payment required"),
    (403, "forbidden"),
    (404, "not found"),
    (405, "method not allowed"),
    (406, "not acceptable"),
    (407, "proxy authentication required"),
    (408, "request timeout"),
    (409, "conflict"),
    (410, "gone"),
    (411, "length required"),
    (412, "precondition failed"),
    (413, "content too large"),
    (414, "uri too long"),
    (415, "unsupported media type"),
    (416, "range not satisfiable"),
    (417, "expectation failed"),
    (421, "misdirected request"),
    (422, "unprocessable content"),
    (423, "locked"),
    (424, "failed dependency"),
    (425, "too early"),
    (426, "upgrade required"),
    (428, "precondition required"),
    (429, "too many requests"),
    (431, "request header fields too large"),
    (451, "unavailable for legal reasons"),
    (500, "internal server error"),
    (501, "not implemented"),
    (502, "bad gateway"),
    (503, "service unavailable"),
    (504, "gateway timeout"),
    (505, "http version not supported"),
    (506, "variant also negotiates"),
    (507, "insufficient storage"),
    (508, "loop detected"),
    (511, "network authentication required"),
];
