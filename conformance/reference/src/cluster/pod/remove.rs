//! Deleting a pod, or all pods that are selected.

use serde_json::Value;

use super::{PODS, Pods};
use crate::cluster::{
    clock, object,
    options::{DeleteOptions, ListOptions},
    page::{Page, list},
    status::{Reason, Status},
    store::{Key, Object, Scope, Write},
};

/// How long a pod has to end when nothing says so, in seconds.
const USUAL_GRACE: i64 = 30;

/// What a delete did.
#[derive(Clone, Debug, PartialEq)]
pub struct Deleted {
    /// The pod, gone or on its way.
    pub object: Object,
    /// Whether it is gone.
    pub gone: bool,
}

impl Deleted {
    /// 202 when the pod is still there and its dependents were to go with it, otherwise 200.
    #[must_use]
    pub fn code(&self, options: &DeleteOptions) -> u16 {
        if !self.gone && options.orphan == Some(false) { 202 } else { 200 }
    }
}

impl Pods {
    /// Deletes a pod: at once, or by marking it for whoever runs it.
    ///
    /// # Errors
    /// 404 when there is no such pod, 409 when it is not as the preconditions say.
    pub fn delete(
        &self,
        namespace: &str,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<Deleted, Status> {
        let written = self.store.write(&Key::new(namespace, name), options.dry_run, |current| {
            let current = current.ok_or_else(|| Status::not_found(PODS, name))?;
            options.preconditions.check(current)?;
            Ok(self.deleting(current, options.grace))
        })?;
        Ok(Deleted { object: written.object, gone: written.removed })
    }

    /// Deletes the pods of one page of a list, and gives the page as it was before.
    ///
    /// # Errors
    /// As a list gives; a pod that is gone by itself is none.
    pub fn delete_collection(
        &self,
        namespace: &str,
        selection: &ListOptions,
        options: &DeleteOptions,
    ) -> Result<Page, Status> {
        let page = list(&self.store, &Scope::namespace(namespace), selection)?;
        for pod in &page.items {
            match self.delete(namespace, object::name(pod), options) {
                Err(status) if status.reason != Some(Reason::NotFound) => return Err(status),
                _ => {}
            }
        }
        Ok(page)
    }

    /// What a delete makes of a pod.
    fn deleting(&self, current: &Value, asked: Option<i64>) -> Write {
        let grace = grace(current, asked);
        let marked = object::number(current, "/metadata/deletionGracePeriodSeconds")
            .filter(|_| object::is_terminating(current));
        // A second delete can only make the time shorter.
        if marked.is_some_and(|marked| grace >= marked && marked > 0) {
            return Write::Keep;
        }
        let mut pod = current.clone();
        let end = clock::seconds(clock::after(self.clock.now(), grace));
        object::set(&mut pod, &["metadata", "deletionTimestamp"], end);
        object::set(&mut pod, &["metadata", "deletionGracePeriodSeconds"], grace);
        if marked.is_none() {
            let generation = object::number(current, "/metadata/generation").unwrap_or_default();
            object::set(&mut pod, &["metadata", "generation"], generation.saturating_add(1));
        }
        match (grace, object::list(current, "/metadata/finalizers").is_empty(), marked) {
            (0, true, _) => Write::Remove(pod),
            (0, false, Some(0)) => Write::Keep,
            _ => Write::Put(pod),
        }
    }
}

/// How many seconds a pod has: none when nothing of it runs.
fn grace(pod: &Value, asked: Option<i64>) -> i64 {
    let unscheduled = object::text(pod, "/spec/nodeName").is_empty();
    let finished = ["Succeeded", "Failed"].contains(&object::text(pod, "/status/phase"));
    if unscheduled || finished {
        return 0;
    }
    let own = object::number(pod, "/spec/terminationGracePeriodSeconds");
    match asked.or(own).unwrap_or(USUAL_GRACE) {
        seconds if seconds < 0 => 1,
        seconds => seconds,
    }
}
