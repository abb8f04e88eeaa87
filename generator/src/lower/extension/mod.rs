//! The `x-` extensions: what OpenAPI itself cannot say.
//!
//! One file for each; all of them read their keys through `field`, so that a wrong shape is always reported alike.
//! Whether what they name exists is checked later, when all of the contract is there.

mod channels;
mod dry_run;
mod equivalent;
mod frames;
mod header;
mod lines;
mod merge;
mod paging;
mod provenance;
mod refusals;
mod sort;
mod status_field;
mod upgrade;
mod watch;
