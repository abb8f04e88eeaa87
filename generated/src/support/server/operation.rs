//! What an operation documents of its refusals, as tables. Decides nothing.

use super::fault::Fault;

/// An operation of an API.
#[derive(Debug)]
pub struct Operation {
    /// Its id.
    pub id: &'static str,
    /// Its method.
    pub method: &'static str,
    /// Its path template.
    pub path: &'static str,
    /// What it answers to a request that it refuses.
    pub answers: &'static Answers,
}

/// The answer to each fault.
#[derive(Debug)]
pub struct Answers {
    /// To [`Fault::Invalid`].
    pub invalid: &'static Answer,
    /// To [`Fault::Malformed`].
    pub malformed: &'static Answer,
    /// To [`Fault::Unauthenticated`].
    pub unauthenticated: &'static Answer,
    /// To [`Fault::Forbidden`].
    pub forbidden: &'static Answer,
    /// To [`Fault::Missing`].
    pub missing: &'static Answer,
    /// To [`Fault::Duplicate`].
    pub duplicate: &'static Answer,
    /// To [`Fault::Repeated`].
    pub repeated: &'static Answer,
    /// To [`Fault::WrongMethod`].
    pub wrong_method: &'static Answer,
    /// To [`Fault::WrongMediaType`].
    pub wrong_media_type: &'static Answer,
    /// To [`Fault::TooLarge`].
    pub too_large: &'static Answer,
    /// To [`Fault::BadCursor`].
    pub bad_cursor: &'static Answer,
    /// To [`Fault::Expired`].
    pub expired: &'static Answer,
    /// To [`Fault::NotAcceptable`].
    pub not_acceptable: &'static Answer,
    /// To [`Fault::NotUpgraded`].
    pub not_upgraded: &'static Answer,
    /// To [`Fault::UnsupportedProtocol`].
    pub unsupported_protocol: &'static Answer,
    /// To [`Fault::Conflict`].
    pub conflict: &'static Answer,
    /// To [`Fault::NotImplemented`].
    pub not_implemented: &'static Answer,
    /// To [`Fault::Failed`].
    pub failed: &'static Answer,
}

impl Answers {
    /// The answer to that fault.
    #[must_use]
    pub fn get(&self, fault: Fault) -> &'static Answer {
        match fault {
            Fault::Invalid => self.invalid,
            Fault::Malformed => self.malformed,
            Fault::Unauthenticated => self.unauthenticated,
            Fault::Forbidden => self.forbidden,
            Fault::Missing => self.missing,
            Fault::Duplicate => self.duplicate,
            Fault::Repeated => self.repeated,
            Fault::WrongMethod => self.wrong_method,
            Fault::WrongMediaType => self.wrong_media_type,
            Fault::TooLarge => self.too_large,
            Fault::BadCursor => self.bad_cursor,
            Fault::Expired => self.expired,
            Fault::NotAcceptable => self.not_acceptable,
            Fault::NotUpgraded => self.not_upgraded,
            Fault::UnsupportedProtocol => self.unsupported_protocol,
            Fault::Conflict => self.conflict,
            Fault::NotImplemented => self.not_implemented,
            Fault::Failed => self.failed,
        }
    }
}

/// One answer: the status, and a body of the documented schema with room for the message.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header fields, `Content-Type` among them where there is a body.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body, piece by piece; none for an empty one.
    pub body: &'static [Piece],
}

/// A piece of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// That text.
    Text(&'static str),
    /// The message as it is, at most that many characters of it.
    Message(usize),
    /// The message as a JSON string, at most that many characters of it.
    Quoted(usize),
    /// The name of the fault as a JSON string.
    Fault,
}
