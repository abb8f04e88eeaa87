//! The writing half in one step: contracts in, a file tree and diagnostics out. Writes nothing to disk.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::contract::{Api, Place, Pointer};
use crate::diagnostic::Diagnostics;
use crate::emit::{self, DEPENDENCIES, PlannedFile, SUPPORT, Types};
use crate::layout;
use crate::name::Names;
use crate::tree::FileTree;

/// An API to generate, as a module of its own.
#[derive(Clone, Copy, Debug)]
pub struct Module<'a> {
    /// What the module is called; any text, an identifier is made of it.
    pub name: &'a str,
    /// The path of the document, as the banner of each file shows it.
    pub source: &'a str,
    /// The contract.
    pub api: &'a Api,
}

/// What the output is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The source folder of a crate that has a manifest already.
    InTree,
    /// A crate that builds on its own, also inside the folder of another workspace.
    Crate {
        /// The name of the package.
        package: String,
    },
}

/// Generates every API. A file that cannot be made as planned is left out and told.
#[must_use]
pub fn generate(apis: &[Module<'_>], shape: &Output) -> (FileTree, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut writer =
        Writer { tree: FileTree::default(), diagnostics: &mut diagnostics, prefix: "" };
    if let Output::Crate { package } = shape {
        writer.manifest(package);
        writer.prefix = "src/";
    }
    let names: Vec<Names> = apis.iter().map(|module| Names::of(module.name, module.api)).collect();
    let modules: Vec<_> = names.iter().map(Names::module).collect();
    let nowhere =
        Place { source: Arc::from("output"), pointer: Pointer::root(), line: 1, column: 1 };
    writer.print(&emit::library(&modules), "the shipped specs", &nowhere);
    for (path, text) in SUPPORT {
        writer.insert(path, (*text).to_owned(), &nowhere);
    }
    for (module, names) in apis.iter().zip(&names) {
        let types = Types::new(module.api, names);
        let place = Place { source: Arc::clone(&module.api.source), ..nowhere.clone() };
        for file in emit::module(&types, writer.diagnostics) {
            writer.print(&file, module.source, &place);
        }
    }
    (writer.tree, diagnostics)
}

struct Writer<'d> {
    tree: FileTree,
    diagnostics: &'d mut Diagnostics,
    prefix: &'static str,
}

impl Writer<'_> {
    fn print(&mut self, file: &PlannedFile, source: &str, place: &Place) {
        match layout::render(file, source) {
            Ok(text) => self.insert(&file.path, text, place),
            Err(error) => {
                let message = format_args!("{} was not written: {error}", file.path);
                self.diagnostics.error("not-as-planned", place, message, "");
            }
        }
    }

    fn insert(&mut self, path: &str, text: String, place: &Place) {
        if let Err(duplicate) = self.tree.insert(&format!("{}{path}", self.prefix), text) {
            self.diagnostics.error("duplicate-file", place, duplicate, "");
        }
    }

    fn manifest(&mut self, package: &str) {
        let place =
            Place { source: Arc::from("output"), pointer: Pointer::root(), line: 1, column: 1 };
        match toml::to_string(&Manifest::new(package)) {
            Ok(text) => self.insert("Cargo.toml", text, &place),
            Err(error) => self.diagnostics.error("not-as-planned", &place, error, ""),
        }
    }
}

/// `Cargo.toml`, as far as the output needs it.
#[derive(Serialize)]
struct Manifest {
    package: Package,
    dependencies: BTreeMap<&'static str, ManifestDependency>,
    lib: Library,
    workspace: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Package {
    name: String,
    version: &'static str,
    edition: &'static str,
    publish: bool,
}

#[derive(Serialize)]
struct Library {
    doctest: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ManifestDependency {
    version: &'static str,
    #[serde(skip_serializing_if = "Clone::clone")]
    default_features: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    features: &'static [&'static str],
}

impl Manifest {
    fn new(package: &str) -> Self {
        let dependencies = DEPENDENCIES.iter().map(|dependency| {
            let entry = ManifestDependency {
                version: dependency.version,
                default_features: dependency.default_features,
                features: dependency.features,
            };
            (dependency.name, entry)
        });
        let package =
            Package { name: package.to_owned(), version: "0.0.0", edition: "2024", publish: false };
        Self {
            package,
            dependencies: dependencies.collect(),
            lib: Library { doctest: false },
            workspace: BTreeMap::new(),
        }
    }
}
