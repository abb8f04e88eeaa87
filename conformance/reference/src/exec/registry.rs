//! The exec objects of a server: created, started once, remembered for a while after their end.
//!
//! Their number is bounded. A new one takes the place of the oldest that has ended, else of the oldest that never
//! started; a running one is never given up.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    ExecConfig, ExecId, Session, Streams,
    session::{self, Handles},
};
use crate::{process::ExitCode, tty::WindowSize};

/// How many exec objects a server keeps unless it says otherwise.
const DEFAULT_LIMIT: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1023);

/// All exec objects of a server. Clones are the same registry.
#[derive(Clone, Debug)]
pub struct ExecRegistry {
    entries: Arc<Mutex<Entries>>,
    limit: NonZeroUsize,
}

#[derive(Debug, Default)]
struct Entries {
    by_id: BTreeMap<ExecId, Entry>,
    created: u64,
}

#[derive(Debug)]
struct Entry {
    /// Counts up with each creation.
    order: u64,
    config: ExecConfig,
    state: State,
}

#[derive(Debug)]
enum State {
    Created,
    /// Claimed for a process that is about to run.
    Starting,
    Running(Handles),
    Finished(ExitCode),
}

/// How far an exec object has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing has run yet.
    Created,
    /// The process runs.
    Running,
    /// The process has ended.
    Finished(ExitCode),
}

/// What is known of an exec object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// As it was created or, after a start with other streams, as it was started.
    pub config: ExecConfig,
    /// How far it has come.
    pub phase: Phase,
}

/// Every place is taken by a running process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} processes are running already")]
pub struct RegistryFull(pub usize);

/// Why an exec object cannot be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// There is none of this name.
    #[error("no such exec object")]
    Unknown,
    /// It was started before; nothing runs twice.
    #[error("the exec object has been started already")]
    AlreadyStarted,
}

/// Why a terminal cannot be resized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResizeError {
    /// There is no exec object of this name.
    #[error("no such exec object")]
    Unknown,
    /// Its process has not started, or has ended.
    #[error("the process is not running")]
    NotRunning,
    /// Its process runs without a terminal.
    #[error("the process has no terminal")]
    NoTerminal,
}

impl Default for ExecRegistry {
    fn default() -> Self {
        Self::new(DEFAULT_LIMIT)
    }
}

impl ExecRegistry {
    /// A registry of at most `limit` exec objects.
    #[must_use]
    pub fn new(limit: NonZeroUsize) -> Self {
        Self { entries: Arc::default(), limit }
    }

    /// Registers a command without running it.
    ///
    /// # Errors
    /// [`RegistryFull`] when every place is taken by a running process.
    pub fn create(&self, config: ExecConfig) -> Result<ExecId, RegistryFull> {
        let mut entries = self.entries();
        if entries.by_id.len() >= self.limit.get() {
            let oldest = entries.dispensable().ok_or(RegistryFull(self.limit.get()))?;
            entries.by_id.remove(&oldest);
        }
        let id = entries.unused_id();
        entries.created += 1;
        let entry = Entry { order: entries.created, config, state: State::Created };
        entries.by_id.insert(id.clone(), entry);
        Ok(id)
    }

    /// Starts a command, on the current tokio runtime, with the streams it was created with.
    ///
    /// # Errors
    /// [`StartError`] when there is no such exec object or it was started before.
    pub fn start(&self, id: &str) -> Result<Session, StartError> {
        self.start_with(id, None)
    }

    /// As [`ExecRegistry::start`], with these streams instead of those of the creation.
    ///
    /// # Errors
    /// [`StartError`] when there is no such exec object or it was started before.
    pub fn start_as(&self, id: &str, streams: Streams) -> Result<Session, StartError> {
        self.start_with(id, Some(streams))
    }

    /// Sets the window size of a running process's terminal.
    ///
    /// # Errors
    /// [`ResizeError`] when there is no such exec object, it does not run, or it has no terminal.
    pub fn resize(&self, id: &str, size: WindowSize) -> Result<(), ResizeError> {
        match self.entries().by_id.get(id).map(|entry| &entry.state) {
            None => Err(ResizeError::Unknown),
            Some(State::Running(Handles { terminal: Some(terminal), .. })) => {
                terminal.resize(size);
                Ok(())
            }
            Some(State::Running(_)) => Err(ResizeError::NoTerminal),
            Some(State::Created | State::Starting | State::Finished(_)) => {
                Err(ResizeError::NotRunning)
            }
        }
    }

    /// Kills a running process, as when what it runs in is removed; its output ends. Nothing happens to another one.
    pub fn kill(&self, id: &str) {
        if let Some(State::Running(handles)) = self.entries().by_id.get(id).map(|it| &it.state) {
            handles.killer.kill();
        }
    }

    /// What is known of an exec object, if there is one of this name.
    #[must_use]
    pub fn inspect(&self, id: &str) -> Option<Inspection> {
        self.entries()
            .by_id
            .get(id)
            .map(|entry| Inspection { config: entry.config.clone(), phase: entry.phase() })
    }

    fn start_with(&self, id: &str, streams: Option<Streams>) -> Result<Session, StartError> {
        let (id, config) = self.entries().claim(id, streams)?;
        let registry = self.clone();
        let ended = id.clone();
        // Spawned without the lock: a runtime that shuts down ends the process at once, and that takes the lock.
        let (session, handles) = session::start(config, move |code| registry.finish(&ended, code));
        match self.entries().by_id.get_mut(&id) {
            Some(entry) if matches!(entry.state, State::Starting) => {
                entry.state = State::Running(handles)
            }
            _ => {}
        }
        Ok(session)
    }

    fn finish(&self, id: &ExecId, code: ExitCode) {
        if let Some(entry) = self.entries().by_id.get_mut(id) {
            entry.state = State::Finished(code);
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        // Every change is made whole while the lock is held, so a panic elsewhere cannot have broken the entries.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    /// Marks an entry as running, so that nobody else starts it.
    fn claim(
        &mut self,
        id: &str,
        streams: Option<Streams>,
    ) -> Result<(ExecId, ExecConfig), StartError> {
        let id = self.by_id.get_key_value(id).ok_or(StartError::Unknown)?.0.clone();
        let entry = self.by_id.get_mut(&id).ok_or(StartError::Unknown)?;
        if entry.phase() != Phase::Created {
            return Err(StartError::AlreadyStarted);
        }
        entry.config.streams = streams.unwrap_or(entry.config.streams);
        entry.state = State::Starting;
        Ok((id, entry.config.clone()))
    }

    /// The oldest entry that has ended, else the oldest that never started.
    fn dispensable(&self) -> Option<ExecId> {
        self.by_id
            .iter()
            .filter(|(_, entry)| entry.phase() != Phase::Running)
            .min_by_key(|(_, entry)| (entry.phase() == Phase::Created, entry.order))
            .map(|(id, _)| id.clone())
    }

    fn unused_id(&self) -> ExecId {
        loop {
            let id = ExecId::random();
            if !self.by_id.contains_key(&id) {
                return id;
            }
        }
    }
}

impl Entry {
    fn phase(&self) -> Phase {
        match self.state {
            State::Created => Phase::Created,
            State::Starting | State::Running(_) => Phase::Running,
            State::Finished(code) => Phase::Finished(code),
        }
    }
}
