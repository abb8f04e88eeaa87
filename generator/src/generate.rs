//! The writing half in one step: contracts in, a file tree and diagnostics out. Writes nothing to disk.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::contract::{Api, Place, Pointer};
use crate::diagnostic::Diagnostics;
use crate::emit::{self, Gate, Parts, PlannedFile, SERVER, TagFeatures, Types, WEBSOCKET, YAML};
use crate::layout;
use crate::manifest::Manifest;
use crate::name::{Case, Name, Names, shared_files};
use crate::share::Shared;
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
    generate_parts(apis, shape, Parts::All, false)
}

/// The same with a part of it alone, or with a feature for each tag.
#[must_use]
pub fn generate_parts(
    apis: &[Module<'_>],
    shape: &Output,
    parts: Parts,
    tag_features: bool,
) -> (FileTree, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let (command, prefix) = match shape {
        Output::InTree => ("cargo xtask codegen", ""),
        Output::Crate { .. } => ("codegen", "src/"),
    };
    let mut writer =
        Writer { tree: FileTree::default(), diagnostics: &mut diagnostics, command, prefix };
    apis.iter().for_each(|module| outgoing(module.api, writer.diagnostics));
    let features = features(apis, shape);
    let nowhere = nowhere();
    let contracts: Vec<&Api> = apis.iter().map(|module| module.api).collect();
    let shared = match features.as_slice() {
        [] => Shared::none(apis.len()),
        _ => Shared::of(&contracts, writer.diagnostics),
    };
    let shared_names = Names::of_shared(&shared);
    let names: Vec<Names> = (0..)
        .zip(apis)
        .map(|(number, module)| {
            Names::of(module.name, module.api).sharing(shared.of_api(number), &shared_names)
        })
        .collect();
    let gate = |number: usize| Gate::of(features.get(number).cloned());
    let mut modules: Vec<(&Name, Gate)> =
        (0..).zip(&names).map(|(number, names)| (names.module(), gate(number))).collect();
    modules.extend(writer.shared(&shared, &shared_names, &features));
    modules.sort_by_key(|(name, _)| *name);
    let sources: Vec<&str> = apis.iter().map(|module| module.source).collect();
    let origin = match shape {
        Output::InTree => "the shipped specs".to_owned(),
        Output::Crate { .. } => sources.join(", "),
    };
    writer.print(emit::library(&modules), &origin, &nowhere);
    for (path, text) in emit::support(parts) {
        writer.insert(path, text, &nowhere);
    }
    let tags: Vec<TagFeatures> = (0..)
        .zip(apis.iter().zip(&names))
        .map(|(number, (module, names))| match tag_features {
            true => TagFeatures::of(module.api, names, features.get(number).map(String::as_str)),
            false => TagFeatures::default(),
        })
        .collect();
    if let Output::Crate { package } = shape {
        let needs = apis.iter().flat_map(|module| emit::needs(module.api)).collect();
        let manifest = Manifest::new(package, &features, &tags, &needs, parts);
        writer.manifest(&manifest);
    }
    let mut told = Diagnostics::default();
    for ((module, names), tags) in apis.iter().zip(&names).zip(&tags) {
        let types = Types::new(module.api, names);
        let place = Place { source: Arc::clone(&module.api.source), ..nowhere.clone() };
        let mut sink = |file| writer.print(file, module.source, &place);
        emit::module(&types, parts, tags, &mut told, &mut sink);
    }
    let tree = writer.tree;
    diagnostics.append(told);
    (tree, diagnostics)
}

/// A program beside what [`generate`] makes of the same modules as the crate of that name, for tests: it serves each of
/// the APIs within its process, tells what arrived, and gives the answers that it is told to give.
#[must_use]
pub fn harness(apis: &[Module<'_>], package: &str) -> Vec<(String, String)> {
    let folder = "src/bin/harness";
    let mut files = vec![(format!("{folder}/echo.rs"), emit::server::ECHO.to_owned())];
    let mut modules = String::new();
    let mut arms = String::new();
    for module in apis {
        let names = Names::of(module.name, module.api);
        let name = names.module();
        if let Some(text) = emit::server::harness(&Types::new(module.api, &names)) {
            files.push((format!("{folder}/{name}.rs"), text));
            modules.push_str(&format!("mod {name};\n"));
            arms.push_str(&format!(
                "{:?} => Some(({name}::router(), {name}::ANSWERS)),\n",
                module.name
            ));
        }
    }
    let package = package.replace('-', "_");
    let main = format!(
        "extern crate {package} as emitted;\nmod echo;\n{modules}\nfn main() {{ echo::run(|name| match name {{ {arms} _ => None }}) }}\n"
    );
    files.push((format!("{folder}/main.rs"), main));
    files
}

/// Says of what an API sends that nothing is made of it.
fn outgoing(api: &Api, diagnostics: &mut Diagnostics) {
    let callbacks = api.operations.iter().flat_map(|operation| &operation.callbacks);
    let each = api.webhooks.iter().map(|sent| ("webhook", sent));
    for (what, sent) in each.chain(callbacks.map(|sent| ("callback", sent))) {
        let message = format_args!(
            "the {what} `{}` is in the contract, and nothing is generated for it",
            sent.name
        );
        let help = "nothing to do if the server sends it by other means";
        diagnostics.warning("not-generated", &sent.place, message, help);
    }
}

struct Writer<'d> {
    tree: FileTree,
    diagnostics: &'d mut Diagnostics,
    /// What makes the files.
    command: &'static str,
    /// What their paths begin with.
    prefix: &'static str,
}

impl Writer<'_> {
    fn print(&mut self, file: PlannedFile, source: &str, place: &Place) {
        let path = file.path.clone();
        match layout::render(file, self.command, source) {
            Ok(text) => self.insert(&path, text, place),
            Err(error) => {
                let message = format_args!("{path} was not written: {error}");
                self.diagnostics.error("not-as-planned", place, message, "");
            }
        }
    }

    /// Writes what several APIs use, and tells the module that holds it, if there is any.
    fn shared<'n>(
        &mut self,
        shared: &Shared,
        names: &'n Names,
        features: &[String],
    ) -> Option<(&'n Name, Gate)> {
        let gate = |users: &[usize]| {
            Gate::of(users.iter().filter_map(|number| features.get(*number).cloned()))
        };
        let files = shared_files(shared);
        let gates: BTreeMap<&Name, Gate> =
            files.iter().map(|(source, name)| (name, gate(&shared.users(source)))).collect();
        let users: BTreeSet<usize> = files.keys().flat_map(|source| shared.users(source)).collect();
        if users.is_empty() {
            return None;
        }
        let types = Types::new(shared.api(), names);
        for (source, file) in emit::shared(&types, &gates, self.diagnostics) {
            let place = Place { source: Arc::clone(&source), ..nowhere() };
            self.print(file, &source, &place);
        }
        let users: Vec<usize> = users.into_iter().collect();
        Some((names.module(), gate(&users)))
    }

    fn insert(&mut self, path: &str, text: String, place: &Place) {
        if let Err(duplicate) = self.tree.insert(&format!("{}{path}", self.prefix), text) {
            self.diagnostics.error("duplicate-file", place, duplicate, "");
        }
    }

    /// Writes the manifest, beside the folder that holds all else.
    fn manifest(&mut self, manifest: &Manifest) {
        let text = toml::to_string(manifest).map_err(|error| error.to_string());
        let written = text.and_then(|text| {
            self.tree.insert("Cargo.toml", text).map_err(|error| error.to_string())
        });
        if let Err(error) = written {
            self.diagnostics.error("not-as-planned", &nowhere(), error, "");
        }
    }
}

fn nowhere() -> Place {
    Place { source: Arc::from("output"), pointer: Pointer::root(), line: 1, column: 1 }
}

/// The feature of each API, by its number; none where a crate holds a single one.
fn features(apis: &[Module<'_>], shape: &Output) -> Vec<String> {
    if apis.len() < 2 && *shape != Output::InTree {
        return Vec::new();
    }
    apis.iter().map(|module| feature(module.name)).collect()
}

/// The feature that switches a module on.
#[must_use]
pub fn feature(module: &str) -> String {
    let name = Name::new(module, Case::Module).as_str().replace('_', "-");
    match name.as_str() {
        SERVER | WEBSOCKET | YAML | "default" => format!("{name}-api"),
        _ => name,
    }
}
