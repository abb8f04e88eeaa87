//! What a request may ask beside its object, checked as a whole before anything happens.
//!
//! Values arrive typed: that `limit` is a number is known by whoever read the query.

mod delete;
mod list;
mod write;

pub use self::{
    delete::{DeleteOptions, Preconditions},
    list::{ListOptions, VersionMatch},
    write::{FieldValidation, WriteKind, WriteOptions},
};
