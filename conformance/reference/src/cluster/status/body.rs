//! The body itself, and one maker for each refusal that is known.

use serde_json::{Map, Value, json};

use super::{Cause, CauseReason, FieldError, Reason};

/// An answer that is no object: a refusal, or the word that all went well.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Status {
    /// The HTTP status, which is also `code` in the body.
    pub code: u16,
    /// Why; some answers with 500 have none.
    pub reason: Option<Reason>,
    /// In words; empty when all went well.
    pub message: String,
    /// What it is about. Empty details are written as `{}`.
    pub details: Option<Box<Details>>,
    /// A token with which an expired walk can go on.
    pub next: Option<String>,
}

/// What a refusal is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The name of the object.
    pub name: String,
    /// The group of the kind; empty for the core one.
    pub group: String,
    /// The resource or the kind.
    pub kind: String,
    /// What exactly is wrong.
    pub causes: Vec<Cause>,
    /// After how many seconds to try again, also the value of `Retry-After`.
    pub retry_after: Option<u32>,
}

impl Status {
    /// All went well, with this HTTP status.
    #[must_use]
    pub fn success(code: u16) -> Self {
        Self { code, reason: None, message: String::new(), details: None, next: None }
    }

    /// A refusal for this reason.
    #[must_use]
    pub fn refusal(reason: Reason, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code: reason.code(), reason: Some(reason), message, details: None, next: None }
    }

    /// 400.
    #[must_use]
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::refusal(Reason::BadRequest, message)
    }

    /// 401: no credentials, or unknown ones.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::refusal(Reason::Unauthorized, "Unauthorized")
    }

    /// 403: a user may not use a verb on a resource. `namespace` is `None` for the whole cluster.
    #[must_use]
    pub fn forbidden(
        user: &str,
        verb: &str,
        resource: &str,
        namespace: Option<&str>,
        name: &str,
    ) -> Self {
        let kind = resource.split('/').next().unwrap_or(resource);
        let subject = if name.is_empty() { kind.to_owned() } else { format!("{kind} {name:?}") };
        let place = match namespace {
            Some(namespace) => format!("in the namespace {namespace:?}"),
            None => "at the cluster scope".to_owned(),
        };
        let message = format!(
            "{subject} is forbidden: User {user:?} cannot {verb} resource {resource:?} in API group \"\" {place}"
        );
        Self::refusal(Reason::Forbidden, message).about(kind, name)
    }

    /// 404: there is no object of this name.
    #[must_use]
    pub fn not_found(resource: &str, name: &str) -> Self {
        Self::refusal(Reason::NotFound, format!("{resource} {name:?} not found"))
            .about(resource, name)
    }

    /// 404: there is no such resource.
    #[must_use]
    pub fn no_such_resource() -> Self {
        Self::refusal(Reason::NotFound, "the server could not find the requested resource").bare()
    }

    /// 405.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        let message = "the server does not allow this method on the requested resource";
        Self::refusal(Reason::MethodNotAllowed, message).bare()
    }

    /// 406, with the media types that could be served.
    #[must_use]
    pub fn not_acceptable(served: &[&str]) -> Self {
        let message =
            format!("406: Not Acceptable\n\nAvailable representations: {}", served.join(", "));
        Self::refusal(Reason::NotAcceptable, message).bare()
    }

    /// 409: an object of this name is there.
    #[must_use]
    pub fn already_exists(resource: &str, name: &str) -> Self {
        Self::refusal(Reason::AlreadyExists, format!("{resource} {name:?} already exists"))
            .about(resource, name)
    }

    /// 409: the object is not as the request presumes.
    #[must_use]
    pub fn conflict(resource: &str, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {resource} {name:?}: {why}");
        Self::refusal(Reason::Conflict, message).about(resource, name)
    }

    /// 409: somebody else wrote since the version that the request carries.
    #[must_use]
    pub fn stale(resource: &str, name: &str) -> Self {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        Self::conflict(resource, name, why)
    }

    /// 409: others own fields that an apply sets; each conflict is a manager and a field.
    #[must_use]
    pub fn owned(conflicts: Vec<(String, String)>) -> Self {
        let plural = if conflicts.len() == 1 { "" } else { "s" };
        let told = conflicts.iter().map(|(manager, field)| format!("{manager}: {field}"));
        let list = told.collect::<Vec<_>>().join("\n- ");
        let start = if conflicts.len() == 1 { " " } else { "\n- " };
        let message =
            format!("Apply failed with {} conflict{plural}:{start}{list}", conflicts.len());
        let causes = conflicts.into_iter().map(|(manager, field)| Cause {
            reason: Some(CauseReason::FieldManagerConflict),
            message: manager,
            field: Some(field),
        });
        let details = Details { causes: causes.collect(), ..Details::default() };
        Self { details: Some(Box::new(details)), ..Self::refusal(Reason::Conflict, message) }
    }

    /// 410: the version of a list or watch is no longer kept.
    #[must_use]
    pub fn expired(message: impl Into<String>) -> Self {
        Self::refusal(Reason::Expired, message)
    }

    /// 413: the body has more than `limit` bytes.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        let message = format!("Request entity too large: limit is {limit}");
        Self::refusal(Reason::RequestEntityTooLarge, message)
    }

    /// 415: the body of a create or replace is in an unknown format.
    #[must_use]
    pub fn unknown_format(accepted: &[&str]) -> Self {
        let message = format!(
            "the body of the request was in an unknown format - accepted media types include: {}",
            accepted.join(", ")
        );
        Self::refusal(Reason::UnsupportedMediaType, message)
    }

    /// 415: there is no such kind of patch.
    #[must_use]
    pub fn unknown_patch() -> Self {
        Self::refusal(Reason::UnsupportedMediaType, "415: Unsupported Media Type").bare()
    }

    /// 422: an object of `kind` in `group` breaks rules.
    #[must_use]
    pub fn invalid(group: &str, kind: &str, name: &str, errors: Vec<FieldError>) -> Self {
        let texts: Vec<String> = errors.iter().map(FieldError::text).collect();
        let list = match texts.as_slice() {
            [single] => single.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let dot = if group.is_empty() { "" } else { "." };
        let message = format!("{kind}{dot}{group} {name:?} is invalid: {list}");
        let details = Details {
            name: name.to_owned(),
            group: group.to_owned(),
            kind: kind.to_owned(),
            causes: errors.into_iter().map(FieldError::into_cause).collect(),
            retry_after: None,
        };
        Self { details: Some(Box::new(details)), ..Self::refusal(Reason::Invalid, message) }
    }

    /// 422: options such as `ListOptions` break a rule.
    #[must_use]
    pub fn invalid_options(kind: &str, errors: Vec<FieldError>) -> Self {
        Self::invalid("meta.k8s.io", kind, "", errors)
    }

    /// 422 without saying what for, as when a JSON patch cannot be applied.
    #[must_use]
    pub fn unprocessable() -> Self {
        let message = "the server rejected our request due to an error in our request";
        Self::refusal(Reason::Invalid, message).bare()
    }

    /// 429: an eviction would break a disruption budget.
    #[must_use]
    pub fn disruption(why: &str, retry_after: Option<u32>) -> Self {
        let message = "Cannot evict pod as it would violate the pod's disruption budget.";
        let cause = Cause {
            reason: Some(CauseReason::DisruptionBudget),
            message: why.to_owned(),
            field: None,
        };
        let details = Details { causes: vec![cause], retry_after, ..Details::default() };
        Self { details: Some(Box::new(details)), ..Self::refusal(Reason::TooManyRequests, message) }
    }

    /// 500 without a reason, as for a few requests that are in truth the client's fault.
    #[must_use]
    pub fn unexplained(message: impl Into<String>) -> Self {
        Self { code: 500, reason: None, message: message.into(), details: None, next: None }
    }

    /// 504: the version is in the future and did not come in time.
    #[must_use]
    pub fn version_too_large(asked: u64, current: u64) -> Self {
        let message = format!("Timeout: Too large resource version: {asked}, current: {current}");
        let cause = Cause {
            reason: Some(CauseReason::ResourceVersionTooLarge),
            message: "Too large resource version".to_owned(),
            field: None,
        };
        let details = Details { causes: vec![cause], retry_after: Some(1), ..Details::default() };
        Self { details: Some(Box::new(details)), ..Self::refusal(Reason::Timeout, message) }
    }

    /// The same, about an object.
    #[must_use]
    pub fn about(mut self, kind: &str, name: &str) -> Self {
        let details = self.details.get_or_insert_default();
        details.kind = kind.to_owned();
        details.name = name.to_owned();
        self
    }

    /// The same, with details that say nothing.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.details = Some(Box::default());
        self
    }

    /// The same, with a token to go on with.
    #[must_use]
    pub fn with_next(mut self, token: String) -> Self {
        self.next = Some(token);
        self
    }

    /// Whether all went well.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.code < 400
    }

    /// The value of `Retry-After`, in seconds, if there should be one.
    #[must_use]
    pub fn retry_after(&self) -> Option<u32> {
        self.details.as_ref().and_then(|details| details.retry_after)
    }

    /// As a JSON object with kind and version.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut body = self.to_bare_value();
        if let Some(map) = body.as_object_mut() {
            map.insert("kind".to_owned(), "Status".into());
            map.insert("apiVersion".to_owned(), "v1".into());
            map.insert("code".to_owned(), self.code.into());
        }
        body
    }

    /// As a JSON object without kind, version and code, as it is sent over the error channel of a process.
    #[must_use]
    pub fn to_bare_value(&self) -> Value {
        let status = if self.is_success() { "Success" } else { "Failure" };
        let mut body = json!({ "metadata": {}, "status": status });
        if let (Some(token), Some(metadata)) = (&self.next, body.pointer_mut("/metadata")) {
            *metadata = json!({ "continue": token });
        }
        let Some(map) = body.as_object_mut() else { return body };
        if !self.message.is_empty() {
            map.insert("message".to_owned(), self.message.as_str().into());
        }
        if let Some(reason) = self.reason {
            map.insert("reason".to_owned(), reason.name().into());
        }
        if let Some(details) = &self.details {
            map.insert("details".to_owned(), details.to_value());
        }
        body
    }
}

impl Details {
    fn to_value(&self) -> Value {
        let mut map = Map::new();
        for (key, text) in [("name", &self.name), ("group", &self.group), ("kind", &self.kind)] {
            if !text.is_empty() {
                map.insert(key.to_owned(), text.as_str().into());
            }
        }
        if !self.causes.is_empty() {
            let causes = self.causes.iter().map(Cause::to_value).collect::<Vec<_>>();
            map.insert("causes".to_owned(), causes.into());
        }
        if let Some(seconds) = self.retry_after {
            map.insert("retryAfterSeconds".to_owned(), seconds.into());
        }
        Value::Object(map)
    }
}
