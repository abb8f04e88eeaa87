//! Following the pods: one worker for each pod of the node, and a binding for each pod of none.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};
use tokio::sync::watch as signal;
use tokio_util::task::AbortOnDropHandle;

use super::{Inner, life};
use crate::cluster::{
    object,
    options::ListOptions,
    store::{Object, Scope},
    watch::{Event, EventKind},
};

/// The scheduler that this one stands for.
const SCHEDULER: &str = "default-scheduler";

/// What is going on for each pod, by its uid. Dropping it ends it.
#[derive(Default)]
struct Workers {
    scheduling: BTreeMap<String, AbortOnDropHandle<()>>,
    living: BTreeMap<String, Worker>,
}

/// The life of a pod, and how it is told to end.
struct Worker {
    /// The grace in seconds, once the pod is being deleted.
    stop: signal::Sender<Option<i64>>,
    _task: AbortOnDropHandle<()>,
}

/// Follows the pods for ever.
pub(super) async fn drive(node: Arc<Inner>) {
    let mut workers = Workers::default();
    loop {
        let Ok(mut watch) = node.pods.watch(Scope::All, &ListOptions::default()) else { return };
        let snapshot = node.pods.store().current(&Scope::All);
        let there: Vec<&str> = snapshot.objects().map(|(_, pod)| object::uid(pod)).collect();
        workers.keep(&there, &node);
        while let Some(Event { kind, object }) = watch.next().await {
            match kind {
                EventKind::Added | EventKind::Modified => workers.see(&node, &object),
                EventKind::Deleted => workers.lose(&node, object::uid(&object)),
                EventKind::Bookmark => {}
                // The watch was too slow; a new one begins with what is there.
                EventKind::Error => break,
            }
        }
    }
}

impl Workers {
    fn see(&mut self, node: &Arc<Inner>, pod: &Object) {
        let uid = object::uid(pod);
        let assigned = object::text(pod, "/spec/nodeName");
        if assigned.is_empty() {
            if waits_for_a_node(pod) && !self.scheduling.contains_key(uid) {
                let task = tokio::spawn(schedule(Arc::clone(node), Arc::clone(pod)));
                self.scheduling.insert(uid.to_owned(), AbortOnDropHandle::new(task));
            }
            return;
        }
        self.scheduling.remove(uid);
        if assigned != node.options.name || is_finished(pod) {
            return;
        }
        let worker = self.living.entry(uid.to_owned()).or_insert_with(|| {
            let (stop, told) = signal::channel(None);
            let task = tokio::spawn(life::live(Arc::clone(node), Arc::clone(pod), told));
            Worker { stop, _task: AbortOnDropHandle::new(task) }
        });
        if object::is_terminating(pod) {
            let grace = object::number(pod, "/metadata/deletionGracePeriodSeconds");
            worker.stop.send_if_modified(|told| {
                let changes = *told != grace;
                *told = grace;
                changes
            });
        }
    }

    fn lose(&mut self, node: &Inner, uid: &str) {
        self.scheduling.remove(uid);
        self.living.remove(uid);
        node.forget(uid);
    }

    /// Loses every pod that is not there.
    fn keep(&mut self, there: &[&str], node: &Inner) {
        let known: Vec<String> =
            self.scheduling.keys().chain(self.living.keys()).cloned().collect();
        for uid in known.iter().filter(|uid| !there.contains(&uid.as_str())) {
            self.lose(node, uid);
        }
    }
}

fn waits_for_a_node(pod: &Value) -> bool {
    object::text(pod, "/spec/schedulerName") == SCHEDULER
        && !object::is_terminating(pod)
        && object::list(pod, "/spec/schedulingGates").is_empty()
        && !is_finished(pod)
}

fn is_finished(pod: &Value) -> bool {
    ["Succeeded", "Failed"].contains(&object::text(pod, "/status/phase"))
}

async fn schedule(node: Arc<Inner>, pod: Object) {
    tokio::time::sleep(node.options.schedule).await;
    let name = object::name(&pod);
    let target = json!({ "kind": "Node", "name": node.options.name });
    let binding =
        json!({ "metadata": { "name": name, "uid": object::uid(&pod) }, "target": target });
    // Somebody else may have bound or deleted it meanwhile, which is as good.
    let _ = node.pods.bind(object::namespace(&pod), Some(name), &binding, false);
}
