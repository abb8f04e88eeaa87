//! The walk over a tree along a dialect's table. Knows kinds and keys; rules over several keys stand in `law`.

use std::collections::{HashMap, HashSet};

use super::super::trail::Trail;
use super::super::{Entry, Node, Scalar, Value};
use super::describe::{cure, expected, expected_key, found, listed, nearest, quoted};
use super::kind::{Edition, Extension, Field, Key, Kind, Need, Object, Table, Variants};
use super::reference::{self, Part};
use crate::contract::Place;
use crate::diagnostic::Diagnostics;
use crate::source::Source;

/// Up to so many keys are named in a help line.
const FEW_KEYS: usize = 12;

/// One pass over one document.
pub(super) struct Walk<'d, 's> {
    pub(super) source: &'d Source,
    pub(super) root: &'d Node,
    pub(super) diagnostics: &'s mut Diagnostics,
    /// Operation ids and the lines they stand on.
    pub(super) operations: HashMap<&'d str, u32>,
    /// Operation ids that links name; all operations are known only at the end.
    pub(super) linked: Vec<(&'d str, Place)>,
    /// What is referred to and not part of this walk.
    pub(super) outward: Vec<Part>,
    /// Extensions of others that look like no slip.
    pub(super) foreign: HashSet<&'d str>,
    /// Whether the walk goes over the whole document.
    pub(super) is_whole: bool,
    pub(super) table: &'static Table,
}

impl<'d, 's> Walk<'d, 's> {
    pub(super) fn new(
        source: &'d Source,
        root: &'d Node,
        table: &'static Table,
        diagnostics: &'s mut Diagnostics,
    ) -> Self {
        let (operations, linked, outward) = (HashMap::new(), Vec::new(), Vec::new());
        let is_whole = true;
        let foreign = HashSet::new();
        Self { source, root, diagnostics, operations, linked, outward, foreign, is_whole, table }
    }

    /// Checks the whole document.
    pub(super) fn document(mut self) -> Vec<Part> {
        self.check(self.root, Kind::Object(self.table.root), &Trail::root(self.root));
        self.links();
        self.outward
    }

    /// Checks one part of the document.
    pub(super) fn part(mut self, part: &Part) -> Vec<Part> {
        self.is_whole = false;
        let trail = Trail::root(self.root);
        self.part_below(self.root, part.pointer.segments(), part.kind, &trail);
        self.outward
    }

    /// Goes down to the part; whether it is there at all is for whoever follows the reference to say.
    fn part_below(&mut self, node: &'d Node, segments: &[String], kind: Kind, trail: &Trail<'_>) {
        let Some((first, rest)) = segments.split_first() else {
            return self.check(node, kind, trail);
        };
        if let Some(entry) = node.entry(first) {
            self.part_below(&entry.value, rest, kind, &trail.key(entry));
        } else if let (Some(items), Ok(index)) = (node.sequence(), first.parse::<usize>())
            && let Some(item) = items.get(index)
        {
            self.part_below(item, rest, kind, &trail.index(index, item));
        }
    }

    fn check(&mut self, node: &'d Node, kind: Kind, trail: &Trail<'_>) {
        match kind {
            Kind::Newer(earlier, later) => {
                self.check(
                    node,
                    if self.table.edition >= Edition::Later { *later } else { *earlier },
                    trail,
                );
            }
            Kind::Any => {}
            Kind::Flag
            | Kind::Number
            | Kind::Count
            | Kind::Status
            | Kind::Text
            | Kind::Scalar
            | Kind::Pointer
            | Kind::Choice(_) => self.scalar(node, kind, trail),
            Kind::List(item) => self.list(node, kind, *item, trail),
            Kind::OneOrMore(one) if node.sequence().is_some() => {
                self.list(node, kind, *one, trail);
            }
            Kind::FlagOr(_) if matches!(node.value, Value::Scalar(Scalar::Bool(_))) => {}
            Kind::TextOr(_) if node.string().is_some() => {}
            Kind::FlagOr(other) | Kind::TextOr(other) if node.mapping().is_some() => {
                self.check(node, *other, trail);
            }
            Kind::FlagOr(_) | Kind::TextOr(_) => self.wrong_type(node, kind, trail),
            Kind::OneOrMore(one) => self.check(node, *one, trail),
            Kind::Map(key, value) => self.map(node, key, *value, trail),
            Kind::Object(object) => self.object(node, object, &[], trail),
            Kind::Referable(object) if node.get("$ref").is_some() => {
                self.reference(node, object, kind, trail);
            }
            Kind::Referable(object) => self.object(node, object, &[], trail),
            Kind::Variants(variants) => self.variants(node, variants, trail),
            Kind::IfKey(key, with, without) => {
                let kind = if node.get(key).is_some() { with } else { without };
                self.check(node, *kind, trail);
            }
        }
    }

    fn scalar(&mut self, node: &'d Node, kind: Kind, trail: &Trail<'_>) {
        let Value::Scalar(scalar) = &node.value else { return self.wrong_type(node, kind, trail) };
        let is_kind = match (kind, scalar) {
            (Kind::Flag | Kind::Scalar, Scalar::Bool(_))
            | (Kind::Number | Kind::Scalar, Scalar::Number(_))
            | (Kind::Text | Kind::Scalar | Kind::Pointer | Kind::Choice(_), Scalar::String(_)) => {
                true
            }
            (Kind::Count | Kind::Status, Scalar::Number(number)) => is_whole(number),
            _ => false,
        };
        if !is_kind {
            return self.wrong_type(node, kind, trail);
        }
        let fits = match (kind, scalar) {
            (Kind::Choice(words), Scalar::String(text)) => words.contains(&text.as_str()),
            (Kind::Pointer, Scalar::String(text)) => reference::is_pointer(text),
            (Kind::Status, Scalar::Number(number)) => {
                number.as_u64().is_some_and(|status| (100..=599).contains(&status))
            }
            _ => true,
        };
        if !fits {
            self.wrong_value(node, kind, trail);
        }
    }

    fn list(&mut self, node: &'d Node, kind: Kind, item: Kind, trail: &Trail<'_>) {
        let Some(items) = node.sequence() else { return self.wrong_type(node, kind, trail) };
        for (index, inner) in items.iter().enumerate() {
            self.check(inner, item, &trail.index(index, inner));
        }
    }

    fn map(&mut self, node: &'d Node, key: Key, value: Kind, trail: &Trail<'_>) {
        let Some(mapping) = node.mapping() else {
            return self.wrong_type(node, Kind::Map(key, &Kind::Any), trail);
        };
        for entry in mapping {
            self.patterned(entry, key, value, &trail.key(entry));
        }
    }

    fn patterned(&mut self, entry: &'d Entry, key: Key, value: Kind, trail: &Trail<'_>) {
        if !reference::has_form(&entry.key, key) {
            let message = format_args!("`{}` is not {}", quoted(&entry.key), expected_key(key));
            let help = match nearest(&entry.key, ["default", "1XX", "2XX", "3XX", "4XX", "5XX"]) {
                Some(meant) if key == Key::Status => format!("did you mean `{meant}`?"),
                _ if key == Key::Path && entry.key.starts_with('/') => {
                    "give each placeholder a name in braces of its own, as in `/a/{b}`".into()
                }
                _ if key == Key::Path => format!("write `/{}`", quoted(&entry.key)),
                _ => format!("write {}", expected_key(key)),
            };
            self.diagnostics.error("bad-key", &trail.name_place(self.source), message, help);
        }
        self.check(&entry.value, value, trail);
    }

    pub(super) fn object(
        &mut self,
        node: &'d Node,
        object: &'static Object,
        common: &'static [Field],
        trail: &Trail<'_>,
    ) {
        let Some(mapping) = node.mapping() else {
            return self.wrong_type(node, Kind::Object(object), trail);
        };
        let fields = || common.iter().chain(object.fields);
        let mut meant = Vec::new();
        for entry in mapping {
            let trail = &trail.key(entry);
            let field = fields()
                .find(|(key, need, _)| *key == entry.key && need.is_known(self.table.edition));
            match (field, object.others) {
                (Some(field), _) => self.field(entry, field, trail),
                (None, _) if object.extensible && entry.key.starts_with("x-") => {
                    self.extension(entry, object, trail);
                }
                (None, Some((key, value))) => self.patterned(entry, key, value, trail),
                (None, None) => meant.extend(self.unknown_key(entry, object, common, trail)),
            }
        }
        for (key, need, kind) in fields() {
            let is_absent = need.is_required(self.table.edition) && mapping.get(key).is_none();
            let is_elsewhere = mapping.get("$ref").is_some();
            if *need == Need::Expected && mapping.get(key).is_none() && !meant.contains(key) {
                let message = format_args!("{} needs `{key}`", object.name);
                let help = format!("add `{key}`, {}", expected(*kind));
                let place = trail.name_place(self.source);
                self.diagnostics.warning("missing-key", &place, message, help);
            }
            if is_absent && !is_elsewhere && !meant.contains(key) {
                self.missing_key(object.name, key, *kind, trail);
            }
        }
        if let Some(law) = object.law {
            self.law(law, mapping, trail);
        }
    }

    fn field(&mut self, entry: &'d Entry, field: &Field, trail: &Trail<'_>) {
        let (key, need, kind) = field;
        let is_null = matches!(entry.value.value, Value::Scalar(Scalar::Null));
        if is_null && *need != Need::Required && !matches!(kind, Kind::Any) {
            let place = trail.name_place(self.source);
            if !self.diagnostics.is_full() && self.diagnostics.has_error_within(&place) {
                return;
            }
            let message = format_args!("`{key}` has no value and is taken as absent");
            let help = "remove the key, or give it a value";
            self.diagnostics.warning("no-value", &place, message, help);
            return;
        }
        self.check(&entry.value, *kind, trail);
    }

    fn variants(&mut self, node: &'d Node, variants: &'static Variants, trail: &Trail<'_>) {
        let first = variants.objects.first().map(|(_, object)| *object);
        if let Some(object) = first.filter(|object| object.section.is_some())
            && node.get("$ref").is_some()
        {
            return self.reference(node, object, Kind::Variants(variants), trail);
        }
        let Some(mapping) = node.mapping() else {
            return self.wrong_type(node, Kind::Variants(variants), trail);
        };
        let Some(entry) = mapping.entry(variants.key) else {
            return self.no_variant(variants, trail);
        };
        let text = entry.value.string().unwrap_or_default();
        match variants.objects.iter().find(|(word, _)| *word == text) {
            Some((_, object)) => self.object(node, object, variants.common, trail),
            None if variants.lenient.is_some() => {
                let place = trail.key(entry).value_place(self.source, &entry.value);
                let otherwise = variants.lenient.unwrap_or_default();
                let message =
                    format!("{} cannot be `{}`; {otherwise}", variants.name, quoted(text));
                let help = match nearest(text, variants.words()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("write one of {}", listed(&variants.words())),
                };
                self.diagnostics.warning("wrong-value", &place, message, help);
            }
            None => self.no_choice(&entry.value, &variants.words(), &trail.key(entry)),
        }
    }

    fn no_variant(&mut self, variants: &'static Variants, trail: &Trail<'_>) {
        let (key, name) = (variants.key, variants.name);
        let message = format_args!("{name} needs `{key}`");
        let help = format!("add `{key}`, one of {}", listed(&variants.words()));
        self.diagnostics.error("missing-key", &trail.name_place(self.source), message, help);
    }

    fn extension(&mut self, entry: &'d Entry, object: &'static Object, trail: &Trail<'_>) {
        let vocabulary = self.table.extensions;
        let Some(extension) = vocabulary.iter().find(|extension| extension.name == entry.key)
        else {
            return self.unknown_extension(entry, trail);
        };
        if is_allowed(extension, object) {
            return self.check(&entry.value, extension.kind, trail);
        }
        let places: Vec<&str> = extension.on.iter().map(|object| object.name).collect();
        let message = format_args!("`{}` says nothing about {}", entry.key, object.name);
        let help = format!("it belongs to {}", places.join(" or "));
        self.diagnostics.warning(
            "misplaced-extension",
            &trail.name_place(self.source),
            message,
            help,
        );
    }

    /// Extensions of others are their own affair, unless one looks like a slip.
    fn unknown_extension(&mut self, entry: &'d Entry, trail: &Trail<'_>) {
        if self.diagnostics.is_full() || self.foreign.contains(entry.key.as_str()) {
            return;
        }
        let word = |key: &'d str| key.strip_prefix("x-");
        let words = self.table.extensions.iter().filter_map(|extension| word(extension.name));
        let Some(meant) = word(&entry.key).and_then(|key| nearest(key, words)) else {
            self.foreign.insert(&entry.key);
            return;
        };
        let message = format_args!("`{}` is an extension without a meaning here", entry.key);
        let help = format_args!("did you mean `x-{meant}`?");
        self.diagnostics.warning(
            "unknown-extension",
            &trail.name_place(self.source),
            message,
            help,
        );
    }

    /// Reports a key that the object does not have, and returns the one that was probably meant.
    fn unknown_key(
        &mut self,
        entry: &Entry,
        object: &'static Object,
        common: &'static [Field],
        trail: &Trail<'_>,
    ) -> Option<&'static str> {
        let (key, place) = (quoted(&entry.key), trail.name_place(self.source));
        let of_other_version = object.fields.iter().any(|(key, ..)| *key == entry.key);
        if of_other_version || object.foreign.contains(&entry.key.as_str()) {
            self.foreign_key(&key, object, &place);
            return None;
        }
        if self.diagnostics.is_full() {
            self.diagnostics.error("unknown-key", &place, "unknown key", "");
            return None;
        }
        let known = |field: &&Field| field.1.is_known(self.table.edition);
        let fields = common.iter().chain(object.fields).filter(known);
        let keys: Vec<&str> = fields.map(|(key, ..)| *key).collect();
        let meant = nearest(&entry.key, keys.iter().copied());
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if key == "$ref" => format!("write {} out; it cannot be referred to", object.name),
            None if keys.len() <= FEW_KEYS => format!("its keys are {}", listed(&keys)),
            None if object.extensible => "remove it; a key of your own begins with `x-`".into(),
            None => "remove it".into(),
        };
        let message = format_args!("`{key}` is no key of {}", object.name);
        self.diagnostics.error("unknown-key", &place, message, help);
        meant
    }

    /// Reports a key that is none of this version, or that no contract has words for.
    fn foreign_key(&mut self, key: &str, object: &Object, place: &Place) {
        if self.table.edition >= Edition::Latest {
            let message = format_args!("`{key}` in {} is not carried; it is ignored", object.name);
            let help = "nothing to do if the output need not know it";
            return self.diagnostics.warning("not-carried", place, message, help);
        }
        let name = self.table.name;
        let message = format_args!("{name} has no `{key}` in {}; it is ignored", object.name);
        let help = "say it with the keys of this version, or remove it";
        self.diagnostics.warning("foreign-key", place, message, help);
    }

    /// Reports that `owner` lacks a key.
    pub(super) fn missing_key(&mut self, owner: &str, key: &str, kind: Kind, trail: &Trail<'_>) {
        let message = format_args!("{owner} needs `{key}`");
        let help = format!("add `{key}`, {}", expected(kind));
        self.diagnostics.error("missing-key", &trail.name_place(self.source), message, help);
    }

    fn wrong_type(&mut self, node: &Node, kind: Kind, trail: &Trail<'_>) {
        let (called, expected, found) = (trail.called(), expected(kind), found(node));
        let message = format_args!("{called} must be {expected}, but is {found}");
        let place = match &node.value {
            Value::Scalar(_) => trail.value_place(self.source, node),
            // A collection begins with its first item, which is not at fault.
            Value::Sequence(_) | Value::Mapping(_) => trail.name_place(self.source),
        };
        self.diagnostics.error("wrong-type", &place, message, cure(kind, node));
    }

    fn wrong_value(&mut self, node: &Node, kind: Kind, trail: &Trail<'_>) {
        if let Kind::Choice(words) = kind {
            return self.no_choice(node, words, trail);
        }
        let (called, expected, found) = (trail.called(), expected(kind), found(node));
        let message = format_args!("{called} must be {expected}, but is {found}");
        let place = trail.value_place(self.source, node);
        self.diagnostics.error("wrong-value", &place, message, cure(kind, node));
    }

    fn no_choice(&mut self, node: &Node, words: &[&str], trail: &Trail<'_>) {
        let message = format!("{} cannot be {}", trail.called(), found(node));
        let help = match node.string().and_then(|text| nearest(text, words.iter().copied())) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if words.len() == 1 => format!("write {}", listed(words)),
            None => format!("write one of {}", listed(words)),
        };
        let place = trail.value_place(self.source, node);
        self.diagnostics.error("wrong-value", &place, message, help);
    }
}

fn is_whole(number: &serde_json::Number) -> bool {
    number.is_u64() || number.as_f64().is_some_and(|float| float >= 0.0 && float.fract() == 0.0)
}

fn is_allowed(extension: &Extension, object: &'static Object) -> bool {
    extension.on.is_empty() || extension.on.iter().any(|other| std::ptr::eq(*other, object))
}
