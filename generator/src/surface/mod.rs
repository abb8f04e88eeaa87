//! What callers of an API see of it, in words that can be stored and compared later: operations with their parameters,
//! bodies and answers, and schemas with their fields. Prose, samples and places are left out.

mod change;
mod describe;

pub use change::{Change, Gravity, Kind, changes};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contract::{Api, Location, Operation, SchemaId};
use crate::select;
use describe::Describe;

/// Everything that callers of an API see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surface {
    /// Operations by id.
    #[serde(default)]
    pub operations: BTreeMap<String, SeenOperation>,
    /// Named schemas by name.
    #[serde(default)]
    pub schemas: BTreeMap<String, SeenSchema>,
}

/// What callers see of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenOperation {
    /// Method and path.
    pub request: String,
    /// Parameters, by place and name, as in `query limit`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Member>,
    /// Whether a body must be sent.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub body_required: bool,
    /// What bodies may be, by media type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bodies: BTreeMap<String, String>,
    /// What answers are, by status and media type, as in `200 application/json`; the status alone where there is no body.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<String, String>,
}

/// What callers see of a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenSchema {
    /// What its values are.
    pub is: String,
    /// The fields of an object, with those of objects inside that have no name of their own, as in `address.street`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, Member>,
    /// Whether callers send it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sent: bool,
    /// Whether callers get it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub got: bool,
}

/// A parameter or a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// What its values are.
    pub is: String,
    /// Whether it must be there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
}

impl Surface {
    /// What callers of `api` see.
    #[must_use]
    pub fn of(api: &Api) -> Self {
        let describe = Describe::new(&api.schemas);
        let (sent, got) = (select::sent(api), select::got(api));
        let operations = api.operations.iter();
        let schemas = api.schemas.iter().filter_map(|(id, schema)| {
            let name = schema.name.clone()?;
            let seen = SeenSchema {
                is: describe.definition(id),
                fields: describe.fields(id),
                sent: sent.contains(&id),
                got: got.contains(&id),
            };
            Some((name, seen))
        });
        Self {
            schemas: schemas.collect(),
            operations: operations
                .map(|operation| (operation.id.0.clone(), seen(operation, &describe)))
                .collect(),
        }
    }
}

fn seen(operation: &Operation, describe: &Describe<'_>) -> SeenOperation {
    let parameters = operation.parameters.iter().map(|parameter| {
        let place = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        let member =
            Member { is: describe.mention(parameter.schema), required: parameter.required };
        (format!("{place} {}", parameter.name), member)
    });
    let said = |schema: Option<SchemaId>| {
        schema.map_or_else(|| "anything".to_owned(), |schema| describe.mention(schema))
    };
    let bodies = operation.body.iter().flat_map(|body| &body.content);
    let mut answers = BTreeMap::new();
    for (status, response) in operation.responses.iter() {
        if response.content.is_empty() {
            answers.insert(status.to_string(), "no body".to_owned());
        }
        for content in &response.content {
            answers.insert(format!("{status} {}", content.media_type), said(content.schema));
        }
    }
    SeenOperation {
        request: format!("{} {}", operation.method, operation.path),
        parameters: parameters.collect(),
        body_required: operation.body.as_ref().is_some_and(|body| body.required),
        bodies: bodies
            .map(|content| (content.media_type.to_string(), said(content.schema)))
            .collect(),
        answers,
    }
}
