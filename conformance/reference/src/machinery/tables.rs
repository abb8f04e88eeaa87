//! Which status is which answer of an operation of both servers, and which body holds what: tables, once for the types
//! of either.

/// The tables of both APIs.
macro_rules! tables {
    ($api:ident) => {
        use generated::$api::models::ListCoreV1PodForAllNamespacesTooManyRequestsRetryAfter;
        use generated::$api::server::{
            create_core_v1_namespaced_pod::{
                CreateCoreV1NamespacedPodBody, CreateCoreV1NamespacedPodResponse,
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

        use $crate::machinery::{documents, patches, refusing};

        documents! {
            CreateCoreV1NamespacedPodBody, ReplaceCoreV1NamespacedPodBody, ReplaceCoreV1NamespacedPodStatusBody,
            DeleteCoreV1NamespacedPodBody, DeleteCoreV1CollectionNamespacedPodBody,
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
        }
    };
}

pub(crate) use tables;
