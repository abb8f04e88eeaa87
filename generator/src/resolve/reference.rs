//! From a reference to what it refers to. A chain ends somewhere or is reported; it is never followed for ever.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::contract::{Place, Pointer};
use crate::diagnostic::{Diagnostics, Severity};
use crate::source::join;

use super::{Cursor, Document, Documents};

/// No chain of bare references is followed any further.
const LONGEST_CHAIN: usize = 64;

/// The two halves of a reference (RFC 3986 §4.4, RFC 6901 §6).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The file, unless it is the one the reference stands in.
    pub(super) file: Option<String>,
    /// Where in it.
    pub(super) pointer: Pointer,
}

impl Target {
    /// Reads `file#/pointer`, either half being optional; `None` when the fragment is no pointer.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        let pointer = Pointer::parse(&percent_decoded(fragment))?;
        let file = Some(percent_decoded(file)).filter(|file| !file.is_empty());
        Some(Self { file, pointer })
    }
}

/// `%41` to `A`; anything that is no escape, or gives no text, stays as it is.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = tail.get(..2).filter(|_| first == b'%').and_then(hex_byte);
        bytes.push(escaped.unwrap_or(first));
        rest = if escaped.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'))?;
    u8::from_str_radix(digits, 16).ok()
}

/// Follows references and reports each bad one once.
pub(crate) struct Resolver<'d> {
    documents: &'d Documents,
    reported: BTreeSet<(Arc<str>, Pointer)>,
}

impl<'d> Resolver<'d> {
    /// Follows references among these documents.
    /// What is already known to be wrong is not reported again.
    pub(crate) fn new(documents: &'d Documents, diagnostics: &Diagnostics) -> Self {
        let errors = diagnostics.iter().filter(|known| known.severity == Severity::Error);
        let reported = errors.map(|known| key(&known.place)).collect();
        Self { documents, reported }
    }

    /// Whether an error at exactly that place was known from the start.
    pub(crate) fn is_known(&self, place: &Place) -> bool {
        self.reported.contains(&key(place))
    }

    /// The documents.
    pub(crate) fn documents(&self) -> &'d Documents {
        self.documents
    }

    /// The place that the text of a reference at `base` means, be anything there or not.
    pub(crate) fn meant(&self, base: &Cursor<'d>, text: &str) -> Option<(Arc<str>, Pointer)> {
        let target = Target::parse(text)?;
        let file = target.file.map(|file| join(base.source(), &file).into());
        Some((file.unwrap_or_else(|| Arc::clone(base.source())), target.pointer))
    }

    /// What stands at `cursor`, or, if that is a reference, what it leads to in the end.
    /// `None` after a diagnostic when it leads nowhere.
    pub(crate) fn follow(
        &mut self,
        cursor: &Cursor<'d>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Cursor<'d>> {
        self.follow_until(cursor, diagnostics, |_| false)
    }

    /// The same, but a reference that `is_end` holds of is an end as well.
    pub(crate) fn follow_until(
        &mut self,
        cursor: &Cursor<'d>,
        diagnostics: &mut Diagnostics,
        mut is_end: impl FnMut(&Cursor<'d>) -> bool,
    ) -> Option<Cursor<'d>> {
        let mut here = cursor.clone();
        let mut seen = BTreeSet::new();
        while let Some(reference) = here.get("$ref") {
            if is_end(&here) {
                break;
            }
            let fresh = seen.insert((Arc::clone(here.source()), here.pointer().clone()));
            if !fresh || seen.len() > LONGEST_CHAIN {
                self.report(
                    &reference,
                    "reference-cycle",
                    "the reference leads back to itself or never ends".to_owned(),
                    "make one reference of the chain a definition",
                    diagnostics,
                );
                return None;
            }
            here = self.step(&reference, diagnostics)?;
        }
        Some(here)
    }

    /// What the text of a reference leads to from the document at `base`, without a word about what does not exist.
    pub(crate) fn find(&self, base: &Cursor<'d>, text: &str) -> Option<Cursor<'d>> {
        let target = Target::parse(text)?;
        let document = self.document(base, &target).ok()?;
        Cursor::root(document).at(&target.pointer)
    }

    fn step(
        &mut self,
        reference: &Cursor<'d>,
        diagnostics: &mut Diagnostics,
    ) -> Option<Cursor<'d>> {
        let Some(target) = reference.node().string().and_then(Target::parse) else {
            let message = "this is not a reference".to_owned();
            let help = "write a file, a `#` and a JSON pointer, as in `#/components/schemas/Name`";
            self.report(reference, "bad-reference", message, help, diagnostics);
            return None;
        };
        let document = match self.document(reference, &target) {
            Ok(document) => document,
            Err(message) => {
                let help = "check the name, which is relative to the file the reference stands in";
                self.report(reference, "unreadable-file", message, help, diagnostics);
                return None;
            }
        };
        let found = Cursor::root(document).at(&target.pointer);
        if found.is_none() {
            let message =
                format!("nothing stands at `{}`", reference.node().string().unwrap_or_default());
            let help = "correct the reference, or define what it refers to";
            self.report(reference, "dangling-reference", message, help, diagnostics);
        }
        found
    }

    fn document(&self, base: &Cursor<'d>, target: &Target) -> Result<&'d Document, String> {
        let Some(file) = &target.file else { return Ok(base.document()) };
        let name = join(base.source(), file);
        self.documents.get(&name).map_err(|reason| format!("`{name}` cannot be read: {reason}"))
    }

    fn report(
        &mut self,
        reference: &Cursor<'d>,
        code: &'static str,
        message: String,
        help: &str,
        diagnostics: &mut Diagnostics,
    ) {
        if self.reported.insert((Arc::clone(reference.source()), reference.pointer().clone())) {
            diagnostics.error(code, &reference.place(), message, help);
        }
    }
}

fn key(place: &Place) -> (Arc<str>, Pointer) {
    (Arc::clone(&place.source), place.pointer.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_split_and_unescaped() {
        let target = Target::parse("a%20b.yaml#/x~1y/%7Bz%7D").unwrap();
        assert_eq!(target.file.as_deref(), Some("a b.yaml"));
        assert_eq!(target.pointer.segments(), ["x/y", "{z}"]);
        assert_eq!(Target::parse("#/a").unwrap().file, None);
        assert_eq!(Target::parse("a.yaml").unwrap().pointer, Pointer::root());
        assert_eq!(Target::parse("#a"), None);
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%+1%ff"), "%+1%ff");
    }
}
