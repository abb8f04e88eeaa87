//! What may be asked of a log, and what excludes what.

use serde_json::json;
use time::OffsetDateTime;

use crate::cluster::{
    clock,
    status::{FieldError, Status},
};

/// The query of a log, as it is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// `container`.
    pub container: Option<String>,
    /// `follow`.
    pub follow: bool,
    /// `previous`.
    pub previous: bool,
    /// `timestamps`.
    pub timestamps: bool,
    /// `sinceSeconds`.
    pub since_seconds: Option<i64>,
    /// `sinceTime`, as RFC 3339.
    pub since_time: Option<String>,
    /// `tailLines`.
    pub tail_lines: Option<i64>,
    /// `limitBytes`.
    pub limit_bytes: Option<i64>,
    /// `stream`, which no server has switched on.
    pub stream: Option<String>,
}

/// How a log is read, checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogOptions {
    /// Whether to wait for more until the container ends.
    pub follow: bool,
    /// Whether each line begins with its time.
    pub timestamps: bool,
    /// The oldest time that is shown.
    pub since: Option<OffsetDateTime>,
    /// The most lines of what is there.
    pub tail: Option<usize>,
    /// The most bytes, with the times.
    pub limit: Option<usize>,
}

impl LogQuery {
    /// Checks the query against its rules.
    ///
    /// # Errors
    /// 400 for a malformed time, 422 with every rule that is broken.
    pub fn check(&self, pod: &str, now: OffsetDateTime) -> Result<LogOptions, Status> {
        let asked_time = self.since_time.as_deref().filter(|text| !text.is_empty());
        let since_time = asked_time.map(|text| clock::parse(text).ok_or_else(|| malformed(text)));
        let since_time = since_time.transpose()?;
        let mut errors = Vec::new();
        if let Some(lines) = self.tail_lines.filter(|lines| *lines < 0) {
            let why = "must be greater than or equal to 0";
            errors.push(FieldError::invalid("tailLines", &json!(lines), why));
        }
        for (field, number) in
            [("limitBytes", self.limit_bytes), ("sinceSeconds", self.since_seconds)]
        {
            if let Some(number) = number.filter(|number| *number < 1) {
                errors.push(FieldError::invalid(field, &json!(number), "must be greater than 0"));
            }
        }
        if self.since_seconds.is_some() && since_time.is_some() {
            let why = "at most one of `sinceTime` or `sinceSeconds` may be specified";
            errors.push(FieldError::forbidden("[]", why));
        }
        if self.stream.as_deref().is_some_and(|stream| !stream.is_empty()) {
            errors.push(FieldError::forbidden("stream", "may not be specified"));
        }
        if !errors.is_empty() {
            return Err(Status::invalid("", "PodLogOptions", pod, errors));
        }
        let number = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok());
        let seconds = self.since_seconds.map(|seconds| clock::after(now, seconds.saturating_neg()));
        Ok(LogOptions {
            follow: self.follow,
            timestamps: self.timestamps,
            since: since_time.or(seconds),
            tail: number(self.tail_lines),
            limit: number(self.limit_bytes),
        })
    }
}

fn malformed(text: &str) -> Status {
    Status::bad_request(format!(
        "parsing time {text:?} as \"2006-01-02T15:04:05Z07:00\": cannot parse {text:?} as \"2006\""
    ))
}
