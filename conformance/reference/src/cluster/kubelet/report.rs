//! What a node knows of a pod, as the pod's status.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::{
    cluster::{clock::seconds, object},
    process::ExitCode,
};

/// What a node knows of a pod.
#[derive(Debug)]
pub(super) struct Pod {
    pub(super) started: Option<OffsetDateTime>,
    pub(super) address: String,
    pub(super) host: String,
    pub(super) containers: Vec<Container>,
    /// Why the pod failed as a whole.
    pub(super) failed: Option<&'static str>,
}

/// What a node knows of a container.
#[derive(Debug)]
pub(super) struct Container {
    pub(super) name: String,
    pub(super) image: String,
    pub(super) init: bool,
    pub(super) state: State,
    /// How its last run ended.
    pub(super) last: Option<Terminated>,
    pub(super) restarts: u32,
    /// The identity of its latest run.
    pub(super) id: Option<String>,
}

/// What a container does.
#[derive(Clone, Debug)]
pub(super) enum State {
    Waiting(&'static str),
    Running(OffsetDateTime),
    Terminated(Terminated),
}

/// How a run ended.
#[derive(Clone, Debug)]
pub(super) struct Terminated {
    pub(super) code: ExitCode,
    pub(super) started: OffsetDateTime,
    pub(super) finished: OffsetDateTime,
    pub(super) id: String,
}

impl Pod {
    /// Writes the status, keeping what the node does not know.
    pub(super) fn write(&self, status: &mut Value, now: OffsetDateTime) {
        object::set(status, &["phase"], self.phase());
        object::set(status, &["hostIP"], self.host.as_str());
        object::set(status, &["hostIPs"], json!([{ "ip": self.host }]));
        object::set(status, &["podIP"], self.address.as_str());
        object::set(status, &["podIPs"], json!([{ "ip": self.address }]));
        if let Some(started) = self.started {
            object::set(status, &["startTime"], seconds(started));
        }
        if let Some(reason) = self.failed {
            object::set(status, &["reason"], reason);
        }
        for (field, init) in [("containerStatuses", false), ("initContainerStatuses", true)] {
            let states = self.containers.iter().filter(|container| container.init == init);
            let states: Vec<Value> = states.map(Container::to_value).collect();
            if !states.is_empty() {
                object::set(status, &[field], states);
            }
        }
        self.write_conditions(status, now);
    }

    fn phase(&self) -> &'static str {
        if self.failed.is_some() {
            return "Failed";
        }
        let main = || self.containers.iter().filter(|container| !container.init);
        let is_over = |it: &Container| matches!(it.state, State::Terminated(_));
        let init_failed = self.containers.iter().any(|it| it.init && it.has_failed());
        if main().all(is_over) {
            if main().any(Container::has_failed) { "Failed" } else { "Succeeded" }
        } else if init_failed {
            "Failed"
        } else if main().any(|it| it.id.is_some()) {
            "Running"
        } else {
            "Pending"
        }
    }

    fn write_conditions(&self, status: &mut Value, now: OffsetDateTime) {
        let main = || self.containers.iter().filter(|container| !container.init);
        let ready = main().all(|it| matches!(it.state, State::Running(_)));
        let over = ["Succeeded", "Failed"].contains(&self.phase());
        let initialized = main().any(|it| it.id.is_some());
        let reason = if over { "PodCompleted" } else { "ContainersNotReady" };
        let before = object::list(status, "/conditions").to_vec();
        let mut conditions: Vec<Value> = Vec::new();
        for (kind, holds) in [
            ("PodReadyToStartContainers", self.started.is_some() && !over),
            ("Initialized", initialized),
            ("Ready", ready),
            ("ContainersReady", ready),
            ("PodScheduled", true),
        ] {
            let word = if holds { "True" } else { "False" };
            let old = before.iter().find(|it| object::text(it, "/type") == kind);
            let since = old.filter(|old| object::text(old, "/status") == word);
            let since = since.map(|old| object::text(old, "/lastTransitionTime").to_owned());
            let since = since.unwrap_or_else(|| seconds(now));
            let mut condition =
                json!({ "type": kind, "status": word, "lastTransitionTime": since });
            if !holds && kind.ends_with("Ready") {
                object::set(&mut condition, &["reason"], reason);
            }
            conditions.push(condition);
        }
        // Conditions that somebody else wrote stay.
        let others = before.into_iter().filter(|old| {
            conditions.iter().all(|own| object::text(own, "/type") != object::text(old, "/type"))
        });
        let others: Vec<Value> = others.collect();
        conditions.extend(others);
        object::set(status, &["conditions"], conditions);
    }
}

impl Container {
    fn has_failed(&self) -> bool {
        matches!(&self.state, State::Terminated(ended) if !ended.code.is_success())
    }

    fn to_value(&self) -> Value {
        let running = matches!(self.state, State::Running(_));
        let done =
            self.init && matches!(&self.state, State::Terminated(it) if it.code.is_success());
        let last = self.last.as_ref().map_or_else(|| json!({}), Terminated::to_value);
        let mut value = json!({
            "name": self.name,
            "state": self.state.to_value(),
            "lastState": last,
            "ready": running || done,
            "restartCount": self.restarts,
            "image": self.image,
            "imageID": if self.id.is_some() { self.image.as_str() } else { "" },
            "started": running,
        });
        if let Some(id) = &self.id {
            object::set(&mut value, &["containerID"], format!("containerd://{id}"));
        }
        value
    }
}

impl State {
    fn to_value(&self) -> Value {
        match self {
            Self::Waiting(reason) => json!({ "waiting": { "reason": reason } }),
            Self::Running(started) => json!({ "running": { "startedAt": seconds(*started) } }),
            Self::Terminated(ended) => ended.to_value(),
        }
    }
}

impl Terminated {
    fn to_value(&self) -> Value {
        let reason = match self.code.get() {
            0 => "Completed",
            128 => "StartError",
            _ => "Error",
        };
        json!({ "terminated": {
            "exitCode": self.code.get(),
            "reason": reason,
            "startedAt": seconds(self.started),
            "finishedAt": seconds(self.finished),
            "containerID": format!("containerd://{}", self.id),
        } })
    }
}
