//! Tests of the checker through its public face, one module a topic.

#![expect(clippy::unwrap_used, reason = "a test fails best where it stands, in its helpers too")]

/// Emitted codecs against the decoders of the checker.
mod codecs;
/// Values made from the contract, judged by the document.
mod differential;
/// Decoders, encoders and hexdumps.
mod frame;
/// The honest reference servers.
mod honest;
/// Every invariant of the shipped APIs has its rule.
mod invariants;
/// Each rule finds the fault that breaks it.
mod mutants;
/// Lists walked in pages.
mod paging;
/// Documents from the disk.
mod specs;
/// Whole runs against the reference server.
mod reference;
/// Streams and workflows of a fictitious API.
mod stream;
/// Transcripts written down and read back.
mod transcript;
/// Exchanges with servers that play scripted parts.
mod wire;
/// Workflow documents read and bound.
mod workflow;
