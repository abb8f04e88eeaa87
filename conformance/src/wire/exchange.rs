//! The two ways to use the wire: a whole exchange at once, or an open stream to talk on.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::connection::Connection;
use super::limits::Limits;
use super::pool::Pool;
use super::stream::Stream;
use super::target::Target;
use super::tls::Tls;
use crate::probe::{Probe, Step};
use crate::transcript::Transcript;

/// Exchanges with one target. Clones share the connections.
#[derive(Clone)]
pub struct Wire {
    shared: Arc<Shared>,
}

/// What the exchanges with one target have in common.
pub(super) struct Shared {
    pub(super) target: Target,
    pub(super) limits: Limits,
    pub(super) pool: Pool,
    tls: Option<Tls>,
}

impl Wire {
    /// A wire without any connection yet. A target over TLS is reached by [`Wire::secured`] alone.
    #[must_use]
    pub fn new(target: Target, limits: Limits) -> Self {
        Self::with(target, limits, None)
    }

    /// The same with connections secured so, where the target asks for it.
    #[must_use]
    pub fn secured(target: Target, limits: Limits, tls: Tls) -> Self {
        Self::with(target, limits, Some(tls))
    }

    fn with(target: Target, limits: Limits, tls: Option<Tls>) -> Self {
        let pool = Pool::new(limits.idle_connections);
        Self { shared: Arc::new(Shared { target, limits, pool, tls }) }
    }

    /// The server at the other end.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.shared.target
    }

    /// Sends a probe, does its steps, and reads on to its end. Ends within the limits, whatever the server does.
    pub async fn exchange(&self, probe: &Probe) -> Transcript {
        let mut stream = self.begin(probe, false).await;
        for step in &probe.steps {
            take(&mut stream, step).await;
        }
        stream.finish().await
    }

    /// Sends the request of a probe, reads the head of the answer, and leaves the rest to the caller; the steps
    /// of the probe are not done.
    pub async fn open(&self, probe: &Probe) -> Stream {
        self.begin(probe, true).await
    }

    /// A pooled connection that the server closed while the request was on its way proves nothing; a safe
    /// request is then sent once more (RFC 9112 §9.3.1).
    async fn begin(&self, probe: &Probe, talks: bool) -> Stream {
        let alone = probe.fresh_connection || probe.expect_takeover;
        let stream = self.attempt(probe, alone, talks).await;
        if stream.met_a_stale_connection() && probe.request.is_safe() {
            return self.attempt(probe, true, talks).await;
        }
        stream
    }

    async fn attempt(&self, probe: &Probe, alone: bool, talks: bool) -> Stream {
        // A turn of the runtime, so that it learns of connections that were closed in the meantime.
        tokio::task::yield_now().await;
        let pooled = if alone { None } else { self.shared.pool.take(self.idle_for(probe)) };
        let fresh = pooled.is_none();
        let connection = match pooled {
            Some(connection) => Ok(connection),
            None => self.connect(probe.caps.window).await,
        };
        let mut stream = Stream::new(self.shared.clone(), probe.clone(), connection, fresh);
        stream.keeps_unread(talks);
        stream.ask().await;
        stream
    }

    async fn connect(&self, window: Option<u32>) -> Result<Connection, String> {
        let shared = &self.shared;
        let tls = match (shared.target.is_secure(), &shared.tls) {
            (true, None) => return Err("nothing says how to secure it by TLS".to_owned()),
            (true, tls) => tls.as_ref(),
            (false, _) => None,
        };
        Connection::open(&shared.target, tls, shared.limits.connect, window).await
    }

    fn idle_for(&self, probe: &Probe) -> Duration {
        let idle = self.shared.limits.idle;
        if probe.request.is_safe() { idle } else { idle / 10 }
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wire({})", self.shared.target)
    }
}

async fn take(stream: &mut Stream, step: &Step) {
    match step {
        Step::Send(bytes) => {
            stream.send(bytes).await;
        }
        Step::HalfClose => stream.half_close().await,
        Step::ReadFor { quiet } => stream.read_until_quiet(*quiet).await,
        Step::AwaitBytes(count) => stream.read_until_count(*count).await,
        Step::Pause(time) => stream.read_for(*time).await,
        Step::Drop => stream.drop_connection(),
    }
}
