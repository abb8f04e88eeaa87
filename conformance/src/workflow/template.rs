//! Values with expressions in them.

use generator::diagnostic::Diagnostics;
use serde::Serialize;
use serde_json::Value;

use super::cursor::Cursor;
use super::expression::{Expression, Scope, Unresolved};

/// A value, parts of which come from expressions.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Template {
    /// A value as it stands.
    Constant(Value),
    /// What an expression gives, of whatever type.
    Expression(Expression),
    /// A text with expressions in braces, such as `{$inputs.run}-a`.
    Text(Vec<Piece>),
    /// A list.
    List(Vec<Template>),
    /// An object.
    Object(Vec<(String, Template)>),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Piece {
    /// As it stands.
    Literal(String),
    /// What an expression gives, as text.
    Expression(Expression),
}

impl Template {
    /// Reads a text: an expression, a text with expressions in braces, or a plain one.
    ///
    /// # Errors
    /// A sentence fragment that says what is wrong with an expression in it.
    pub fn parse(text: &str) -> Result<Self, String> {
        if Expression::is_meant(text) {
            return Expression::parse(text).map(Self::Expression);
        }
        let pieces = pieces(text)?;
        Ok(match pieces.as_slice() {
            [] | [Piece::Literal(_)] => Self::Constant(Value::from(text)),
            _ => Self::Text(pieces),
        })
    }

    /// Its value.
    ///
    /// # Errors
    /// The first expression that leads to nothing.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, Unresolved> {
        match self {
            Self::Constant(value) => Ok(value.clone()),
            Self::Expression(expression) => expression.evaluate(scope),
            Self::Text(pieces) => pieces
                .iter()
                .map(|piece| piece.text(scope))
                .collect::<Result<String, _>>()
                .map(Value::from),
            Self::List(items) => items.iter().map(|item| item.evaluate(scope)).collect(),
            Self::Object(members) => members
                .iter()
                .map(|(name, member)| Ok((name.clone(), member.evaluate(scope)?)))
                .collect::<Result<serde_json::Map<_, _>, _>>()
                .map(Value::from),
        }
    }

    /// Every expression in it.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Constant(_) => Vec::new(),
            Self::Expression(expression) => vec![expression],
            Self::Text(pieces) => pieces.iter().filter_map(Piece::expression).collect(),
            Self::List(items) => items.iter().flat_map(Self::expressions).collect(),
            Self::Object(members) => {
                members.iter().flat_map(|(_, member)| member.expressions()).collect()
            }
        }
    }

    /// Reads what stands in a document.
    pub(super) fn read(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Self {
        match cursor.json() {
            Value::Array(_) => Self::List(
                cursor
                    .items(diagnostics)
                    .iter()
                    .map(|item| Self::read(item, diagnostics))
                    .collect(),
            ),
            Value::Object(_) => Self::Object(
                cursor
                    .members(diagnostics)
                    .iter()
                    .map(|(name, member)| ((*name).to_owned(), Self::read(member, diagnostics)))
                    .collect(),
            ),
            Value::String(text) => Self::parse(&text).unwrap_or_else(|why| {
                let help = "write it as Arazzo has it, such as $response.body#/id";
                diagnostics.error("expression", &cursor.place(), why, help);
                Self::Constant(Value::from(text))
            }),
            scalar => Self::Constant(scalar),
        }
    }
}

impl Piece {
    fn text(&self, scope: &Scope<'_>) -> Result<String, Unresolved> {
        match self {
            Self::Literal(text) => Ok(text.clone()),
            Self::Expression(expression) => Ok(match expression.evaluate(scope)? {
                Value::String(text) => text,
                other => other.to_string(),
            }),
        }
    }

    fn expression(&self) -> Option<&Expression> {
        match self {
            Self::Literal(_) => None,
            Self::Expression(expression) => Some(expression),
        }
    }
}

/// A brace that does not begin an expression is text.
fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{$") {
        literal.push_str(before);
        let inner = after.split_once('}').map(|(inner, after)| (format!("${inner}"), after));
        match inner {
            Some((inner, after)) if Expression::is_meant(&inner) => {
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Expression(Expression::parse(&inner)?));
                rest = after;
            }
            _ => {
                literal.push_str("{$");
                rest = after;
            }
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::workflow::Outputs;

    #[test]
    fn expressions_stand_alone_or_in_braces() {
        let inputs = BTreeMap::from([("run".to_owned(), json!("r1")), ("n".to_owned(), json!(7))]);
        let outputs = Outputs::new();
        let scope = Scope { inputs: &inputs, outputs: &outputs, observed: None };
        let cases = [
            ("plain", json!("plain")),
            ("", json!("")),
            ("$HOME and {$HOME}", json!("$HOME and {$HOME}")),
            ("$inputs.n", json!(7)),
            ("{$inputs.n}", json!("7")),
            ("{$inputs.run}-x-{$inputs.n}{", json!("r1-x-7{")),
            ("{{$inputs.run}}", json!("{r1}")),
        ];
        for (text, value) in cases {
            assert_eq!(Template::parse(text).unwrap().evaluate(&scope), Ok(value), "{text}");
        }
        assert!(Template::parse("a {$steps.x} b").is_err());
        let missing = Template::parse("{$inputs.none}").unwrap().evaluate(&scope);
        assert_eq!(missing, Err(Unresolved("$inputs.none".to_owned())));
    }
}
