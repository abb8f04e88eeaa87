//! Tests of the checker through its public face, one module a topic.

#![expect(clippy::unwrap_used, reason = "a test fails best where it stands, in its helpers too")]

/// Emitted codecs against the decoders of the checker.
mod codecs;
/// Decoders, encoders and hexdumps.
mod frame;
/// Every invariant of the shipped APIs has its rule.
mod invariants;
/// Lists walked in pages.
mod paging;
/// Streams and workflows of a fictitious API.
mod stream;
/// Transcripts written down and read back.
mod transcript;
/// Exchanges with servers that play scripted parts.
mod wire;
/// Workflow documents read and bound.
mod workflow;
