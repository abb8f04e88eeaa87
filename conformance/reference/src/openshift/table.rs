//! Which status is which answer, and which body holds what: tables over the types of the server.

use generated::openshift::models::ListCoreV1PodForAllNamespacesTooManyRequestsRetryAfter;
use generated::openshift::server::{
    connect_core_v1_get_namespaced_pod_attach::ConnectCoreV1GetNamespacedPodAttachResponse,
    connect_core_v1_get_namespaced_pod_exec::ConnectCoreV1GetNamespacedPodExecResponse,
    connect_core_v1_get_namespaced_pod_portforward::ConnectCoreV1GetNamespacedPodPortforwardResponse,
    connect_core_v1_post_namespaced_pod_attach::ConnectCoreV1PostNamespacedPodAttachResponse,
    connect_core_v1_post_namespaced_pod_exec::ConnectCoreV1PostNamespacedPodExecResponse,
    connect_core_v1_post_namespaced_pod_portforward::ConnectCoreV1PostNamespacedPodPortforwardResponse,
    create_core_v1_namespaced_pod::{
        CreateCoreV1NamespacedPodBody, CreateCoreV1NamespacedPodResponse,
    },
    create_core_v1_namespaced_pod_binding::{
        CreateCoreV1NamespacedPodBindingBody, CreateCoreV1NamespacedPodBindingResponse,
    },
    create_core_v1_namespaced_pod_eviction::{
        CreateCoreV1NamespacedPodEvictionBody, CreateCoreV1NamespacedPodEvictionResponse,
    },
    delete_core_v1_collection_namespaced_pod::{
        DeleteCoreV1CollectionNamespacedPodBody, DeleteCoreV1CollectionNamespacedPodResponse,
    },
    delete_core_v1_namespaced_pod::{
        DeleteCoreV1NamespacedPodBody, DeleteCoreV1NamespacedPodResponse,
    },
    list_core_v1_namespaced_pod::ListCoreV1NamespacedPodResponse,
    list_core_v1_pod_for_all_namespaces::ListCoreV1PodForAllNamespacesResponse,
    patch_core_v1_namespaced_pod::{
        PatchCoreV1NamespacedPodBody, PatchCoreV1NamespacedPodResponse,
    },
    patch_core_v1_namespaced_pod_status::{
        PatchCoreV1NamespacedPodStatusBody, PatchCoreV1NamespacedPodStatusResponse,
    },
    read_core_v1_namespaced_pod::ReadCoreV1NamespacedPodResponse,
    read_core_v1_namespaced_pod_log::ReadCoreV1NamespacedPodLogResponse,
    read_core_v1_namespaced_pod_status::ReadCoreV1NamespacedPodStatusResponse,
    replace_core_v1_namespaced_pod::{
        ReplaceCoreV1NamespacedPodBody, ReplaceCoreV1NamespacedPodResponse,
    },
    replace_core_v1_namespaced_pod_status::{
        ReplaceCoreV1NamespacedPodStatusBody, ReplaceCoreV1NamespacedPodStatusResponse,
    },
};

use crate::machinery::{documents, patches, refusing};

documents! {
    CreateCoreV1NamespacedPodBody, ReplaceCoreV1NamespacedPodBody, ReplaceCoreV1NamespacedPodStatusBody,
    DeleteCoreV1NamespacedPodBody, DeleteCoreV1CollectionNamespacedPodBody,
    CreateCoreV1NamespacedPodBindingBody, CreateCoreV1NamespacedPodEvictionBody,
}

patches! { PatchCoreV1NamespacedPodBody, PatchCoreV1NamespacedPodStatusBody }

refusing! { ListCoreV1PodForAllNamespacesTooManyRequestsRetryAfter:
    ListCoreV1PodForAllNamespacesResponse {
        400 BadRequest, 403 Forbidden, 405 MethodNotAllowed, 406 NotAcceptable, 410 Gone,
        422 UnprocessableContent,
    }
    ListCoreV1NamespacedPodResponse {
        400 BadRequest, 403 Forbidden, 405 MethodNotAllowed, 406 NotAcceptable, 410 Gone,
        422 UnprocessableContent,
    }
    CreateCoreV1NamespacedPodResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
        409 Conflict, 413 ContentTooLarge, 415 UnsupportedMediaType, 422 UnprocessableContent,
    }
    DeleteCoreV1CollectionNamespacedPodResponse {
        400 BadRequest, 403 Forbidden, 405 MethodNotAllowed, 406 NotAcceptable, 410 Gone,
        413 ContentTooLarge, 415 UnsupportedMediaType, 422 UnprocessableContent,
    }
    ReadCoreV1NamespacedPodResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
    }
    ReplaceCoreV1NamespacedPodResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
        409 Conflict, 413 ContentTooLarge, 415 UnsupportedMediaType, 422 UnprocessableContent,
    }
    PatchCoreV1NamespacedPodResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
        409 Conflict, 413 ContentTooLarge, 415 UnsupportedMediaType, 422 UnprocessableContent,
    }
    DeleteCoreV1NamespacedPodResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
        409 Conflict, 413 ContentTooLarge, 415 UnsupportedMediaType, 422 UnprocessableContent,
    }
    ReadCoreV1NamespacedPodStatusResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
    }
    ReplaceCoreV1NamespacedPodStatusResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
        409 Conflict, 413 ContentTooLarge, 415 UnsupportedMediaType, 422 UnprocessableContent,
    }
    PatchCoreV1NamespacedPodStatusResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
        409 Conflict, 413 ContentTooLarge, 415 UnsupportedMediaType, 422 UnprocessableContent,
    }
    ReadCoreV1NamespacedPodLogResponse {
        400 BadRequest, 403 Forbidden, 404 NotFound, 405 MethodNotAllowed, 406 NotAcceptable,
        422 UnprocessableContent,
    }
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
