//! How much of a run is waiting: pauses, and silences in which a stream may still bring something.
//!
//! Waits that overlap count once, and none counts while an answer is outstanding: that is the server's time. Nothing
//! is scheduled here.

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

use tokio::time::Instant;

/// The waits of a run.
#[derive(Debug, Default)]
pub(super) struct Clock {
    waits: Cell<u32>,
    answers: Cell<u32>,
    idle_since: Cell<Option<Instant>>,
    waited: Cell<Duration>,
}

impl Clock {
    /// How long the run did nothing but wait.
    pub(super) fn waited(&self) -> Duration {
        self.waited.get()
    }

    /// Waits for what need not come.
    pub(super) async fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        let _guard = Guard::new(self, &self.waits);
        what.await
    }

    /// Waits for an answer.
    pub(super) async fn answer<T>(&self, what: impl Future<Output = T>) -> T {
        let _guard = Guard::new(self, &self.answers);
        what.await
    }

    /// Begins or ends an idle time, as what is outstanding now says.
    fn turn(&self) {
        let is_idle = self.waits.get() > 0 && self.answers.get() == 0;
        match (self.idle_since.get(), is_idle) {
            (None, true) => self.idle_since.set(Some(Instant::now())),
            (Some(since), false) => {
                self.waited.set(self.waited.get() + since.elapsed());
                self.idle_since.set(None);
            }
            _ => {}
        }
    }
}

/// Something outstanding, as long as it lives.
struct Guard<'c> {
    clock: &'c Clock,
    count: &'c Cell<u32>,
}

impl<'c> Guard<'c> {
    fn new(clock: &'c Clock, count: &'c Cell<u32>) -> Self {
        count.set(count.get() + 1);
        clock.turn();
        Self { clock, count }
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.count.set(self.count.get().saturating_sub(1));
        self.clock.turn();
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_millis(40);

    #[tokio::test]
    async fn waits_that_overlap_count_once_and_those_beside_an_answer_do_not() {
        let (clock, begun) = (Clock::default(), Instant::now());
        tokio::join!(clock.wait(sleep(SHORT)), clock.wait(sleep(LONG)));
        let waited = clock.waited();
        assert!(LONG <= waited && waited <= begun.elapsed(), "{waited:?}");
        tokio::join!(clock.answer(sleep(LONG)), clock.wait(sleep(SHORT)));
        assert_eq!(clock.waited(), waited);
    }
}
