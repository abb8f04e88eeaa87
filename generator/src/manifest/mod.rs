//! `Cargo.toml` of the output: what the output needs of it, and how that is merged with what a user made of it.
//! Touches no disk.

mod merge;

pub use merge::{MergeError, merge};

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::emit::{DEPENDENCIES, Parts, SERVER, TagFeatures, WEBSOCKET, YAML};

/// `Cargo.toml`, as far as the output needs it.
#[derive(Serialize)]
pub(crate) struct Manifest {
    package: Package,
    features: BTreeMap<String, Vec<String>>,
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
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    optional: bool,
}

impl Manifest {
    /// The manifest of a package with a feature for each API, if there are several, and for each tag, whose servers
    /// cannot do without `needs`.
    pub(crate) fn new(
        package: &str,
        features: &[String],
        tags: &[TagFeatures],
        needs: &BTreeSet<&str>,
        parts: Parts,
    ) -> Self {
        let has_server = parts != Parts::Models;
        let of = |feature: &str| -> Vec<String> {
            let own = DEPENDENCIES.iter().filter(|it| it.feature == Some(feature));
            own.map(|dependency| format!("dep:{}", dependency.name)).collect()
        };
        let servers = of(SERVER).into_iter().chain(needs.iter().map(ToString::to_string));
        let mut table: BTreeMap<String, Vec<String>> =
            features.iter().map(|feature| (feature.clone(), Vec::new())).collect();
        for (number, tags) in (0..).zip(tags) {
            let api: Vec<String> = features.get(number).cloned().into_iter().collect();
            table.extend(tags.iter().map(|tag| (tag.to_owned(), api.clone())));
        }
        let server = has_server.then(|| SERVER.to_owned());
        let default = table.keys().cloned().chain(server).collect();
        table.insert("default".to_owned(), default);
        if has_server {
            table.insert(SERVER.to_owned(), servers.collect());
            table.extend([WEBSOCKET, YAML].map(|feature| (feature.to_owned(), of(feature))));
        }
        let needed = DEPENDENCIES.iter().filter(|it| has_server || it.feature.is_none());
        let dependencies = needed.map(|dependency| {
            let entry = ManifestDependency {
                version: dependency.version,
                default_features: dependency.default_features,
                features: dependency.features,
                optional: dependency.feature.is_some(),
            };
            (dependency.name, entry)
        });
        let package =
            Package { name: package.to_owned(), version: "0.0.0", edition: "2024", publish: false };
        Self {
            package,
            features: table,
            dependencies: dependencies.collect(),
            lib: Library { doctest: false },
            workspace: BTreeMap::new(),
        }
    }
}
