//! Small pieces of trees: taking mappings apart and making new ones at the place of others.

use super::super::{Entry, Mapping, Node, Scalar, Value};

/// Where something stands, for what is made from it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    line: u32,
    column: u32,
}

impl Mark {
    /// The beginning of a text, for want of a better place.
    pub(super) const START: Self = Self { line: 1, column: 1 };

    /// The place of a node.
    pub(super) fn of(node: &Node) -> Self {
        Self { line: node.line, column: node.column }
    }

    /// The place of a key.
    pub(super) fn of_key(entry: &Entry) -> Self {
        Self { line: entry.line, column: entry.column }
    }

    /// Line and column, counted from 1.
    pub(super) fn position(self) -> (u32, u32) {
        (self.line, self.column)
    }

    /// A text at this place.
    pub(super) fn text(self, text: impl Into<String>) -> Node {
        self.node(Value::Scalar(Scalar::String(text.into())))
    }

    /// A flag at this place.
    pub(super) fn flag(self, flag: bool) -> Node {
        self.node(Value::Scalar(Scalar::Bool(flag)))
    }

    /// A mapping at this place.
    pub(super) fn mapping(self, entries: Vec<Entry>) -> Node {
        self.node(Value::Mapping(entries.into()))
    }

    /// A list at this place.
    pub(super) fn list(self, items: Vec<Node>) -> Node {
        self.node(Value::Sequence(items))
    }

    /// An entry whose key stands at this place.
    pub(super) fn entry(self, key: impl Into<String>, value: Node) -> Entry {
        Entry { key: key.into(), line: self.line, column: self.column, value }
    }

    fn node(self, value: Value) -> Node {
        Node { value, line: self.line, column: self.column }
    }
}

/// The entries of a mapping, or the node again if it is none.
pub(super) fn entries(node: Node) -> Result<(Mark, Vec<Entry>), Node> {
    let mark = Mark::of(&node);
    match node.value {
        Value::Mapping(mapping) => Ok((mark, mapping.into_entries())),
        value => Err(Node { value, ..node }),
    }
}

/// The items of a list, or the node again if it is none.
pub(super) fn items(node: Node) -> Result<(Mark, Vec<Node>), Node> {
    let mark = Mark::of(&node);
    match node.value {
        Value::Sequence(items) => Ok((mark, items)),
        value => Err(Node { value, ..node }),
    }
}

/// The same mapping with each value changed; anything else stays as it is.
pub(super) fn each_value(node: Node, mut change: impl FnMut(&str, Node) -> Node) -> Node {
    let (mark, entries) = match entries(node) {
        Ok(taken) => taken,
        Err(node) => return node,
    };
    let changed = entries.into_iter().map(|entry| {
        let value =
            if entry.key.starts_with("x-") { entry.value } else { change(&entry.key, entry.value) };
        Entry { value, ..entry }
    });
    mark.mapping(changed.collect())
}

/// Takes an entry out.
pub(super) fn take(entries: &mut Vec<Entry>, key: &str) -> Option<Entry> {
    let position = entries.iter().position(|entry| entry.key == key)?;
    Some(entries.remove(position))
}

/// The texts of a list with their places.
pub(super) fn texts(node: Option<&Node>) -> Option<Vec<(String, Mark)>> {
    let items = node?.sequence()?;
    Some(
        items.iter().filter_map(|item| Some((item.string()?.to_owned(), Mark::of(item)))).collect(),
    )
}

/// Splits entries by their keys: those for which `is_outer` holds, and the rest.
pub(super) fn split(
    entries: Vec<Entry>,
    is_outer: impl Fn(&str) -> bool,
) -> (Vec<Entry>, Vec<Entry>) {
    entries.into_iter().partition(|entry| entry.key.starts_with("x-") || is_outer(&entry.key))
}

/// The mapping of a node, empty if it is none.
pub(super) fn mapping(node: Option<&Node>) -> &Mapping {
    node.and_then(Node::mapping).unwrap_or_default()
}
