//! The integration tests of the reference server, one module per topic.
//!
//! The modules are marked as tests, so that their helpers may unwrap as the tests themselves do.

/// The cluster without HTTP.
#[cfg(test)]
mod cluster;
/// What each command prints and how it ends.
#[cfg(test)]
mod commands;
/// Exec sessions on pipes: attachments, half-close, backpressure, life and death.
#[cfg(test)]
mod exec;
/// The Rust client of Kubernetes, as if the reference servers were clusters.
#[cfg(test)]
mod kube;
/// Programs of others: `kubectl` and Python's client.
#[cfg(test)]
mod programs;
/// Exec objects: names, states, eviction.
#[cfg(test)]
mod registry;
/// The servers of the two large APIs over HTTP: discovery, users, refusals.
#[cfg(test)]
mod served;
/// Scripts and the shell that runs them.
#[cfg(test)]
mod shell;
/// Sessions on a terminal: echo, keys, window size, the interactive shell.
#[cfg(test)]
mod terminal;
/// Starting sessions and reading what they say.
#[cfg(test)]
mod tools;
