//! Tests of the checker through its public face.

mod workflow;
