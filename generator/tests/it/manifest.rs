//! The manifest of an emitted crate says what this workspace says: the same versions, the same features.

use std::fs;
use std::path::Path;

use generator::emit::DEPENDENCIES;
use toml::Table;

#[test]
fn emitted_crates_depend_on_what_the_workspace_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let workspace = fs::read_to_string(root.join("Cargo.toml")).unwrap().parse::<Table>().unwrap();
    let wanted = workspace["workspace"]["dependencies"].as_table().unwrap();
    for dependency in DEPENDENCIES {
        let entry = &wanted[dependency.name];
        let version = entry.as_str().unwrap_or_else(|| entry["version"].as_str().unwrap());
        let defaults = entry.get("default-features").is_none_or(|flag| flag.as_bool().unwrap());
        let features: Vec<&str> = entry
            .get("features")
            .map(|features| features.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect())
            .unwrap_or_default();
        let found = (dependency.version, dependency.default_features, dependency.features);
        assert_eq!(found, (version, defaults, features.as_slice()), "{}", dependency.name);
    }
}

#[test]
fn the_generated_crate_depends_on_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest = fs::read_to_string(root.join("generated/Cargo.toml")).unwrap().parse::<Table>().unwrap();
    let found: Vec<&String> = manifest["dependencies"].as_table().unwrap().keys().collect();
    let mut wanted: Vec<&str> = DEPENDENCIES.iter().map(|dependency| dependency.name).collect();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}
