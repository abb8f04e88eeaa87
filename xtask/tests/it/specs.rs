//! Every shipped spec against the documents beside it: inventory, errata, the vocabulary of the extensions, and its
//! own samples. `specs/README.md` has the formats.

// Errata and what they say must stand in the document.
mod errata;
// Extensions and the schema that describes them.
mod extension;
// One folder below `specs`, and references inside its document.
mod folder;
// The inventory against the document, both ways.
mod inventory;
// Samples and defaults against their schemas.
mod sample;
// Types, bounds and members.
mod value;
// A document and what it refers to in other files.
mod whole;

use std::collections::BTreeSet;

use folder::Folder;
use serde_json::{Value, json};

use crate::tree;

/// The complaints of one kind of check over every shipped spec.
fn over_all(check: impl Fn(&Folder) -> Vec<String>) {
    let shipped = folder::shipped();
    assert!(shipped.len() >= 3, "the specs were not found");
    let complaints = shipped.iter().flat_map(|folder| {
        let told = move |complaint| format!("{}: {complaint}", folder.name);
        check(folder).into_iter().map(told)
    });
    tree::none(&complaints.collect::<Vec<_>>());
}

#[test]
fn inventories_and_documents_say_the_same() {
    over_all(inventory::compare);
}

#[test]
fn errata_hold() {
    over_all(errata::check);
}

#[test]
fn extensions_keep_to_their_schema() {
    over_all(extension::check);
}

#[test]
fn samples_and_defaults_fit_their_schemas() {
    over_all(sample::check);
}

#[test]
fn shared_files_agree_with_what_stands_beside_them() {
    let shared = folder::shared();
    for check in [inventory::compare, errata::check, extension::others, sample::check] {
        tree::none(&check(&shared));
    }
}

#[test]
fn shared_schemas_name_no_document_but_that_of_their_inventory() {
    let shared = folder::shared();
    let schemas = folder::components(&shared.others).filter(whole::Component::is_schema);
    let complaints = schemas.filter_map(|schema| {
        let source = &shared.component(&schema)?["x-provenance"];
        let is_another = source
            .get("document")
            .is_some_and(|document| Some(document) != shared.inventory.get("document"));
        is_another.then(|| format!("{}: {} names another source", schema.file, schema.name))
    });
    tree::none(&complaints.collect::<Vec<_>>());
}

#[test]
fn every_shared_thing_is_used() {
    let shipped = folder::shipped();
    let taken: Vec<_> = shipped.iter().map(|folder| whole::whole(folder).taken).collect();
    // With fewer than two documents there is nothing to share yet, so nothing can be left over.
    if taken.iter().filter(|taken| !taken.is_empty()).count() < 2 {
        return;
    }
    let used = taken.into_iter().flatten().collect();
    let unused: BTreeSet<_> = shipped.iter().flat_map(|folder| unused(folder, &used)).collect();
    tree::none(&unused.into_iter().collect::<Vec<_>>());
}

/// The things of other files that no document uses.
fn unused(folder: &Folder, used: &BTreeSet<whole::Component>) -> BTreeSet<String> {
    let all = folder::components(&folder.others).filter(|thing| !used.contains(thing));
    all.map(|thing| format!("{}: no spec uses {} of {}", thing.file, thing.name, thing.section))
        .collect()
}

/// A folder in which everything agrees.
fn sound() -> Folder {
    Folder {
        name: "sound".to_owned(),
        document: read(include_str!("../data/sound/openapi.yaml")),
        others: [("../shared/colours.yaml", include_str!("../data/shared/colours.yaml"))]
            .map(|(name, text)| (name.to_owned(), read(text)))
            .into(),
        has_rows_of_others: false,
        inventory: read(include_str!("../data/sound/inventory.yaml")),
        errata: read(include_str!("../data/sound/errata.yaml")),
        workflows: None,
    }
}

fn read(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

/// What one change of the document brings up.
fn after(pointer: &str, value: Option<Value>, check: fn(&Folder) -> Vec<String>) -> Vec<String> {
    let mut folder = sound();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    let parent = folder.document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => parent.insert(member.replace("~1", "/"), value),
        None => parent.remove(&member.replace("~1", "/")),
    };
    check(&folder)
}

#[test]
fn a_sound_folder_brings_no_complaint() {
    for check in [inventory::compare, errata::check, extension::check, sample::check] {
        assert_eq!(check(&sound()), Vec::<String>::new());
    }
}

/// One change, and the complaint it must bring.
type Case = (&'static str, Option<Value>, &'static str);

#[test]
fn what_the_document_lacks_or_adds_is_told() {
    let get = "/paths/~1things~1{id}/get";
    let cases: [Case; 9] = [
        (get, None, "GET /things/{id}: not in the document"),
        (
            "/paths/~1more",
            Some(json!({ "get": { "responses": {} } })),
            "GET /more: not in the inventory",
        ),
        (
            "/paths/~1things~1{id}/get/responses/404",
            None,
            "GET /things/{id} 404: not in the document",
        ),
        ("/components/schemas/Thing/properties/state", None, "Thing.state: not in the document"),
        (
            "/components/schemas/Thing/properties/extra",
            Some(json!({ "type": "string" })),
            "Thing.extra: not in the inventory",
        ),
        (
            "/components/schemas/Thing/properties/state/enum",
            Some(json!(["open"])),
            r#"Thing.state: enum is ["open"], not ["open","closed"]"#,
        ),
        (
            "/components/schemas/Thing/properties/parts/items",
            Some(json!({ "type": "string" })),
            "Thing.parts: items is string, not Part",
        ),
        (
            "/components/schemas/Thing/required",
            Some(json!(["state"])),
            "Thing.state: required, which the row does not say",
        ),
        (
            "/components/schemas/Loose",
            Some(json!({ "type": "object" })),
            "schema Loose: not in the inventory",
        ),
    ];
    for (pointer, value, told) in cases {
        let complaints = after(pointer, value, inventory::compare);
        assert!(complaints.contains(&told.to_owned()), "{pointer}: {complaints:#?}");
    }
}

#[test]
fn an_erratum_that_no_longer_holds_is_told() {
    let state = "/components/schemas/Thing/properties/state/type";
    assert_eq!(after(state, Some(json!("integer")), errata::check).len(), 1);
    assert_eq!(after(state, None, errata::check).len(), 1);
    let mut folder = sound();
    folder.inventory["schemas"][0]["properties"][0]["erratum"] = json!({ "type": "XY-9" });
    assert_eq!(errata::check(&folder), ["a row names the erratum XY-9, which is not there"]);
}

#[test]
fn an_erratum_about_another_file_is_told_there() {
    let mut folder = sound();
    let colours = folder.others.get_mut("../shared/colours.yaml").unwrap();
    colours["components"]["schemas"]["Shade"]["properties"]["dark"]["type"] = json!("string");
    assert_eq!(errata::check(&folder).len(), 1);
    folder.others.clear();
    assert_eq!(
        errata::check(&folder),
        ["XY-3: ../shared/colours.yaml is no file that it refers to"]
    );
}

#[test]
fn a_reference_out_of_the_document_is_followed() {
    let pointer = "/components/schemas/Thing/properties/colour/$ref";
    let colour = |reference: &str| {
        after(pointer, Some(json!(reference)), inventory::compare).first().cloned().unwrap()
    };
    assert_eq!(
        colour("../shared/colours.yaml#/components/schemas/Hue"),
        "../shared/colours.yaml#/components/schemas/Hue is not there"
    );
    assert_eq!(
        colour("../shared/colours.yaml#/schemas/Colour"),
        "../shared/colours.yaml#/schemas/Colour leads to no component"
    );
    assert_eq!(colour("#/components/schemas/Hue"), "#/components/schemas/Hue leads nowhere");
    assert_eq!(colour("#/components/schemas/Part"), "Thing.colour: type is Part, not Colour");
}

#[test]
fn a_name_that_is_taken_twice_is_told() {
    let own = Some(json!({ "type": "string" }));
    assert_eq!(
        after("/components/schemas/Shade", own, inventory::compare),
        ["../shared/colours.yaml: there is another Shade in schemas"]
    );
}

#[test]
fn a_shared_thing_that_nothing_uses_is_told() {
    let mut folder = sound();
    let used = whole::whole(&folder).taken;
    assert_eq!(unused(&folder, &used), BTreeSet::new());
    let colours = folder.others.get_mut("../shared/colours.yaml").unwrap();
    colours["components"]["schemas"]["Hue"] = json!({});
    assert_eq!(
        unused(&folder, &used),
        BTreeSet::from(["../shared/colours.yaml: no spec uses Hue of schemas".to_owned()])
    );
}

#[test]
fn a_wrong_extension_is_told() {
    let get = "/paths/~1things~1{id}/get";
    let wrong = json!({ "style": "offset", "items": ["/things"] });
    assert_eq!(after(&format!("{get}/x-pagination"), Some(wrong), extension::check).len(), 2);
    let unknown = after(&format!("{get}/x-paging"), Some(json!({})), extension::check);
    assert_eq!(unknown, ["/paths/~1things~1{id}/get: x-paging is no extension"]);
}

#[test]
fn a_sample_that_does_not_fit_is_told() {
    let state = "/components/schemas/Thing/properties/state/default";
    assert_eq!(after(state, Some(json!("ajar")), sample::check).len(), 1);
    let sample = "/paths/~1things~1{id}/get/responses/200/content/application~1json/example";
    let mut folder = sound();
    let content = folder.document.pointer_mut(sample).unwrap();
    *content = json!({ "state": "ajar" });
    assert_eq!(sample::check(&folder).len(), 1);
}
