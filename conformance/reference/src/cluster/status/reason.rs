//! The reasons that a refusal can name: a table of words and codes.

/// Why a request is refused, as `reason` of a `Status`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// 400: the request cannot be understood.
    BadRequest,
    /// 401: nobody is known by these credentials.
    Unauthorized,
    /// 403: this user may not.
    Forbidden,
    /// 404: there is no such object or resource.
    NotFound,
    /// 405: the resource has no such verb.
    MethodNotAllowed,
    /// 406: the answer cannot be written in any accepted format.
    NotAcceptable,
    /// 409: an object of this name is there.
    AlreadyExists,
    /// 409: the object is not as the request presumes.
    Conflict,
    /// 410: the object is gone for good.
    Gone,
    /// 410: the version is no longer kept.
    Expired,
    /// 413: the body is too large.
    RequestEntityTooLarge,
    /// 415: the body is in an unknown format.
    UnsupportedMediaType,
    /// 422: the object breaks a rule.
    Invalid,
    /// 429: not now.
    TooManyRequests,
    /// 500: the server failed.
    InternalError,
    /// 500: the server was too slow.
    ServerTimeout,
    /// 503: the server or its backend is not there.
    ServiceUnavailable,
    /// 504: what the request waits for did not come.
    Timeout,
}

const REASONS: [(Reason, &str, u16); 18] = [
    (Reason::BadRequest, "BadRequest", 400),
    (Reason::Unauthorized, "Unauthorized", 401),
    (Reason::Forbidden, "Forbidden", 403),
    (Reason::NotFound, "NotFound", 404),
    (Reason::MethodNotAllowed, "MethodNotAllowed", 405),
    (Reason::NotAcceptable, "NotAcceptable", 406),
    (Reason::AlreadyExists, "AlreadyExists", 409),
    (Reason::Conflict, "Conflict", 409),
    (Reason::Gone, "Gone", 410),
    (Reason::Expired, "Expired", 410),
    (Reason::RequestEntityTooLarge, "RequestEntityTooLarge", 413),
    (Reason::UnsupportedMediaType, "UnsupportedMediaType", 415),
    (Reason::Invalid, "Invalid", 422),
    (Reason::TooManyRequests, "TooManyRequests", 429),
    (Reason::InternalError, "InternalError", 500),
    (Reason::ServerTimeout, "ServerTimeout", 500),
    (Reason::ServiceUnavailable, "ServiceUnavailable", 503),
    (Reason::Timeout, "Timeout", 504),
];

impl Reason {
    /// The word on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub fn code(self) -> u16 {
        self.row().2
    }

    /// The reason of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        REASONS.iter().find(|(_, known, _)| *known == name).map(|(reason, ..)| *reason)
    }

    fn row(self) -> (Self, &'static str, u16) {
        let found = REASONS.iter().find(|(reason, ..)| *reason == self);
        found.copied().unwrap_or((self, "", 500))
    }
}

/// Why one cause of a refusal stands there, as `details.causes[].reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseReason {
    /// The value is not allowed.
    FieldValueInvalid,
    /// The value is missing.
    FieldValueRequired,
    /// The value is there twice.
    FieldValueDuplicate,
    /// The value is none of those known.
    FieldValueNotSupported,
    /// The field may not be set or changed here.
    FieldValueForbidden,
    /// The value is too long.
    FieldValueTooLong,
    /// Another manager owns the field.
    FieldManagerConflict,
    /// The version is in the future.
    ResourceVersionTooLarge,
    /// A disruption budget has nothing left.
    DisruptionBudget,
    /// The namespace is being deleted.
    NamespaceTerminating,
    /// How a process ended.
    ExitCode,
}

impl CauseReason {
    /// The word on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FieldValueInvalid => "FieldValueInvalid",
            Self::FieldValueRequired => "FieldValueRequired",
            Self::FieldValueDuplicate => "FieldValueDuplicate",
            Self::FieldValueNotSupported => "FieldValueNotSupported",
            Self::FieldValueForbidden => "FieldValueForbidden",
            Self::FieldValueTooLong => "FieldValueTooLong",
            Self::FieldManagerConflict => "FieldManagerConflict",
            Self::ResourceVersionTooLarge => "ResourceVersionTooLarge",
            Self::DisruptionBudget => "DisruptionBudget",
            Self::NamespaceTerminating => "NamespaceTerminating",
            Self::ExitCode => "ExitCode",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_stands_once_in_the_table() {
        for (reason, name, code) in REASONS {
            assert_eq!((reason.name(), reason.code()), (name, code));
            assert_eq!(Reason::find(name), Some(reason));
        }
    }
}
