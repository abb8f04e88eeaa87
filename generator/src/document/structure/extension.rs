//! The extensions that this project gives a meaning, as a table beside the dialect's.
//! Kinds and keys only: whether what they say makes sense is for lowering to judge. Foreign `x-` keys are let through.

use super::kind::Kind::{
    Any, Choice, Count, Flag, IfKey, List, Map, Object as Whole, OneOrMore, Pointer, Referable,
    Scalar, Status, Text, TextOr, Variants as OneOf,
};
use super::kind::Need::{Optional, Required};
use super::kind::{Extension, Field, Key, Kind, OBJECT, Object, Variants};
use super::openapi_3::{
    API_KEY, DOCUMENT, HTTP_SCHEME, MEDIA_TYPE, OPERATION, PARAMETER, RESPONSE, SCHEMA,
};

/// Every extension with a meaning.
pub(super) const VOCABULARY: &[Extension] = &[
    Extension { name: "x-dry-run", on: &[&OPERATION], kind: Whole(&DRY_RUN) },
    Extension { name: "x-equivalent", on: &[&OPERATION], kind: Whole(&EQUIVALENT) },
    Extension { name: "x-frames", on: &[&MEDIA_TYPE, &OPERATION], kind: OneOrMore(&FRAME_RULE) },
    Extension { name: "x-known", on: &[&PARAMETER], kind: Flag },
    Extension { name: "x-length", on: &[&API_KEY, &HTTP_SCHEME], kind: List(&Count) },
    Extension { name: "x-list-keys", on: &[&SCHEMA], kind: List(&Text) },
    Extension { name: "x-list-type", on: &[&SCHEMA], kind: LIST_KINDS },
    Extension { name: "x-merge-key", on: &[&SCHEMA], kind: Text },
    Extension { name: "x-merge-strategy", on: &[&SCHEMA], kind: OneOrMore(&MERGE_STRATEGIES) },
    Extension { name: "x-multi-segment", on: &[&PARAMETER], kind: Flag },
    Extension { name: "x-pagination", on: &[&OPERATION], kind: Whole(&PAGINATION) },
    Extension { name: "x-patch", on: &[&MEDIA_TYPE], kind: PATCHES },
    Extension { name: "x-provenance", on: &[], kind: Whole(&PROVENANCE) },
    Extension { name: "x-refusals", on: &[&DOCUMENT, &OPERATION], kind: Whole(&REFUSALS) },
    Extension { name: "x-same-as-absent", on: &[&PARAMETER], kind: List(&Any) },
    Extension { name: "x-status-field", on: &[&RESPONSE], kind: Whole(&STATUS_FIELD) },
    Extension { name: "x-unsupported", on: &[], kind: Flag },
    Extension { name: "x-upgrade", on: &[&OPERATION], kind: Whole(&UPGRADE) },
    Extension { name: "x-version", on: &[&OPERATION], kind: Pointer },
    Extension { name: "x-watch", on: &[&OPERATION], kind: Whole(&WATCH) },
];

/// An object of an extension; these are not extended in turn.
const PART: Object = Object { extensible: false, ..OBJECT };

const LIST_KINDS: Kind = Choice(&["atomic", "set", "map"]);

const MERGE_STRATEGIES: Kind = Choice(&["merge", "replace", "retain-keys"]);

const PATCHES: Kind = Choice(&["json-patch", "merge-patch", "strategic-merge-patch", "apply"]);

static DRY_RUN: Object = Object {
    name: "`x-dry-run`",
    fields: &[("param", Required, Text), ("value", Required, Scalar)],
    ..PART
};

static EQUIVALENT: Object = Object {
    name: "`x-equivalent`",
    fields: &[
        ("operation", Required, Text),
        ("items", Required, Pointer),
        ("each", Required, Pointer),
    ],
    ..PART
};

static PAGINATION: Object = Object {
    name: "`x-pagination`",
    fields: &[
        ("style", Required, Choice(&["offset", "cursor", "page", "link-header", "none"])),
        ("limit", Optional, Text),
        ("offset", Optional, Text),
        ("cursor", Optional, Text),
        ("page", Optional, Text),
        ("items", Required, List(&Pointer)),
        ("total", Optional, Pointer),
        ("next", Optional, Pointer),
        ("after", Optional, Pointer),
        ("more", Optional, Pointer),
        ("remaining", Optional, Pointer),
        ("identity", Optional, List(&Pointer)),
        ("out-of-range", Optional, Choice(&["refuse", "clamp", "either"])),
        ("max-page", Optional, Count),
        ("default-page", Optional, Count),
        ("zero", Optional, Choice(&["absent"])),
        ("sort", Optional, Whole(&SORT)),
        ("filters", Optional, List(&Whole(&FILTER))),
        ("snapshot", Optional, Whole(&SNAPSHOT)),
        ("expired", Optional, Whole(&EXPIRED)),
        ("not-when", Optional, Whole(&NOT_WHEN)),
    ],
    ..PART
};

static SORT: Object = Object {
    name: "the `sort` of `x-pagination`",
    fields: &[
        ("param", Required, Text),
        ("value", Required, Text),
        ("field", Optional, Pointer),
        ("reversed", Optional, Text),
        ("unknown", Optional, List(&Status)),
    ],
    ..PART
};

static FILTER: Object = Object {
    name: "a filter of `x-pagination`",
    fields: &[
        ("param", Required, Text),
        ("field", Optional, Pointer),
        ("match", Required, Choice(&["equals", "contains", "label-selector", "narrows", "scope"])),
        ("syntax", Optional, Text),
        ("all", Optional, Scalar),
    ],
    ..PART
};

static SNAPSHOT: Object = Object {
    name: "the `snapshot` of `x-pagination`",
    fields: &[("consistent", Required, Flag), ("version", Optional, Pointer)],
    ..PART
};

static EXPIRED: Object = Object {
    name: "what `x-pagination` says of an expired token",
    fields: &[("status", Required, Status), ("next", Optional, Pointer)],
    ..PART
};

static NOT_WHEN: Object = Object {
    name: "the `not-when` of `x-pagination`",
    fields: &[("query", Required, Text), ("equals", Required, Any)],
    ..PART
};

static PROVENANCE: Object = Object {
    name: "`x-provenance`",
    fields: &[
        ("document", Optional, Text),
        ("section", Optional, Text),
        ("convention", Optional, Text),
    ],
    ..PART
};

static REFUSALS: Object = Object {
    name: "`x-refusals`",
    fields: &[
        ("invalid", Optional, List(&Status)),
        ("unauthenticated", Optional, List(&Status)),
        ("forbidden", Optional, List(&Status)),
        ("missing", Optional, List(&Status)),
        ("duplicate", Optional, List(&Status)),
        ("wrong-method", Optional, List(&Status)),
        ("wrong-media-type", Optional, List(&Status)),
        ("too-large", Optional, List(&Status)),
        ("malformed", Optional, List(&Status)),
        ("repeated", Optional, List(&Status)),
        ("bad-cursor", Optional, List(&Status)),
        ("expired", Optional, List(&Status)),
        ("not-acceptable", Optional, List(&Status)),
        ("unsupported-protocol", Optional, List(&Status)),
        ("conflict", Optional, List(&Status)),
        ("not-upgraded", Optional, List(&Status)),
    ],
    ..PART
};

static STATUS_FIELD: Object = Object {
    name: "`x-status-field`",
    fields: &[
        ("pointer", Required, Pointer),
        ("values", Optional, Map(Key::Integer, &List(&Status))),
        ("equals", Optional, Choice(&["status"])),
    ],
    ..PART
};

static UPGRADE: Object = Object {
    name: "`x-upgrade`",
    fields: &[("protocols", Required, List(&Text)), ("required", Optional, Flag)],
    ..PART
};

static WATCH: Object = Object {
    name: "`x-watch`",
    fields: &[
        ("type", Required, Pointer),
        ("object", Required, Pointer),
        ("added", Optional, Text),
        ("modified", Optional, Text),
        ("deleted", Optional, Text),
        ("bookmark", Optional, Text),
        ("error", Optional, Text),
        ("version", Optional, Pointer),
        ("identity", Optional, Pointer),
        ("resume", Optional, Text),
        ("timeout", Optional, Text),
        ("bookmarks", Optional, Text),
        ("initial", Optional, Choice(&["state", "changes", "either"])),
        ("untyped", Optional, List(&Text)),
    ],
    ..PART
};

/// Either one layout for what the server sends, or a layout for each direction.
const FRAME_RULE: Kind = IfKey("layout", &OneOf(&RULE_LAYOUT), &Whole(&DIRECTIONS));

const LAYOUT_KEY: Field = ("layout", Required, Text);

const WHEN: Field = ("when", Optional, OneOrMore(&Whole(&CONDITION)));

static DIRECTIONS: Object = Object {
    name: "a rule of `x-frames`",
    fields: &[
        WHEN,
        ("receive", Optional, OneOf(&RECEIVE_LAYOUT)),
        ("send", Optional, OneOf(&SEND_LAYOUT)),
    ],
    ..PART
};

static RULE_LAYOUT: Variants = Variants {
    name: "a layout",
    key: "layout",
    objects: LAYOUTS,
    lenient: None,
    common: &[LAYOUT_KEY, WHEN],
};

static RECEIVE_LAYOUT: Variants = Variants { common: &[LAYOUT_KEY], ..RULE_LAYOUT };

static SEND_LAYOUT: Variants = Variants {
    name: "a layout",
    key: "layout",
    lenient: None,
    objects: LAYOUTS,
    common: &[LAYOUT_KEY, ("half-close", Optional, Flag)],
};

const LAYOUTS: &[(&str, &Object)] = &[
    ("raw", &RAW),
    ("length-prefixed", &LENGTH_PREFIXED),
    ("lines", &LINES),
    ("text-lines", &TEXT_LINES),
    ("channels", &CHANNELS),
    ("channel-pairs", &CHANNEL_PAIRS),
];

static CONDITION: Object = Object {
    name: "a condition",
    fields: &[
        ("body", Optional, Pointer),
        ("query", Optional, Text),
        ("header", Optional, Text),
        ("response-header", Optional, Text),
        ("status", Optional, Status),
        ("equals", Optional, Any),
    ],
    ..PART
};

static RAW: Object = Object { name: "a `raw` layout", ..PART };

static LENGTH_PREFIXED: Object = Object {
    name: "a `length-prefixed` layout",
    fields: &[("header", Required, List(&Whole(&HEADER_FIELD))), ("max-frame", Optional, Count)],
    ..PART
};

static HEADER_FIELD: Object = Object {
    name: "a field of a frame header",
    fields: &[
        ("name", Required, Text),
        ("type", Required, Choice(&["u8", "u16", "u32", "u64", "bytes"])),
        ("endian", Optional, ENDIAN),
        ("length", Optional, Count),
        ("const", Optional, Count),
        ("values", Optional, Map(Key::Integer, &Text)),
        ("role", Optional, Choice(&["payload-length", "stream"])),
        ("includes-header", Optional, Flag),
    ],
    ..PART
};

const ENDIAN: Kind = Choice(&["big", "little"]);

static LINES: Object = Object {
    name: "a `lines` layout",
    fields: &[
        ("item", Optional, Referable(&SCHEMA)),
        ("final", Optional, Whole(&FINAL)),
        ("alternatives", Optional, List(&Pointer)),
        ("identity", Optional, List(&Pointer)),
        ("terminated", Optional, Choice(&["all", "except-final"])),
    ],
    ..PART
};

static FINAL: Object = Object {
    name: "the `final` of a `lines` layout",
    fields: &[("when", Required, Pointer)],
    ..PART
};

static TEXT_LINES: Object = Object {
    name: "a `text-lines` layout",
    fields: &[("options", Optional, Whole(&LINE_OPTIONS))],
    ..PART
};

static LINE_OPTIONS: Object = Object {
    name: "the `options` of a `text-lines` layout",
    fields: &[
        ("tail", Optional, Text),
        ("bytes", Optional, Text),
        ("since", Optional, Text),
        ("since-time", Optional, Text),
        ("timestamps", Optional, Text),
        ("follow", Optional, Text),
    ],
    ..PART
};

const PROTOCOLS: Field = ("protocols", Required, Map(Key::Any, &Whole(&PROTOCOL)));

static PROTOCOL: Object = Object {
    name: "a WebSocket subprotocol",
    fields: &[("encoding", Required, Choice(&["binary", "base64"])), ("close", Optional, Count)],
    ..PART
};

static CHANNELS: Object = Object {
    name: "a `channels` layout",
    fields: &[
        PROTOCOLS,
        ("channels", Required, Map(Key::Integer, &TextOr(&Whole(&CHANNEL)))),
        ("first", Optional, Choice(&["empty-allowed"])),
    ],
    ..PART
};

static CHANNEL: Object = Object {
    name: "a channel",
    fields: &[
        ("name", Required, Text),
        ("to", Optional, Choice(&["server", "client"])),
        ("item", Optional, Referable(&SCHEMA)),
        ("times", Optional, Count),
        ("asked", Optional, Whole(&ASKED)),
        ("last", Optional, Flag),
    ],
    ..PART
};

static ASKED: Object = Object {
    name: "the `asked` of a channel",
    fields: &[("query", Required, Text), ("equals", Required, Any)],
    ..PART
};

static CHANNEL_PAIRS: Object = Object {
    name: "a `channel-pairs` layout",
    fields: &[PROTOCOLS, ("param", Required, Text), ("opens-with", Optional, Whole(&OPENING))],
    ..PART
};

static OPENING: Object = Object {
    name: "the `opens-with` of a `channel-pairs` layout",
    fields: &[
        ("type", Required, Choice(&["u8", "u16", "u32", "u64"])),
        ("endian", Optional, ENDIAN),
        ("value", Required, Text),
    ],
    ..PART
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn the_vocabulary_is_sorted_and_each_word_begins_with_x() {
        assert!(VOCABULARY.is_sorted_by_key(|extension| extension.name));
        assert!(VOCABULARY.iter().all(|extension| extension.name.starts_with("x-")));
    }

    /// Extensions that stand in workflows, which are not documents of this room.
    const OF_WORKFLOWS: [&str; 5] =
        ["x-cleanup", "x-independent", "x-level", "x-parallel", "x-stream"];

    #[test]
    fn the_published_schema_has_the_same_words_and_keys() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../specs/extensions.schema.json");
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let definitions = schema["$defs"].as_object().unwrap();
        let published = definitions.keys().filter(|name| name.starts_with("x-"));
        let published: Vec<&str> =
            published.map(String::as_str).filter(|name| !OF_WORKFLOWS.contains(name)).collect();
        let ours: Vec<&str> = VOCABULARY.iter().map(|extension| extension.name).collect();
        assert_eq!(ours, published);
        for extension in VOCABULARY {
            let mut ours = BTreeSet::new();
            keys(extension.kind, &mut ours);
            let mut theirs = BTreeSet::new();
            published_keys(&definitions[extension.name], &schema, &mut theirs);
            assert_eq!(ours, theirs, "{}", extension.name);
        }
    }

    fn keys(kind: Kind, found: &mut BTreeSet<String>) {
        let objects: Vec<(&[Field], &Object)> = match kind {
            Whole(object) => vec![(&[], object)],
            OneOf(variants) => {
                variants.objects.iter().map(|(_, object)| (variants.common, *object)).collect()
            }
            IfKey(_, one, other) => {
                keys(*one, found);
                return keys(*other, found);
            }
            List(inner) | OneOrMore(inner) | Map(_, inner) | TextOr(inner) => {
                return keys(*inner, found);
            }
            _ => vec![],
        };
        for (key, _, kind) in
            objects.iter().flat_map(|(common, own)| common.iter().chain(own.fields))
        {
            found.insert((*key).to_owned());
            keys(*kind, found);
        }
    }

    fn published_keys(schema: &Value, root: &Value, found: &mut BTreeSet<String>) {
        match schema {
            Value::Array(items) => items.iter().for_each(|item| published_keys(item, root, found)),
            Value::Object(map) => {
                if let Some(pointer) = map.get("$ref").and_then(Value::as_str) {
                    let target = root.pointer(pointer.trim_start_matches('#')).unwrap();
                    published_keys(target, root, found);
                }
                if let Some(properties) = map.get("properties").and_then(Value::as_object) {
                    found.extend(properties.keys().cloned());
                }
                map.values().for_each(|inner| published_keys(inner, root, found));
            }
            _ => {}
        }
    }
}
