//! The life of one pod on its node.

use std::{sync::Arc, time::Duration};

use serde_json::Value;
use time::OffsetDateTime;
use tokio::{
    sync::watch as signal,
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

use super::{
    Inner,
    report::{Container, Pod, State, Terminated},
};
use crate::{
    cluster::{
        container::{Run, RunConfig},
        object,
        options::{DeleteOptions, Preconditions},
        store::Object,
    },
    process::ExitCode,
};

/// The grace of pods that do not say, in seconds.
const USUAL_GRACE: u32 = 30;

/// The longest that a container waits to be started again.
const LONGEST_BACKOFF: Duration = Duration::from_secs(300);

/// How long a pod without a deadline may run.
const NO_DEADLINE: Duration = Duration::from_secs(365 * 24 * 3600);

/// What happens to a container.
enum Happening {
    /// Its process ended.
    Ended(usize, ExitCode),
    /// It is time to start it again.
    Due(usize),
}

/// When a container is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Always,
    OnFailure,
    Never,
}

struct Life {
    node: Arc<Inner>,
    object: Object,
    pod: Pod,
    policy: Policy,
    configs: Vec<RunConfig>,
    running: Vec<Option<Run>>,
    happenings: JoinSet<Happening>,
}

/// Runs a pod until it is deleted, or has come to its own end.
pub(super) async fn live(
    node: Arc<Inner>,
    object: Object,
    mut stop: signal::Receiver<Option<i64>>,
) {
    let wait = node.options.start;
    let mut life = Life::new(node, object);
    let deadline = object::number(&life.object, "/spec/activeDeadlineSeconds")
        .and_then(|seconds| u64::try_from(seconds).ok())
        .map_or(NO_DEADLINE, Duration::from_secs);
    let deadline = Instant::now() + deadline.min(NO_DEADLINE);
    let work = async {
        sleep(wait).await;
        life.begin();
        tokio::select! {
            () = life.work() => {}
            () = sleep_until(deadline) => life.expire(),
        }
        // What has come to its end stays until it is deleted.
        std::future::pending::<()>().await;
    };
    let grace = tokio::select! {
        told = stop.wait_for(Option::is_some) => told.ok().and_then(|grace| *grace),
        () = work => None,
    };
    life.end(grace.unwrap_or_default(), &mut stop).await;
}

impl Life {
    fn new(node: Arc<Inner>, object: Object) -> Self {
        let address = if object::flag(&object, "/spec/hostNetwork") {
            node.options.address.clone()
        } else {
            node.address()
        };
        let policy = match object::text(&object, "/spec/restartPolicy") {
            "Never" => Policy::Never,
            "OnFailure" => Policy::OnFailure,
            _ => Policy::Always,
        };
        let specs = |list| object::list(&object, list).iter();
        let all = || {
            let init = specs("/spec/initContainers").map(|spec| (true, spec));
            init.chain(specs("/spec/containers").map(|spec| (false, spec)))
        };
        let containers: Vec<Container> =
            all().map(|(init, spec)| Container::new(spec, init)).collect();
        let configs = all().map(|(_, spec)| RunConfig::read(spec)).collect();
        let running = containers.iter().map(|_| None).collect();
        let host = node.options.address.clone();
        let pod = Pod { started: None, address, host, containers, failed: None };
        Self { node, object, pod, policy, configs, running, happenings: JoinSet::new() }
    }

    fn begin(&mut self) {
        self.pod.started = Some(self.now());
        self.next_or_all();
        self.report();
    }

    /// Works until nothing will happen by itself any more.
    async fn work(&mut self) {
        while let Some(happening) = self.happenings.join_next().await {
            match happening {
                Ok(Happening::Ended(index, code)) => self.ended(index, code),
                Ok(Happening::Due(index)) => self.start(index),
                Err(_) => continue,
            }
            self.report();
        }
    }

    /// Starts the next init container, or all others when there is none left.
    fn next_or_all(&mut self) {
        let next = self.pod.containers.iter().position(|it| it.init && !it.has_succeeded());
        match next {
            Some(index) => self.start(index),
            None => {
                for index in 0..self.pod.containers.len() {
                    let waits = self.pod.containers.get(index).is_some_and(|it| !it.init);
                    if waits {
                        self.start(index);
                    }
                }
            }
        }
    }

    fn start(&mut self, index: usize) {
        let now = self.now();
        let (Some(container), Some(config)) =
            (self.pod.containers.get_mut(index), self.configs.get(index))
        else {
            return;
        };
        let run = Run::start(config, self.node.pods.clock());
        self.node.remember(object::uid(&self.object), &container.name, run.clone());
        container.begin(now);
        if let Some(place) = self.running.get_mut(index) {
            *place = Some(run.clone());
        }
        self.happenings.spawn(async move { Happening::Ended(index, run.ended().await) });
    }

    fn ended(&mut self, index: usize, code: ExitCode) {
        let now = self.now();
        let policy = self.policy;
        let Some(container) = self.pod.containers.get_mut(index) else { return };
        container.finish(code, now);
        if container.init && code.is_success() {
            self.next_or_all();
            return;
        }
        let again = match policy {
            Policy::Always => true,
            Policy::OnFailure => !code.is_success(),
            Policy::Never => false,
        };
        if !again {
            return;
        }
        let wait = backoff(self.node.options.backoff, container.restarts);
        if !wait.is_zero() {
            container.wait("CrashLoopBackOff");
        }
        self.happenings.spawn(async move {
            sleep(wait).await;
            Happening::Due(index)
        });
    }

    /// The pod took too long.
    fn expire(&mut self) {
        self.kill();
        self.pod.failed = Some("DeadlineExceeded");
        self.report();
    }

    /// Stops everything, says so, and takes the pod away.
    async fn end(&mut self, grace: i64, stop: &mut signal::Receiver<Option<i64>>) {
        let wait = self.node.options.stop.saturating_mul(u32::try_from(grace).unwrap_or_default());
        let shorter = async {
            // A second delete may make the time shorter.
            if stop.wait_for(|grace| *grace == Some(0)).await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = sleep(wait / USUAL_GRACE) => {}
            () = shorter => {}
        }
        self.kill();
        self.report();
        let uid = Some(object::uid(&self.object).to_owned());
        let options = DeleteOptions {
            grace: Some(0),
            preconditions: Preconditions { uid, version: None },
            ..DeleteOptions::default()
        };
        // Somebody else may have taken it away meanwhile.
        let _ = self.node.pods.delete(
            object::namespace(&self.object),
            object::name(&self.object),
            &options,
        );
    }

    /// Ends every process and writes down that it was killed.
    fn kill(&mut self) {
        self.happenings.abort_all();
        let now = self.now();
        for run in self.running.iter().flatten() {
            run.kill();
        }
        for container in &mut self.pod.containers {
            if matches!(container.state, State::Running(_)) {
                container.finish(ExitCode::KILLED, now);
            }
        }
    }

    fn report(&self) {
        let (namespace, name) = (object::namespace(&self.object), object::name(&self.object));
        let now = self.now();
        self.node.pods.report(namespace, name, object::uid(&self.object), |status| {
            self.pod.write(status, now);
        });
    }

    fn now(&self) -> OffsetDateTime {
        self.node.pods.clock().now()
    }
}

/// How long a container waits for its next start: not at all at first, then ever longer.
fn backoff(first: Duration, restarts: u32) -> Duration {
    match restarts {
        0 => Duration::ZERO,
        count => first.saturating_mul(1 << (count - 1).min(8)).min(LONGEST_BACKOFF.max(first)),
    }
}

impl Container {
    /// What a container of a spec is before its first start.
    fn new(spec: &Value, init: bool) -> Self {
        Self {
            name: object::text(spec, "/name").to_owned(),
            image: object::text(spec, "/image").to_owned(),
            init,
            state: State::Waiting(if init { "PodInitializing" } else { "ContainerCreating" }),
            last: None,
            restarts: 0,
            id: None,
        }
    }

    fn begin(&mut self, now: OffsetDateTime) {
        if self.id.is_some() {
            self.restarts = self.restarts.saturating_add(1);
        }
        if let State::Terminated(ended) = &self.state {
            self.last = Some(ended.clone());
        }
        let random: [u8; 32] = rand::random();
        self.id = Some(random.iter().map(|byte| format!("{byte:02x}")).collect());
        self.state = State::Running(now);
    }

    fn finish(&mut self, code: ExitCode, now: OffsetDateTime) {
        let started = match self.state {
            State::Running(started) => started,
            _ => now,
        };
        let id = self.id.clone().unwrap_or_default();
        self.state = State::Terminated(Terminated { code, started, finished: now, id });
    }

    /// Waits for a restart; what it was becomes the last state.
    fn wait(&mut self, reason: &'static str) {
        if let State::Terminated(ended) = &self.state {
            self.last = Some(ended.clone());
        }
        self.state = State::Waiting(reason);
    }

    fn has_succeeded(&self) -> bool {
        matches!(&self.state, State::Terminated(ended) if ended.code.is_success())
    }
}
