//! The manifest of an emitted crate says what this workspace says: the same versions, and no
//! feature that is not tested here. Every support file goes along.

use std::fs;
use std::path::Path;

use generator::emit::{DEPENDENCIES, SUPPORT, WEBSOCKET, YAML};
use generator::generate::feature;
use generator::manifest::merge;
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
            .map(|features| {
                features.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
            })
            .unwrap_or_default();
        let found = (dependency.version, dependency.default_features);
        assert_eq!(found, (version, defaults), "{}", dependency.name);
        let extra = dependency
            .features
            .iter()
            .find(|feature| !features.iter().any(|tested| tested.starts_with(**feature)));
        assert_eq!(extra, None, "{}", dependency.name);
    }
}

#[test]
fn the_generated_crate_depends_on_the_same() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest =
        fs::read_to_string(root.join("generated/Cargo.toml")).unwrap().parse::<Table>().unwrap();
    let is_optional = |entry: &toml::Value| {
        entry.get("optional").is_some_and(|flag| flag.as_bool() == Some(true))
    };
    let found = manifest["dependencies"].as_table().unwrap().iter();
    let found: Vec<_> = found.map(|(name, entry)| (name.as_str(), is_optional(entry))).collect();
    let mut wanted: Vec<_> =
        DEPENDENCIES.iter().map(|it| (it.name, it.feature.is_some())).collect();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

#[test]
fn the_generated_crate_has_a_feature_for_each_api() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let manifest =
        fs::read_to_string(root.join("generated/Cargo.toml")).unwrap().parse::<Table>().unwrap();
    let specs = fs::read_dir(root.join("specs")).unwrap().map(|entry| entry.unwrap().path());
    let mut features: Vec<String> = specs
        .filter(|path| path.join("openapi.yaml").is_file())
        .map(|path| feature(path.file_name().unwrap().to_str().unwrap()))
        .chain(["server".to_owned()])
        .collect();
    features.sort_unstable();
    let table = manifest["features"].as_table().unwrap();
    let texts = |key: &str| -> Vec<String> {
        table[key]
            .as_array()
            .unwrap()
            .iter()
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    let mut default = texts("default");
    default.sort_unstable();
    assert_eq!(default, features, "`default` of generated/Cargo.toml is every API and the server");
    let of = |feature: &str| -> Vec<String> {
        let own = DEPENDENCIES.iter().filter(|it| it.feature == Some(feature));
        own.map(|dependency| format!("dep:{}", dependency.name)).collect()
    };
    let optional = [WEBSOCKET, YAML];
    features.extend(optional.map(str::to_owned));
    features.sort_unstable();
    let found: Vec<&String> = table.keys().filter(|key| *key != "default").collect();
    assert_eq!(found, features.iter().collect::<Vec<_>>());
    let wanted: Vec<String> = of("server").into_iter().chain(optional.map(str::to_owned)).collect();
    assert_eq!(texts("server"), wanted);
    for feature in optional {
        assert_eq!(texts(feature), of(feature));
    }
}

#[test]
fn every_support_file_goes_along() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join("support")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    let copied: Vec<&str> = SUPPORT.iter().map(|(path, _)| *path).collect();
    assert_eq!(found, copied);
}

/// A folder each: what was generated last, what a user made of it, and what is generated now.
#[test]
fn manifests_are_merged_and_never_overwritten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/manifest");
    for case in fs::read_dir(folder).unwrap() {
        let case = case.unwrap().path();
        let text = |name: &str| fs::read_to_string(case.join(name)).unwrap();
        let (found, before, wanted) =
            (text("found.toml"), text("before.toml"), text("wanted.toml"));
        let merged = merge(&found, &before, &wanted).unwrap();
        assert!(merged.parse::<Table>().is_ok(), "{merged}");
        assert_eq!(merge(&merged, &wanted, &wanted).unwrap(), merged, "a second time");
        let name = case.file_name().unwrap().to_str().unwrap();
        insta::assert_snapshot!(format!("manifest_{name}"), merged);
    }
    assert!(merge("a = ", "", "").is_err());
    assert!(merge("[a]\nb = 1\n[[c]]\nd = 1\n", "", "a = 1\nc = [1]").is_ok());
}
