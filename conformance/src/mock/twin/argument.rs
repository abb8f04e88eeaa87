//! Reads the parameters of a request off the wire (OpenAPI 3.0.3, style values), and refuses what their schemas do.

use std::collections::BTreeMap;

use bytes::Bytes;
use generator::contract::{
    Additional, Bound, Fault, Location, Operation, OutOfRange, Parameter, SchemaId, Schemas, Shape,
    Style,
};
use http::header::COOKIE;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Number, Value};

use super::made::Made;
use super::route::Route;
use super::{Refusal, plain};

/// The parameters of a request; those that mean the same as absent are absent.
pub(super) struct Arguments(BTreeMap<(Location, String), Value>);

impl Arguments {
    /// The value of a parameter.
    pub(super) fn get(&self, location: Location, name: &str) -> Option<&Value> {
        self.0.get(&(location, name.to_owned()))
    }

    /// The value of a query parameter.
    pub(super) fn query(&self, name: &str) -> Option<&Value> {
        self.get(Location::Query, name)
    }
}

/// Reads every documented parameter.
pub(super) fn read(
    made: &Made,
    operation: &Operation,
    route: &Route<'_>,
    request: &http::Request<Bytes>,
) -> Result<Arguments, Refusal> {
    let sent = Sent {
        path: route.captures(operation).into_iter().collect(),
        query: pairs(request.uri().query().unwrap_or_default()),
        cookies: cookies(request),
        request,
    };
    let mut arguments = BTreeMap::new();
    for parameter in &operation.parameters {
        let value = sent.value(made.schemas(), parameter);
        match value.filter(|value| !parameter.same_as_absent.contains(value)) {
            None if parameter.required && sent.value(made.schemas(), parameter).is_none() => {
                return Err(Fault::Invalid.into());
            }
            None => {}
            Some(value) => {
                let value = clamped(made.schemas(), operation, parameter, value);
                if !parameter.unsupported && !made.is_valid(parameter.schema, &value) {
                    return Err(Fault::Invalid.into());
                }
                arguments.insert((parameter.location, parameter.name.clone()), value);
            }
        }
    }
    Ok(Arguments(arguments))
}

/// Names and texts of a query, decoded.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    let decoded =
        |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let written = query.split('&').filter(|pair| !pair.is_empty());
    written
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// Names and texts of every cookie.
pub(super) fn cookies(request: &http::Request<Bytes>) -> Vec<(String, String)> {
    let fields =
        request.headers().get_all(COOKIE).into_iter().filter_map(|field| field.to_str().ok());
    let cookies = fields.flat_map(|field| field.split(';')).filter_map(|one| one.split_once('='));
    cookies.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

/// Everything a request may have parameters in.
struct Sent<'r> {
    path: Vec<(String, String)>,
    query: Vec<(String, String)>,
    cookies: Vec<(String, String)>,
    request: &'r http::Request<Bytes>,
}

impl Sent<'_> {
    fn value(&self, schemas: &Schemas, parameter: &Parameter) -> Option<Value> {
        let texts = self.texts(parameter);
        if parameter.content.is_some() {
            let text = texts.first()?;
            return Some(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str())));
        }
        let shape = schemas.get(parameter.schema).map(|schema| &schema.shape);
        match shape {
            Some(Shape::Array { items, .. }) => {
                let texts = split(parameter, &texts)?;
                Some(texts.iter().map(|text| typed(schemas, *items, text)).collect())
            }
            Some(Shape::Object { .. }) => self.object(schemas, parameter, &texts),
            _ => texts
                .first()
                .map(|text| typed(schemas, parameter.schema, unmarked(parameter, text))),
        }
    }

    fn texts(&self, parameter: &Parameter) -> Vec<String> {
        let named = |pairs: &[(String, String)]| -> Vec<String> {
            let found = pairs.iter().filter(|(name, _)| *name == parameter.name);
            found.map(|(_, text)| text.clone()).collect()
        };
        match parameter.location {
            Location::Path => named(&self.path),
            Location::Query => named(&self.query),
            Location::Cookie => named(&self.cookies),
            Location::Header => {
                let fields = self.request.headers().get_all(&parameter.name).into_iter();
                fields.filter_map(|field| Some(field.to_str().ok()?.to_owned())).collect()
            }
        }
    }

    fn object(&self, schemas: &Schemas, parameter: &Parameter, texts: &[String]) -> Option<Value> {
        let members: Vec<(String, String)> = match (parameter.style, parameter.explode) {
            (Style::DeepObject, _) => {
                let prefix = format!("{}[", parameter.name);
                let inner =
                    |name: &str| Some(name.strip_prefix(&prefix)?.strip_suffix(']')?.to_owned());
                self.query
                    .iter()
                    .filter_map(|(name, text)| Some((inner(name)?, text.clone())))
                    .collect()
            }
            (Style::Form, true) => self.query.clone(),
            (_, true) => {
                let parts = split(parameter, texts)?;
                let pairs = parts.iter().filter_map(|part| part.split_once('='));
                pairs.map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
            }
            (_, false) => {
                let parts = split(parameter, texts)?;
                parts
                    .chunks(2)
                    .filter_map(|pair| Some((pair.first()?.clone(), pair.get(1)?.clone())))
                    .collect()
            }
        };
        let known: Map<_, _> = members
            .into_iter()
            .filter_map(|(name, text)| {
                let schema = member(schemas, parameter.schema, &name)?;
                Some((name, typed(schemas, schema, &text)))
            })
            .collect();
        (!known.is_empty()).then_some(Value::Object(known))
    }
}

/// The schema of a member of an object.
fn member(schemas: &Schemas, object: SchemaId, name: &str) -> Option<SchemaId> {
    let Shape::Object { properties, additional, .. } = &schemas.get(object)?.shape else {
        return None;
    };
    let known = properties.iter().find(|property| property.name == name);
    known.map(|property| property.schema).or(match additional {
        Additional::Of(id) => Some(*id),
        _ => None,
    })
}

/// The items of a list, as its style writes them.
fn split(parameter: &Parameter, texts: &[String]) -> Option<Vec<String>> {
    let first = texts.first()?;
    if parameter.explode && matches!(parameter.location, Location::Query | Location::Cookie) {
        return Some(texts.to_vec());
    }
    let separator = match parameter.style {
        Style::SpaceDelimited => " ",
        Style::PipeDelimited => "|",
        Style::Label if parameter.explode => ".",
        _ => ",",
    };
    let text = unmarked(parameter, first);
    Some(text.split(separator).map(|item| item.trim().to_owned()).collect())
}

/// A text without the mark that the styles of a path set before it.
fn unmarked<'t>(parameter: &Parameter, text: &'t str) -> &'t str {
    match parameter.style {
        Style::Label => text.strip_prefix('.').unwrap_or(text),
        Style::Matrix => {
            let rest = text.strip_prefix(';').unwrap_or(text);
            rest.strip_prefix(parameter.name.as_str())
                .and_then(|rest| rest.strip_prefix('='))
                .unwrap_or(rest)
        }
        _ => text,
    }
}

/// A text as the value that its schema speaks of; one that is none stays a text.
fn typed(schemas: &Schemas, id: SchemaId, text: &str) -> Value {
    let as_text = || Value::from(text);
    match schemas.get(id).map(|schema| &schema.shape) {
        Some(Shape::Boolean) => text.parse().map_or_else(|_| as_text(), Value::Bool),
        Some(Shape::Integer { .. } | Shape::Number { .. }) => {
            serde_json::from_str::<Number>(text).map_or_else(|_| as_text(), Value::Number)
        }
        Some(Shape::Enumeration(values)) => {
            values.iter().find(|value| plain(value) == text).cloned().unwrap_or_else(as_text)
        }
        Some(Shape::Union(union)) => {
            let variants = union.variants.iter().map(|id| typed(schemas, *id, text));
            variants.into_iter().find(|value| !value.is_string()).unwrap_or_else(as_text)
        }
        _ => as_text(),
    }
}

/// A window outside its bounds is drawn to the nearest one where the document says so.
fn clamped(schemas: &Schemas, operation: &Operation, parameter: &Parameter, value: Value) -> Value {
    let Some(paging) = &operation.paging else { return value };
    let is_window = [&paging.limit, &paging.offset, &paging.page]
        .into_iter()
        .flatten()
        .any(|name| *name == parameter.name);
    if !is_window || paging.out_of_range != Some(OutOfRange::Clamp) {
        return value;
    }
    let Some(Shape::Integer { minimum, maximum, .. }) =
        schemas.get(parameter.schema).map(|schema| &schema.shape)
    else {
        return value;
    };
    let bound = |bound: &Option<Bound>| bound.as_ref().and_then(|bound| bound.value.as_i64());
    value.as_i64().map_or(value, |number| {
        let number = bound(minimum).map_or(number, |least| number.max(least));
        bound(maximum).map_or(number, |most| number.min(most)).into()
    })
}
