//! Every construct has a document that shows it, and every document that is emitted is looked at in each way.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::fixture;

/// The construct, a text of the document, and the document.
type Row = (String, String, String);

fn rows() -> Vec<Row> {
    serde_yaml::from_str(&fs::read_to_string(fixture::data().join("constructs.yaml")).unwrap())
        .unwrap()
}

#[test]
fn every_construct_has_a_document() {
    let rows = rows();
    let names: BTreeSet<_> = rows.iter().map(|(construct, ..)| construct).collect();
    assert_eq!(names.len(), rows.len(), "a construct stands there twice");
    for (construct, shown, file) in &rows {
        let text = fs::read_to_string(fixture::data().join(file));
        let text = text.unwrap_or_else(|error| panic!("{construct}: {file}: {error}"));
        assert!(text.contains(shown), "{construct}: {file} does not show {shown}");
    }
}

#[test]
fn every_document_is_read_emitted_and_driven() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for fixture in fixture::all() {
        let name = &fixture.name;
        let snapshots = [
            format!("generator/tests/it/snapshots/emit_{name}.snap"),
            format!("conformance/truth/tests/it/snapshots/driven_{name}.snap"),
        ];
        for snapshot in snapshots {
            assert!(root.join(&snapshot).is_file(), "{snapshot} is missing");
        }
    }
}
