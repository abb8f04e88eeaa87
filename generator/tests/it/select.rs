//! Parts of a contract, and what changed between two.

use generator::contract::Api;
use generator::select::{Selection, select};
use generator::source::{NoFiles, Source};
use generator::surface::{Gravity, Surface, changes};
use generator::{Limits, read};

use super::fixture::data;

fn api(name: &str) -> Api {
    let text = std::fs::read_to_string(data().join("cli").join(name)).unwrap();
    let reading = read(&Source::new(name, text), &NoFiles, &Limits::default());
    assert!(!reading.diagnostics.has_errors(), "{:?}", reading.diagnostics);
    reading.api.unwrap()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// What is left: operations, schemas by name, tags, schemes.
fn left(selection: &Selection) -> String {
    let mut apis = [api("ferry.yaml")];
    if let Err(problems) = select(&mut apis, selection) {
        return problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    }
    let [api] = &apis;
    let operations = api.operations.iter().map(|operation| operation.id.to_string());
    let schemas = api.schemas.iter().filter_map(|(_, schema)| schema.name.clone());
    let tags = api.tags.iter().map(|tag| format!("#{}", tag.name));
    let schemes = api.security_schemes.keys().map(|scheme| format!("${scheme}"));
    let links = api.operations.iter().flat_map(|operation| operation.responses.iter());
    let links =
        links.flat_map(|(_, response)| &response.links).map(|link| format!("@{}", link.name));
    let all = operations.chain(schemas).chain(tags).chain(schemes).chain(links);
    all.collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_not_reached_is_left_out() {
    let table: &[(Selection, &str)] = &[
        (
            Selection::default(),
            "listTrips bookTrip cancelTrip Trip Harbour Booking Cabin Problem Sailing Unused #trips #bookings $key $pass @cancel",
        ),
        (
            Selection { include_tags: words(&["trips"]), ..Selection::default() },
            "listTrips Trip Harbour #trips",
        ),
        (
            Selection { exclude_tags: words(&["trips"]), ..Selection::default() },
            "bookTrip cancelTrip Booking Cabin Problem Sailing #bookings $key $pass @cancel",
        ),
        (
            Selection { exclude_operations: words(&["cancelTrip"]), ..Selection::default() },
            "listTrips bookTrip Trip Harbour Booking Cabin Problem Sailing #trips #bookings $key",
        ),
        (
            Selection {
                include_tags: words(&["trips"]),
                include_operations: words(&["DELETE /bookings/{id}"]),
                ..Selection::default()
            },
            "listTrips cancelTrip Trip Harbour Problem #trips #bookings $pass",
        ),
        (
            Selection { include_tags: words(&["trip", "sails"]), ..Selection::default() },
            "there is no tag `trip`; did you mean `trips`?; there is no tag `sails`",
        ),
        (
            Selection { exclude_operations: words(&["canceltrip"]), ..Selection::default() },
            "there is no operation `canceltrip`; did you mean `cancelTrip`?",
        ),
        (
            Selection { exclude_tags: words(&["trips", "bookings"]), ..Selection::default() },
            "no operation is left; include more, or exclude less",
        ),
    ];
    for (selection, wanted) in table {
        assert_eq!(left(selection), *wanted, "{selection:?}");
    }
}

#[test]
fn changes_are_told_with_what_they_break() {
    let (old, new) = (Surface::of(&api("ferry.yaml")), Surface::of(&api("ferry_next.yaml")));
    assert_eq!(changes(&old, &old), []);
    let told = |old: &Surface, new: &Surface| {
        let found = changes(old, new).into_iter().map(|change| {
            let mark = if change.gravity == Gravity::Breaking { "breaking" } else { "" };
            let kind = change.kind.word();
            format!(
                "{mark:<8} {kind:<7} {:<9} {}: {}\n",
                change.about, change.subject, change.detail
            )
        });
        found.collect::<String>()
    };
    insta::assert_snapshot!("changes_forth", told(&old, &new));
    insta::assert_snapshot!("changes_back", told(&new, &old));
    let text = serde_json::to_string(&old).unwrap();
    assert_eq!(serde_json::from_str::<Surface>(&text).unwrap(), old);
}
