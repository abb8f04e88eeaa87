//! Creating a pod.

use serde_json::Value;

use super::{MOST_PODS, NOBODY, PODS, Pods, defaults, generate, shape, validate};
use crate::cluster::{
    managed::{self, Writer},
    object,
    options::WriteOptions,
    status::{Cause, CauseReason, Reason, Status},
    store::{Key, Object, Write},
};

/// How many made up names are tried.
const TRIES: usize = 8;

impl Pods {
    /// Creates a pod in a namespace; what the body says of its status is ignored.
    ///
    /// # Errors
    /// 400 for another kind or namespace, 403 in a namespace that is being deleted, 404 without the namespace, 409 when
    /// the name is taken, 422 for a pod that breaks a rule, 500 when the body has a version.
    pub fn create(
        &self,
        namespace: &str,
        body: &Value,
        options: &WriteOptions,
    ) -> Result<Object, Status> {
        let mut pod = self.prepared(namespace, body)?;
        let manager = options.manager.as_deref().unwrap_or(NOBODY);
        let time = self.now();
        let writer = Writer { manager, subresource: "", time: &time };
        let owned = {
            object::remove(&mut pod, &["status"]);
            object::remove(&mut pod, &["metadata", "managedFields"]);
            managed::updated(None, &mut pod, writer, &self.table);
            pod
        };
        self.keep_new(namespace, owned, options.dry_run)
    }

    /// A new pod with defaults, not yet admitted.
    pub(super) fn prepared(&self, namespace: &str, body: &Value) -> Result<Value, Status> {
        shape::check_kind(body, "Pod", &["v1"])?;
        shape::check_types(body)?;
        shape::check_namespace(body, namespace)?;
        if !object::version(body).is_empty() {
            let message = "resourceVersion should not be set on objects to be created";
            return Err(Status::unexplained(message));
        }
        self.check_place(namespace, object::name(body))?;
        let mut pod = body.clone();
        object::set(&mut pod, &["metadata", "namespace"], namespace);
        defaults::fill(&mut pod);
        Ok(pod)
    }

    /// Admits, checks and keeps a new pod.
    pub(super) fn keep_new(
        &self,
        namespace: &str,
        mut pod: Value,
        dry_run: bool,
    ) -> Result<Object, Status> {
        defaults::admit(&mut pod);
        validate::create(&pod)?;
        for field in ["selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"] {
            object::remove(&mut pod, &["metadata", field]);
        }
        object::set(&mut pod, &["metadata", "uid"], generate::uid());
        object::set(&mut pod, &["metadata", "creationTimestamp"], self.now());
        object::set(&mut pod, &["metadata", "generation"], 1);
        let status = defaults::first_status(&pod);
        object::set(&mut pod, &["status"], status);
        if self.store.len() >= MOST_PODS {
            let message = format!("exceeded quota: the cluster has {MOST_PODS} pods");
            return Err(Status::refusal(Reason::Forbidden, message).about(PODS, object::name(&pod)));
        }
        let prefix = object::text(&pod, "/metadata/generateName").to_owned();
        if !object::name(&pod).is_empty() {
            return self.insert(namespace, pod, dry_run);
        }
        let mut tries = 1;
        loop {
            let mut named = pod.clone();
            object::set(&mut named, &["metadata", "name"], generate::name(&prefix));
            match self.insert(namespace, named, dry_run) {
                Err(status) if status.reason == Some(Reason::AlreadyExists) && tries < TRIES => {
                    tries += 1;
                }
                done => return done,
            }
        }
    }

    fn insert(&self, namespace: &str, pod: Value, dry_run: bool) -> Result<Object, Status> {
        let name = object::name(&pod).to_owned();
        let key = Key::new(namespace, &name);
        let written = self.store.write(&key, dry_run, |current| match current {
            Some(_) => Err(Status::already_exists(PODS, &name)),
            None => Ok(Write::Put(pod)),
        })?;
        Ok(written.object)
    }

    /// Whether a pod can be created in a namespace.
    fn check_place(&self, namespace: &str, name: &str) -> Result<(), Status> {
        match self.surroundings().namespaces.get(namespace) {
            None => Err(Status::not_found("namespaces", namespace)),
            Some(false) => Ok(()),
            Some(true) => {
                let why = format!(
                    "unable to create new content in namespace {namespace} because it is being terminated"
                );
                let message = format!("pods {name:?} is forbidden: {why}");
                let mut status = Status::refusal(Reason::Forbidden, message).about(PODS, name);
                if let Some(details) = &mut status.details {
                    details.causes.push(Cause {
                        reason: Some(CauseReason::NamespaceTerminating),
                        message: format!("namespace {namespace} is being terminated"),
                        field: Some("metadata.namespace".to_owned()),
                    });
                }
                Err(status)
            }
        }
    }
}
