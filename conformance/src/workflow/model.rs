//! What a workflow says, as plain data.

use std::time::Duration;

use generator::contract::{Location, OperationId, Place};
use serde::Serialize;
use serde_json::Value;

use super::{Criterion, Expression, Stream, Template};
use crate::rule::Level;

/// A sequence of steps.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Workflow {
    /// The id, unique in its document.
    pub id: String,
    /// One line.
    pub summary: Option<String>,
    /// How strongly what it expects binds (`x-level`).
    pub level: Level,
    /// What its steps may refer to.
    pub inputs: Vec<Input>,
    /// The steps, in document order.
    pub steps: Vec<Step>,
    /// Workflows that are run at the same time, before the steps (`x-parallel`).
    pub parallel: Vec<String>,
    /// Whether others may run meanwhile: it keeps out of their way (`x-independent` of the document).
    pub independent: bool,
    /// Where it stands.
    pub place: Place,
}

impl Workflow {
    /// The step of that id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The steps that run in order: neither those that a script runs, nor those that clean up.
    pub fn ordinary(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| !step.cleanup && !self.is_scripted(&step.id))
    }

    /// The steps that always run at the end.
    pub fn cleanup(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| step.cleanup)
    }

    /// Whether a script runs that step.
    fn is_scripted(&self, id: &str) -> bool {
        let streams = self.steps.iter().filter_map(|step| step.stream.as_ref());
        streams.flat_map(Stream::steps).any(|named| named == id)
    }
}

/// A value that is given from outside.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Input {
    /// The name.
    pub name: String,
    /// The JSON Schema type, if one is stated.
    pub kind: Option<String>,
    /// What stands for an absent value.
    pub default: Option<Value>,
}

impl Input {
    /// A value as the stated type has it: a text that spells a number or a boolean becomes one where one is wanted.
    #[must_use]
    pub fn typed(&self, value: &Value) -> Value {
        let wanted = match (self.kind.as_deref(), value) {
            (Some("integer" | "number" | "boolean"), Value::String(text)) => {
                serde_json::from_str(text).ok()
            }
            (Some("string"), Value::Number(number)) => Some(Value::from(number.to_string())),
            (Some("string"), Value::Bool(flag)) => Some(Value::from(flag.to_string())),
            _ => None,
        };
        wanted.unwrap_or_else(|| value.clone())
    }
}

/// One call, and what must come of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The id, unique in its workflow.
    pub id: String,
    /// The operation.
    pub operation: OperationId,
    /// The parameters that are sent.
    pub arguments: Vec<Argument>,
    /// The body that is sent.
    pub payload: Option<Template>,
    /// The media type of the body, if not the operation's first JSON one.
    pub media_type: Option<String>,
    /// What later steps may refer to.
    pub outputs: Vec<(String, Expression)>,
    /// What must hold of the answer.
    pub criteria: Vec<Criterion>,
    /// What happens on its stream.
    pub stream: Option<Stream>,
    /// Whether it always runs, at the end.
    pub cleanup: bool,
    /// Where it stands.
    pub place: Place,
}

/// A parameter of a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Argument {
    /// The name.
    pub name: String,
    /// Where it travels.
    pub location: Location,
    /// The value.
    pub value: Template,
    /// Where it stands.
    pub place: Place,
}

/// The longest time that a script may name.
pub(super) const LONGEST: Duration = Duration::from_secs(600);
