//! From what the cluster gives to the documented answers of an operation.

use generated::kubernetes::models;
use generated::support::decode::{Decode, from_value};
use generated::support::server::{Fault, Outcome, Refused};
use serde_json::Value;

use crate::cluster::status::{Reason, Status};

/// The answers of an operation, as far as they refuse.
pub(crate) trait Refusing: Sized {
    /// The answer with this status, and with the seconds after which to try again; none where the operation documents
    /// no such answer.
    fn refusing(code: u16, seconds: Option<u32>, body: Box<models::Status>) -> Option<Self>;
}

/// Says for each type of answers which status is which of them. Every operation also has 429, 500 and 504.
macro_rules! refusing {
    ($seconds:ty: $($answers:ty { $($code:literal $answer:ident),+ $(,)? })+) => {
        $(impl $crate::machinery::Refusing for $answers {
            fn refusing(
                code: u16,
                seconds: Option<u32>,
                body: Box<generated::kubernetes::models::Status>,
            ) -> Option<Self> {
                let retry_after = seconds.and_then(|seconds| <$seconds>::new(seconds.into()).ok());
                match code {
                    $($code => Some(Self::$answer(body)),)+
                    429 => Some(Self::TooManyRequestsJson { retry_after, body }),
                    500 => Some(Self::InternalServerErrorJson(body)),
                    504 => Some(Self::GatewayTimeoutJson { retry_after, body }),
                    _ => None,
                }
            }
        })+
    };
}

pub(crate) use refusing;

/// The documented answer to what came of a request.
///
/// # Errors
/// A refusal that the operation does not document is a failure of the server.
pub(crate) fn answer<T, A: Refusing>(
    result: Result<T, Status>,
    answered: impl FnOnce(T) -> A,
) -> Outcome<A> {
    let status = match result {
        Ok(value) => return Ok(answered(value)),
        Err(status) => status,
    };
    let body = from_value(&status.to_value()).ok();
    body.and_then(|body| A::refusing(status.code, status.retry_after(), Box::new(body)))
        .ok_or_else(|| Refused::new(Fault::Failed, status.to_string()))
}

/// An object of the cluster as its model.
///
/// # Errors
/// 422 when it does not have the model's form.
pub(super) fn model<T: Decode>(object: &Value) -> Result<Box<T>, Status> {
    from_value(object).map(Box::new).map_err(|faults| {
        let message = format!("the object does not have the form of its kind: {faults}");
        Status::refusal(Reason::Invalid, message)
    })
}
