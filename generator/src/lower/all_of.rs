//! Gathers what definitions say, those inside `allOf` included, into one draft.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Number;

use crate::contract::{Length, Pointer, UnionKind};
use crate::document::{Scalar, Value as NodeValue};
use crate::pattern::compile;
use crate::resolve::Cursor;

use super::bounds;
use super::context::Lowering;
use super::draft::{Choice, Draft, Kind, Nullness, ObjectPart, Others};
use super::keywords::{Keywords, exact};
use super::schema::{Origin, Without};

/// No `allOf` inside an `allOf` is followed any deeper.
const DEEPEST: usize = 64;

type Key = (Arc<str>, Pointer);

impl<'d> Lowering<'d, '_> {
    /// What all of `origins` say.
    pub(super) fn gather(&mut self, origins: &[Origin<'d>]) -> Draft<'d> {
        let mut draft = Draft::default();
        let mut path = Vec::new();
        let mut nullness = Nullness::default();
        for origin in origins {
            nullness = nullness.and(self.absorb(origin, &mut path, &mut draft));
        }
        draft.nullness = nullness;
        draft
    }

    fn absorb(
        &mut self,
        origin: &Origin<'d>,
        path: &mut Vec<Key>,
        draft: &mut Draft<'d>,
    ) -> Nullness {
        let Some(cursor) = self.follow_schema(&origin.cursor) else { return Nullness::Unsaid };
        let key = (Arc::clone(cursor.source()), cursor.pointer().clone());
        if path.contains(&key) || path.len() >= DEEPEST {
            self.error(
                "all-of-cycle",
                &origin.cursor.place(),
                "the `allOf` contains itself, or is nested too deeply",
                "take the schema out of its own `allOf`",
            );
            return Nullness::Unsaid;
        }
        if let Some(known) = draft.met.get(&key) {
            return *known;
        }
        if !self.spend(1, &cursor.place()) {
            return Nullness::Unsaid;
        }
        let words = self.known_keywords(&cursor, &key);
        path.push(key.clone());
        let mut members = Vec::new();
        if !origin.without.all_of {
            // A reference that stands here still has other keywords beside it.
            let beside = cursor.get("$ref").and_then(|_| self.referred(&cursor));
            let all_of: Vec<_> = cursor.get("allOf").iter().flat_map(Cursor::items).collect();
            for member in beside.into_iter().chain(all_of) {
                members.push(self.absorb(&Origin::whole(member), path, draft));
            }
        }
        path.pop();
        let nullness = self.said_of_null(&cursor, &words, &members);
        draft.met.insert(key, nullness);
        let without = Without { all_of: true, ..origin.without };
        self.take_own(&Origin { cursor, without }, &words, draft);
        nullness
    }

    /// The keywords at `cursor`, read once.
    fn known_keywords(&mut self, cursor: &Cursor<'d>, key: &Key) -> Rc<Keywords> {
        if let Some(known) = self.read.get(key) {
            return Rc::clone(known);
        }
        let words = Rc::new(self.keywords(cursor));
        self.read.insert(key.clone(), Rc::clone(&words));
        words
    }

    /// Adds what a definition itself says.
    fn take_own(&mut self, part: &Origin<'d>, words: &Keywords, draft: &mut Draft<'d>) {
        let cursor = &part.cursor;
        self.take_kinds(part, words, draft);
        self.take_numbers(cursor, words, draft);
        self.take_text(cursor, words, draft);
        self.take_values(cursor, draft);
        self.take_not(cursor, draft);
        take_items(cursor, words, draft);
        let later = self.dialect.has_json_schemas();
        take_members(cursor, words, later, draft);
        if later {
            self.take_later(cursor, draft);
        }
        self.take_choices(part, draft);
        draft.read_only |= words.read_only;
        draft.write_only |= words.write_only;
        draft.parts.push(part.clone());
    }

    fn take_kinds(&mut self, part: &Origin<'d>, words: &Keywords, draft: &mut Draft<'d>) {
        let cursor = &part.cursor;
        let place = cursor.get("type").map_or_else(|| cursor.place(), |kind| kind.place());
        if words.takes_null && words.kinds.as_ref().is_some_and(Vec::is_empty) {
            // `null` alone: there is no other value.
            draft.values = Some(Vec::new());
            return;
        }
        for stated in [words.kinds.clone(), part.without.other_kinds_than.map(|only| vec![only])] {
            let Some(stated) = stated.filter(|kinds| !kinds.is_empty()) else { continue };
            let both = match &draft.kinds {
                Some(known) => Kind::both(known, &stated),
                None => stated.clone(),
            };
            if both.is_empty() {
                let known = draft.kinds.as_deref().map(Kind::listed).unwrap_or_default();
                let stated = Kind::listed(&stated);
                let message = format!("no value is of the types {known} and {stated}");
                draft.conflicts.push((place.clone(), message));
            } else {
                draft.kinds = Some(both);
            }
        }
    }

    fn take_numbers(&mut self, cursor: &Cursor<'d>, words: &Keywords, draft: &mut Draft<'d>) {
        let (minimum, maximum) = (words.minimum.clone(), words.maximum.clone());
        let divisor = self.divisor(cursor);
        if minimum.is_some() || maximum.is_some() || divisor.is_some() {
            draft.imply(Kind::Number);
        }
        draft.minimum = bounds::higher(draft.minimum.take(), minimum);
        draft.maximum = bounds::lower(draft.maximum.take(), maximum);
        if bounds::is_void(draft.minimum.as_ref(), draft.maximum.as_ref()) {
            let message = "no number is within the bounds".to_owned();
            draft.conflicts.push((cursor.place(), message));
        }
        draft.multiple_of = match (draft.multiple_of.take(), divisor) {
            (Some(known), Some(new)) if bounds::divides(&known, &new) => Some(new),
            (Some(known), Some(new)) if bounds::divides(&new, &known) => Some(known),
            (Some(known), Some(_)) => {
                self.not_carried(cursor, "a second `multipleOf`");
                Some(known)
            }
            (known, new) => known.or(new),
        };
    }

    fn divisor(&mut self, cursor: &Cursor<'d>) -> Option<Number> {
        let divisor = exact(cursor, "multipleOf")?;
        if bounds::compare(&divisor, &0.into()).is_gt() {
            return Some(divisor);
        }
        let place = cursor.get("multipleOf").map_or_else(|| cursor.place(), |value| value.place());
        let help = "state a number greater than 0";
        self.error("wrong-value", &place, "`multipleOf` is not greater than 0", help);
        None
    }

    fn take_text(&mut self, cursor: &Cursor<'d>, words: &Keywords, draft: &mut Draft<'d>) {
        let length = words.text;
        if length != Length::default() || words.pattern.is_some() {
            draft.imply(Kind::String);
        }
        draft.text = bounds::both(draft.text, length);
        if bounds::is_empty(draft.text) {
            draft.conflicts.push((cursor.place(), "no text is that long".to_owned()));
        }
        if let Some(pattern) =
            words.pattern.clone().filter(|pattern| self.is_usable(cursor, pattern))
        {
            match &draft.pattern {
                Some(known) if *known != pattern => self.not_carried(cursor, "a second `pattern`"),
                _ => draft.pattern = Some(pattern),
            }
        }
        if let Some(format) = &words.format {
            draft
                .implied
                .extend(kind_of_format(format).filter(|kind| !draft.implied.contains(kind)));
            draft.format = Some(match draft.format.take() {
                Some(known) if known != *format => self.narrower(cursor, known, format),
                _ => format.clone(),
            });
        }
    }

    fn narrower(&mut self, cursor: &Cursor<'d>, known: String, new: &str) -> String {
        match (known.as_str(), new) {
            ("int64", "int32") | ("double", "float") => new.to_owned(),
            ("int32", "int64") | ("float", "double") => known,
            _ => {
                self.not_carried(cursor, format_args!("the format `{new}` beside `{known}`"));
                known
            }
        }
    }

    fn is_usable(&mut self, cursor: &Cursor<'d>, pattern: &str) -> bool {
        let Err(error) = compile(pattern) else { return true };
        let place = cursor.get("pattern").map_or_else(|| cursor.place(), |value| value.place());
        let message = format!("the pattern cannot be used: {error}");
        self.warning("unusable-pattern", &place, message, "write it in the syntax of ECMA 262");
        false
    }

    fn take_values(&mut self, cursor: &Cursor<'d>, draft: &mut Draft<'d>) {
        let Some(mut values) = self.enumeration(cursor) else { return };
        let mut seen = BTreeSet::new();
        values.retain(|value| !value.is_null() && seen.insert(value.to_string()));
        draft.values = Some(match draft.values.take() {
            Some(mut known) => {
                known.retain(|value| seen.contains(&value.to_string()));
                if known.is_empty() {
                    let message = "no value is in both lists".to_owned();
                    draft.conflicts.push((cursor.place(), message));
                }
                known
            }
            None => values,
        });
    }

    /// A `not` is carried where it excludes everything; otherwise it is named and left.
    fn take_not(&mut self, cursor: &Cursor<'d>, draft: &mut Draft<'d>) {
        let Some(not) = cursor.get("not") else { return };
        if not.node().mapping().is_some_and(|words| words.is_empty()) {
            draft.conflicts.push((not.place(), "`not: {}` excludes every value".to_owned()));
        } else {
            self.not_carried(&not, "`not`");
        }
    }

    fn take_choices(&mut self, part: &Origin<'d>, draft: &mut Draft<'d>) {
        let cursor = &part.cursor;
        let choices = [
            ("oneOf", UnionKind::OneOf, part.without.one_of),
            ("anyOf", UnionKind::AnyOf, part.without.any_of),
        ];
        let discriminator = cursor.get("discriminator");
        let is_choice = choices.iter().any(|(key, ..)| cursor.get(key).is_some());
        if let Some(discriminator) = &discriminator
            && !is_choice
        {
            self.not_carried(discriminator, "a discriminator without `oneOf` or `anyOf`");
        }
        for (key, kind, skipped) in choices {
            let Some(variants) = cursor.get(key).filter(|_| !skipped) else { continue };
            draft.choices.push(Choice {
                kind,
                variants: variants.items().collect(),
                discriminator: discriminator.clone(),
                owner: (Arc::clone(cursor.source()), cursor.pointer().clone()),
                place: variants.place(),
            });
        }
    }
}

fn take_items<'d>(cursor: &Cursor<'d>, words: &Keywords, draft: &mut Draft<'d>) {
    let length = words.count;
    let items = cursor.get("items");
    if length != Length::default() || items.is_some() || words.unique.is_some() {
        draft.imply(Kind::Array);
    }
    draft.items.extend(items);
    draft.unique |= words.unique.unwrap_or_default();
    draft.count = bounds::both(draft.count, length);
    if bounds::is_empty(draft.count) {
        draft.conflicts.push((cursor.place(), "no list is that long".to_owned()));
    }
}

fn take_members<'d>(cursor: &Cursor<'d>, words: &Keywords, later: bool, draft: &mut Draft<'d>) {
    let size = words.size;
    let properties = cursor.get("properties");
    let others = others(cursor, later);
    let required = cursor.get("required");
    let said = properties.is_some() || !matches!(others, Others::Unsaid);
    if said || required.is_some() || size != Length::default() {
        draft.imply(Kind::Object);
    }
    if said {
        draft.objects.push(ObjectPart { cursor: cursor.clone(), properties, others });
    }
    for item in required.iter().flat_map(Cursor::items) {
        if let Some(name) = item.node().string() {
            draft.required.entry(name).or_insert(item);
        }
    }
    draft.size = bounds::both(draft.size, size);
    if bounds::is_empty(draft.size) {
        draft.conflicts.push((cursor.place(), "no object has that many members".to_owned()));
    }
}

fn others<'d>(cursor: &Cursor<'d>, later: bool) -> Others<'d> {
    let Some(others) = cursor.get("additionalProperties") else { return Others::Unsaid };
    if later && cursor.get("patternProperties").is_some() {
        // Members that fit a pattern are none of those it speaks of, and the contract cannot tell them apart.
        return Others::Any;
    }
    match &others.node().value {
        NodeValue::Scalar(Scalar::Bool(false)) => Others::Refused,
        NodeValue::Mapping(entries) if !entries.is_empty() => Others::Of(others),
        _ => Others::Any,
    }
}

/// The type that a format belongs to, for schemas that state a format and no type.
fn kind_of_format(format: &str) -> Option<Kind> {
    Some(match format {
        "int32" | "int64" => Kind::Integer,
        "float" | "double" => Kind::Number,
        "byte" | "binary" | "date" | "date-time" | "uuid" | "ipv4" | "ipv6" | "password" => {
            Kind::String
        }
        _ => return None,
    })
}
