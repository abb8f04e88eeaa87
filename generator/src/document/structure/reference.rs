//! References inside the document, and the forms of keys and pointers. Those into other files are handed on.

use percent_encoding::percent_decode_str;

use super::super::Node;
use super::super::trail::Trail;
use super::describe::{nearest, quoted};
use super::kind::{Edition, Field, Key, Kind, Need, Object};
use super::walk::Walk;
use crate::contract::{Place, Pointer};

/// The key of a reference, where others may stand beside it.
const REFERENCE: &[Field] = &[("$ref", Need::Optional, Kind::Text)];

/// No chain of references is followed further.
const MAX_HOPS: usize = 16;

/// A part of a file that has to be checked as what a reference takes it for.
#[derive(Clone, Debug)]
pub struct Part {
    file: String,
    pub(super) pointer: Pointer,
    pub(super) kind: Kind,
}

impl Part {
    /// The file as the reference names it, relative to the file that the reference stands in; empty for that file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What it has to be, as in `a schema`.
    #[must_use]
    pub fn what(&self) -> &'static str {
        match self.kind {
            Kind::Object(object) | Kind::Referable(object) => object.name,
            Kind::Variants(variants) => variants.name,
            _ => "a value",
        }
    }

    /// Where in that file.
    #[must_use]
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }
}

impl<'d> Walk<'d, '_> {
    /// Checks a mapping with `$ref` that stands for `object`, which is of that kind.
    pub(super) fn reference(
        &mut self,
        node: &'d Node,
        object: &'static Object,
        kind: Kind,
        trail: &Trail<'_>,
    ) {
        let Some(mapping) = node.mapping() else { return };
        // From OpenAPI 3.1 on, what stands beside a reference to a schema counts as well.
        let counts = self.table.edition >= Edition::Later && object.section == Some("schemas");
        if counts && mapping.len() > 1 {
            self.object(node, object, REFERENCE, trail);
        }
        for entry in mapping.iter().filter(|entry| !counts || entry.key == "$ref") {
            let trail = trail.key(entry);
            if entry.key == "$ref" {
                self.target(&entry.value, object, kind, &trail);
                continue;
            }
            let place = trail.name_place(self.source);
            let message = format_args!("`{}` beside a `$ref` is ignored", quoted(&entry.key));
            let help = "say it where the reference leads, or wrap the reference into `allOf`";
            self.diagnostics.warning("ignored-sibling", &place, message, help);
        }
    }

    fn target(&mut self, node: &Node, object: &'static Object, kind: Kind, trail: &Trail<'_>) {
        let place = trail.value_place(self.source, node);
        let text = node.string().unwrap_or_default();
        let Some((file, pointer)) = split(text) else {
            let help = "write a file, a `#` and a JSON pointer, as in `#/components/schemas/Name`";
            self.diagnostics.error("bad-reference", &place, "this is not a reference", help);
            return;
        };
        if !file.is_empty() {
            self.outward.push(Part { file, pointer, kind });
        } else if self.root.at(&pointer).is_none() {
            let help = self.near_target(&pointer);
            let message = format_args!("nothing stands at `{text}`");
            self.diagnostics.error("dangling-reference", &place, message, help);
        } else {
            self.local(pointer, object, kind, &place);
        }
    }

    /// What `components` defines is checked there as what it is; anything else is checked as what it is referred to as.
    fn local(&mut self, pointer: Pointer, object: &'static Object, kind: Kind, place: &Place) {
        let known =
            |section: &String| self.table.sections.iter().any(|(known, ..)| known == section);
        let section = match pointer.segments() {
            [components, section, _] if components == "components" && known(section) => section,
            _ => return self.outward.push(Part { file: String::new(), pointer, kind }),
        };
        if let Some(expected) = object.section.filter(|expected| section != expected) {
            let message = format_args!("{} is needed here, not one of the {section}", object.name);
            let help = format_args!("refer to something in `#/components/{expected}`");
            self.diagnostics.error("wrong-reference", place, message, help);
        } else if !self.is_whole {
            self.outward.push(Part { file: String::new(), pointer, kind });
        }
    }

    /// Mends the first segment that leads nowhere, if that makes the reference lead somewhere.
    fn near_target(&self, pointer: &Pointer) -> String {
        let meant = if self.diagnostics.is_full() { None } else { self.mended(pointer.segments()) };
        meant.map_or_else(
            || "correct the reference, or define what it refers to".to_owned(),
            |meant| format!("did you mean `#{meant}`?"),
        )
    }

    fn mended(&self, segments: &[String]) -> Option<Pointer> {
        let leads = |length: &usize| {
            let pointer = Pointer::from_segments(segments.get(..*length).unwrap_or_default());
            self.root.at(&pointer).is_some()
        };
        let length = (0..segments.len()).rev().find(leads)?;
        let (good, bad) = segments.split_at_checked(length)?;
        let (bad, rest) = bad.split_first()?;
        let siblings = self.root.at(&Pointer::from_segments(good))?.mapping()?;
        let meant = nearest(bad, siblings.iter().map(|entry| &*entry.key))?;
        let good = good.iter().map(String::as_str);
        let mended = good.chain([meant]).chain(rest.iter().map(String::as_str));
        Some(Pointer::from_segments(mended)).filter(|mended| self.root.at(mended).is_some())
    }

    /// What stands there in the end, as far as references stay inside the document.
    pub(super) fn resolved(&self, node: &'d Node) -> Option<&'d Node> {
        let mut node = node;
        for _ in 0..MAX_HOPS {
            let Some(reference) = node.get("$ref") else { return Some(node) };
            let (file, pointer) = split(reference.string()?)?;
            node = self.root.at(&pointer).filter(|_| file.is_empty())?;
        }
        None
    }
}

/// A reference (RFC 3986, section 4.2) as a file, empty for the one it stands in, and a pointer (RFC 6901, section 6).
fn split(text: &str) -> Option<(String, Pointer)> {
    let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
    let file = percent_decode_str(file).decode_utf8().ok()?;
    let pointer = Pointer::parse(&percent_decode_str(fragment).decode_utf8().ok()?)?;
    (!text.is_empty()).then(|| (file.into_owned(), pointer))
}

/// Whether a text is a JSON pointer (RFC 6901, section 3).
pub(super) fn is_pointer(text: &str) -> bool {
    let escaped = |part: &str| part.starts_with(['0', '1']);
    (text.is_empty() || text.starts_with('/')) && text.split('~').skip(1).all(escaped)
}

/// Whether a key has that form.
pub(super) fn has_form(text: &str, key: Key) -> bool {
    match key {
        Key::Any => true,
        Key::Component => {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
            !text.is_empty() && text.bytes().all(allowed)
        }
        Key::Path => text.starts_with('/') && placeholders(text).is_some(),
        Key::Status => text == "default" || is_status(text),
        Key::MediaType => {
            text.split_once('/').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty())
        }
        Key::Integer => text.parse::<i128>().is_ok(),
    }
}

fn is_status(text: &str) -> bool {
    match text.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', tens, units] => tens.is_ascii_digit() && units.is_ascii_digit(),
        _ => false,
    }
}

/// The names in the braces of a template; `None` if braces do not match or hold no name.
pub(super) fn placeholders(template: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}')?;
        if literal.contains('}') || name.is_empty() || name.contains('{') {
            return None;
        }
        names.push(name);
        rest = tail;
    }
    (!rest.contains('}')).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_and_unescaped() {
        let (file, pointer) = split("a%20b.yaml#/paths/~1a~1%7Bid%7D").unwrap();
        assert_eq!(
            (&*file, pointer.segments()),
            ("a b.yaml", &["paths".into(), "/a/{id}".into()][..])
        );
        assert_eq!(split("#").unwrap().0, "");
        for bad in ["", "#a", "#/%FF", "%FF"] {
            assert_eq!(split(bad), None, "{bad}");
        }
    }

    #[test]
    fn pointers_begin_with_a_slash_and_escape_tildes() {
        let good = ["", "/", "/a/b", "/a~1b~0"];
        let bad = ["a", "/a~", "/a~2", "#/a"];
        assert!(good.into_iter().all(is_pointer));
        assert!(!bad.into_iter().any(is_pointer));
    }

    #[test]
    fn keys_have_forms() {
        let cases = [
            (
                Key::Status,
                &["default", "200", "599", "4XX"][..],
                &["600", "4xx", "20", "2000", "ok", ""][..],
            ),
            (Key::Path, &["/", "/a/{b}.{c}"], &["a", "", "/{", "/a}", "/{}", "/{a{b}}"]),
            (Key::Component, &["A.b-c_9"], &["", "a b", "a/b", "é"]),
            (Key::MediaType, &["a/b", "*/*", "a/b; c=d"], &["json", "/b", "a/"]),
            (Key::Integer, &["0", "-3"], &["", "a", "1.5"]),
        ];
        for (key, good, bad) in cases {
            assert!(good.iter().all(|text| has_form(text, key)), "{key:?}");
            assert!(!bad.iter().any(|text| has_form(text, key)), "{key:?}");
        }
    }
}
