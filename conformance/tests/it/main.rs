//! Tests of the checker through its public face, one module a topic.

// So that the linter counts the helpers as tests.
#![cfg(test)]

/// Recorded exchanges of real servers.
mod captures;
/// A fictitious API over WebSocket.
mod channels;
/// Whole runs against any server.
mod checked;
/// Every exit code, by the program itself.
mod cli;
/// Emitted codecs against the decoders of the checker.
mod codecs;
/// The program, run as a user runs it.
mod command;
/// Equal runs send equal requests.
mod determinism;
/// Values made from the contract, judged by the document.
mod differential;
/// Decoders, encoders and hexdumps.
mod foreign;
mod frame;
/// The write guard.
mod guard;
/// The honest reference servers.
mod honest;
/// Every invariant of the shipped APIs has its rule.
mod invariants;
/// A list that is watched, things that are written to, and logs.
mod kennel;
/// Expected findings, and credentials.
mod known;
/// Each rule finds the fault that breaks it.
mod mutants;
/// Lists walked in pages.
mod paging;
/// Whole runs against the reference server.
mod reference;
/// Reports on a recorded run.
mod report;
/// Credentials are in no output.
mod secrets;
/// A sixth, fictitious API.
mod sixth;
/// Documents from the disk.
mod specs;
/// Streams and workflows of a fictitious API.
mod stream;
/// Exchanges over TLS.
mod tls;
/// Transcripts written down and read back.
mod transcript;
/// The wiremock twins of the shipped APIs.
mod twins;
/// Frames of WebSocket.
mod websocket;
/// Exchanges with servers that play scripted parts.
mod wire;
/// Workflow documents read and bound.
mod workflow;
