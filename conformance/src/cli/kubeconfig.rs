//! The credentials file that `--kubeconfig` names: servers, users, and contexts that pair them, in YAML.
//!
//! What would have to be run or asked for (programs, passwords, providers) is refused by name.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::reach::{bytes, checked};
use crate::wire::Identity;

/// What a context says.
#[derive(Debug, Default)]
pub(super) struct Stored {
    /// The base URL of its server.
    pub(super) server: Option<String>,
    /// Its authorities, as PEM.
    pub(super) authorities: Option<Vec<u8>>,
    /// Whether its certificate is left unchecked.
    pub(super) insecure: bool,
    /// Who the user is.
    pub(super) identity: Option<Identity>,
    /// Bearer token of the user.
    pub(super) token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    current_context: Option<String>,
    #[serde(default)]
    contexts: Vec<NamedContext>,
    #[serde(default)]
    clusters: Vec<NamedCluster>,
    #[serde(default)]
    users: Vec<NamedUser>,
}

#[derive(Deserialize)]
struct NamedContext {
    name: String,
    context: Context,
}

#[derive(Deserialize)]
struct Context {
    cluster: String,
    #[serde(default)]
    user: String,
}

#[derive(Deserialize)]
struct NamedCluster {
    name: String,
    cluster: Cluster,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Cluster {
    server: String,
    certificate_authority: Option<PathBuf>,
    certificate_authority_data: Option<String>,
    #[serde(default)]
    insecure_skip_tls_verify: bool,
}

#[derive(Deserialize)]
struct NamedUser {
    name: String,
    #[serde(default)]
    user: User,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct User {
    token: Option<String>,
    #[serde(rename = "tokenFile")]
    token_file: Option<PathBuf>,
    client_certificate: Option<PathBuf>,
    client_certificate_data: Option<String>,
    client_key: Option<PathBuf>,
    client_key_data: Option<String>,
    /// Every other way in.
    #[serde(flatten)]
    other: BTreeMap<String, serde_yaml::Value>,
}

/// Reads a context of a file: the named one, else its current one.
pub(super) fn read(path: &Path, context: Option<&str>) -> Result<Stored, String> {
    let at = |why: String| format!("{}: {why}", path.display());
    let file: File =
        serde_yaml::from_slice(&bytes(path)?).map_err(|error| at(error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    stored(&file, folder, context).map_err(at)
}

fn stored(file: &File, folder: &Path, context: Option<&str>) -> Result<Stored, String> {
    let name = context.or(file.current_context.as_deref()).filter(|name| !name.is_empty());
    let name = name.ok_or("names no current context; give one with --context")?;
    let found = file.contexts.iter().find(|it| it.name == name);
    let context = &found.ok_or_else(|| format!("has no context {name:?}"))?.context;
    let found = file.clusters.iter().find(|it| it.name == context.cluster);
    let cluster = &found.ok_or_else(|| format!("has no cluster {:?}", context.cluster))?.cluster;
    let user = file.users.iter().find(|it| it.name == context.user).map(|it| &it.user);
    if !context.user.is_empty() && user.is_none() {
        return Err(format!("has no user {:?}", context.user));
    }
    let authority = either(
        folder,
        cluster.certificate_authority.as_ref(),
        cluster.certificate_authority_data.as_ref(),
    )?;
    Ok(Stored {
        server: Some(cluster.server.clone()),
        authorities: authority,
        insecure: cluster.insecure_skip_tls_verify,
        identity: user.map(|user| identity(folder, user)).transpose()?.flatten(),
        token: user.map(|user| token(folder, user, &context.user)).transpose()?.flatten(),
    })
}

fn identity(folder: &Path, user: &User) -> Result<Option<Identity>, String> {
    let chain =
        either(folder, user.client_certificate.as_ref(), user.client_certificate_data.as_ref())?;
    let key = either(folder, user.client_key.as_ref(), user.client_key_data.as_ref())?;
    match (chain, key) {
        (None, None) => Ok(None),
        (Some(chain), Some(key)) => Ok(Some(Identity { chain, key })),
        _ => Err("has a client certificate without its key, or the other way round".to_owned()),
    }
}

fn token(folder: &Path, user: &User, name: &str) -> Result<Option<String>, String> {
    if let Some(token) = &user.token {
        return checked("its token", token).map(Some);
    }
    if let Some(path) = &user.token_file {
        let path = folder.join(path);
        let text = String::from_utf8_lossy(&bytes(&path)?).into_owned();
        return checked(&path.display().to_string(), &text).map(Some);
    }
    let has_certificate =
        user.client_certificate.is_some() || user.client_certificate_data.is_some();
    match user.other.keys().next().filter(|_| !has_certificate) {
        Some(way) => Err(format!(
            "user {name:?} is let in by `{way}`, which is not supported; give a token with --token-file or --token-env"
        )),
        None => Ok(None),
    }
}

/// What a file beside the credentials file holds, or what stands in it in base64; the latter wins.
fn either(
    folder: &Path,
    path: Option<&PathBuf>,
    data: Option<&String>,
) -> Result<Option<Vec<u8>>, String> {
    match (data, path) {
        (Some(data), _) => {
            let text: String = data.split_whitespace().collect();
            let decoded = STANDARD.decode(text);
            decoded.map(Some).map_err(|error| format!("holds data that is not base64: {error}"))
        }
        (None, Some(path)) => bytes(&folder.join(path)).map(Some),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "
current-context: here
contexts:
- { name: here, context: { cluster: one, user: reader } }
- { name: there, context: { cluster: two, user: runner } }
- { name: nowhere, context: { cluster: three } }
clusters:
- { name: one, cluster: { server: 'https://one.test:6443', certificate-authority-data: 'Y2E=' } }
- { name: two, cluster: { server: 'https://two.test', insecure-skip-tls-verify: true } }
users:
- { name: reader, user: { token: ' secret ', client-certificate-data: 'YQ==', client-key-data: 'Yg==' } }
- { name: runner, user: { helper: { command: run-me } } }
";

    fn asked(context: Option<&str>) -> Result<Stored, String> {
        stored(&serde_yaml::from_str(FILE).unwrap(), Path::new("."), context)
    }

    #[test]
    fn a_context_pairs_a_server_and_a_user() {
        let stored = asked(None).unwrap();
        assert_eq!(stored.server.as_deref(), Some("https://one.test:6443"));
        assert_eq!(stored.authorities.as_deref(), Some(b"ca".as_slice()));
        assert_eq!(stored.identity, Some(Identity { chain: b"a".to_vec(), key: b"b".to_vec() }));
        assert_eq!(stored.token.as_deref(), Some("secret"));
        assert!(!stored.insecure);
    }

    #[test]
    fn what_cannot_be_had_is_told_by_name() {
        assert!(asked(Some("there")).unwrap_err().contains("is let in by `helper`"));
        assert_eq!(asked(Some("nowhere")).unwrap_err(), "has no cluster \"three\"");
        assert_eq!(asked(Some("other")).unwrap_err(), "has no context \"other\"");
    }
}
