//! Every member inherits package fields, lints and dependency versions from the workspace.

use crate::tree;

const INHERITED: [&str; 7] = [
    "version.workspace = true",
    "edition.workspace = true",
    "rust-version.workspace = true",
    "license.workspace = true",
    "publish.workspace = true",
    "description = ",
    "[lints]\nworkspace = true",
];

#[test]
fn members_inherit() {
    let mut complaints = Vec::new();
    for (path, text) in members() {
        for line in INHERITED.iter().filter(|line| !text.contains(*line)) {
            complaints.push(format!("{} lacks `{line}`", tree::told(&path)));
        }
    }
    tree::none(&complaints);
}

#[test]
fn versions_stand_once() {
    let mut complaints = Vec::new();
    for (path, text) in members() {
        let dependencies = text
            .split("\n[")
            .filter(|part| part.lines().next().is_some_and(|head| head.contains("dependencies]")));
        for line in dependencies.flat_map(|part| part.lines().skip(1)) {
            let own = line.contains('=')
                && !line.contains("workspace = true")
                && !line.contains("path = ")
                && !line.trim_start().starts_with('#');
            if own {
                complaints
                    .push(format!("{}: `{line}` states a version of its own", tree::told(&path)));
            }
        }
    }
    tree::none(&complaints);
}

fn members() -> Vec<(std::path::PathBuf, String)> {
    let root = tree::root().join("Cargo.toml");
    let found = tree::files(&tree::root(), "Cargo.toml");
    let members: Vec<_> = found
        .into_iter()
        .filter(|(path, text)| *path != root && text.contains("[package]"))
        // A workspace of its own inherits nothing.
        .filter(|(_, text)| !text.contains("\n[workspace]"))
        .collect();
    assert!(members.len() >= 5, "the members were not found");
    members
}
