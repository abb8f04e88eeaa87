//! Reading a request by tables, collecting every problem on the way.

use bytes::Bytes;
use serde_json::Value;

use super::fault::{Fault, Outcome, Part, Problem, Refused};
use super::form::Members;
use super::incoming::Incoming;
use super::parameter::Parameter;
use super::query::{decode_query, pairs};
use crate::support::decode::{Decode, Faults, from_slice, from_value};

/// Reads parts of one request.
#[derive(Debug)]
pub struct Reader<'a> {
    incoming: &'a Incoming,
    problems: Vec<Problem>,
    malformed: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(incoming: &'a Incoming) -> Self {
        Self { incoming, problems: Vec::new(), malformed: false }
    }

    /// The request.
    #[must_use]
    pub fn incoming(&self) -> &'a Incoming {
        self.incoming
    }

    /// A parameter that must be there, or has a default. `None` after a problem.
    pub fn required<T: Decode>(&mut self, parameter: &Parameter) -> Option<T> {
        let value = self.optional(parameter)?;
        if value.is_none() {
            self.problem(parameter.part, parameter.name, "is missing");
        }
        value
    }

    /// A parameter that may be missing. `None` after a problem.
    pub fn optional<T: Decode>(&mut self, parameter: &Parameter) -> Option<Option<T>> {
        let value = match parameter.read(&self.incoming.carrier()) {
            Ok(Some(value)) => value,
            Ok(None) => match parameter.default.map(serde_json::from_str) {
                Some(Ok(value)) => value,
                _ => return Some(None),
            },
            Err(message) => {
                self.problem(parameter.part, parameter.name, message);
                return None;
            }
        };
        self.decode(parameter.part, parameter.name, &value).map(Some)
    }

    /// The body as a JSON document. `None` after a problem.
    pub fn json<T: Decode>(&mut self) -> Option<T> {
        match from_slice(self.incoming.bytes()) {
            Ok(value) => Some(value),
            Err(faults) => {
                self.malformed = faults.iter().any(|fault| fault.rule == "json");
                self.note(Part::Body, "", &faults);
                None
            }
        }
    }

    /// The body as a YAML document. `None` after a problem.
    #[cfg(feature = "yaml")]
    pub fn yaml<T: Decode>(&mut self) -> Option<T> {
        match super::yaml::read(self.incoming.bytes()) {
            Ok(value) => self.decode(Part::Body, "", &value),
            Err(message) => {
                self.malformed = true;
                self.problem(Part::Body, "", message);
                None
            }
        }
    }

    /// The body as a form (`application/x-www-form-urlencoded`). `None` after a problem.
    pub fn form<T: Decode>(&mut self, members: &Members) -> Option<T> {
        let text = str::from_utf8(self.incoming.bytes()).map_err(|_| "is not UTF-8".to_owned());
        let found = text.and_then(|text| {
            let pairs = pairs(text).into_iter();
            pairs
                .map(|pair| Ok((pair.name, decode_query(pair.value)?)))
                .collect::<Result<Vec<_>, _>>()
        });
        match found.and_then(|found| members.object(&found)) {
            Ok(value) => self.decode(Part::Body, "", &value),
            Err(message) => {
                self.problem(Part::Body, "", message);
                None
            }
        }
    }

    /// The body as it is. Always `Some`; the type is that of its siblings.
    pub fn bytes(&mut self) -> Option<Bytes> {
        Some(self.incoming.bytes().clone())
    }

    /// The body as a text. `None` after a problem.
    pub fn text<T: Decode>(&mut self) -> Option<T> {
        match str::from_utf8(self.incoming.bytes()) {
            Ok(text) => self.decode(Part::Body, "", &Value::from(text)),
            Err(_) => {
                self.malformed = true;
                self.problem(Part::Body, "", "is not UTF-8");
                None
            }
        }
    }

    pub(super) fn finish<T>(self, value: Option<T>) -> Outcome<T> {
        let fault = if self.malformed && self.problems.len() == 1 {
            Fault::Malformed
        } else {
            Fault::Invalid
        };
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(Refused::because(fault, self.problems)),
        }
    }

    fn decode<T: Decode>(&mut self, part: Part, name: &str, value: &Value) -> Option<T> {
        match from_value(value) {
            Ok(value) => Some(value),
            Err(faults) => {
                self.note(part, name, &faults);
                None
            }
        }
    }

    fn note(&mut self, part: Part, name: &str, faults: &Faults) {
        self.problems.extend(faults.iter().map(|fault| Problem {
            part,
            name: name.to_owned(),
            pointer: fault.pointer.clone(),
            rule: fault.rule,
            message: fault.message.clone(),
        }));
    }

    fn problem(&mut self, part: Part, name: &str, message: impl Into<String>) {
        self.problems.push(Problem {
            part,
            name: name.to_owned(),
            pointer: String::new(),
            rule: "",
            message: message.into(),
        });
    }
}
