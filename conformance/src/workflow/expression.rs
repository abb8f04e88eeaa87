//! Runtime expressions (Arazzo 1.0, OpenAPI 3.0.3): read once, evaluated against what was observed.

use std::collections::BTreeMap;
use std::fmt;

use generator::contract::Pointer;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// An expression such as `$response.body#/id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `$url`.
    Url,
    /// `$method`.
    Method,
    /// `$statusCode`.
    StatusCode,
    /// `$request.…`.
    Request(Part),
    /// `$response.…`.
    Response(Part),
    /// `$inputs.name`, or a part of it.
    Input(String, Pointer),
    /// `$steps.step.outputs.name`, or a part of it.
    Output {
        /// The step.
        step: String,
        /// The name of the output.
        name: String,
        /// The part.
        pointer: Pointer,
    },
}

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// `header.name`.
    Header(String),
    /// `query.name`.
    Query(String),
    /// `path.name`.
    Path(String),
    /// `body`, or a part of it.
    Body(Pointer),
}

/// What the steps so far have given: step id to name to value.
pub type Outputs = BTreeMap<String, BTreeMap<String, Value>>;

/// What an expression can see.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'s> {
    /// The inputs of the workflow.
    pub inputs: &'s BTreeMap<String, Value>,
    /// What earlier steps gave.
    pub outputs: &'s Outputs,
    /// The exchange of this step, once there is one.
    pub observed: Option<&'s Observed>,
}

/// An exchange, as far as expressions see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// The URL of the request.
    pub url: String,
    /// The method of the request.
    pub method: String,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The request.
    pub request: Message,
    /// The answer.
    pub response: Message,
}

/// A message, as far as expressions see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Message {
    /// Header fields, in order.
    pub headers: Vec<(String, String)>,
    /// Query parameters.
    pub query: BTreeMap<String, Value>,
    /// Path parameters.
    pub path: BTreeMap<String, Value>,
    /// The JSON body.
    pub body: Option<Value>,
}

/// An expression that leads to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} has no value")]
pub struct Unresolved(pub String);

/// The words that begin an expression; anything else after a dollar sign is text.
const ROOTS: [&str; 7] =
    ["$url", "$method", "$statusCode", "$request", "$response", "$inputs", "$steps"];

impl Expression {
    /// Whether a text means to be an expression.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        let root = text.split(['.', '#']).next().unwrap_or_default();
        ROOTS.contains(&root)
    }

    /// Reads an expression.
    ///
    /// # Errors
    /// A sentence fragment that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (path, pointer) = match text.split_once('#') {
            Some((path, pointer)) => (path, Some(pointer)),
            None => (text, None),
        };
        let pointer = pointer
            .map(|text| Pointer::parse(text).ok_or(format!("`#{text}` is no JSON pointer")))
            .transpose()?;
        let (root, rest) = path.split_once('.').map_or((path, None), |(a, b)| (a, Some(b)));
        let found = match (root, rest) {
            ("$url", None) => Self::Url,
            ("$method", None) => Self::Method,
            ("$statusCode", None) => Self::StatusCode,
            ("$request", Some(part)) => {
                return Part::parse(part, pointer, text).map(Self::Request);
            }
            ("$response", Some(part)) => {
                return Part::parse(part, pointer, text).map(Self::Response);
            }
            ("$inputs", Some(name)) if is_name(name) => {
                return Ok(Self::Input(name.to_owned(), pointer.unwrap_or_default()));
            }
            ("$steps", Some(rest)) => return output(rest, pointer, text),
            _ => return Err(format!("`{text}` is no runtime expression")),
        };
        match pointer {
            None => Ok(found),
            Some(_) => Err(format!("`{root}` has no parts")),
        }
    }

    /// Its value.
    ///
    /// # Errors
    /// When it leads to nothing.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, Unresolved> {
        self.look(scope).ok_or_else(|| Unresolved(self.to_string()))
    }

    fn look(&self, scope: &Scope<'_>) -> Option<Value> {
        match self {
            Self::Url => Some(scope.observed?.url.clone().into()),
            Self::Method => Some(scope.observed?.method.clone().into()),
            Self::StatusCode => scope.observed?.status.map(Value::from),
            Self::Request(part) => part.look(&scope.observed?.request),
            Self::Response(part) => part.look(&scope.observed?.response),
            Self::Input(name, pointer) => pointer.get(scope.inputs.get(name)?).cloned(),
            Self::Output { step, name, pointer } => {
                pointer.get(scope.outputs.get(step)?.get(name)?).cloned()
            }
        }
    }
}

fn output(rest: &str, pointer: Option<Pointer>, text: &str) -> Result<Expression, String> {
    let mut parts = rest.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(step), Some("outputs"), Some(name)) if is_name(step) && is_name(name) => {
            Ok(Expression::Output {
                step: step.to_owned(),
                name: name.to_owned(),
                pointer: pointer.unwrap_or_default(),
            })
        }
        _ => Err(format!("`{text}` does not name an output of a step")),
    }
}

impl Part {
    fn parse(path: &str, pointer: Option<Pointer>, text: &str) -> Result<Self, String> {
        let found = match path.split_once('.') {
            None if path == "body" => return Ok(Self::Body(pointer.unwrap_or_default())),
            Some(("header", name)) if !name.is_empty() => Self::Header(name.to_owned()),
            Some(("query", name)) if !name.is_empty() => Self::Query(name.to_owned()),
            Some(("path", name)) if !name.is_empty() => Self::Path(name.to_owned()),
            _ => return Err(format!("`{text}` names no part of a message")),
        };
        match pointer {
            None => Ok(found),
            Some(_) => Err(format!("`{path}` has no parts")),
        }
    }

    fn look(&self, message: &Message) -> Option<Value> {
        match self {
            Self::Header(wanted) => message
                .headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
                .map(|(_, value)| value.as_str().into()),
            Self::Query(name) => message.query.get(name).cloned(),
            Self::Path(name) => message.path.get(name).cloned(),
            Self::Body(pointer) => pointer.get(message.body.as_ref()?).cloned(),
        }
    }
}

/// Names of inputs, steps and outputs (Arazzo 1.0, fixed fields).
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hash = |pointer: &Pointer| match pointer.segments() {
            [] => String::new(),
            _ => format!("#{pointer}"),
        };
        match self {
            Self::Url => f.write_str("$url"),
            Self::Method => f.write_str("$method"),
            Self::StatusCode => f.write_str("$statusCode"),
            Self::Request(part) => write!(f, "$request.{part}"),
            Self::Response(part) => write!(f, "$response.{part}"),
            Self::Input(name, pointer) => write!(f, "$inputs.{name}{}", hash(pointer)),
            Self::Output { step, name, pointer } => {
                write!(f, "$steps.{step}.outputs.{name}{}", hash(pointer))
            }
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "header.{name}"),
            Self::Query(name) => write!(f, "query.{name}"),
            Self::Path(name) => write!(f, "path.{name}"),
            Self::Body(pointer) if pointer.segments().is_empty() => f.write_str("body"),
            Self::Body(pointer) => write!(f, "body#{pointer}"),
        }
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn observed() -> Observed {
        Observed {
            url: "http://host/things?q=1".to_owned(),
            method: "POST".to_owned(),
            status: Some(201),
            request: Message {
                query: BTreeMap::from([("q".to_owned(), json!(1))]),
                path: BTreeMap::from([("id".to_owned(), json!("a"))]),
                body: Some(json!({ "deep": [{ "x": true }] })),
                ..Message::default()
            },
            response: Message {
                headers: vec![("Location".to_owned(), "/things/7".to_owned())],
                body: Some(json!({ "id": "seven", "a/b": 1 })),
                ..Message::default()
            },
        }
    }

    #[test]
    fn expressions_are_evaluated_and_written_as_they_were_read() {
        let inputs = BTreeMap::from([("run".to_owned(), json!({ "id": "r1" }))]);
        let outputs = Outputs::from([(
            "make-it".to_owned(),
            BTreeMap::from([("name".to_owned(), json!(["n"]))]),
        )]);
        let observed = observed();
        let scope = Scope { inputs: &inputs, outputs: &outputs, observed: Some(&observed) };
        let cases = [
            ("$url", json!("http://host/things?q=1")),
            ("$method", json!("POST")),
            ("$statusCode", json!(201)),
            ("$request.query.q", json!(1)),
            ("$request.path.id", json!("a")),
            ("$request.body#/deep/0/x", json!(true)),
            ("$response.header.location", json!("/things/7")),
            ("$response.body#/id", json!("seven")),
            ("$response.body#/a~1b", json!(1)),
            ("$response.body", json!({ "id": "seven", "a/b": 1 })),
            ("$inputs.run#/id", json!("r1")),
            ("$steps.make-it.outputs.name#/0", json!("n")),
        ];
        for (text, value) in cases {
            let expression = Expression::parse(text).unwrap();
            assert_eq!(expression.evaluate(&scope), Ok(value), "{text}");
            assert_eq!(expression.to_string(), text);
        }
        let gone = Expression::parse("$response.body#/none").unwrap();
        assert_eq!(gone.evaluate(&scope), Err(Unresolved("$response.body#/none".to_owned())));
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in ["$statusCode#/a", "$response", "$response.trailer.x", "$steps.a.b", "$inputs."]
        {
            assert!(Expression::parse(text).is_err(), "{text}");
            assert!(Expression::is_meant(text), "{text}");
        }
        for text in ["$HOME", "plain", "$", "$responses.x"] {
            assert!(!Expression::is_meant(text), "{text}");
        }
    }
}
