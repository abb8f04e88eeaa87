//! `Status` objects: what a refusal says, and how the reason and the code go together.
//!
//! Here are only the bodies. Which request gets which of them is decided in the rooms that refuse, and headers such as
//! `Retry-After` are written by the server from what stands here.

mod body;
mod field;
mod reason;

pub use self::{
    body::{Details, Status},
    field::{Cause, FieldError},
    reason::{CauseReason, Reason},
};
