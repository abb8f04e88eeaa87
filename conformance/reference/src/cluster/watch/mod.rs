//! Watches: what was there, then every change, until a time is over.
//!
//! A watch keeps no queue of its own: it reads the history of the store, and one that falls behind it ends with an
//! error event. Lines, chunks and messages are made by the server.

mod event;
mod start;

use std::{collections::VecDeque, time::Duration};

use futures_core::Stream;
use futures_util::stream;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

pub use self::event::{Event, EventKind};
use self::{event::judge, start::Start};
use super::{
    options::ListOptions,
    selector::Selector,
    status::Status,
    store::{Scope, Store, Unavailable, Version},
};

/// How often a watch that allows bookmarks gets one.
const BOOKMARK_EVERY: Duration = Duration::from_secs(60);

/// How long before its end a watch that allows bookmarks gets a last one.
const BOOKMARK_BEFORE_END: Duration = Duration::from_secs(2);

/// How long a watch lasts that does not say: between this and twice this.
const USUAL: Duration = Duration::from_secs(30 * 60);

/// How many changes are read from the store at a time.
const BATCH: usize = 64;

/// A running watch.
#[derive(Debug)]
pub struct Watch {
    store: Store,
    scope: Scope,
    selector: Selector,
    latest: watch::Receiver<Version>,
    /// Events that are due.
    due: VecDeque<Event>,
    /// Every change up to here is sent or due.
    seen: Version,
    /// When the next bookmark is due, if bookmarks are allowed.
    bookmark: Option<Instant>,
    end: Instant,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    /// An error event is the last one.
    Failing,
    Ended,
}

/// What a watch waits for.
enum Wake {
    Changed,
    Bookmark,
    End,
}

impl Watch {
    /// Begins a watch.
    ///
    /// # Errors
    /// 400 for a malformed selector, 422 for options that exclude each other, 500 for a malformed version. A version that
    /// is too old is no error here, but the first and last event.
    pub fn open(store: &Store, scope: Scope, options: &ListOptions) -> Result<Self, Status> {
        let selector =
            Selector::parse(options.label_selector.as_deref(), options.field_selector.as_deref())?;
        options.for_watch()?;
        let start = Start::read(options)?;
        // Subscribed before the first look, so that no change falls between.
        let latest = store.subscribe();
        let now = Instant::now();
        let (length, over) = length(options.timeout);
        let end = now + length;
        let mut watch = Self {
            store: store.clone(),
            scope,
            selector,
            latest,
            due: VecDeque::new(),
            seen: Version::ZERO,
            bookmark: options.bookmarks.then(|| next_bookmark(now, now, end)),
            end,
            state: if over { State::Ended } else { State::Running },
        };
        watch.begin(start, options.bookmarks);
        Ok(watch)
    }

    /// The next event; nothing when the watch is over. Safe to cancel.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            if self.state == State::Ended {
                return None;
            }
            if self.state == State::Running && Instant::now() >= self.end {
                self.state = State::Ended;
                return None;
            }
            if let Some(event) = self.due.pop_front() {
                return Some(event);
            }
            if self.state == State::Failing {
                self.state = State::Ended;
                return None;
            }
            if !self.read() {
                self.wait().await;
            }
        }
    }

    /// The events as a stream.
    pub fn into_stream(self) -> impl Stream<Item = Event> + Send + 'static {
        stream::unfold(self, |mut watch| async move {
            let event = watch.next().await?;
            Some((event, watch))
        })
    }

    fn begin(&mut self, start: Start, bookmarks: bool) {
        match start {
            Start::After(version) => self.seen = version,
            Start::Changes => self.seen = self.store.version(),
            Start::State { marked } => {
                let snapshot = self.store.current(&self.scope);
                let selected =
                    snapshot.objects().filter(|(_, object)| self.selector.selects(object));
                self.due = selected.map(|(_, object)| Event::added(object)).collect();
                self.seen = snapshot.version();
                if marked && bookmarks {
                    self.due.push_back(Event::initial_end(self.seen));
                }
            }
        }
    }

    /// Makes events of a batch of changes; says whether there was any change.
    fn read(&mut self) -> bool {
        match self.store.changes(self.seen, BATCH) {
            Ok(changes) => {
                for change in &changes {
                    self.seen = change.version;
                    if self.scope.contains(&change.key) {
                        self.due.extend(judge(change, &self.selector));
                    }
                }
                !changes.is_empty()
            }
            Err(unavailable @ (Unavailable::TooOld(..) | Unavailable::TooNew(..))) => {
                let status = Status::expired(unavailable.to_string());
                self.due.push_back(Event::error(&status));
                self.state = State::Failing;
                true
            }
        }
    }

    async fn wait(&mut self) {
        let bookmark = self.bookmark.unwrap_or(self.end);
        let wake = tokio::select! {
            biased;
            () = sleep_until(self.end) => Wake::End,
            () = sleep_until(bookmark) => Wake::Bookmark,
            changed = self.latest.changed() => {
                if changed.is_ok() { Wake::Changed } else { Wake::End }
            }
        };
        match wake {
            Wake::Changed => {}
            Wake::Bookmark => self.mark(),
            Wake::End => self.state = State::Ended,
        }
    }

    fn mark(&mut self) {
        let now = Instant::now();
        self.bookmark = Some(next_bookmark(now, now + BOOKMARK_EVERY, self.end));
        // A version that is not reached yet is not confirmed by a bookmark.
        if self.seen <= self.store.version() {
            self.due.push_back(Event::bookmark(self.seen));
        }
    }
}

/// How long a watch lasts, and whether it is over at once.
fn length(timeout: Option<i64>) -> (Duration, bool) {
    match timeout {
        Some(seconds) if seconds < 0 => (Duration::ZERO, true),
        // A year is as good as for ever, and no sum with it overflows.
        Some(seconds) if seconds > 0 => (
            Duration::from_secs(seconds.unsigned_abs()).min(Duration::from_secs(31_536_000)),
            false,
        ),
        _ => (USUAL.mul_f64(rand::random_range(1.0..2.0)), false),
    }
}

/// When a bookmark is due that is wanted at a time: then, or shortly before the end if that comes first.
fn next_bookmark(now: Instant, wanted: Instant, end: Instant) -> Instant {
    let last = end.checked_sub(BOOKMARK_BEFORE_END).unwrap_or(now);
    match (last > now, wanted > now) {
        (true, true) => wanted.min(last),
        (true, false) => (now + BOOKMARK_EVERY).min(last),
        (false, _) => end,
    }
}
