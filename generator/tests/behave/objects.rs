//! Objects: absent, null and there; members that are not listed; what is refused.

use emitted::objects::models::{
    Closed, Counted, Directions, Labelled, Nothing, States, StatesNested,
};
use emitted::support::Field;
use emitted::support::decode::{Decode, from_value};
use serde::Serialize;
use serde_json::{Value, json};

fn round_trip<T: Decode + Serialize>(value: Value) {
    let decoded: T = from_value(&value).unwrap();
    assert_eq!(serde_json::to_value(decoded).unwrap(), value);
}

fn told<T: Decode + std::fmt::Debug>(value: Value) -> String {
    from_value::<T>(&value).unwrap_err().to_string()
}

#[test]
fn three_states_are_three() {
    let least = json!({ "needed": "x", "neededOrNull": null });
    let mut states = States::new("x", None);
    assert_eq!(from_value::<States>(&least), Ok(states.clone()));
    assert_eq!(states.maybe_or_null, Field::Absent);
    states.maybe_or_null = Field::Null;
    states.anything = Some(Value::Null);
    let expected =
        json!({ "needed": "x", "neededOrNull": null, "maybeOrNull": null, "anything": null });
    assert_eq!(serde_json::to_value(&states).unwrap(), expected);
    round_trip::<States>(expected);
    round_trip::<States>(
        json!({ "needed": "x", "neededOrNull": "y", "maybe": 1, "maybeOrNull": true }),
    );
}

#[test]
fn faults_have_their_place() {
    let value = json!({
        "neededOrNull": 1,
        "maybe": null,
        "nested": { "deep": [[], [{}, { "known": 1, "x/y": 2 }], 3] },
    });
    let expected = [
        "/needed is missing",
        "/neededOrNull is a number, not a string",
        "/maybe is null, not an integer",
        "/nested/deep/1/1/x~1y is not a known member",
        "/nested/deep/2 is a number, not a list",
    ];
    assert_eq!(told::<States>(value), expected.join("; "));
    assert_eq!(told::<States>(json!([])), "the document is a list, not an object");
    assert_eq!(from_value(&json!({ "deep": [] })), Ok(StatesNested::new(Vec::new())));
}

#[test]
fn further_members_are_kept_or_refused() {
    round_trip::<Labelled>(
        json!({ "name": "a", "x": "y", "numbers": { "n": 1.5 }, "free": { "a": [1] } }),
    );
    assert_eq!(told::<Labelled>(json!({ "name": "a", "x": 1 })), "/x is a number, not a string");
    round_trip::<Closed>(json!({ "known": -1 }));
    assert_eq!(from_value(&json!({})), Ok(Nothing {}));
    assert_eq!(told::<Nothing>(json!({ "a": 1 })), "/a is not a known member");
}

#[test]
fn members_are_counted() {
    round_trip::<Counted>(json!({ "b": 1 }));
    assert_eq!(told::<Counted>(json!({})), "the document has fewer than 1 members");
    assert_eq!(
        told::<Counted>(json!({ "a": "", "b": 1, "c": 1 })),
        "the document has more than 2 members"
    );
}

#[test]
fn what_travels_one_way_may_be_absent() {
    round_trip::<Directions>(json!({ "old": "x" }));
    assert_eq!(told::<Directions>(json!({})), "/old is missing");
}

#[test]
fn a_known_member_is_written_once() {
    let mut closed = Labelled::new("a");
    closed.additional.insert("name".to_owned(), "b".to_owned());
    assert_eq!(serde_json::to_string(&closed).unwrap(), r#"{"name":"a"}"#);
}
