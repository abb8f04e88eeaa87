//! The lines of one run of a container, and reading them.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::stream;
use time::OffsetDateTime;
use tokio::sync::watch;

use super::LogOptions;
use crate::cluster::clock::{self, Clock};

/// The most lines that are kept.
const LINES: usize = 16 * 1024;

/// The most bytes that are kept.
const BYTES: usize = 4 * 1024 * 1024;

/// A line that is longer is cut into several entries.
const LONGEST: usize = 16 * 1024;

/// Where something was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Standard output, or the terminal.
    Stdout,
    /// Standard error.
    Stderr,
}

/// The log of one run of a container. Clones are the same log.
#[derive(Clone, Debug)]
pub struct Log {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    clock: Clock,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    entries: VecDeque<Entry>,
    /// How many entries were forgotten.
    forgotten: u64,
    bytes: usize,
    /// What each source wrote since its last newline.
    stdout: BytesMut,
    stderr: BytesMut,
    ended: bool,
}

#[derive(Clone, Debug)]
struct Entry {
    at: OffsetDateTime,
    /// With its newline, if it has one.
    text: Bytes,
}

impl Log {
    /// An empty log that takes its times from a clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let shared = Shared { clock, state: Mutex::default(), changed: watch::Sender::new(()) };
        Self { shared: Arc::new(shared) }
    }

    /// Adds what was written; a line is seen when it is whole.
    pub fn write(&self, source: Source, bytes: &[u8]) {
        let now = self.shared.clock.now();
        self.state().write(source, bytes, now);
        self.shared.changed.send_replace(());
    }

    /// Nothing more is written: what has no newline is seen, and whoever follows comes to the end.
    pub fn end(&self) {
        let now = self.shared.clock.now();
        self.state().end(now);
        self.shared.changed.send_replace(());
    }

    /// Reads the log.
    #[must_use]
    pub fn read(&self, options: &LogOptions) -> Reading {
        let state = self.state();
        let there = state.entries.len();
        let skipped = there.saturating_sub(options.tail.unwrap_or(there));
        let next = state.forgotten.saturating_add(u64::try_from(skipped).unwrap_or(u64::MAX));
        let stop = state.forgotten.saturating_add(u64::try_from(there).unwrap_or(u64::MAX));
        drop(state);
        Reading {
            changed: self.shared.changed.subscribe(),
            log: self.clone(),
            next,
            stop: (!options.follow).then_some(stop),
            left: options.limit,
            options: *options,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is made whole while the lock is held, so a panic elsewhere cannot have broken the state.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn write(&mut self, source: Source, bytes: &[u8], now: OffsetDateTime) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n').flat_map(|it| it.chunks(LONGEST))
        {
            let partial = match source {
                Source::Stdout => &mut self.stdout,
                Source::Stderr => &mut self.stderr,
            };
            partial.extend_from_slice(piece);
            if partial.ends_with(b"\n") || partial.len() >= LONGEST {
                let text = partial.split().freeze();
                self.push(Entry { at: now, text });
            }
        }
    }

    fn end(&mut self, now: OffsetDateTime) {
        for text in [self.stdout.split().freeze(), self.stderr.split().freeze()] {
            if !text.is_empty() {
                self.push(Entry { at: now, text });
            }
        }
        self.ended = true;
    }

    fn push(&mut self, entry: Entry) {
        self.bytes = self.bytes.saturating_add(entry.text.len());
        self.entries.push_back(entry);
        while self.entries.len() > LINES || self.bytes > BYTES {
            let Some(oldest) = self.entries.pop_front() else { return };
            self.bytes = self.bytes.saturating_sub(oldest.text.len());
            self.forgotten = self.forgotten.saturating_add(1);
        }
    }

    /// The entry with a number, or the oldest one after it.
    fn entry(&self, number: u64) -> Option<(u64, Entry)> {
        let number = number.max(self.forgotten);
        let index = usize::try_from(number.saturating_sub(self.forgotten)).ok()?;
        Some((number, self.entries.get(index)?.clone()))
    }
}

/// A log as it is read, entry by entry.
#[derive(Debug)]
pub struct Reading {
    log: Log,
    changed: watch::Receiver<()>,
    next: u64,
    /// Where it ends; nothing when it follows.
    stop: Option<u64>,
    /// How many bytes may still come.
    left: Option<usize>,
    options: LogOptions,
}

impl Reading {
    /// The next line, or a part of one; nothing at the end.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.left == Some(0) || self.stop.is_some_and(|stop| self.next >= stop) {
                return None;
            }
            self.changed.borrow_and_update();
            let (found, ended) = {
                let state = self.log.state();
                (state.entry(self.next), state.ended)
            };
            match found {
                Some((number, entry)) => {
                    self.next = number.saturating_add(1);
                    if self.options.since.is_none_or(|since| entry.at >= since) {
                        return Some(self.shown(&entry));
                    }
                }
                None if ended || self.stop.is_some() => return None,
                None => self.changed.changed().await.ok()?,
            }
        }
    }

    /// The lines as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Bytes> + Send + 'static {
        stream::unfold(self, |mut reading| async move {
            let line = reading.next().await?;
            Some((line, reading))
        })
    }

    fn shown(&mut self, entry: &Entry) -> Bytes {
        let mut text = entry.text.clone();
        if self.options.timestamps {
            let mut line = BytesMut::from(clock::nanoseconds(entry.at).as_bytes());
            line.extend_from_slice(b" ");
            line.extend_from_slice(&text);
            text = line.freeze();
        }
        if let Some(left) = &mut self.left {
            text.truncate(*left);
            *left = left.saturating_sub(text.len());
        }
        text
    }
}
