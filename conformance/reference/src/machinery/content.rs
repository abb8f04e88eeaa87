//! What a cluster begins with: twelve pods in two namespaces that run and stay as they are.

use serde_json::{Value, json};

/// The namespaces with the names of their pods, their applications and their tiers.
const PODS: [(&str, &str, &str, &str); 12] = [
    ("default", "web-0", "web", "frontend"),
    ("default", "web-1", "web", "frontend"),
    ("default", "cart-0", "cart", "backend"),
    ("default", "cart-1", "cart", "backend"),
    ("default", "search-0", "search", "backend"),
    ("shop", "web-0", "web", "frontend"),
    ("shop", "web-1", "web", "frontend"),
    ("shop", "web-2", "web", "frontend"),
    ("shop", "cache-0", "cache", "backend"),
    ("shop", "cache-1", "cache", "backend"),
    ("shop", "ledger-0", "ledger", "backend"),
    ("shop", "ledger-1", "ledger", "backend"),
];

/// The namespaces of the pods.
pub(super) const NAMESPACES: [&str; 2] = ["default", "shop"];

/// Every pod, with its namespace.
pub(super) fn pods() -> impl Iterator<Item = (&'static str, Value)> {
    PODS.into_iter().map(|(namespace, name, app, tier)| {
        let pod = json!({
            "metadata": { "name": name, "labels": { "app": app, "tier": tier } },
            "spec": {
                "terminationGracePeriodSeconds": 1,
                "containers": [{
                    "name": "main",
                    "image": format!("registry.example/{app}:1"),
                    // It reads its open input and so stays.
                    "command": ["sh", "-c", "echo started; cat"],
                    "stdin": true,
                }],
            },
        });
        (namespace, pod)
    })
}
