//! What both servers do with pods, their states and their logs, once for the types of either: a macro over the name of
//! the API.
//!
//! What one of them has beside that is its own business.

/// The traits of both APIs for `Handler`; with the parameter that says what becomes of orphans and the one of reads that
/// is refused, where the API has them.
macro_rules! pods {
    ($api:ident $(, $orphans:ident, $export:ident)?) => {
        use generated::$api::models::DeleteCoreV1CollectionNamespacedPodOk;
        use generated::$api::server::{
            Authenticate, Log, Pods, Status,
            create_core_v1_namespaced_pod::{
                CreateCoreV1NamespacedPodRequest, CreateCoreV1NamespacedPodResponse,
            },
            delete_core_v1_collection_namespaced_pod::{
                DeleteCoreV1CollectionNamespacedPodRequest, DeleteCoreV1CollectionNamespacedPodResponse,
            },
            delete_core_v1_namespaced_pod::{
                DeleteCoreV1NamespacedPodRequest, DeleteCoreV1NamespacedPodResponse,
            },
            list_core_v1_namespaced_pod::{
                ListCoreV1NamespacedPodRequest, ListCoreV1NamespacedPodResponse,
            },
            list_core_v1_pod_for_all_namespaces::{
                ListCoreV1PodForAllNamespacesRequest, ListCoreV1PodForAllNamespacesResponse,
            },
            patch_core_v1_namespaced_pod::{
                PatchCoreV1NamespacedPodRequest, PatchCoreV1NamespacedPodResponse,
            },
            patch_core_v1_namespaced_pod_status::{
                PatchCoreV1NamespacedPodStatusRequest, PatchCoreV1NamespacedPodStatusResponse,
            },
            read_core_v1_namespaced_pod::{
                ReadCoreV1NamespacedPodRequest, ReadCoreV1NamespacedPodResponse,
            },
            read_core_v1_namespaced_pod_log::{
                ReadCoreV1NamespacedPodLogRequest, ReadCoreV1NamespacedPodLogResponse,
            },
            read_core_v1_namespaced_pod_status::{
                ReadCoreV1NamespacedPodStatusRequest, ReadCoreV1NamespacedPodStatusResponse,
            },
            replace_core_v1_namespaced_pod::{
                ReplaceCoreV1NamespacedPodRequest, ReplaceCoreV1NamespacedPodResponse,
            },
            replace_core_v1_namespaced_pod_status::{
                ReplaceCoreV1NamespacedPodStatusRequest, ReplaceCoreV1NamespacedPodStatusResponse,
            },
        };
        use generated::support::server::{Access, Bearer, Outcome};

        use $crate::cluster::options::ListOptions;
        use $crate::cluster::pod::Part;
        use $crate::cluster::status::Status as Refusal;
        use $crate::cluster::store::Scope;
        use $crate::machinery::{
            Look, admit, answer, log_query, place, removal, selection, writing,
        };

        impl Pods for Handler {
            async fn list_core_v1_pod_for_all_namespaces(
                &self,
                request: ListCoreV1PodForAllNamespacesRequest,
            ) -> Outcome<ListCoreV1PodForAllNamespacesResponse> {
                let bookmarks = request.allow_watch_bookmarks.unwrap_or_default();
                let options = ListOptions { bookmarks, ..selection!(request) };
                answer(self.0.look(Scope::All, &options, request.watch).await, |look| match look {
                    Look::List(list) => ListCoreV1PodForAllNamespacesResponse::Ok(list),
                    Look::Changes(events) => ListCoreV1PodForAllNamespacesResponse::OkStream(events),
                })
            }

            async fn list_core_v1_namespaced_pod(
                &self,
                request: ListCoreV1NamespacedPodRequest,
            ) -> Outcome<ListCoreV1NamespacedPodResponse> {
                let bookmarks = request.allow_watch_bookmarks.unwrap_or_default();
                let options = ListOptions { bookmarks, ..selection!(request) };
                let scope = Scope::namespace(&request.namespace);
                answer(self.0.look(scope, &options, request.watch).await, |look| match look {
                    Look::List(list) => ListCoreV1NamespacedPodResponse::Ok(list),
                    Look::Changes(events) => ListCoreV1NamespacedPodResponse::OkStream(events),
                })
            }

            async fn create_core_v1_namespaced_pod(
                &self,
                request: CreateCoreV1NamespacedPodRequest,
            ) -> Outcome<CreateCoreV1NamespacedPodResponse> {
                let writing = writing!(request);
                let created = self.0.create(&request.namespace, request.body, writing);
                answer(created, CreateCoreV1NamespacedPodResponse::Created)
            }

            async fn delete_core_v1_collection_namespaced_pod(
                &self,
                request: DeleteCoreV1CollectionNamespacedPodRequest,
            ) -> Outcome<DeleteCoreV1CollectionNamespacedPodResponse> {
                let (selection, removal) = (selection!(request), removal!(request $(, $orphans)?));
                let deleted = self.0.delete_many(&request.namespace, &selection, request.body, removal);
                answer(deleted, |pods| {
                    let pods = DeleteCoreV1CollectionNamespacedPodOk::PodList(pods);
                    DeleteCoreV1CollectionNamespacedPodResponse::Ok(Box::new(pods))
                })
            }

            async fn read_core_v1_namespaced_pod(
                &self,
                request: ReadCoreV1NamespacedPodRequest,
            ) -> Outcome<ReadCoreV1NamespacedPodResponse> {
                let read = match false $(|| request.$export == Some(true))? {
                    // Servers have refused it since they no longer know what a user can set.
                    true => Err(Refusal::bad_request("the export parameter is no longer supported")),
                    false => self.0.read(place!(request)).await,
                };
                answer(read, ReadCoreV1NamespacedPodResponse::Ok)
            }

            async fn replace_core_v1_namespaced_pod(
                &self,
                request: ReplaceCoreV1NamespacedPodRequest,
            ) -> Outcome<ReplaceCoreV1NamespacedPodResponse> {
                let writing = writing!(request);
                let replaced = self.0.replace(place!(request), Part::Main, request.body, writing);
                answer(replaced, ReplaceCoreV1NamespacedPodResponse::Ok)
            }

            async fn patch_core_v1_namespaced_pod(
                &self,
                request: PatchCoreV1NamespacedPodRequest,
            ) -> Outcome<PatchCoreV1NamespacedPodResponse> {
                let writing = writing!(request, force);
                let patched = self.0.patch(place!(request), Part::Main, request.body, writing);
                answer(patched, |(pod, created)| match created {
                    true => PatchCoreV1NamespacedPodResponse::Created(pod),
                    false => PatchCoreV1NamespacedPodResponse::Ok(pod),
                })
            }

            async fn delete_core_v1_namespaced_pod(
                &self,
                request: DeleteCoreV1NamespacedPodRequest,
            ) -> Outcome<DeleteCoreV1NamespacedPodResponse> {
                let removal = removal!(request $(, $orphans)?);
                answer(self.0.delete(place!(request), request.body, removal), |(pod, later)| match later {
                    true => DeleteCoreV1NamespacedPodResponse::Accepted(pod),
                    false => DeleteCoreV1NamespacedPodResponse::Ok(pod),
                })
            }
        }

        impl Status for Handler {
            async fn read_core_v1_namespaced_pod_status(
                &self,
                request: ReadCoreV1NamespacedPodStatusRequest,
            ) -> Outcome<ReadCoreV1NamespacedPodStatusResponse> {
                answer(self.0.read(place!(request)).await, ReadCoreV1NamespacedPodStatusResponse::Ok)
            }

            async fn replace_core_v1_namespaced_pod_status(
                &self,
                request: ReplaceCoreV1NamespacedPodStatusRequest,
            ) -> Outcome<ReplaceCoreV1NamespacedPodStatusResponse> {
                let writing = writing!(request);
                let replaced = self.0.replace(place!(request), Part::Status, request.body, writing);
                answer(replaced, ReplaceCoreV1NamespacedPodStatusResponse::Ok)
            }

            async fn patch_core_v1_namespaced_pod_status(
                &self,
                request: PatchCoreV1NamespacedPodStatusRequest,
            ) -> Outcome<PatchCoreV1NamespacedPodStatusResponse> {
                let writing = writing!(request, force);
                let patched = self.0.patch(place!(request), Part::Status, request.body, writing);
                answer(patched, |(pod, _)| PatchCoreV1NamespacedPodStatusResponse::Ok(pod))
            }
        }

        impl Log for Handler {
            async fn read_core_v1_namespaced_pod_log(
                &self,
                request: ReadCoreV1NamespacedPodLogRequest,
            ) -> Outcome<ReadCoreV1NamespacedPodLogResponse> {
                answer(self.0.log(place!(request), &log_query!(request)), |log| match log {
                    Some(lines) => ReadCoreV1NamespacedPodLogResponse::Ok(lines),
                    None => ReadCoreV1NamespacedPodLogResponse::NoContent,
                })
            }
        }

        impl Authenticate for Handler {
            async fn bearer(&self, credential: &Bearer, _: &Access) -> Outcome<()> {
                admit(credential)
            }
        }
    };
}

pub(crate) use pods;
