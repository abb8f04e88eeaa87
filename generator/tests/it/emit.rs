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
    for (path, text) in in_tree.iter() {
        assert_eq!(tree.get(&format!("src/{path}")), Some(text));
    }
}
