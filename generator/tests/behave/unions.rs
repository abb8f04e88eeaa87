//! Unions and recursion: which alternative a value is, and where its faults are.

use emitted::recursion::models::{Filter, Left, Node};
use emitted::support::decode::{Decode, from_value};
use emitted::unions::models::{Cat, First, IntOrString, Overlapping, Owner, Pet};
use serde::Serialize;
use serde_json::{Value, json};

fn round_trip<T: Decode + Serialize>(value: Value) -> T {
    let decoded: T = from_value(&value).unwrap();
    assert_eq!(serde_json::to_value(&decoded).unwrap(), value);
    decoded
}

fn told<T: Decode + std::fmt::Debug>(value: Value) -> String {
    from_value::<T>(&value).unwrap_err().to_string()
}

#[test]
fn one_of_is_exactly_one() {
    assert_eq!(round_trip::<IntOrString>(json!(8080)), IntOrString::Integer(8080));
    assert_eq!(round_trip::<IntOrString>(json!("http")), IntOrString::String("http".to_owned()));
    assert_eq!(told::<IntOrString>(json!(1.5)), "the document fits none of Integer, String");
    round_trip::<Overlapping>(json!({ "a": "x", "c": [1] }));
    let both = told::<Overlapping>(json!({ "a": "x", "b": 1 }));
    assert!(both.starts_with("the document fits both "), "{both}");
}

#[test]
fn any_of_is_the_first() {
    assert!(matches!(round_trip::<First>(json!(5)), First::Integer(_)));
    assert_eq!(from_value(&json!(6)), Ok(First::Number(6.0)));
}

#[test]
fn a_tag_decides() {
    assert_eq!(round_trip::<Pet>(json!({ "kind": "kitten" })), Pet::Cat(Cat::new("kitten").into()));
    let value = json!({ "pets": [{ "kind": "dog" }, { "kind": "cat", "lives": 10 }, { "kind": "cow" }, {}] });
    let expected = [
        "/pets/0/name is missing",
        "/pets/1/lives is more than 9",
        "/pets/2/kind is none of cat, kitten, dog",
        "/pets/3/kind is missing",
    ];
    assert_eq!(told::<Owner>(value), expected.join("; "));
}

#[test]
fn faults_inside_alternatives_have_their_place() {
    let value = json!({ "either": { "a": 1 }, "byName": { "x/y": "z" }, "port": [] });
    let told = told::<Owner>(value);
    for part in [
        "/either fits none of",
        "/either/a is a number, not a string",
        "/byName/x~1y fits none of",
        "/port fits none of",
    ] {
        assert!(told.contains(part), "{told} lacks {part}");
    }
    round_trip::<Owner>(json!({ "maybe": null }));
    round_trip::<Owner>(
        json!({ "maybe": true, "pets": [{ "kind": "dog", "name": "x", "new": 1 }] }),
    );
}

#[test]
fn recursion_ends_where_the_value_does() {
    round_trip::<Node>(json!({ "next": { "next": {}, "children": [{ "named": { "a": {} } }] } }));
    assert_eq!(
        told::<Node>(json!({ "next": { "children": [{}, { "next": 1 }] } })),
        "/next/children/1/next is a number, not an object"
    );
    round_trip::<Left>(json!({ "right": null, "other": { "left": {} } }));
    round_trip::<Filter>(json!([{ "not": { "not": ["x"] } }, "y"]));
    let deep = (0..60).fold(json!(1), |inner, _| json!({ "not": inner }));
    assert!(from_value::<Filter>(&deep).is_err());
}
