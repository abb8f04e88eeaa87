//! Whatever texts a contract holds, its models are printed as planned.

use std::collections::BTreeMap;

use generator::contract::{
    Additional, Api, Length, Place, Pointer, Property, Schema, Schemas, Shape, StringFormat, Tag,
};
use generator::{Module, Output, generate};
use proptest::prelude::*;
use serde_json::Value;

/// Texts that are likely to end a comment, a literal or an item, and any others.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("*/".to_owned()),
        Just("\"#".to_owned()),
        Just("```".to_owned()),
        Just("`".to_owned()),
        Just("\n//! ".to_owned()),
        Just("\r".to_owned()),
        Just("} fn f() {} {".to_owned()),
        Just("#![x]".to_owned()),
        Just("\\".to_owned()),
        Just("self".to_owned()),
        Just("- a\n  1. b".to_owned()),
        Just("https://a.b/<c>".to_owned()),
        Just("\u{202e}".to_owned()),
        Just("\u{2028}".to_owned()),
        any::<String>(),
        "[a-zA-Z0-9_.$-]{0,12}",
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn place() -> Place {
    Place { source: "any.yaml".into(), pointer: Pointer::root(), line: 1, column: 1 }
}

fn schema(name: Option<String>, description: String, shape: Shape) -> Schema {
    Schema {
        name,
        title: None,
        description: Some(description),
        nullable: false,
        shape,
        default: None,
        examples: Vec::new(),
        deprecated: false,
        read_only: false,
        write_only: false,
        unsupported: false,
        provenance: None,
        place: place(),
    }
}

/// An object, an enumeration and a text with a pattern, all of them made of the texts.
fn api(texts: &[String]) -> Api {
    let mut schemas = Schemas::default();
    let said = |index: usize| texts.get(index).cloned().unwrap_or_default();
    let values = texts.iter().map(|text| Value::from(text.as_str())).collect();
    let listed = schemas.push(schema(Some(said(0)), said(1), Shape::Enumeration(values)));
    let pattern = Some(said(2));
    let format = StringFormat::Unsaid;
    let bounded = Shape::String { format, length: Length::default(), pattern };
    let mut bounded = schema(None, said(3), bounded);
    bounded.default = Some(Value::from(said(4)));
    let bounded = schemas.push(bounded);
    let properties =
        texts.iter().zip([listed, bounded].into_iter().cycle()).map(|(text, schema)| {
            let (name, description) = (text.clone(), Some(text.clone()));
            Property {
                name,
                required: text.len() % 2 == 0,
                schema,
                description,
                default: None,
                unsupported: false,
                merge: None,
                place: place(),
            }
        });
    let object = Shape::Object {
        properties: properties.collect(),
        additional: Additional::Unsaid,
        size: Length::default(),
    };
    schemas.push(schema(Some(said(5)), said(0), object));
    Api {
        title: said(1),
        version: said(2),
        description: Some(said(3)),
        servers: Vec::new(),
        tags: vec![Tag { name: said(4), description: None }],
        operations: Vec::new(),
        webhooks: Vec::new(),
        schemas,
        security_schemes: BTreeMap::new(),
        provenance: None,
        source: "any.yaml".into(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn models_are_printed_as_planned(
        texts in prop::collection::btree_set(text(), 1..7),
        module in text(),
    ) {
        let texts: Vec<String> = texts.into_iter().collect();
        let api = api(&texts);
        let module = Module { name: &module, source: &texts.concat(), api: &api };
        let (tree, diagnostics) = generate(&[module], &Output::InTree);
        let mut problems = diagnostics.iter().filter(|found| found.code != "pattern-left-out");
        prop_assert_eq!(problems.next(), None);
        for (path, text) in tree.iter() {
            prop_assert!(syn::parse_file(text).is_ok(), "{}", path);
        }
    }
}
