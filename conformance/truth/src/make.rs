//! Values, calls and credentials, made up the same way each time.

use conformance::call::{ArgumentValue, Call, CallBody, Intent, write_parameter};
use conformance::judge::{Validators, Validity};
use conformance::strategy::{Depth, Sender, valid};
use generator::contract::{
    Api, Content, CredentialPlace, Location, MediaType, Operation, Parameter, PathPart, Property,
    SchemaId, SecurityRequirement, SecurityScheme, SecuritySchemeKind, Shape, StringFormat,
};
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::wire::{is_single, travels};

/// How many values are tried until one fits.
const TRIES: usize = 60;

/// How deep optional members are made.
const DEPTH: Depth = Depth(3);

/// Makes up what goes into requests and answers.
pub(crate) struct Maker<'a> {
    pub(crate) api: &'a Api,
    pub(crate) validators: Validators,
    runner: TestRunner,
}

/// A call, and what its body holds with the number of its media type.
pub(crate) type Made = (Call, Option<(usize, Value)>);

/// How a body travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Json,
    Yaml,
    Form,
    Text,
    Bytes,
}

impl Kind {
    /// What the media type and the schema make of it.
    pub(crate) fn of(api: &Api, content: &Content) -> Self {
        let shape = content.schema.and_then(|id| api.schemas.get(id)).map(|schema| &schema.shape);
        let essence = content.media_type.essence();
        let is_binary = matches!(shape, Some(Shape::String { format: StringFormat::Binary, .. }));
        let is_text = matches!(
            shape,
            None | Some(
                Shape::Any
                    | Shape::Never
                    | Shape::Boolean
                    | Shape::Integer { .. }
                    | Shape::Number { .. }
                    | Shape::String { .. }
                    | Shape::Enumeration(_)
            )
        );
        let is_unsaid = matches!(shape, None | Some(Shape::Any | Shape::Never));
        match essence.as_str() {
            _ if content.media_type.is_json() => Self::Json,
            text if text.contains("yaml") && !is_binary => Self::Yaml,
            "application/x-www-form-urlencoded" if matches!(shape, Some(Shape::Object { .. })) => {
                Self::Form
            }
            "*/*" | "application/*" if !is_text => Self::Json,
            "*/*" | "application/*" if !is_unsaid && !is_binary => Self::Text,
            text if text.starts_with("text/") && is_text && !is_binary => Self::Text,
            _ => Self::Bytes,
        }
    }

    /// A media type that the documented one, which may be a range, stands for.
    fn media_type(self, content: &Content) -> String {
        let documented = &content.media_type.0;
        if !documented.contains('*') {
            return documented.clone();
        }
        let stand_in = match self {
            Self::Json => "application/json",
            Self::Text => "text/plain",
            _ => "application/octet-stream",
        };
        stand_in.to_owned()
    }
}

impl<'a> Maker<'a> {
    pub(crate) fn new(api: &'a Api, validators: Validators) -> Self {
        Self { api, validators, runner: TestRunner::deterministic() }
    }

    /// A value of a strategy.
    pub(crate) fn drawn<S: Strategy>(&mut self, strategy: &S) -> Option<S::Value> {
        strategy.new_tree(&mut self.runner).ok().map(|tree| tree.current())
    }

    /// A value that the document accepts, and `fits`.
    fn value(
        &mut self,
        schema: SchemaId,
        sender: Sender,
        fits: impl Fn(&Value) -> bool,
    ) -> Option<Value> {
        let place = self.api.schemas.get(schema)?.place.clone();
        let strategy = valid(&self.api.schemas, schema, DEPTH, sender);
        for _ in 0..TRIES {
            let value = self.drawn(&strategy)?;
            if fits(&value) && self.validators.check(&place, &value) == Validity::Valid {
                return Some(value);
            }
        }
        None
    }

    /// A value for a parameter that it can be told by.
    fn argument(&mut self, operation: &Operation, parameter: &Parameter) -> Option<Value> {
        let api = self.api;
        self.value(parameter.schema, Sender::Client, |value| {
            travels(api, operation, parameter, value) && !parameter.same_as_absent.contains(value)
        })
    }

    /// A value for a header field of an answer.
    pub(crate) fn header(&mut self, schema: SchemaId) -> Option<Value> {
        let is_plain = |text: &str| {
            !text.is_empty()
                && text.trim() == text
                && text.chars().all(|it| matches!(it, ' '..='~'))
        };
        let fits = |value: &Value| match value {
            Value::String(text) => is_plain(text),
            Value::Null => false,
            Value::Array(_) | Value::Object(_) => is_plain(&value.to_string()),
            _ => true,
        };
        self.value(schema, Sender::Server, fits)
    }

    /// A body of that media type: how the harness tells it, and as bytes.
    pub(crate) fn body(
        &mut self,
        content: &Content,
        sender: Sender,
    ) -> Option<(Kind, Value, Vec<u8>)> {
        let kind = Kind::of(self.api, content);
        if kind == Kind::Bytes {
            let bytes = vec![0_u8, 1, 0xff, b'a', b'\n'];
            return Some((kind, json!(bytes), bytes));
        }
        let api = self.api;
        let fits = |value: &Value| match kind {
            Kind::Text => value.as_str().is_some_and(|text| !text.is_empty()),
            Kind::Form => {
                is_flat(value) && content.schema.is_none_or(|id| is_plain(api, id, value))
            }
            _ => true,
        };
        let value = match content.schema {
            Some(schema) => self.value(schema, sender, fits)?,
            None if kind == Kind::Text => json!("some text"),
            None => json!({ "some": ["thing", 1, null] }),
        };
        let bytes = match (kind, &value) {
            (Kind::Text, Value::String(text)) => text.clone().into_bytes(),
            (Kind::Form, Value::Object(members)) => {
                let pairs = members
                    .iter()
                    .flat_map(|(name, value)| write_parameter(None, Location::Query, name, value));
                let pairs = pairs.map(|(name, value)| format!("{name}={value}"));
                pairs.collect::<Vec<_>>().join("&").into_bytes()
            }
            _ => value.to_string().into_bytes(),
        };
        Some((kind, value, bytes))
    }

    /// A valid call, the `round`-th: what may be left out is left out in some rounds.
    pub(crate) fn call(
        &mut self,
        operation: &Operation,
        round: usize,
    ) -> Result<Made, &'static str> {
        if operation.upgrade.as_ref().is_some_and(|upgrade| upgrade.required) {
            return Err("it only talks after an upgrade");
        }
        if operation.path.segments.iter().any(|segment| are_adjacent(&segment.0)) {
            return Err("two values of its path touch each other");
        }
        if !operation.security.is_empty() && self.requirement(operation).is_none() {
            return Err("its credentials need several fields of one name");
        }
        let mut call = Call::new(operation.id.clone(), Intent::Valid);
        for (number, parameter) in operation.parameters.iter().enumerate() {
            if !parameter.required && (round + number).is_multiple_of(3) {
                continue;
            }
            match self.argument(operation, parameter) {
                Some(value) => {
                    call.set(parameter.location, &parameter.name, ArgumentValue::Value(value))
                }
                None if parameter.required => {
                    return Err("a required parameter has no value that can travel");
                }
                None => {}
            }
        }
        let Some(body) = operation.body.as_ref().filter(|body| body.required || round % 4 != 3)
        else {
            return Ok((call, None));
        };
        let number = round % body.content.len().max(1);
        let Some(content) = body.content.get(number) else { return Ok((call, None)) };
        let Some((kind, value, bytes)) = self.body(content, Sender::Client) else {
            return if body.required {
                Err("the body has no value that can be made")
            } else {
                Ok((call, None))
            };
        };
        if bytes.is_empty() {
            return if body.required { Err("the body is empty") } else { Ok((call, None)) };
        }
        call.body = CallBody::Bytes(kind.media_type(content), bytes);
        if kind == Kind::Json {
            call.body = CallBody::Json(MediaType(kind.media_type(content)), value.clone());
        }
        Ok((call, Some((number, value))))
    }

    /// The first alternative that a request can state: there is one `Authorization` field.
    fn requirement<'o>(&'o self, operation: &'o Operation) -> Option<Vec<&'o SecurityScheme>> {
        let schemes = |alternative: &'o SecurityRequirement| {
            let names = alternative.schemes.iter().map(|(scheme, _)| scheme);
            names.filter_map(|scheme| self.api.security_schemes.get(scheme)).collect::<Vec<_>>()
        };
        let authorizes =
            |scheme: &&&SecurityScheme| !matches!(scheme.kind, SecuritySchemeKind::ApiKey { .. });
        operation
            .security
            .iter()
            .map(schemes)
            .find(|schemes| schemes.iter().filter(authorizes).count() <= 1)
    }

    /// Header fields and a query that present a credential.
    pub(crate) fn credential(&self, operation: &Operation) -> (Vec<(String, String)>, String) {
        let mut headers = Vec::new();
        let mut query = String::new();
        for scheme in self.requirement(operation).into_iter().flatten() {
            let least = scheme.length.minimum.unwrap_or(1).clamp(1, 64);
            let key = "k".repeat(usize::try_from(least).unwrap_or(1));
            match &scheme.kind {
                SecuritySchemeKind::ApiKey { place: CredentialPlace::Header, name } => {
                    headers.push((name.clone(), key));
                }
                SecuritySchemeKind::ApiKey { place: CredentialPlace::Cookie, name } => {
                    headers.push(("Cookie".to_owned(), format!("{name}={key}")));
                }
                SecuritySchemeKind::ApiKey { place: CredentialPlace::Query, name } => {
                    query.push_str(&format!("&{name}={key}"));
                }
                SecuritySchemeKind::Http { scheme } if scheme == "basic" => {
                    headers.push(("Authorization".to_owned(), "Basic dXNlcjpzZWNyZXQ=".to_owned()));
                }
                SecuritySchemeKind::Http { scheme } => {
                    headers.push(("Authorization".to_owned(), format!("{scheme} {key}")));
                }
                _ => headers.push(("Authorization".to_owned(), format!("Bearer {key}"))),
            }
        }
        (headers, query)
    }
}

/// Whether two values stand beside each other: where one ends then depends on neither.
fn are_adjacent(parts: &[PathPart]) -> bool {
    parts.windows(2).any(|pair| pair.iter().all(|part| matches!(part, PathPart::Parameter(_))))
}

/// Whether a form can hold it so that it reads back: texts, and lists of them with something in them.
fn is_flat(value: &Value) -> bool {
    let is_scalar = |value: &Value| !value.is_null() && !value.is_array() && !value.is_object();
    let is_member = |value: &Value| match value {
        Value::Array(items) => !items.is_empty() && items.iter().all(is_scalar),
        other => is_scalar(other),
    };
    value.as_object().is_some_and(|members| !members.is_empty() && members.values().all(is_member))
}

/// Whether the members of a form whose type is open are texts, as every member of a form arrives, and no list of one
/// could be its item as well.
fn is_plain(api: &Api, form: SchemaId, value: &Value) -> bool {
    let shape = |id| api.schemas.get(id).map(|schema| &schema.shape);
    let Some(Shape::Object { properties, .. }) = shape(form) else { return true };
    let open = properties
        .iter()
        .filter(|property| shape(property.schema).is_none_or(|shape| matches!(shape, Shape::Any)));
    let said = |property: &Property| value.get(&property.name);
    let is_single =
        |property: &Property| said(property).is_some_and(|it| is_single(api, property.schema, it));
    open.filter_map(said).all(Value::is_string) && !properties.iter().any(is_single)
}
