//! The arguments, and the file that can hold them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use generator::contract::Header;
use serde::Deserialize;

/// Checks an HTTP server against its OpenAPI document.
#[derive(Debug, Parser)]
#[command(name = "conformance", version)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check a server.
    ///
    /// Exit codes: 0 conformant; 1 not; 2 the command or the document cannot be used; 3 no answer from the target;
    /// 4 not proved: an operation never succeeded, or nothing was tried; 5 a known failure that matches no finding.
    Run(Box<RunArguments>),
    /// List the operations of a document and the workflows beside it, and the rules that apply to each.
    List(ListArguments),
    /// Send the requests of a JSON report again, and print what comes back now.
    Replay(ReplayArguments),
}

/// What a run is asked. A configuration file may say any of it; the command line wins.
#[derive(Clone, Debug, Default, Args, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(super) struct RunArguments {
    /// The OpenAPI document.
    #[arg(long, value_name = "FILE")]
    pub(super) spec: Option<PathBuf>,
    /// An overlay to lay over the document, in the OpenAPI Overlay 1.0 format. May be repeated; applied in order.
    #[arg(long = "overlay", value_name = "FILE")]
    #[serde(rename = "overlay")]
    pub(super) overlays: Vec<PathBuf>,
    /// The base URL of the server.
    #[arg(long, value_name = "URL")]
    pub(super) target: Option<String>,
    /// A header field sent with every request; its value is never printed.
    #[arg(long = "header", value_name = "K: V")]
    #[serde(rename = "header")]
    pub(super) headers: Vec<String>,
    /// A file with a bearer token; it is read once, and never printed.
    #[arg(long, value_name = "FILE")]
    pub(super) token_file: Option<PathBuf>,
    /// An environment variable with a bearer token.
    #[arg(long, value_name = "NAME")]
    pub(super) token_env: Option<String>,
    /// The authorities that the server's certificate is checked by, in PEM; by default those of this machine.
    #[arg(long, value_name = "FILE")]
    pub(super) ca_file: Option<PathBuf>,
    /// The certificate chain of this side, in PEM.
    #[arg(long, value_name = "FILE")]
    pub(super) client_cert: Option<PathBuf>,
    /// The private key of this side, in PEM.
    #[arg(long, value_name = "FILE")]
    pub(super) client_key: Option<PathBuf>,
    /// Do not check the server's certificate: whoever answers is taken for the server.
    #[arg(long)]
    pub(super) insecure: bool,
    /// A file of servers and users; its current context says what no other option does.
    #[arg(long, value_name = "FILE")]
    pub(super) kubeconfig: Option<PathBuf>,
    /// Another context of that file.
    #[arg(long, value_name = "NAME")]
    pub(super) context: Option<String>,
    /// Findings that are expected: a TOML table from globs over `operation/rule` to reasons. They are listed apart and
    /// fail no run; an entry that matches nothing does, unless a filter is given.
    #[arg(long, value_name = "FILE")]
    pub(super) known_failures: Option<PathBuf>,
    /// Take an answer that a convention allows and the source document does not list for a failure.
    #[arg(long)]
    pub(super) strict: bool,
    /// A parameter value that exists on the target.
    #[arg(long = "param", value_name = "NAME=VALUE")]
    #[serde(rename = "param")]
    pub(super) parameters: Vec<String>,
    /// An input of the workflows.
    #[arg(long = "input", value_name = "NAME=VALUE")]
    #[serde(rename = "input")]
    pub(super) inputs: Vec<String>,
    /// An Arazzo document; by default `workflows.arazzo.yaml` beside the spec, where there is one.
    #[arg(long, value_name = "FILE")]
    pub(super) workflows: Option<PathBuf>,
    /// A configuration file; by default `conformance.toml` in the current folder, where there is one.
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub(super) config: Option<PathBuf>,
    /// Try only what matches: a glob over `operation/rule`, as in `*/paging.*`. May be repeated.
    #[arg(long = "filter", value_name = "GLOB")]
    #[serde(rename = "filter")]
    pub(super) filters: Vec<String>,
    /// Where every random choice comes from; printed with the report.
    #[arg(long, value_name = "N")]
    pub(super) seed: Option<u64>,
    /// Part of the name of everything that is created.
    #[arg(long, value_name = "ID")]
    pub(super) run_id: Option<String>,
    /// Write a report: `json=FILE` or `junit=FILE`. May be repeated.
    #[arg(long = "report", value_name = "KIND=FILE")]
    #[serde(rename = "report")]
    pub(super) reports: Vec<String>,
    /// Send requests that may change something also to a target that is not on this machine.
    #[arg(long)]
    pub(super) allow_writes: bool,
    /// How many generated valid requests each operation gets.
    #[arg(long, value_name = "N")]
    pub(super) cases: Option<u32>,
    /// How many seconds one exchange may take.
    #[arg(long, value_name = "SECONDS")]
    pub(super) patience: Option<f64>,
}

#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// The OpenAPI document.
    #[arg(long, value_name = "FILE")]
    pub(super) spec: PathBuf,
    /// An overlay to lay over the document, in the OpenAPI Overlay 1.0 format. May be repeated; applied in order.
    #[arg(long = "overlay", value_name = "FILE")]
    pub(super) overlays: Vec<PathBuf>,
    /// An Arazzo document; by default `workflows.arazzo.yaml` beside the spec, where there is one.
    #[arg(long, value_name = "FILE")]
    pub(super) workflows: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ReplayArguments {
    /// A report written by `run --report json=FILE`.
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// The base URL of the server; by default the one the report names.
    #[arg(long, value_name = "URL")]
    pub(super) target: Option<String>,
    /// A header field whose value the report leaves out.
    #[arg(long = "header", value_name = "K: V")]
    pub(super) headers: Vec<String>,
    /// The authorities that the server's certificate is checked by, in PEM; by default those of this machine.
    #[arg(long, value_name = "FILE")]
    pub(super) ca_file: Option<PathBuf>,
    /// Do not check the server's certificate: whoever answers is taken for the server.
    #[arg(long)]
    pub(super) insecure: bool,
    /// Send requests that may change something also to a target that is not on this machine.
    #[arg(long)]
    pub(super) allow_writes: bool,
}

impl RunArguments {
    /// These arguments over those of a configuration file.
    pub(super) fn over(self, file: Self) -> Self {
        let lists = |own: Vec<String>, other: Vec<String>| if own.is_empty() { other } else { own };
        Self {
            spec: self.spec.or(file.spec),
            overlays: if self.overlays.is_empty() { file.overlays } else { self.overlays },
            target: self.target.or(file.target),
            headers: lists(self.headers, file.headers),
            token_file: self.token_file.or(file.token_file),
            token_env: self.token_env.or(file.token_env),
            ca_file: self.ca_file.or(file.ca_file),
            client_cert: self.client_cert.or(file.client_cert),
            client_key: self.client_key.or(file.client_key),
            insecure: self.insecure || file.insecure,
            kubeconfig: self.kubeconfig.or(file.kubeconfig),
            context: self.context.or(file.context),
            known_failures: self.known_failures.or(file.known_failures),
            strict: self.strict || file.strict,
            parameters: lists(self.parameters, file.parameters),
            inputs: lists(self.inputs, file.inputs),
            workflows: self.workflows.or(file.workflows),
            config: self.config,
            filters: lists(self.filters, file.filters),
            seed: self.seed.or(file.seed),
            run_id: self.run_id.or(file.run_id),
            reports: lists(self.reports, file.reports),
            allow_writes: self.allow_writes || file.allow_writes,
            cases: self.cases.or(file.cases),
            patience: self.patience.or(file.patience),
        }
    }

    /// The arguments of a configuration file: the named one, else the one in the current folder, else none.
    pub(super) fn configured(named: Option<&Path>) -> Result<Self, String> {
        let usual = Path::new("conformance.toml");
        let path = match named {
            Some(path) => path,
            None if usual.exists() => usual,
            None => return Ok(Self::default()),
        };
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        // The line itself is not told: it may hold a credential.
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.lines().count().max(1);
            format!("{}, about line {line}: {}", path.display(), error.message())
        })
    }
}

/// A header field, `Name: value`.
pub(super) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once(':')
        .ok_or_else(|| "--header takes 'Name: value'; the colon is missing".to_owned())?;
    if !Header::can_be_called(name) {
        return Err("--header takes 'Name: value'; the name is no HTTP field name".to_owned());
    }
    let value = value.trim();
    if value.contains(['\r', '\n', '\0']) {
        return Err(format!("--header {name}: the value holds a line break or NUL"));
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// Pairs of `name=value`; a value that is JSON is taken as such, any other as a text.
pub(super) fn pairs(
    option: &str,
    texts: &[String],
) -> Result<BTreeMap<String, serde_json::Value>, String> {
    texts
        .iter()
        .map(|text| {
            let (name, value) = text
                .split_once('=')
                .ok_or_else(|| format!("--{option} takes name=value, not {text:?}"))?;
            let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
            Ok((name.to_owned(), value))
        })
        .collect()
}
