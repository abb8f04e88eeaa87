//! The text of an overlay as its actions. Every key is known, and every value of its kind.

use std::sync::Arc;

use super::target::Target;
use crate::contract::{Place, Pointer};
use crate::diagnostic::Diagnostics;
use crate::document::{self, Limits, Node, Scalar, Value};
use crate::source::Source;

/// Further actions are too many for a person to have written.
const MOST_ACTIONS: usize = 10_000;

/// One change.
pub(super) struct Action<'n> {
    /// What is changed.
    pub(super) target: Target,
    /// Where the target is written.
    pub(super) place: Place,
    /// How.
    pub(super) change: Change<'n>,
}

/// What is done with what a target selects.
pub(super) enum Change<'n> {
    /// It is taken away.
    Remove,
    /// This is merged into it; with the way to it in its own text.
    Update(&'n Node, Pointer),
}

/// The tree of an overlay's text.
pub(super) fn tree(
    source: &Source,
    limits: &Limits,
    diagnostics: &mut Diagnostics,
) -> Option<Node> {
    let root = document::read(source, limits, diagnostics)?;
    Some(root)
}

/// The actions of an overlay, in order. What is wrong is reported; an action that is no good is left out.
pub(super) fn actions<'n>(
    source: &Source,
    root: &'n Node,
    diagnostics: &mut Diagnostics,
) -> Vec<Action<'n>> {
    let mut reader = Reader { source, diagnostics };
    let at = Pointer::root();
    if !reader.keys(
        root,
        &at,
        &["overlay", "info", "extends", "actions"],
        &["overlay", "info", "actions"],
    ) || !reader.version(root)
    {
        return Vec::new();
    }
    if let Some(info) = root.get("info") {
        let at = at.child("info");
        reader.keys(info, &at, &["title", "version", "description"], &["title", "version"]);
    }
    let at = at.child("actions");
    let Some(written) = root.get("actions") else { return Vec::new() };
    let Some(items) = written.sequence().filter(|items| !items.is_empty()) else {
        let message = "an overlay has a list of one action or more";
        reader.wrong(written, &at, message, "write `- target: $.info` and an `update` below it");
        return Vec::new();
    };
    if items.len() > MOST_ACTIONS {
        let message = format!("there are {} actions, at most {MOST_ACTIONS} are read", items.len());
        let place = written.place(source.name(), at);
        diagnostics.error("too-large", &place, message, "split the overlay");
        return Vec::new();
    }
    let numbered = items.iter().enumerate();
    numbered.filter_map(|(index, item)| reader.action(item, &at.child(index.to_string()))).collect()
}

struct Reader<'s> {
    source: &'s Source,
    diagnostics: &'s mut Diagnostics,
}

impl Reader<'_> {
    fn action<'n>(&mut self, item: &'n Node, at: &Pointer) -> Option<Action<'n>> {
        if !self.keys(item, at, &["target", "description", "update", "remove"], &["target"]) {
            return None;
        }
        let change = self.change(item, at);
        let written = item.get("target")?;
        let place = written.place(self.source.name(), at.child("target"));
        let text = written.string();
        let parsed = text.ok_or_else(|| "it is no text".to_owned()).and_then(Target::parse);
        match parsed {
            Ok(target) => Some(Action { target, place, change: change? }),
            Err(why) => {
                let message = format_args!("this is no JSONPath: {why}");
                let help = "write one of RFC 9535, as in `$.paths['/things'].get`";
                self.diagnostics.error("bad-json-path", &place, message, help);
                None
            }
        }
    }

    fn change<'n>(&mut self, item: &'n Node, at: &Pointer) -> Option<Change<'n>> {
        if let Some(remove) = item.get("remove") {
            match remove.value {
                // Of an action that does both, `update` has no effect.
                Value::Scalar(Scalar::Bool(true)) => return Some(Change::Remove),
                Value::Scalar(Scalar::Bool(false)) => {}
                _ => {
                    let message = "`remove` is true or false";
                    self.wrong(remove, &at.child("remove"), message, "write `remove: true`");
                    return None;
                }
            }
        }
        if let Some(update) = item.get("update") {
            return Some(Change::Update(update, at.child("update")));
        }
        let place = item.place(self.source.name(), at.clone());
        let message = "this action changes nothing";
        self.diagnostics.error("no-change", &place, message, "give it `update`, or `remove: true`");
        None
    }

    /// Whether the overlay is one of version 1.0.
    fn version(&mut self, root: &Node) -> bool {
        let Some(written) = root.get("overlay") else { return false };
        let version = match written.to_json() {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        if version == "1.0" || version.starts_with("1.0.") {
            return true;
        }
        let place = written.place(self.source.name(), Pointer::root().child("overlay"));
        let message = format_args!("version {version} of overlays is not understood");
        self.diagnostics.error("unsupported-overlay", &place, message, "write `overlay: 1.0.0`");
        false
    }

    /// Reports keys that are not known or not there; `false` if one of the latter is or this is no mapping.
    fn keys(&mut self, node: &Node, at: &Pointer, known: &[&str], needed: &[&str]) -> bool {
        let Some(entries) = node.mapping() else {
            self.wrong(node, at, "an object is expected here", "compare it with Overlay 1.0");
            return false;
        };
        for entry in entries {
            let key = entry.key.as_str();
            if known.contains(&key) || key.starts_with("x-") {
                continue;
            }
            let source = Arc::clone(self.source.name());
            let pointer = at.child(key);
            let place = Place { source, pointer, line: entry.line, column: entry.column };
            let help = format_args!("known are {}", known.join(", "));
            self.diagnostics.error(
                "unknown-key",
                &place,
                format_args!("unknown key `{key}`"),
                help,
            );
        }
        let mut is_whole = true;
        for key in needed.iter().filter(|key| node.get(key).is_none()) {
            let place = node.place(self.source.name(), at.clone());
            let help = "add it; see https://spec.openapis.org/overlay/v1.0.0";
            let message = format_args!("`{key}` is missing");
            self.diagnostics.error("missing-key", &place, message, help);
            is_whole = false;
        }
        is_whole
    }

    fn wrong(&mut self, node: &Node, at: &Pointer, message: &str, help: &str) {
        let place = node.place(self.source.name(), at.clone());
        self.diagnostics.error("wrong-type", &place, message, help);
    }
}
