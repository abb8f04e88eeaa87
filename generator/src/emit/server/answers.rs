//! Faults → the answers that the document has for them: the status, and a body of the documented schema
//! with room for a message.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::media::Media;
use super::template::{self, Piece};
use crate::contract::{
    Api, Content, Fault, Operation, Pointer, Response, SchemaId, SecuritySchemeKind, StatusKey,
};
use crate::diagnostic::Diagnostics;
use crate::emit::sample::sample;
use crate::emit::{Imports, Item, ItemKind};
use crate::name::{Case, Name};

/// How a fault is answered.
struct FaultTable {
    /// The field of the emitted table.
    field: &'static str,
    /// Under which entries of the document's own table its statuses stand; the first that exists counts.
    declared: &'static [Fault],
    /// The statuses of a document that has no such entry: the first documented one, else the first.
    usual: &'static [u16],
}

/// Every fault.
const FAULTS: &[FaultTable] = &[
    FaultTable { field: "invalid", declared: &[Fault::Invalid], usual: &[400, 422] },
    FaultTable {
        field: "malformed",
        declared: &[Fault::Malformed, Fault::Invalid],
        usual: &[400, 422],
    },
    FaultTable {
        field: "unauthenticated",
        declared: &[Fault::Unauthenticated],
        usual: &[401, 403],
    },
    FaultTable { field: "forbidden", declared: &[Fault::Forbidden], usual: &[403] },
    FaultTable { field: "missing", declared: &[Fault::Missing], usual: &[404] },
    FaultTable { field: "duplicate", declared: &[Fault::Duplicate], usual: &[409] },
    FaultTable { field: "repeated", declared: &[Fault::Repeated], usual: &[409] },
    FaultTable { field: "wrong_method", declared: &[Fault::WrongMethod], usual: &[405] },
    FaultTable { field: "wrong_media_type", declared: &[Fault::WrongMediaType], usual: &[415] },
    FaultTable { field: "too_large", declared: &[Fault::TooLarge], usual: &[413] },
    FaultTable {
        field: "bad_cursor",
        declared: &[Fault::BadCursor, Fault::Invalid],
        usual: &[400, 422],
    },
    FaultTable { field: "expired", declared: &[Fault::Expired], usual: &[410] },
    FaultTable { field: "not_acceptable", declared: &[Fault::NotAcceptable], usual: &[406] },
    FaultTable {
        field: "not_upgraded",
        declared: &[Fault::NotUpgraded, Fault::Invalid],
        usual: &[400, 426],
    },
    FaultTable {
        field: "unsupported_protocol",
        declared: &[Fault::UnsupportedProtocol, Fault::NotUpgraded, Fault::Invalid],
        usual: &[400, 403],
    },
    FaultTable { field: "conflict", declared: &[Fault::Conflict], usual: &[409] },
    FaultTable { field: "not_implemented", declared: &[], usual: &[501] },
    FaultTable { field: "failed", declared: &[], usual: &[500] },
];

/// Statuses that any API may refuse with, whether it documents them or not.
const CONVENTIONAL: &[u16] =
    &[400, 401, 403, 404, 405, 406, 408, 411, 413, 414, 415, 417, 422, 426, 428, 429, 431];

/// The answers of an API. The emitted tables hold each body, each answer and each list of answers once.
pub(super) struct Answers<'a> {
    api: &'a Api,
    diagnostics: &'a mut Diagnostics,
    lists: Vec<Vec<Answer>>,
    /// The number of each list.
    numbers: BTreeMap<Vec<Answer>, usize>,
    /// What to answer with a status that an operation does not document.
    usual: BTreeMap<u16, Answer>,
    /// The bodies that are made up, by their schemas.
    made_up: BTreeMap<SchemaId, Option<Vec<Piece>>>,
    /// Answers that are told to lack a body.
    told: BTreeSet<Pointer>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<Piece>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(api: &'a Api, diagnostics: &'a mut Diagnostics) -> Self {
        let (lists, numbers, usual) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
        let (made_up, told) = (BTreeMap::new(), BTreeSet::new());
        Self { api, diagnostics, lists, numbers, usual, made_up, told }
    }

    /// The static that lists what that operation answers to each fault.
    pub(super) fn of(&mut self, operation: &Operation) -> Name {
        let list: Vec<Answer> = FAULTS.iter().map(|fault| self.to(operation, fault)).collect();
        if let Some(index) = self.numbers.get(&list) {
            return numbered("answers", *index);
        }
        let index = self.lists.len();
        self.numbers.insert(list.clone(), index);
        self.lists.push(list);
        numbered("answers", index)
    }

    fn to(&mut self, operation: &Operation, fault: &FaultTable) -> Answer {
        let status = status(operation, fault);
        let mut answer = match operation.responses.get(status) {
            Some((_, response)) => self.answer(status, Some(response)),
            None => self.usual(status),
        };
        if status == 401 {
            answer.headers.extend(challenges(self.api, operation));
        }
        answer
    }

    /// Every table, and the answer where no path matches under that name.
    pub(super) fn items(mut self, unknown_path: &Name, imports: &mut Imports) -> Vec<Item> {
        let unknown = self.answer(404, self.elsewhere(404));
        let mut answers: Vec<&Answer> = self.lists.iter().flatten().collect();
        answers.sort_unstable();
        answers.dedup();
        let bodies = Bodies::of(answers.iter().copied().chain([&unknown]));
        let used = [
            ("Answer", true),
            ("Answers", !self.lists.is_empty()),
            ("Piece", !bodies.0.is_empty()),
        ];
        for (name, _) in used.iter().filter(|(_, used)| *used) {
            imports.add("crate::support::server", name);
        }
        let mut items = bodies.items();
        let table = unknown.tokens(&bodies);
        let tokens = quote! { pub(super) static #unknown_path: Answer = #table; };
        items.push(Item::new(ItemKind::Static, unknown_path, tokens));
        items.extend(answers.iter().map(|answer| {
            let (name, table) = (answer_name(&answers, answer), answer.tokens(&bodies));
            Item::new(ItemKind::Static, &name, quote! { static #name: Answer = #table; })
        }));
        let list = |(index, list): (usize, &Vec<Answer>)| list_item(index, list, &answers);
        items.extend(self.lists.iter().enumerate().map(list));
        items
    }

    /// The answer with a status that the operation at hand does not document.
    fn usual(&mut self, status: u16) -> Answer {
        if let Some(known) = self.usual.get(&status) {
            return known.clone();
        }
        let answer = self.answer(status, self.elsewhere(status));
        self.usual.insert(status, answer.clone());
        answer
    }

    /// What another operation documents for that status, by its code if any does.
    fn elsewhere(&self, status: u16) -> Option<&'a Response> {
        let documented = self.api.operations.iter();
        let mut documented = documented.filter_map(|operation| operation.responses.get(status));
        let by_code = documented.clone().find(|(key, _)| *key == StatusKey::Code(status));
        by_code.or_else(|| documented.next()).map(|(_, response)| response)
    }

    fn answer(&mut self, status: u16, documented: Option<&Response>) -> Answer {
        let Some(response) = documented else {
            let plain = ("content-type".to_owned(), "text/plain; charset=utf-8".to_owned());
            return Answer { status, headers: vec![plain], body: template::plain() };
        };
        let mut headers = self.required_headers(response);
        let body = best_content(self.api, response).and_then(|(content, media)| {
            Some((media.concrete(content), self.body(status, response, content, media)?))
        });
        let lacks_body = body.is_none() && !response.content.is_empty();
        if lacks_body && self.told.insert(response.place.pointer.clone()) {
            self.diagnostics.warning(
                "refusal-without-body",
                &response.place,
                "no body can be made up for a refusal with this answer",
                "give an example, or replace how refusals are written",
            );
        }
        let (media_type, body) = body.unzip();
        headers.extend(media_type.map(|media_type| ("content-type".to_owned(), media_type)));
        Answer { status, headers, body: body.unwrap_or_default() }
    }

    fn body(
        &mut self,
        status: u16,
        response: &Response,
        content: &Content,
        media: Media,
    ) -> Option<Vec<Piece>> {
        let field = response.status_field.as_ref();
        let make = || template::body(self.api, status, field, content, media);
        // One that holds neither an example nor its status is the same for every answer of its schema.
        let is_made_up = media == Media::Json && field.is_none() && content.examples.is_empty();
        match content.schema.filter(|_| is_made_up) {
            Some(schema) => self.made_up.entry(schema).or_insert_with(make).clone(),
            None => make(),
        }
    }

    fn required_headers(&self, response: &Response) -> Vec<(String, String)> {
        let required = response.headers.iter().filter(|header| header.required);
        let value = |schema| match sample(self.api, schema)? {
            Value::String(text) => Some(text),
            scalar @ (Value::Bool(_) | Value::Number(_)) => Some(scalar.to_string()),
            _ => None,
        };
        let header = |header: &crate::contract::Header| {
            Some((header.name.to_ascii_lowercase(), value(header.schema)?))
        };
        required.filter_map(header).collect()
    }
}

impl Answer {
    /// The expression of the table.
    fn tokens(&self, bodies: &Bodies<'_>) -> TokenStream {
        let status = Literal::u16_unsuffixed(self.status);
        let headers = self.headers.iter().map(|(name, value)| quote! { (#name, #value) });
        let body = match bodies.name(&self.body) {
            Some(name) => quote! { #name },
            None => quote! { &[] },
        };
        quote! { Answer { status: #status, headers: &[#(#headers),*], body: #body } }
    }
}

/// The bodies of answers, each once, called after the first status that has it.
struct Bodies<'p>(Vec<(Name, &'p [Piece])>);

impl<'p> Bodies<'p> {
    fn of(answers: impl Iterator<Item = &'p Answer>) -> Self {
        let mut bodies: Vec<(u16, &[Piece])> = Vec::new();
        for answer in answers.filter(|answer| !answer.body.is_empty()) {
            if !bodies.iter().any(|(_, known)| *known == answer.body) {
                bodies.push((answer.status, &answer.body));
            }
        }
        let name = |(index, (status, body)): (usize, &(u16, &'p [Piece]))| {
            let before = bodies.iter().take(index).filter(|(other, _)| other == status).count();
            (numbered(&format!("body {status}"), before), *body)
        };
        Self(bodies.iter().enumerate().map(name).collect())
    }

    fn name(&self, body: &[Piece]) -> Option<&Name> {
        self.0.iter().find(|(_, known)| *known == body).map(|(name, _)| name)
    }

    fn items(&self) -> Vec<Item> {
        let item = |(name, body): &(Name, &[Piece])| {
            let pieces = body.iter().map(Piece::tokens);
            Item::new(ItemKind::Static, name, quote! { static #name: &[Piece] = &[#(#pieces),*]; })
        };
        self.0.iter().map(item).collect()
    }
}

fn list_item(index: usize, list: &[Answer], answers: &[&Answer]) -> Item {
    let name = numbered("answers", index);
    let fields = FAULTS.iter().zip(list).map(|(fault, answer)| {
        let (field, answer) = (Name::new(fault.field, Case::Value), answer_name(answers, answer));
        quote! { #field: &#answer }
    });
    Item::new(ItemKind::Static, &name, quote! { static #name: Answers = Answers { #(#fields),* }; })
}

/// The static of an answer: its status, and a number where several have the same.
fn answer_name(answers: &[&Answer], answer: &Answer) -> Name {
    // They are sorted, by their status first.
    let first = answers.partition_point(|known| known.status < answer.status);
    let index = answers.binary_search(&answer).map_or(0, |index| index.saturating_sub(first));
    numbered(&format!("answer {}", answer.status), index)
}

fn numbered(text: &str, index: usize) -> Name {
    let number = if index == 0 { String::new() } else { format!(" {}", index + 1) };
    Name::new(&format!("{text}{number}"), Case::Constant)
}

/// The first declared status that is documented or conventional, else the first declared one.
fn status(operation: &Operation, fault: &FaultTable) -> u16 {
    let declared = fault.declared.iter().find_map(|it| operation.refusals.get(*it));
    let declared = declared.unwrap_or_default();
    let is_documented = |status: &&u16| operation.responses.get(**status).is_some();
    let is_own = |status: &&u16| operation.responses.0.contains_key(&StatusKey::Code(**status));
    let fit = declared.iter().find(|status| is_documented(status) || CONVENTIONAL.contains(status));
    let usual = || fault.usual.iter().find(is_own).or(fault.usual.first());
    fit.or(declared.first()).or_else(usual).copied().unwrap_or(500)
}

/// `WWW-Authenticate`, which every 401 has (RFC 9110 §15.5.2).
fn challenges(api: &Api, operation: &Operation) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (scheme, _) in operation.security.iter().flat_map(|alternative| &alternative.schemes) {
        let Some(scheme) = api.security_schemes.get(scheme) else { continue };
        let challenge = match &scheme.kind {
            SecuritySchemeKind::ApiKey { .. } => "ApiKey".to_owned(),
            SecuritySchemeKind::Http { scheme } if scheme == "basic" => {
                "Basic realm=\"api\"".to_owned()
            }
            SecuritySchemeKind::Http { scheme } if scheme != "bearer" => scheme.clone(),
            _ => "Bearer".to_owned(),
        };
        let header = ("www-authenticate".to_owned(), challenge);
        if !found.contains(&header) {
            found.push(header);
        }
    }
    found
}

/// The content a refusal is best written in.
fn best_content<'r>(api: &Api, response: &'r Response) -> Option<(&'r Content, Media)> {
    let contents = response.content.iter().map(|content| (content, Media::of(api, content)));
    let of = |wanted: Media| contents.clone().find(|(_, media)| *media == wanted);
    let open = || response.content.iter().find(|content| is_open(content));
    of(Media::Json).or_else(|| of(Media::Text)).or_else(|| Some((open()?, Media::Text)))
}

/// Whether a body may be anything at all.
fn is_open(content: &Content) -> bool {
    content.media_type.essence() == "*/*" && content.schema.is_none()
}
