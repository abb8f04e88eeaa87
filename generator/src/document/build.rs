//! Events become nodes: keeps the open collections, the anchors, and the limits.
//! Does not read text; `parse` feeds it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{ScalarStyle, Tag};

use super::scalar::{self, Trouble};
use super::{Entry, Limits, Node, Scalar, Value};
use crate::contract::{Place, Pointer};
use crate::diagnostic::Diagnostics;

/// So many foreign tags are reported; a text with more is given up, since each may be long.
const MAX_FOREIGN_TAGS: usize = 20;

/// A position in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Mark {
    /// Line and column, both counted from 1.
    pub(super) fn new(line: usize, column: usize) -> Self {
        let narrow = |number| u32::try_from(number).unwrap_or(u32::MAX);
        Self { line: narrow(line), column: narrow(column) }
    }
}

/// The text is given up; the reason has been reported.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop;

/// Builds one tree.
pub(super) struct Builder<'p> {
    source: &'p Arc<str>,
    limits: &'p Limits,
    diagnostics: &'p mut Diagnostics,
    open: Vec<Open>,
    anchors: HashMap<usize, Built>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
    alias_bytes: usize,
    foreign_tags: usize,
}

/// A collection whose end has not come yet.
struct Open {
    mark: Mark,
    anchor: usize,
    size: Size,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, many: HashMap<String, u32>, key: Option<Key> },
}

/// Up to so many keys are compared one by one.
const FEW: usize = 16;

/// A key whose value has not come yet; without text where the entry is dropped.
struct Key {
    text: Option<String>,
    mark: Mark,
}

/// A finished node and what a copy of it costs.
#[derive(Clone)]
struct Built {
    node: Node,
    size: Size,
}

#[derive(Clone, Copy, Default)]
struct Size {
    nodes: usize,
    bytes: usize,
    depth: usize,
}

impl Size {
    fn of_scalar(text: &str) -> Self {
        Self { nodes: 1, bytes: size_of::<Entry>() + text.len(), depth: 0 }
    }

    fn hold(&mut self, inner: Self) {
        self.nodes = self.nodes.saturating_add(inner.nodes);
        self.bytes = self.bytes.saturating_add(inner.bytes);
        self.depth = self.depth.max(inner.depth + 1);
    }
}

impl<'p> Builder<'p> {
    /// A builder for the text of that name.
    pub(super) fn new(
        source: &'p Arc<str>,
        limits: &'p Limits,
        diagnostics: &'p mut Diagnostics,
    ) -> Self {
        Self {
            source,
            limits,
            diagnostics,
            open: Vec::new(),
            anchors: HashMap::new(),
            root: None,
            documents: 0,
            nodes: 0,
            alias_bytes: 0,
            foreign_tags: 0,
        }
    }

    /// The tree; a text without any content is null.
    pub(super) fn finish(self) -> Node {
        self.root.unwrap_or(Node { value: Value::Scalar(Scalar::Null), line: 1, column: 1 })
    }

    /// A document begins.
    pub(super) fn document(&mut self, mark: Mark) -> Result<(), Stop> {
        self.documents += 1;
        if self.documents > 1 {
            let help = "put each document into a file of its own";
            return Err(self.stop(
                "several-documents",
                mark,
                "a second document begins here",
                help,
            ));
        }
        Ok(())
    }

    /// A scalar, which is a key where a mapping waits for one.
    pub(super) fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<&Tag>,
        anchor: usize,
        mark: Mark,
    ) -> Result<(), Stop> {
        self.count(1, mark)?;
        let resolved = scalar::resolve(text, style, tag);
        let is_key = self.wants_key();
        if let Some(trouble) = resolved.trouble {
            self.report(&trouble, is_key, mark)?;
        }
        let node = node(Value::Scalar(resolved.scalar), mark);
        let built = Built { node, size: Size::of_scalar(text) };
        if !is_key {
            return self.add(built, anchor);
        }
        self.keep(anchor, &built)?;
        self.key(text, mark)
    }

    /// A text without a tag, which is a key where a mapping waits for one.
    pub(super) fn text(&mut self, text: Cow<'_, str>, mark: Mark) -> Result<(), Stop> {
        self.count(1, mark)?;
        if self.wants_key() {
            return self.key(&text, mark);
        }
        let size = Size::of_scalar(&text);
        let node = node(Value::Scalar(Scalar::String(text.into_owned())), mark);
        self.add(Built { node, size }, 0)
    }

    /// A scalar without a tag and quotes.
    pub(super) fn plain(&mut self, text: &str, mark: Mark) -> Result<(), Stop> {
        self.scalar(text, ScalarStyle::Plain, None, 0, mark)
    }

    /// A sequence begins.
    pub(super) fn sequence(
        &mut self,
        tag: Option<&Tag>,
        anchor: usize,
        mark: Mark,
    ) -> Result<(), Stop> {
        self.open(tag, "seq", anchor, mark, Content::Sequence(Vec::new()))
    }

    /// A mapping begins.
    pub(super) fn mapping(
        &mut self,
        tag: Option<&Tag>,
        anchor: usize,
        mark: Mark,
    ) -> Result<(), Stop> {
        let content = Content::Mapping { entries: Vec::new(), many: HashMap::new(), key: None };
        self.open(tag, "map", anchor, mark, content)
    }

    /// The innermost collection ends.
    pub(super) fn close(&mut self) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.content {
            Content::Sequence(items) => Value::Sequence(items),
            Content::Mapping { entries, .. } => Value::Mapping(entries.into()),
        };
        self.add(Built { node: node(value, open.mark), size: open.size }, open.anchor)
    }

    /// A copy of what an anchor names.
    pub(super) fn alias(&mut self, anchor: usize, mark: Mark) -> Result<(), Stop> {
        let Some(built) = self.anchors.get(&anchor).cloned() else {
            let help = "write the value out, or move the anchor";
            return Err(self.stop("alias", mark, "an alias to what it stands in has no end", help));
        };
        self.count(built.size.nodes, mark)?;
        self.count_alias(built.size, mark)?;
        if self.open.len() + built.size.depth > self.limits.depth {
            return Err(self.too_deep(mark));
        }
        if !self.wants_key() {
            return self.add(built, 0);
        }
        match built.node.string() {
            Some(text) => self.key(text, mark),
            None => self.no_key(mark),
        }
    }

    /// Reports why the text is given up.
    pub(super) fn stop(
        &mut self,
        code: &'static str,
        mark: Mark,
        message: &str,
        help: &str,
    ) -> Stop {
        let place = self.place(mark);
        self.diagnostics.error(code, &place, message, help);
        Stop
    }

    /// Reports that collections are nested too deeply.
    pub(super) fn too_deep(&mut self, mark: Mark) -> Stop {
        let message = format!("at most {} levels are read", self.limits.depth);
        self.stop("too-deep", mark, &message, "name inner parts and refer to them")
    }

    fn open(
        &mut self,
        tag: Option<&Tag>,
        expected: &str,
        anchor: usize,
        mark: Mark,
        content: Content,
    ) -> Result<(), Stop> {
        self.count(1, mark)?;
        if let Some(tag) = tag.filter(|tag| !(tag.is_yaml_core_schema() && tag.suffix == expected))
        {
            self.foreign_tag(&tag.to_string(), mark)?;
        }
        if self.open.len() >= self.limits.depth {
            return Err(self.too_deep(mark));
        }
        let size = Size { nodes: 1, bytes: size_of::<Entry>(), depth: 1 };
        self.open.push(Open { mark, anchor, size, content });
        Ok(())
    }

    fn add(&mut self, built: Built, anchor: usize) -> Result<(), Stop> {
        self.keep(anchor, &built)?;
        let mark = Mark { line: built.node.line, column: built.node.column };
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(built.node);
            return Ok(());
        };
        parent.size.hold(built.size);
        match &mut parent.content {
            Content::Sequence(items) => items.push(built.node),
            Content::Mapping { entries, key, .. } => match key.take() {
                Some(Key { text: Some(key), mark }) => {
                    let Mark { line, column } = mark;
                    entries.push(Entry { key, line, column, value: built.node });
                }
                Some(Key { text: None, .. }) => {}
                None => return self.no_key(mark),
            },
        }
        Ok(())
    }

    fn keep(&mut self, anchor: usize, built: &Built) -> Result<(), Stop> {
        if anchor == 0 {
            return Ok(());
        }
        self.count_alias(built.size, Mark { line: built.node.line, column: built.node.column })?;
        self.anchors.insert(anchor, built.clone());
        Ok(())
    }

    fn wants_key(&self) -> bool {
        let content = self.open.last().map(|open| &open.content);
        matches!(content, Some(Content::Mapping { key: None, .. }))
    }

    /// Takes the text of a key, whatever its kind: `200:` is the key `200`.
    fn key(&mut self, text: &str, mark: Mark) -> Result<(), Stop> {
        if text.len() > self.limits.key_bytes {
            let message = format!("a key has at most {} bytes", self.limits.key_bytes);
            return Err(self.stop("too-large", mark, &message, "shorten the key"));
        }
        let Some(Open { content: Content::Mapping { entries, many, key }, size, .. }) =
            self.open.last_mut()
        else {
            return Ok(());
        };
        size.bytes = size.bytes.saturating_add(text.len());
        let first = first_line(entries, many, text);
        *key = Some(Key { text: first.is_none().then(|| text.to_owned()), mark });
        if let Some(line) = first {
            let place = self.place(mark);
            let place = Place { pointer: place.pointer.child(text), ..place };
            let message =
                format_args!("the key `{text}` is given twice; the first, on line {line}, is used");
            self.diagnostics.error("duplicate-key", &place, message, "keep one of them");
        }
        Ok(())
    }

    fn no_key(&mut self, mark: Mark) -> Result<(), Stop> {
        let place = self.place(mark);
        let help = "give the key as a text";
        self.diagnostics.error("complex-key", &place, "only a scalar can be a key", help);
        if let Some(Open { content: Content::Mapping { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(Key { text: None, mark });
        }
        Ok(())
    }

    fn report(&mut self, trouble: &Trouble, is_key: bool, mark: Mark) -> Result<(), Stop> {
        let place = self.place(mark);
        match trouble {
            Trouble::UnknownTag(tag) => return self.foreign_tag(tag, mark),
            // A key is taken by its text, so its kind does not matter.
            _ if is_key => {}
            Trouble::NotFinite => {
                let message = "JSON has no number that is infinite or not a number";
                let help = "leave the value out, or quote it if a text is meant";
                self.diagnostics.error("not-finite", &place, message, help);
            }
            Trouble::Imprecise => {
                let message = "an integer beyond 64 bits is carried as the nearest float";
                self.diagnostics.warning("imprecise-number", &place, message, "");
            }
            Trouble::TagMismatch(expected) => {
                let message = format_args!("the tag asks for {expected}");
                self.diagnostics.error("tag", &place, message, "remove the tag");
            }
        }
        Ok(())
    }

    fn foreign_tag(&mut self, tag: &str, mark: Mark) -> Result<(), Stop> {
        self.foreign_tags += 1;
        let place = self.place(mark);
        let shown: String = tag.chars().take(40).collect();
        let message = format_args!("the tag `{shown}` is not of the core schema");
        self.diagnostics.error("tag", &place, message, "remove the tag");
        if self.foreign_tags > MAX_FOREIGN_TAGS { Err(Stop) } else { Ok(()) }
    }

    fn count(&mut self, nodes: usize, mark: Mark) -> Result<(), Stop> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= self.limits.nodes {
            return Ok(());
        }
        let message = format!("at most {} values are read", self.limits.nodes);
        Err(self.stop("too-large", mark, &message, "split the document"))
    }

    fn count_alias(&mut self, size: Size, mark: Mark) -> Result<(), Stop> {
        self.alias_bytes = self.alias_bytes.saturating_add(size.bytes);
        if self.alias_bytes <= self.limits.alias_bytes {
            return Ok(());
        }
        let message = "anchors and aliases blow the document up";
        Err(self.stop("too-large", mark, message, "use a `$ref` instead"))
    }

    /// The place of what comes next.
    fn place(&self, mark: Mark) -> Place {
        let segments = self.open.iter().filter_map(|open| match &open.content {
            Content::Sequence(items) => Some(items.len().to_string()),
            Content::Mapping { key, .. } => key.as_ref()?.text.clone(),
        });
        Place {
            source: Arc::clone(self.source),
            pointer: Pointer::from_segments(segments),
            line: mark.line,
            column: mark.column,
        }
    }
}

/// The line of an earlier entry with that key. The keys of a large mapping are kept by themselves.
fn first_line(entries: &[Entry], many: &mut HashMap<String, u32>, key: &str) -> Option<u32> {
    if entries.len() < FEW {
        return entries.iter().find(|entry| entry.key == key).map(|entry| entry.line);
    }
    let new = entries.iter().skip(many.len());
    many.extend(new.map(|entry| (entry.key.clone(), entry.line)));
    many.get(key).copied()
}

fn node(value: Value, mark: Mark) -> Node {
    Node { value, line: mark.line, column: mark.column }
}
