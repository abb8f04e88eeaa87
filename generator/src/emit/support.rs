//! What goes into every output as it stands: the support files, and what they and emitted code depend on.

use super::SERVER;

/// The support files: path below the output's root, and text.
pub const SUPPORT: &[(&str, &str)] = &[
    ("support/arena.rs", include_str!("../../support/arena.rs")),
    ("support/check.rs", include_str!("../../support/check.rs")),
    ("support/check/decimal.rs", include_str!("../../support/check/decimal.rs")),
    ("support/decode.rs", include_str!("../../support/decode.rs")),
    ("support/encode.rs", include_str!("../../support/encode.rs")),
    ("support/fault.rs", include_str!("../../support/fault.rs")),
    ("support/field.rs", include_str!("../../support/field.rs")),
    ("support/macros.rs", include_str!("../../support/macros.rs")),
    ("support/mod.rs", include_str!("../../support/mod.rs")),
    ("support/object.rs", include_str!("../../support/object.rs")),
    ("support/pattern.rs", include_str!("../../support/pattern.rs")),
    ("support/scalar.rs", include_str!("../../support/scalar.rs")),
    ("support/server/accept.rs", include_str!("../../support/server/accept.rs")),
    ("support/server/body.rs", include_str!("../../support/server/body.rs")),
    ("support/server/channels.rs", include_str!("../../support/server/channels.rs")),
    ("support/server/condition.rs", include_str!("../../support/server/condition.rs")),
    ("support/server/cookie.rs", include_str!("../../support/server/cookie.rs")),
    ("support/server/credential.rs", include_str!("../../support/server/credential.rs")),
    ("support/server/endpoint.rs", include_str!("../../support/server/endpoint.rs")),
    ("support/server/fault.rs", include_str!("../../support/server/fault.rs")),
    ("support/server/form.rs", include_str!("../../support/server/form.rs")),
    ("support/server/incoming.rs", include_str!("../../support/server/incoming.rs")),
    ("support/server/methods.rs", include_str!("../../support/server/methods.rs")),
    ("support/server/mod.rs", include_str!("../../support/server/mod.rs")),
    ("support/server/operation.rs", include_str!("../../support/server/operation.rs")),
    ("support/server/outgoing.rs", include_str!("../../support/server/outgoing.rs")),
    ("support/server/parameter.rs", include_str!("../../support/server/parameter.rs")),
    ("support/server/query.rs", include_str!("../../support/server/query.rs")),
    ("support/server/reader.rs", include_str!("../../support/server/reader.rs")),
    ("support/server/refuse.rs", include_str!("../../support/server/refuse.rs")),
    ("support/server/reply.rs", include_str!("../../support/server/reply.rs")),
    ("support/server/route.rs", include_str!("../../support/server/route.rs")),
    ("support/server/takeover.rs", include_str!("../../support/server/takeover.rs")),
    ("support/server/template.rs", include_str!("../../support/server/template.rs")),
    ("support/server/websocket.rs", include_str!("../../support/server/websocket.rs")),
    ("support/server/yaml.rs", include_str!("../../support/server/yaml.rs")),
    ("support/stream/length_prefixed.rs", include_str!("../../support/stream/length_prefixed.rs")),
    ("support/stream/lines.rs", include_str!("../../support/stream/lines.rs")),
    ("support/stream/mod.rs", include_str!("../../support/stream/mod.rs")),
    ("support/stream/raw.rs", include_str!("../../support/stream/raw.rs")),
    ("support/stream/switched.rs", include_str!("../../support/stream/switched.rs")),
    ("support/stream/text_lines.rs", include_str!("../../support/stream/text_lines.rs")),
    ("support/tree.rs", include_str!("../../support/tree.rs")),
    ("support/union.rs", include_str!("../../support/union.rs")),
];

/// What of an API is emitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Parts {
    /// Models, and the server with its streams behind a feature.
    #[default]
    All,
    /// Models alone.
    Models,
}

/// The support files that those parts need, by path.
pub fn support(parts: Parts) -> impl Iterator<Item = (&'static str, String)> {
    let is_needed = move |path: &str| {
        parts == Parts::All
            || !["support/server/", "support/stream/"].iter().any(|folder| path.starts_with(folder))
    };
    SUPPORT.iter().filter(move |(path, _)| is_needed(path)).map(move |(path, text)| {
        let is_list = *path == "support/mod.rs" && parts == Parts::Models;
        (*path, if is_list { without_server(text) } else { (*text).to_owned() })
    })
}

/// The list of support modules without those behind the server's feature.
fn without_server(text: &str) -> String {
    let gate = format!("#[cfg(feature = \"{SERVER}\")]");
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line == gate {
            lines.next();
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The feature of servers that talk over WebSocket.
pub const WEBSOCKET: &str = "websocket";

/// The feature of servers that take or give YAML.
pub const YAML: &str = "yaml";

/// A crate that the output depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Its name.
    pub name: &'static str,
    /// The version requirement.
    pub version: &'static str,
    /// Whether its default features are on.
    pub default_features: bool,
    /// Further features.
    pub features: &'static [&'static str],
    /// The feature without which nothing needs it.
    pub feature: Option<&'static str>,
}

impl Dependency {
    const fn new(name: &'static str, version: &'static str) -> Self {
        Self { name, version, default_features: true, features: &[], feature: None }
    }

    const fn with(self, features: &'static [&'static str]) -> Self {
        Self { features, ..self }
    }

    const fn of(self, feature: &'static str) -> Self {
        Self { feature: Some(feature), ..self }
    }

    const fn without_defaults(self) -> Self {
        Self { default_features: false, ..self }
    }
}

/// Every crate that the output depends on, by name.
pub const DEPENDENCIES: &[Dependency] = &[
    Dependency::new("axum", "0.8").without_defaults().with(&["http1", "tokio"]).of(SERVER),
    Dependency::new("base64", "0.23"),
    Dependency::new("bumpalo", "3.20"),
    Dependency::new("bytes", "1.12").of(SERVER),
    Dependency::new("fancy-regex", "0.20"),
    Dependency::new("futures-core", "0.3").of(SERVER),
    Dependency::new("futures-util", "0.3").without_defaults().with(&["sink", "std"]).of(SERVER),
    Dependency::new("http", "1.5").of(SERVER),
    Dependency::new("http-body", "1.0").of(SERVER),
    Dependency::new("http-body-util", "0.1").of(SERVER),
    Dependency::new("hyper", "1.12").of(SERVER),
    Dependency::new("hyper-util", "0.1").with(&["tokio"]).of(SERVER),
    Dependency::new("percent-encoding", "2.3").of(SERVER),
    Dependency::new("serde", "1.0").with(&["derive"]),
    Dependency::new("serde_json", "1.0"),
    Dependency::new("serde-saphyr", "2.1")
        .without_defaults()
        .with(&["deserialize", "serialize"])
        .of(YAML),
    Dependency::new("time", "0.3").with(&["formatting", "macros", "parsing"]),
    Dependency::new("tokio", "1.54").with(&["io-util", "rt", "sync", "time"]).of(SERVER),
    Dependency::new("tokio-tungstenite", "0.30")
        .without_defaults()
        .with(&["handshake"])
        .of(WEBSOCKET),
    Dependency::new("tokio-util", "0.7").with(&["codec", "io"]).of(SERVER),
];
