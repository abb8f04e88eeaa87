//! The `x-` extensions: what OpenAPI itself cannot say.
//!
//! One file for each; all of them read their keys through `field`, so that a wrong shape is always reported alike.

mod provenance;
