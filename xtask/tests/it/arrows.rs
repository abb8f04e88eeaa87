//! Which crate of the workspace may depend on which, as `ARCHITECTURE.md` draws it.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// A crate, the kind of dependency, and what it may depend on.
const ARROWS: &[(&str, DependencyKind, &str)] = &[
    ("conformance", DependencyKind::Normal, "generator"),
    ("conformance", DependencyKind::Development, "conformance"),
    ("conformance", DependencyKind::Development, "generated"),
    ("conformance", DependencyKind::Development, "reference"),
    ("reference", DependencyKind::Normal, "generated"),
    ("truth", DependencyKind::Normal, "conformance"),
    ("truth", DependencyKind::Normal, "generator"),
    ("xtask", DependencyKind::Normal, "generator"),
];

#[test]
fn crates_depend_as_drawn() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let names: BTreeSet<_> =
        metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let found: BTreeSet<_> = metadata
        .packages
        .iter()
        .flat_map(|package| {
            package.dependencies.iter().filter(|dependency| names.contains(&dependency.name)).map(
                |dependency| {
                    format!("{} → {} ({:?})", package.name, dependency.name, dependency.kind)
                },
            )
        })
        .collect();
    let drawn: BTreeSet<_> =
        ARROWS.iter().map(|(from, kind, to)| format!("{from} → {to} ({kind:?})")).collect();
    assert_eq!(found, drawn);
}

#[test]
fn the_mock_server_is_behind_its_feature() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let conformance =
        metadata.packages.iter().find(|package| package.name.as_str() == "conformance").unwrap();
    let wiremock =
        conformance.dependencies.iter().find(|dependency| dependency.name == "wiremock").unwrap();
    assert!(wiremock.optional);
    assert_eq!(conformance.features.get("mock").unwrap(), &["dep:wiremock"]);
}
