//! `x-refusals`: what a request at fault may get.

use std::collections::BTreeMap;

use serde::Serialize;

/// Ways for a request to be at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// A value breaks its schema.
    Invalid,
    /// No credential, or a wrong one.
    Unauthenticated,
    /// A credential that may not do this.
    Forbidden,
    /// A resource that is not there.
    Missing,
    /// A resource that is already there.
    Duplicate,
    /// A method the path does not have.
    WrongMethod,
    /// A body of a media type that is not documented.
    WrongMediaType,
    /// A body over a bound.
    TooLarge,
    /// A body that is not a document of its media type.
    Malformed,
    /// A one-time operation done again.
    Repeated,
    /// A page token that was never given out, or does not belong to this list.
    BadCursor,
    /// A page token or version that is too old.
    Expired,
    /// No media type of the answer is among those asked for.
    NotAcceptable,
    /// Of the subprotocols offered none is served.
    UnsupportedProtocol,
    /// A write that rests on an older version.
    Conflict,
    /// A request without the upgrade that the operation requires.
    NotUpgraded,
}

impl Fault {
    /// Every fault with its key under `x-refusals`.
    pub const ALL: [(&'static str, Self); 16] = [
        ("invalid", Self::Invalid),
        ("unauthenticated", Self::Unauthenticated),
        ("forbidden", Self::Forbidden),
        ("missing", Self::Missing),
        ("duplicate", Self::Duplicate),
        ("wrong-method", Self::WrongMethod),
        ("wrong-media-type", Self::WrongMediaType),
        ("too-large", Self::TooLarge),
        ("malformed", Self::Malformed),
        ("repeated", Self::Repeated),
        ("bad-cursor", Self::BadCursor),
        ("expired", Self::Expired),
        ("not-acceptable", Self::NotAcceptable),
        ("unsupported-protocol", Self::UnsupportedProtocol),
        ("conflict", Self::Conflict),
        ("not-upgraded", Self::NotUpgraded),
    ];
}

/// Fault to the statuses it may get. A fault without an entry is undeclared, which is not the same as an empty one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Refusals(pub BTreeMap<Fault, Vec<u16>>);

impl Refusals {
    /// The declared statuses of a fault.
    #[must_use]
    pub fn get(&self, fault: Fault) -> Option<&[u16]> {
        self.0.get(&fault).map(Vec::as_slice)
    }
}
