//! A call: an operation with everything that goes into one request, as values.
//!
//! Knows how parameters are written onto the wire, and nothing of what comes back.

mod compose;
mod handshake;

use generator::contract::{Fault, Location, MediaType, OperationId, Place};
use serde_json::Value;

use crate::rule::Rule;

pub use compose::{Credentials, compose, write_parameter};
pub use handshake::{Handshake, is_spoken, is_websocket};

/// One request to be made of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The operation.
    pub operation: OperationId,
    /// The parameters that are sent.
    pub arguments: Vec<Argument>,
    /// The body that is sent.
    pub body: CallBody,
    /// The credential that is presented.
    pub credential: Credential,
    /// Protocols offered in `Upgrade`; empty: none.
    pub upgrade: Vec<String>,
    /// What belongs to an offer to upgrade to WebSocket.
    pub handshake: Option<Handshake>,
    /// A method other than the operation's own.
    pub method: Option<String>,
    /// A reference to what is asked for, as an answer gave it (RFC 3986 §4.1), in place of path and query.
    pub target: Option<String>,
    /// What the call is for.
    pub intent: Intent,
}

/// A parameter's value.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Where it travels.
    pub location: Location,
    /// The name.
    pub name: String,
    /// The value.
    pub value: ArgumentValue,
}

/// A value as data, or a text that goes onto the wire as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgumentValue {
    /// Written in the parameter's style.
    Value(Value),
    /// Already written.
    Raw(String),
}

/// The body of a call.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum CallBody {
    /// None.
    #[default]
    None,
    /// A JSON document under that media type.
    Json(MediaType, Value),
    /// Bytes under that media type.
    Bytes(String, Vec<u8>),
}

/// The credential of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credential {
    /// The one that the user gave.
    #[default]
    Given,
    /// None.
    Absent,
    /// An empty one.
    Empty,
    /// A made-up one.
    Wrong,
}

/// What a call is for, and so how its answer is judged.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// All of it is taken from the document or the user: it must succeed.
    Succeed {
        /// The rule that a refusal breaks.
        rule: Rule,
        /// What the call shows, in words.
        what: String,
    },
    /// Valid by its schemas, but made up: it may be refused, if as documented.
    Valid,
    /// At fault in exactly one way: it must be refused.
    Refuse {
        /// The way.
        fault: Fault,
        /// The rule that an acceptance breaks.
        rule: Rule,
        /// What is at fault, in words.
        what: String,
        /// Where the requirement stands.
        place: Box<Place>,
    },
    /// Part of something that is judged as a whole.
    Part,
    /// So odd that nothing is required but that the server copes.
    Odd {
        /// What is odd, in words.
        what: String,
    },
}

impl Call {
    /// A call of that operation with nothing in it.
    #[must_use]
    pub fn new(operation: OperationId, intent: Intent) -> Self {
        Self {
            operation,
            arguments: Vec::new(),
            body: CallBody::None,
            credential: Credential::Given,
            upgrade: Vec::new(),
            handshake: None,
            method: None,
            target: None,
            intent,
        }
    }

    /// The same call with that parameter set, or set anew.
    #[must_use]
    pub fn with(mut self, location: Location, name: &str, value: impl Into<Value>) -> Self {
        self.set(location, name, ArgumentValue::Value(value.into()));
        self
    }

    /// The same call without that parameter.
    #[must_use]
    pub fn without(mut self, location: Location, name: &str) -> Self {
        self.arguments.retain(|argument| !(argument.location == location && argument.name == name));
        self
    }

    /// Sets a parameter, or sets it anew.
    pub fn set(&mut self, location: Location, name: &str, value: ArgumentValue) {
        let argument = Argument { location, name: name.to_owned(), value };
        match self.arguments.iter_mut().find(|old| old.location == location && old.name == name) {
            Some(old) => *old = argument,
            None => self.arguments.push(argument),
        }
    }

    /// The value of that parameter, if it is sent as data.
    #[must_use]
    pub fn argument(&self, location: Location, name: &str) -> Option<&Value> {
        self.arguments.iter().find_map(|argument| match &argument.value {
            ArgumentValue::Value(value)
                if argument.location == location && argument.name == name =>
            {
                Some(value)
            }
            _ => None,
        })
    }

    /// The JSON body, if there is one.
    #[must_use]
    pub fn json(&self) -> Option<&Value> {
        match &self.body {
            CallBody::Json(_, value) => Some(value),
            _ => None,
        }
    }

    /// The same call for another purpose.
    #[must_use]
    pub fn meant(mut self, intent: Intent) -> Self {
        self.intent = intent;
        self
    }
}
