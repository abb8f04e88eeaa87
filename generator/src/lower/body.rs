//! Bodies: media types with their schemas and samples.

use openapiv3::RequestBody;

use crate::contract::{Body, Content, Example, MediaType, Method, PatchKind};
use crate::resolve::Cursor;

use super::context::Lowering;

impl<'d> Lowering<'d, '_> {
    /// The body that an operation takes.
    pub(super) fn body(&mut self, operation: &Cursor<'d>, method: Method) -> Option<Body> {
        let cursor = self.follow(&operation.get("requestBody")?)?;
        let spelled: RequestBody = self.piece(&cursor, "a request body", &["content"])?;
        if matches!(method, Method::Get | Method::Head | Method::Trace) {
            self.warning(
                "body-without-meaning",
                &cursor.place(),
                format_args!("a body has no meaning in a {method} request (RFC 9110, section 9.3)"),
                "use parameters, or another method",
            );
        }
        Some(Body {
            required: spelled.required,
            description: spelled.description,
            content: self.contents(&cursor),
            place: cursor.place(),
        })
    }

    /// The media types under `content` of the thing at `owner`.
    pub(super) fn contents(&mut self, owner: &Cursor<'d>) -> Vec<Content> {
        let content = owner.get("content");
        content
            .iter()
            .flat_map(Cursor::entries)
            .map(|(name, cursor)| self.content(name, &cursor))
            .collect()
    }

    /// The one media type of a parameter or header.
    pub(super) fn only_content(&mut self, map: &Cursor<'d>) -> Option<Content> {
        let mut entries = map.entries();
        let first = entries.next();
        if let (Some((name, cursor)), None) = (first, entries.next()) {
            return Some(self.content(name, &cursor));
        }
        self.error(
            "wrong-value",
            &map.place(),
            "`content` has exactly one media type here",
            "keep the one in which the value is written",
        );
        None
    }

    fn content(&mut self, name: &str, cursor: &Cursor<'d>) -> Content {
        if let Some(encoding) = cursor.get("encoding") {
            self.not_carried(&encoding, "`encoding`");
        }
        Content {
            media_type: MediaType(name.trim().to_ascii_lowercase()),
            schema: cursor.get("schema").map(|schema| self.schema_id(&schema)),
            item_schema: cursor.get("itemSchema").map(|schema| self.schema_id(&schema)),
            examples: self.examples(cursor),
            patch: self.word(cursor, "x-patch", &PatchKind::ALL),
            frames: self.frames(cursor),
            place: cursor.place(),
        }
    }

    /// `example` and `examples` of the thing at `owner`.
    pub(super) fn examples(&mut self, owner: &Cursor<'d>) -> Vec<Example> {
        let single =
            owner.get("example").map(|value| Example { name: None, value: value.node().to_json() });
        let mut examples: Vec<_> = single.into_iter().collect();
        for (name, entry) in owner.get("examples").iter().flat_map(Cursor::entries) {
            let Some(entry) = self.follow(&entry) else { continue };
            match (entry.get("value"), entry.get("externalValue")) {
                (Some(value), _) => {
                    examples.push(Example {
                        name: Some(name.to_owned()),
                        value: value.node().to_json(),
                    });
                }
                (None, Some(external)) => self.not_carried(&external, "an external example"),
                (None, None) => {}
            }
        }
        examples
    }
}
