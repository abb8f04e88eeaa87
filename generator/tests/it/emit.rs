//! What is emitted for each document, as a snapshot to read.

use generator::Output;

use crate::fixture;

#[test]
fn emitted_code_reads_as_the_snapshots() {
    for fixture in fixture::all() {
        let name = &fixture.name;
        // A server without operations is the same everywhere.
        let left_out = if fixture.api.operations.is_empty() { "/server/" } else { "//" };
        let own = fixture::in_tree()
            .iter()
            .filter(|(path, _)| path.starts_with(&format!("{name}/")) && !path.contains(left_out));
        let text: String = own.map(|(path, text)| format!("==> {path}\n{text}\n")).collect();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("emit_{name}"), text);
        });
    }
}

#[test]
fn shared_schemas_read_as_the_snapshot() {
    let shared = fixture::in_tree().iter().filter(|(path, _)| path.starts_with("shared/"));
    let text: String = shared.map(|(path, text)| format!("==> {path}\n{text}\n")).collect();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("emit_shared", text);
    });
}

#[test]
fn who_shares_does_not_matter_for_what_is_shared() {
    let text = |fixtures: &[fixture::Fixture]| -> String {
        let tree = fixture::tree(fixtures, &Output::InTree);
        let shared = tree.iter().filter(|(path, _)| path.starts_with("shared/harbour/"));
        shared.map(|(path, text)| format!("==> {path}\n{text}\n")).collect()
    };
    let mut fixtures = fixture::read_all();
    let forwards = text(&fixtures);
    fixtures.reverse();
    assert_eq!(text(&fixtures), forwards);
    fixtures.retain(|fixture| fixture.name == "shared_other");
    assert_eq!(text(&fixtures), forwards);
}

#[test]
fn a_crate_of_one_document_keeps_everything_in_one_module() {
    let mut fixtures = fixture::read_all();
    fixtures.retain(|fixture| fixture.name == "shared_one");
    let tree = fixture::tree(&fixtures, &Output::Crate { package: "alone".to_owned() });
    assert!(tree.get("src/shared_one/models/ship.rs").is_some());
    let manifest: toml::Table = tree.get("Cargo.toml").unwrap().parse().unwrap();
    let servers = manifest["features"]["server"].as_array().unwrap();
    assert!(
        servers.iter().all(|needed| needed.as_str().unwrap().starts_with("dep:")),
        "{servers:?}"
    );
    assert!(tree.iter().all(|(path, _)| !path.starts_with("src/shared/")));
}

#[test]
fn the_same_contract_gives_the_same_bytes() {
    assert_eq!(*fixture::in_tree(), fixture::tree(&fixture::read_all(), &Output::InTree));
}

#[test]
fn a_crate_is_the_same_sources_below_a_manifest() {
    let in_tree = fixture::in_tree();
    let package = "a \"quoted\" name".to_owned();
    let tree = fixture::tree(fixture::all(), &Output::Crate { package });
    let manifest = tree.get("Cargo.toml").unwrap();
    assert!(manifest.contains("[workspace]\n"), "{manifest}");
    assert!(manifest.contains("name = 'a \"quoted\" name'\n"), "{manifest}");
    assert_eq!(tree.len(), in_tree.len() + 1);
    // The first line says what made a file, and of which documents.
    let after_banner = |text: &str| text.split_once('\n').map(|(_, rest)| rest.to_owned());
    for (path, text) in in_tree.iter() {
        let found = tree.get(&format!("src/{path}"));
        assert_eq!(found.and_then(after_banner), after_banner(text), "{path}");
    }
}
