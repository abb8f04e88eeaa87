//! Which documented status of which operation was seen, and why not.

use generator::contract::{Api, Fault, Operation, OperationId, StatusKey};
use serde::Serialize;

use crate::run::{Cell, Record};

/// Faults that requests are given.
const PROVOKED: [Fault; 7] = [
    Fault::Invalid,
    Fault::Malformed,
    Fault::Unauthenticated,
    Fault::Missing,
    Fault::Duplicate,
    Fault::WrongMethod,
    Fault::WrongMediaType,
];

/// Operations and their documented statuses.
#[derive(Clone, Debug, Serialize)]
pub struct Matrix {
    /// One row an operation, in document order.
    pub rows: Vec<Row>,
}

/// An operation.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its id.
    pub operation: OperationId,
    /// Method and path.
    pub request: String,
    /// Its documented statuses.
    pub statuses: Vec<(StatusKey, Mark)>,
}

/// What is known of a documented status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Seen so often, always in order.
    Valid(u64),
    /// Seen, and so often with a finding.
    Invalid(u64),
    /// Not seen.
    NotProvoked(NotProvoked),
}

/// Why a documented status was not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotProvoked {
    /// A server error cannot be asked for.
    ServerError,
    /// It takes a caller with other rights.
    OtherPrincipal,
    /// It takes time to pass.
    Time,
    /// It takes a change, and none may be made.
    WriteGuard,
    /// The operation reached another documented success.
    OtherSuccess,
    /// The operation was not tried.
    NotTried,
    /// A catch-all entry, and nothing fell into it.
    CatchAll,
    /// Requests were made that may get it, and none did.
    NoneGot,
}

impl NotProvoked {
    /// The reason in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ServerError => "a server error cannot be asked for",
            Self::OtherPrincipal => "needs another principal",
            Self::Time => "needs time",
            Self::WriteGuard => "write guard",
            Self::OtherSuccess => "another documented success came",
            Self::NotTried => "not tried",
            Self::CatchAll => "a catch-all that nothing fell into",
            Self::NoneGot => "no request got it",
        }
    }
}

impl Matrix {
    /// The matrix of a run.
    #[must_use]
    pub fn new(api: &Api, record: &Record, writes: bool) -> Self {
        Self {
            rows: api.operations.iter().map(|operation| row(operation, record, writes)).collect(),
        }
    }
}

fn row(operation: &Operation, record: &Record, writes: bool) -> Row {
    let statuses =
        operation.responses.iter().map(|(key, _)| (key, mark(operation, key, record, writes)));
    Row {
        operation: operation.id.clone(),
        request: format!("{} {}", operation.method, operation.path),
        statuses: statuses.collect(),
    }
}

fn mark(operation: &Operation, key: StatusKey, record: &Record, writes: bool) -> Mark {
    match record.cell(&operation.id, key) {
        Cell { valid: 0, invalid: 0 } => Mark::NotProvoked(reason(operation, key, record, writes)),
        Cell { valid, invalid: 0 } => Mark::Valid(valid),
        Cell { invalid, .. } => Mark::Invalid(invalid),
    }
}

fn reason(operation: &Operation, key: StatusKey, record: &Record, writes: bool) -> NotProvoked {
    let tried = record.is_proven(&operation.id);
    match key {
        StatusKey::Code(500..) | StatusKey::Range(5..) => NotProvoked::ServerError,
        _ if !writes && !operation.method.is_safe() => NotProvoked::WriteGuard,
        _ if tried.is_none() => NotProvoked::NotTried,
        StatusKey::Code(code) if is_refusal(operation, code) => NotProvoked::NoneGot,
        StatusKey::Code(403) => NotProvoked::OtherPrincipal,
        StatusKey::Code(408 | 410 | 429) => NotProvoked::Time,
        StatusKey::Code(101 | 200..=299) | StatusKey::Range(2) if tried == Some(true) => {
            NotProvoked::OtherSuccess
        }
        StatusKey::Default | StatusKey::Range(_) => NotProvoked::CatchAll,
        StatusKey::Code(_) => NotProvoked::NoneGot,
    }
}

/// Whether the document says that a fault gets that status which a request of the checker can have.
fn is_refusal(operation: &Operation, code: u16) -> bool {
    PROVOKED
        .iter()
        .filter_map(|fault| operation.refusals.get(*fault))
        .any(|statuses| statuses.contains(&code))
}
