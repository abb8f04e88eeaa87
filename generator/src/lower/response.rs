//! Responses: statuses, header fields, bodies.

use openapiv3::{Header as SpelledHeader, Response as Spelled};

use crate::contract::{Header, Response, Responses, StatusKey};
use crate::resolve::Cursor;

use super::context::Lowering;

impl<'d> Lowering<'d, '_> {
    /// What an operation answers.
    pub(super) fn responses(&mut self, operation: &Cursor<'d>) -> Responses {
        let mut responses = Responses::default();
        for (name, cursor) in operation.get("responses").iter().flat_map(Cursor::entries) {
            if name.starts_with("x-") {
                continue;
            }
            let Some(key) = status_key(name) else {
                self.error(
                    "bad-key",
                    &cursor.place(),
                    format_args!("`{name}` is no status"),
                    "use a code from 100 to 599, a class such as `4XX`, or `default`",
                );
                continue;
            };
            if let Some(response) = self.response(&cursor) {
                responses.0.insert(key, response);
            }
        }
        responses
    }

    fn response(&mut self, cursor: &Cursor<'d>) -> Option<Response> {
        let cursor = self.follow(cursor)?;
        let description = match cursor.get("description") {
            Some(_) => {
                let spelled: Spelled =
                    self.piece(&cursor, "a response", &["headers", "content", "links"])?;
                spelled.description
            }
            None => String::new(),
        };
        Some(Response {
            description,
            headers: self.headers(&cursor),
            content: self.contents(&cursor),
            links: self.links(&cursor),
            status_field: self.status_field(&cursor),
            provenance: self.provenance(&cursor),
            place: cursor.place(),
        })
    }

    fn headers(&mut self, response: &Cursor<'d>) -> Vec<Header> {
        let mut headers = Vec::new();
        for (name, cursor) in response.get("headers").iter().flat_map(Cursor::entries) {
            if name.eq_ignore_ascii_case("content-type") {
                self.ignored_header(&cursor, name);
                continue;
            }
            if !self.is_field_name(&cursor, name) {
                continue;
            }
            headers.extend(self.header(name, &cursor));
        }
        headers
    }

    fn header(&mut self, name: &str, cursor: &Cursor<'d>) -> Option<Header> {
        let cursor = self.follow(cursor)?;
        self.has_one_schema(&cursor)?;
        let spelled: SpelledHeader = self.described_piece(&cursor, "a header")?;
        let schema = match (cursor.get("schema"), cursor.get("content")) {
            (Some(schema), _) => self.schema_id(&schema),
            (None, Some(content)) => {
                self.not_carried(&content, "the media type of a header field");
                let content = self.only_content(&content)?;
                content.schema.unwrap_or_else(|| self.anything(&cursor.place()))
            }
            (None, None) => {
                let message = "there is neither a `schema` nor a `content`; it is taken for a text";
                let help = "state the `schema` of the value";
                self.warning("missing-key", &cursor.place(), message, help);
                self.any_text(&cursor.place())
            }
        };
        let explode = super::context::is_set(&cursor, "explode");
        Some(Header {
            name: name.to_owned(),
            required: spelled.required,
            description: spelled.description,
            schema,
            explode,
            place: cursor.place(),
        })
    }
}

fn status_key(name: &str) -> Option<StatusKey> {
    if name == "default" {
        return Some(StatusKey::Default);
    }
    if let Some(class) = name.strip_suffix("XX").or_else(|| name.strip_suffix("xx")) {
        return class.parse().ok().filter(|class| (1..=5).contains(class)).map(StatusKey::Range);
    }
    let is_code = name.len() == 3 && name.bytes().all(|byte| byte.is_ascii_digit());
    let code = name.parse().ok().filter(|code| is_code && (100..=599).contains(code))?;
    Some(StatusKey::Code(code))
}
