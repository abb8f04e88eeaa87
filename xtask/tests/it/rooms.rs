//! The rooms of a crate stand in a line: each uses only those before it.

use std::collections::BTreeMap;

use syn::UseTree;
use syn::visit::Visit;

use crate::tree;

/// A crate's folder and its rooms, each after everything it uses.
const LINES: &[(&str, &[&str])] = &[
    (
        "generator/src",
        &[
            "contract",
            "source",
            "diagnostic",
            "document",
            "overlay",
            "resolve",
            "pattern",
            "lower",
            "reading",
            "select",
            "surface",
            "share",
            "name",
            "emit",
            "layout",
            "manifest",
            "report",
            "tree",
            "disk",
            "generate",
            "cli",
        ],
    ),
    (
        "conformance/src",
        &[
            "rule",
            "frame",
            "probe",
            "transcript",
            "verdict",
            "workflow",
            "strategy",
            "call",
            "judge",
            "wire",
            "run",
            "report",
            "mock",
            "cli",
        ],
    ),
];

/// Uses that a line cannot draw, each with its reason.
const EXCEPTIONS: &[(&str, &str, &str)] =
    &[("rule", "strategy", "which rules apply depends on what values can be made")];

#[test]
fn rooms_use_only_rooms_before_them() {
    let mut complaints = Vec::new();
    for (folder, line) in LINES {
        let order: BTreeMap<_, _> =
            line.iter().enumerate().map(|(index, room)| (*room, index)).collect();
        for (path, text) in tree::files(&tree::root().join(folder), ".rs") {
            let inside = path.strip_prefix(tree::root().join(folder)).unwrap();
            let room = inside
                .components()
                .next()
                .unwrap()
                .as_os_str()
                .to_string_lossy()
                .replace(".rs", "");
            if room == "lib" || room == "main" {
                continue;
            }
            let Some(own) = order.get(room.as_str()) else {
                complaints.push(format!("{} is in no room of the line", tree::told(&path)));
                continue;
            };
            for used in used_rooms(&text) {
                let excused = EXCEPTIONS.iter().any(|(from, to, _)| *from == room && *to == used);
                if order.get(used.as_str()).is_some_and(|index| index > own) && !excused {
                    complaints.push(format!(
                        "{}: {room} uses {used}, which comes later",
                        tree::told(&path)
                    ));
                }
            }
        }
    }
    tree::none(&complaints);
}

#[test]
fn the_roots_define_nothing() {
    let mut complaints = Vec::new();
    for (path, text) in tree::written() {
        if !path.ends_with("src/lib.rs") {
            continue;
        }
        for item in syn::parse_file(&text).unwrap().items {
            if !matches!(item, syn::Item::Mod(ref module) if module.content.is_none())
                && !matches!(item, syn::Item::Use(_))
            {
                complaints.push(format!("{} defines something", tree::told(&path)));
            }
        }
    }
    tree::none(&complaints);
}

/// The rooms that a file names after `crate::`.
fn used_rooms(text: &str) -> Vec<String> {
    #[derive(Default)]
    struct Found(Vec<String>);

    impl<'ast> Visit<'ast> for Found {
        fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
            if let UseTree::Path(path) = &item.tree
                && path.ident == "crate"
            {
                self.take(&path.tree);
            }
        }

        fn visit_path(&mut self, path: &'ast syn::Path) {
            let mut segments = path.segments.iter();
            if segments.next().is_some_and(|first| first.ident == "crate")
                && let Some(room) = segments.next()
            {
                self.0.push(room.ident.to_string());
            }
            syn::visit::visit_path(self, path);
        }
    }

    impl Found {
        fn take(&mut self, tree: &UseTree) {
            match tree {
                UseTree::Path(path) => self.0.push(path.ident.to_string()),
                UseTree::Name(name) => self.0.push(name.ident.to_string()),
                UseTree::Group(group) => group.items.iter().for_each(|item| self.take(item)),
                UseTree::Rename(rename) => self.0.push(rename.ident.to_string()),
                UseTree::Glob(_) => {}
            }
        }
    }

    let mut found = Found::default();
    let mut file = syn::parse_file(text).unwrap();
    // Tests may use what they like.
    file.items.retain(|item| !matches!(item, syn::Item::Mod(module) if module.ident == "tests"));
    found.visit_file(&file);
    found.0
}
