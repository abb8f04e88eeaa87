//! Schemas of a file that several documents use are one type, whichever document it is had from.

use emitted::support::decode::from_value;
use emitted::{shared, shared_one, shared_other};
use serde_json::json;

#[test]
fn one_schema_is_one_type() {
    let ship: shared_one::models::Ship = shared::harbour::Ship::new(
        shared::harbour::ShipName::try_from("Anna".to_owned()).unwrap(),
    );
    let mut crew = shared_other::models::Crew::default();
    crew.theirs = Some(ship.clone());
    crew.people = Some(vec![shared::people::Person::default()]);
    crew.own = Some(shared_other::models::Ship::default());
    let fleet = shared_one::models::Fleet { ships: Some(vec![ship]), ..Default::default() };
    let value = json!({ "theirs": { "name": "Anna" }, "people": [{}], "own": {} });
    assert_eq!(serde_json::to_value(&crew).unwrap(), value);
    assert_eq!(from_value::<shared_other::models::Crew>(&value), Ok(crew));
    assert_eq!(serde_json::to_value(&fleet).unwrap(), json!({ "ships": [{ "name": "Anna" }] }));
}

#[test]
fn recursion_goes_through_both_files() {
    let value = json!({
        "name": "Anna",
        "captain": { "ship": { "name": "Berta", "state": "moored", "berth": 7 }, "role": "mate" },
        "tow": { "name": "Clara", "berth": "east", "more": [1] },
    });
    let ship = from_value::<shared::harbour::Ship>(&value).unwrap();
    assert_eq!(serde_json::to_value(ship).unwrap(), value);
    let wrong = json!({ "captain": { "ship": { "name": "" } } });
    let told = from_value::<shared::harbour::Ship>(&wrong).unwrap_err().to_string();
    assert!(told.contains("/captain/ship/name"), "{told}");
}
