//! The proxy to what listens in a pod: fourteen operations that hand a request on and an answer back.

use std::collections::BTreeMap;

use bytes::Bytes;
use generated::openshift::server::{
    Proxy,
    connect_core_v1_delete_namespaced_pod_proxy::{
        ConnectCoreV1DeleteNamespacedPodProxyDefaultStatus,
        ConnectCoreV1DeleteNamespacedPodProxyRequest,
        ConnectCoreV1DeleteNamespacedPodProxyResponse,
    },
    connect_core_v1_delete_namespaced_pod_proxy_with_path::{
        ConnectCoreV1DeleteNamespacedPodProxyWithPathDefaultStatus,
        ConnectCoreV1DeleteNamespacedPodProxyWithPathRequest,
        ConnectCoreV1DeleteNamespacedPodProxyWithPathResponse,
    },
    connect_core_v1_get_namespaced_pod_proxy::{
        ConnectCoreV1GetNamespacedPodProxyDefaultStatus, ConnectCoreV1GetNamespacedPodProxyRequest,
        ConnectCoreV1GetNamespacedPodProxyResponse,
    },
    connect_core_v1_get_namespaced_pod_proxy_with_path::{
        ConnectCoreV1GetNamespacedPodProxyWithPathDefaultStatus,
        ConnectCoreV1GetNamespacedPodProxyWithPathRequest,
        ConnectCoreV1GetNamespacedPodProxyWithPathResponse,
    },
    connect_core_v1_head_namespaced_pod_proxy::{
        ConnectCoreV1HeadNamespacedPodProxyDefaultStatus,
        ConnectCoreV1HeadNamespacedPodProxyRequest, ConnectCoreV1HeadNamespacedPodProxyResponse,
    },
    connect_core_v1_head_namespaced_pod_proxy_with_path::{
        ConnectCoreV1HeadNamespacedPodProxyWithPathDefaultStatus,
        ConnectCoreV1HeadNamespacedPodProxyWithPathRequest,
        ConnectCoreV1HeadNamespacedPodProxyWithPathResponse,
    },
    connect_core_v1_options_namespaced_pod_proxy::{
        ConnectCoreV1OptionsNamespacedPodProxyDefaultStatus,
        ConnectCoreV1OptionsNamespacedPodProxyRequest,
        ConnectCoreV1OptionsNamespacedPodProxyResponse,
    },
    connect_core_v1_options_namespaced_pod_proxy_with_path::{
        ConnectCoreV1OptionsNamespacedPodProxyWithPathDefaultStatus,
        ConnectCoreV1OptionsNamespacedPodProxyWithPathRequest,
        ConnectCoreV1OptionsNamespacedPodProxyWithPathResponse,
    },
    connect_core_v1_patch_namespaced_pod_proxy::{
        ConnectCoreV1PatchNamespacedPodProxyDefaultStatus,
        ConnectCoreV1PatchNamespacedPodProxyRequest, ConnectCoreV1PatchNamespacedPodProxyResponse,
    },
    connect_core_v1_patch_namespaced_pod_proxy_with_path::{
        ConnectCoreV1PatchNamespacedPodProxyWithPathDefaultStatus,
        ConnectCoreV1PatchNamespacedPodProxyWithPathRequest,
        ConnectCoreV1PatchNamespacedPodProxyWithPathResponse,
    },
    connect_core_v1_post_namespaced_pod_proxy::{
        ConnectCoreV1PostNamespacedPodProxyDefaultStatus,
        ConnectCoreV1PostNamespacedPodProxyRequest, ConnectCoreV1PostNamespacedPodProxyResponse,
    },
    connect_core_v1_post_namespaced_pod_proxy_with_path::{
        ConnectCoreV1PostNamespacedPodProxyWithPathDefaultStatus,
        ConnectCoreV1PostNamespacedPodProxyWithPathRequest,
        ConnectCoreV1PostNamespacedPodProxyWithPathResponse,
    },
    connect_core_v1_put_namespaced_pod_proxy::{
        ConnectCoreV1PutNamespacedPodProxyDefaultStatus, ConnectCoreV1PutNamespacedPodProxyRequest,
        ConnectCoreV1PutNamespacedPodProxyResponse,
    },
    connect_core_v1_put_namespaced_pod_proxy_with_path::{
        ConnectCoreV1PutNamespacedPodProxyWithPathDefaultStatus,
        ConnectCoreV1PutNamespacedPodProxyWithPathRequest,
        ConnectCoreV1PutNamespacedPodProxyWithPathResponse,
    },
};
use generated::support::server::Outcome;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::handler::Handler;
use crate::machinery::{Place, Proxied, place};

/// Operations whose path ends at the proxy or goes on behind it (`at`), that have a body or none (`with`), and whose
/// answer has content or, but for its status, nothing.
macro_rules! proxied {
    ($(
        $method:literal $operation:ident($request:ty) -> $response:ident / $status:ident
            $(at $path:ident)? $(with $body:ident)? $(, $empty:ident)?;
    )+) => {
        $(async fn $operation(&self, request: $request) -> Outcome<$response> {
            let asked = Asked {
                path: proxied!(@path request $($path)?),
                query: raw(request.query.as_ref()),
                body: proxied!(@body request $($body)?),
            };
            let answer = asked.of(self, place!(request), $method);
            Ok(proxied!(@answer answer, $response, $status $(, $empty)?))
        })+
    };
    (@path $request:ident) => { "" };
    (@path $request:ident $path:ident) => { &$request.$path };
    (@body $request:ident) => { Bytes::new() };
    (@body $request:ident $body:ident) => { $request.$body.clone().unwrap_or_default() };
    (@answer $answer:ident, $response:ident, $status:ident) => {
        match $status::new($answer.code) {
            Some(status) => $response::DefaultJson { status, body: $answer.body },
            None => $response::OkJson($answer.body),
        }
    };
    (@answer $answer:ident, $response:ident, $status:ident, $empty:ident) => {
        match $status::new($answer.code) {
            Some(status) => $response::Default(status),
            None => $response::$empty,
        }
    };
}

impl Proxy for Handler {
    proxied! {
        "DELETE" connect_core_v1_delete_namespaced_pod_proxy(ConnectCoreV1DeleteNamespacedPodProxyRequest)
            -> ConnectCoreV1DeleteNamespacedPodProxyResponse
            / ConnectCoreV1DeleteNamespacedPodProxyDefaultStatus;
        "GET" connect_core_v1_get_namespaced_pod_proxy(ConnectCoreV1GetNamespacedPodProxyRequest)
            -> ConnectCoreV1GetNamespacedPodProxyResponse
            / ConnectCoreV1GetNamespacedPodProxyDefaultStatus;
        "HEAD" connect_core_v1_head_namespaced_pod_proxy(ConnectCoreV1HeadNamespacedPodProxyRequest)
            -> ConnectCoreV1HeadNamespacedPodProxyResponse
            / ConnectCoreV1HeadNamespacedPodProxyDefaultStatus, Ok;
        "OPTIONS" connect_core_v1_options_namespaced_pod_proxy(ConnectCoreV1OptionsNamespacedPodProxyRequest)
            -> ConnectCoreV1OptionsNamespacedPodProxyResponse
            / ConnectCoreV1OptionsNamespacedPodProxyDefaultStatus;
        "PATCH" connect_core_v1_patch_namespaced_pod_proxy(ConnectCoreV1PatchNamespacedPodProxyRequest)
            -> ConnectCoreV1PatchNamespacedPodProxyResponse
            / ConnectCoreV1PatchNamespacedPodProxyDefaultStatus with body;
        "POST" connect_core_v1_post_namespaced_pod_proxy(ConnectCoreV1PostNamespacedPodProxyRequest)
            -> ConnectCoreV1PostNamespacedPodProxyResponse
            / ConnectCoreV1PostNamespacedPodProxyDefaultStatus with body;
        "PUT" connect_core_v1_put_namespaced_pod_proxy(ConnectCoreV1PutNamespacedPodProxyRequest)
            -> ConnectCoreV1PutNamespacedPodProxyResponse
            / ConnectCoreV1PutNamespacedPodProxyDefaultStatus with body;
        "DELETE" connect_core_v1_delete_namespaced_pod_proxy_with_path(ConnectCoreV1DeleteNamespacedPodProxyWithPathRequest)
            -> ConnectCoreV1DeleteNamespacedPodProxyWithPathResponse
            / ConnectCoreV1DeleteNamespacedPodProxyWithPathDefaultStatus at path;
        "GET" connect_core_v1_get_namespaced_pod_proxy_with_path(ConnectCoreV1GetNamespacedPodProxyWithPathRequest)
            -> ConnectCoreV1GetNamespacedPodProxyWithPathResponse
            / ConnectCoreV1GetNamespacedPodProxyWithPathDefaultStatus at path;
        "HEAD" connect_core_v1_head_namespaced_pod_proxy_with_path(ConnectCoreV1HeadNamespacedPodProxyWithPathRequest)
            -> ConnectCoreV1HeadNamespacedPodProxyWithPathResponse
            / ConnectCoreV1HeadNamespacedPodProxyWithPathDefaultStatus at path, Ok;
        "OPTIONS" connect_core_v1_options_namespaced_pod_proxy_with_path(ConnectCoreV1OptionsNamespacedPodProxyWithPathRequest)
            -> ConnectCoreV1OptionsNamespacedPodProxyWithPathResponse
            / ConnectCoreV1OptionsNamespacedPodProxyWithPathDefaultStatus at path;
        "PATCH" connect_core_v1_patch_namespaced_pod_proxy_with_path(ConnectCoreV1PatchNamespacedPodProxyWithPathRequest)
            -> ConnectCoreV1PatchNamespacedPodProxyWithPathResponse
            / ConnectCoreV1PatchNamespacedPodProxyWithPathDefaultStatus at path with body;
        "POST" connect_core_v1_post_namespaced_pod_proxy_with_path(ConnectCoreV1PostNamespacedPodProxyWithPathRequest)
            -> ConnectCoreV1PostNamespacedPodProxyWithPathResponse
            / ConnectCoreV1PostNamespacedPodProxyWithPathDefaultStatus at path with body;
        "PUT" connect_core_v1_put_namespaced_pod_proxy_with_path(ConnectCoreV1PutNamespacedPodProxyWithPathRequest)
            -> ConnectCoreV1PutNamespacedPodProxyWithPathResponse
            / ConnectCoreV1PutNamespacedPodProxyWithPathDefaultStatus at path with body;
    }
}

/// What is handed on.
struct Asked<'a> {
    path: &'a str,
    query: String,
    body: Bytes,
}

impl Asked<'_> {
    fn of(&self, handler: &Handler, place: Place<'_>, method: &str) -> Proxied {
        let path = format!("/{}", self.path.trim_start_matches('/'));
        handler.0.proxy(place, method, &path, &self.query, &self.body)
    }
}

/// A query as it goes on: every member of it is the pod's, those that the server knows as well.
fn raw(query: Option<&BTreeMap<String, String>>) -> String {
    let escape = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs = query.into_iter().flatten();
    let texts = pairs.map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    texts.collect::<Vec<_>>().join("&")
}
