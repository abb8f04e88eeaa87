//! Where a statement stands in its source. Knows positions, not what stands there.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A JSON pointer (RFC 6901): a path of object keys and array indices, the empty path being the whole document. Every
/// statement of a contract has one, so that copies share their segments.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(Arc<[String]>);

impl Pointer {
    /// The whole document.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// A pointer from its already unescaped segments.
    #[must_use]
    pub fn from_segments(segments: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(segments.into_iter().map(Into::into).collect())
    }

    /// Reads the text form, `""` or `/a/b~1c`; `None` when a non-empty text does not begin with a slash.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::root());
        }
        let rest = text.strip_prefix('/')?;
        Some(Self(rest.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect()))
    }

    /// This pointer, one segment deeper.
    #[must_use]
    pub fn child(&self, segment: impl Into<String>) -> Self {
        Self(self.0.iter().cloned().chain([segment.into()]).collect())
    }

    /// The unescaped segments, outermost first.
    #[must_use]
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// The value this pointer leads to inside `value`, if there is one.
    #[must_use]
    pub fn get<'v>(&self, value: &'v serde_json::Value) -> Option<&'v serde_json::Value> {
        self.0.iter().try_fold(value, |inner, segment| match inner {
            serde_json::Value::Object(map) => map.get(segment),
            serde_json::Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|segment| write!(f, "/{}", segment.replace('~', "~0").replace('/', "~1")))
    }
}

impl Serialize for Pointer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The place of one statement: which source, where in its tree, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the source as the user gave it, or as a `$ref` reached it.
    pub source: Arc<str>,
    /// Where in the tree.
    pub pointer: Pointer,
    /// Line in the text, counted from 1.
    pub line: u32,
    /// Column in the line in characters, counted from 1.
    pub column: u32,
}

impl Place {
    /// The place of a member; line and column stay those of what holds it.
    #[must_use]
    pub fn under(&self, segment: &str) -> Self {
        Self { pointer: self.pointer.child(segment), ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{} (#{})", self.source, self.line, self.column, self.pointer)
    }
}

/// Serialised without source name, line and column, so that a snapshot moves only when the meaning does.
impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("#{}", self.pointer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_and_resolve() {
        let pointer = Pointer::parse("/a~1b/0/c~0d").unwrap();
        assert_eq!(pointer.segments(), ["a/b", "0", "c~d"]);
        assert_eq!(pointer.to_string(), "/a~1b/0/c~0d");
        let value = serde_json::json!({ "a/b": [{ "c~d": 7 }] });
        assert_eq!(pointer.get(&value), Some(&serde_json::json!(7)));
        assert_eq!(Pointer::parse("a"), None);
    }
}
