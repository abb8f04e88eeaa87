//! One piece of a tree, such as a parameter or a schema, through `serde_yaml` into a typed value.
//! A piece that does not fit costs itself and nothing else. What pieces there are, others know.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use serde_yaml::Value as Yaml;

use super::{Node, Scalar, Value};
use crate::contract::{Place, Pointer};
use crate::diagnostic::Diagnostics;

/// Reads `node`, which stands at `place` and is called `what` (`"a parameter"`), as a `T`.
///
/// A failure is reported at the innermost place that is known, unless an error inside the piece has already been.
pub fn piece<T: DeserializeOwned>(
    node: &Node,
    place: &Place,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let error = match serde_path_to_error::deserialize(yaml(node)) {
        Ok(value) => return Some(value),
        Err(error) => error,
    };
    if !diagnostics.has_error_within(place) {
        let place = innermost(node, place, error.path());
        let message = format!("this is not {what}: {}", error.inner());
        let help = format!("compare it with what OpenAPI says about {what}");
        diagnostics.error("malformed", &place, message, help);
    }
    None
}

/// The same content as `serde_yaml` holds it.
fn yaml(node: &Node) -> Yaml {
    match &node.value {
        Value::Scalar(Scalar::Null) => Yaml::Null,
        Value::Scalar(Scalar::Bool(flag)) => Yaml::Bool(*flag),
        Value::Scalar(Scalar::Number(number)) => Yaml::Number(yaml_number(number)),
        Value::Scalar(Scalar::String(text)) => Yaml::String(text.clone()),
        Value::Sequence(items) => items.iter().map(yaml).collect(),
        Value::Mapping(entries) => Yaml::Mapping(
            entries.iter().map(|entry| (entry.key.clone().into(), yaml(&entry.value))).collect(),
        ),
    }
}

fn yaml_number(number: &serde_json::Number) -> serde_yaml::Number {
    let integer = number.as_u64().map(Into::into).or_else(|| number.as_i64().map(Into::into));
    // Every number that is no integer of 64 bits is a float.
    integer.unwrap_or_else(|| number.as_f64().unwrap_or_default().into())
}

/// Follows the path of an error as far as it leads into the tree.
fn innermost(node: &Node, place: &Place, path: &Path) -> Place {
    let mut place = place.clone();
    let mut node = node;
    for segment in path.iter() {
        let segment = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            Segment::Enum { .. } | Segment::Unknown => break,
        };
        let Some(inner) = node.at(&Pointer::from_segments([&segment])) else { break };
        place = Place {
            pointer: place.pointer.child(segment),
            line: inner.line,
            column: inner.column,
            ..place
        };
        node = inner;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, parse};
    use super::*;
    use crate::source::Source;

    fn read<T: DeserializeOwned>(text: &str) -> (Option<T>, Vec<String>) {
        let source = Source::new("a.yaml", text);
        let mut diagnostics = Diagnostics::default();
        let root = parse(&source, &Limits::default(), &mut diagnostics).unwrap();
        let place = root.place(source.name(), Pointer::root());
        let value = piece(&root, &place, "a tag", &mut diagnostics);
        let shown = diagnostics.iter().map(|found| format!("{} {}", found.place, found.message));
        (value, shown.collect())
    }

    #[test]
    fn a_good_piece_is_read_with_its_extensions() {
        let (tag, problems) = read::<openapiv3::Tag>("{ name: berths, x-order: [1, 2.5, -3] }");
        let tag = tag.unwrap();
        assert_eq!(tag.name, "berths");
        assert_eq!(tag.extensions.get("x-order"), Some(&serde_json::json!([1, 2.5, -3])));
        assert_eq!(problems, [""; 0]);
    }

    #[test]
    fn a_bad_piece_is_reported_where_it_is_bad() {
        let (components, problems) =
            read::<std::collections::BTreeMap<String, Vec<u8>>>("a: [1]\nb: [1, x]");
        assert_eq!(components, None);
        let expected =
            "a.yaml:2:8 (#/b/1) this is not a tag: invalid type: string \"x\", expected u8";
        assert_eq!(problems, [expected]);
    }

    #[test]
    fn what_has_been_reported_is_not_reported_again() {
        let (tag, problems) = read::<openapiv3::Tag>("{ a: 1, a: 2 }");
        assert!(tag.is_none());
        assert_eq!(problems.len(), 1, "{problems:?}");
    }
}
