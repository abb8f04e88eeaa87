//! What a node reports of a pod: its status, written without anybody's leave.

use serde_json::{Value, json};

use super::Pods;
use crate::cluster::{
    managed::{self, Writer},
    object,
    store::{Key, Write},
};

/// Who a node is as a manager of fields.
const MANAGER: &str = "kubelet";

impl Pods {
    /// Changes the status of a pod, if it is still the one with this uid.
    pub(in crate::cluster) fn report(
        &self,
        namespace: &str,
        name: &str,
        uid: &str,
        change: impl FnOnce(&mut Value),
    ) {
        let time = self.now();
        let writer = Writer { manager: MANAGER, subresource: "status", time: &time };
        let written = self.store.write(&Key::new(namespace, name), false, |current| {
            let Some(current) = current.filter(|current| object::uid(current) == uid) else {
                return Ok(Write::Keep);
            };
            let mut pod = Value::clone(current);
            let mut status = object::remove(&mut pod, &["status"]).unwrap_or_else(|| json!({}));
            change(&mut status);
            object::set(&mut pod, &["status"], status);
            managed::updated(Some(current), &mut pod, writer, &self.table);
            Ok(Write::Put(pod))
        });
        // A pod that is gone has no status to be written.
        drop(written);
    }
}
