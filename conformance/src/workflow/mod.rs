//! Workflows: sequences of calls with known effects, read from Arazzo 1.0 documents.
//!
//! A subset of Arazzo: operations by id, parameters, payloads, simple criteria, outputs; and one extension for
//! streams, `x-stream`, whose script says what is sent and what must come back.
//! Knows neither sockets nor answers: a step's answer reaches it as an [`Observed`].

mod check;
mod criterion;
mod cursor;
mod expression;
mod model;
mod payload;
mod read;
mod rules;
mod script;
mod template;

pub use check::check;
pub use criterion::Criterion;
pub use expression::{Expression, Message, Observed, Outputs, Part, Scope, Unresolved};
pub use model::{Argument, Input, Step, Workflow};
pub use payload::Payload;
pub use read::read;
pub use rules::{expected, rules};
pub use script::{Action, Content, Ending, Entry, Expectation, Reach, Stream};
pub use template::Template;
