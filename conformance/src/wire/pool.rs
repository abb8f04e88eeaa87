//! Connections kept open between exchanges with the one target. Opens none itself.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::connection::Connection;

/// Idle connections, the last used on top; the oldest is dropped when there are too many.
pub(super) struct Pool {
    idle: Mutex<Vec<Connection>>,
    cap: usize,
}

impl Pool {
    /// An empty pool for at most `cap` connections.
    pub(super) fn new(cap: usize) -> Self {
        Self { idle: Mutex::new(Vec::new()), cap }
    }

    /// The last used connection, if it has not idled for longer than that and the peer has kept still.
    pub(super) fn take(&self, idle_for: Duration) -> Option<Connection> {
        let mut idle = self.lock();
        while let Some(connection) = idle.pop() {
            if connection.idle() > idle_for {
                // Those below have idled for longer; but they may still do for others.
                idle.push(connection);
                return None;
            }
            if connection.is_quiet() {
                return Some(connection);
            }
        }
        None
    }

    /// Keeps a connection for later, and drops what has idled for longer than that.
    pub(super) fn put(&self, mut connection: Connection, idle_for: Duration) {
        connection.touch();
        let mut idle = self.lock();
        idle.retain(|each| each.idle() <= idle_for);
        if idle.len() >= self.cap && !idle.is_empty() {
            idle.remove(0);
        }
        if self.cap > 0 {
            idle.push(connection);
        }
    }

    /// A panic elsewhere leaves the list whole, so its poison means nothing.
    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
