//! The file of credentials that clients of the two large APIs read: the server with its authority, and a context for each
//! user that there is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::access::USERS;

/// The file, for the server of that name at that URL, whose authority is given as PEM. The user of the first context may do
/// everything, that of the second read, that of the third nothing.
pub(crate) fn kubeconfig(server: &str, url: &str, authority: &str) -> Value {
    let context = |user: &str| json!({ "cluster": server, "user": user, "namespace": "default" });
    let contexts = USERS.map(|user| json!({ "name": user.name, "context": context(user.name) }));
    let users = USERS.map(|user| json!({ "name": user.name, "user": { "token": user.token } }));
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{
            "name": server,
            "cluster": { "server": url, "certificate-authority-data": STANDARD.encode(authority) },
        }],
        "users": users,
        "contexts": contexts,
        "current-context": USERS.first().map(|user| user.name),
    })
}
