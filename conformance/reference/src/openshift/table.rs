//! Which status is which answer, and which body holds what.

use generated::openshift::server::{
    connect_core_v1_get_namespaced_pod_attach::ConnectCoreV1GetNamespacedPodAttachResponse,
    connect_core_v1_get_namespaced_pod_exec::ConnectCoreV1GetNamespacedPodExecResponse,
    connect_core_v1_get_namespaced_pod_portforward::ConnectCoreV1GetNamespacedPodPortforwardResponse,
    connect_core_v1_post_namespaced_pod_attach::ConnectCoreV1PostNamespacedPodAttachResponse,
    connect_core_v1_post_namespaced_pod_exec::ConnectCoreV1PostNamespacedPodExecResponse,
    connect_core_v1_post_namespaced_pod_portforward::ConnectCoreV1PostNamespacedPodPortforwardResponse,
    create_core_v1_namespaced_pod_binding::{
        CreateCoreV1NamespacedPodBindingBody, CreateCoreV1NamespacedPodBindingResponse,
    },
    create_core_v1_namespaced_pod_eviction::{
        CreateCoreV1NamespacedPodEvictionBody, CreateCoreV1NamespacedPodEvictionResponse,
    },
};

crate::machinery::tables! { openshift }

documents! { CreateCoreV1NamespacedPodBindingBody, CreateCoreV1NamespacedPodEvictionBody }

refusing! { ListCoreV1PodForAllNamespacesTooManyRequestsRetryAfter:
    CreateCoreV1NamespacedPodBindingResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
        409 Conflict, 413 ContentTooLarge, 415 UnsupportedMediaType, 422 UnprocessableContent,
    }
    CreateCoreV1NamespacedPodEvictionResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
        409 Conflict, 413 ContentTooLarge, 415 UnsupportedMediaType, 422 UnprocessableContent,
    }
    ConnectCoreV1GetNamespacedPodExecResponse {
        400 BadRequestJson, 403 ForbiddenJson, 404 NotFound, 405 MethodNotAllowed,
    }
    ConnectCoreV1PostNamespacedPodExecResponse {
        400 BadRequestJson, 403 ForbiddenJson, 404 NotFound, 405 MethodNotAllowed,
    }
    ConnectCoreV1GetNamespacedPodAttachResponse {
        400 BadRequestJson, 403 ForbiddenJson, 404 NotFound, 405 MethodNotAllowed,
    }
    ConnectCoreV1PostNamespacedPodAttachResponse {
        400 BadRequestJson, 403 ForbiddenJson, 404 NotFound, 405 MethodNotAllowed,
    }
    ConnectCoreV1GetNamespacedPodPortforwardResponse {
        400 BadRequestJson, 403 ForbiddenJson, 404 NotFound, 405 MethodNotAllowed,
    }
    ConnectCoreV1PostNamespacedPodPortforwardResponse {
        400 BadRequestJson, 403 ForbiddenJson, 404 NotFound, 405 MethodNotAllowed,
    }
}
