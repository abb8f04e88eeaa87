//! Programs of others talk to the reference server as to a cluster: over TLS, by the `kubeconfig` that it writes.
//!
//! A program that is not there, or too old, is no failure: the test says so on standard error and ends.

/// `kubectl`: the plain verbs, and processes over WebSocket.
mod kubectl;
/// Python's client: lists, watches, writes, processes and ports.
mod python;
/// The server itself: its folder, and the trust that it founds.
mod safe;
/// Starting servers and programs, bounded in time.
mod tools;
