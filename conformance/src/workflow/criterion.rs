//! Simple criteria (Arazzo 1.0, criterion object): comparisons of expressions and literals.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::expression::{Expression, Scope, Unresolved};

/// A condition such as `$statusCode == 200 || $statusCode == 201`.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    text: String,
    condition: Condition,
}

#[derive(Clone, Debug, PartialEq)]
enum Condition {
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Not(Box<Condition>),
    Compare(Operand, Comparison, Operand),
    Holds(Operand),
}

#[derive(Clone, Debug, PartialEq)]
enum Operand {
    Literal(Value),
    Expression(Expression),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Or,
    And,
    Not,
    Open,
    Close,
    Comparison(Comparison),
    Operand(Operand),
}

/// How deep parentheses may stand in each other.
const DEPTH: usize = 32;

/// Every operator, longer ones first.
const OPERATORS: [(&str, Token); 11] = [
    ("||", Token::Or),
    ("&&", Token::And),
    ("==", Token::Comparison(Comparison::Equal)),
    ("!=", Token::Comparison(Comparison::Unequal)),
    ("<=", Token::Comparison(Comparison::AtMost)),
    (">=", Token::Comparison(Comparison::AtLeast)),
    ("<", Token::Comparison(Comparison::Less)),
    (">", Token::Comparison(Comparison::Greater)),
    ("!", Token::Not),
    ("(", Token::Open),
    (")", Token::Close),
];

impl Criterion {
    /// Reads a condition.
    ///
    /// # Errors
    /// A sentence fragment that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut rest = tokens.as_slice();
        let condition = any(&mut rest, DEPTH)?;
        match rest.first() {
            None => Ok(Self { text: text.to_owned(), condition }),
            Some(_) => Err(format!("`{text}` goes on where it should end")),
        }
    }

    /// Whether it holds. An expression that leads to nothing is null in a comparison.
    #[must_use]
    pub fn holds(&self, scope: &Scope<'_>) -> bool {
        self.condition.holds(scope)
    }

    /// Every expression in it.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Expression> {
        self.condition.expressions()
    }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Criterion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Condition {
    fn holds(&self, scope: &Scope<'_>) -> bool {
        match self {
            Self::Any(all) => all.iter().any(|one| one.holds(scope)),
            Self::All(all) => all.iter().all(|one| one.holds(scope)),
            Self::Not(inner) => !inner.holds(scope),
            Self::Holds(operand) => operand.value(scope).is_ok_and(|value| is_true(&value)),
            Self::Compare(left, comparison, right) => {
                let left = left.value(scope).unwrap_or_default();
                let right = right.value(scope).unwrap_or_default();
                comparison.holds(&left, &right)
            }
        }
    }

    fn expressions(&self) -> Vec<&Expression> {
        match self {
            Self::Any(all) | Self::All(all) => all.iter().flat_map(Self::expressions).collect(),
            Self::Not(inner) => inner.expressions(),
            Self::Holds(operand) => operand.expression().into_iter().collect(),
            Self::Compare(left, _, right) => {
                left.expression().into_iter().chain(right.expression()).collect()
            }
        }
    }
}

impl Operand {
    fn value(&self, scope: &Scope<'_>) -> Result<Value, Unresolved> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Expression(expression) => expression.evaluate(scope),
        }
    }

    fn expression(&self) -> Option<&Expression> {
        match self {
            Self::Literal(_) => None,
            Self::Expression(expression) => Some(expression),
        }
    }
}

impl Comparison {
    fn holds(self, left: &Value, right: &Value) -> bool {
        let order = order(left, right);
        match self {
            Self::Equal => equal(left, right),
            Self::Unequal => !equal(left, right),
            Self::Less => order == Some(Ordering::Less),
            Self::AtMost => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Self::Greater => order == Some(Ordering::Greater),
            Self::AtLeast => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

/// Texts are compared without regard to case (Arazzo 1.0, literals), numbers by value.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(left), Value::String(right)) => left.to_lowercase() == right.to_lowercase(),
        (Value::Number(_), Value::Number(_)) => order(left, right) == Some(Ordering::Equal),
        _ => left == right,
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
        },
        (Value::String(left), Value::String(right)) => {
            Some(left.to_lowercase().cmp(&right.to_lowercase()))
        }
        _ => None,
    }
}

fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

fn any(rest: &mut &[Token], depth: usize) -> Result<Condition, String> {
    let mut found = vec![all(rest, depth)?];
    while take(rest, &Token::Or) {
        found.push(all(rest, depth)?);
    }
    Ok(if found.len() == 1 { found.remove(0) } else { Condition::Any(found) })
}

fn all(rest: &mut &[Token], depth: usize) -> Result<Condition, String> {
    let mut found = vec![one(rest, depth)?];
    while take(rest, &Token::And) {
        found.push(one(rest, depth)?);
    }
    Ok(if found.len() == 1 { found.remove(0) } else { Condition::All(found) })
}

fn one(rest: &mut &[Token], depth: usize) -> Result<Condition, String> {
    let deeper = depth.checked_sub(1).ok_or("the condition is nested too deeply")?;
    if take(rest, &Token::Not) {
        return Ok(Condition::Not(Box::new(one(rest, deeper)?)));
    }
    if take(rest, &Token::Open) {
        let inner = any(rest, deeper)?;
        return if take(rest, &Token::Close) {
            Ok(inner)
        } else {
            Err("a `)` is missing".to_owned())
        };
    }
    let left = operand(rest)?;
    match rest.split_first() {
        Some((Token::Comparison(comparison), after)) => {
            let comparison = *comparison;
            *rest = after;
            Ok(Condition::Compare(left, comparison, operand(rest)?))
        }
        _ => Ok(Condition::Holds(left)),
    }
}

fn operand(rest: &mut &[Token]) -> Result<Operand, String> {
    match rest.split_first() {
        Some((Token::Operand(operand), after)) => {
            let operand = operand.clone();
            *rest = after;
            Ok(operand)
        }
        _ => Err("an expression or a literal is missing".to_owned()),
    }
}

fn take(rest: &mut &[Token], token: &Token) -> bool {
    match rest.split_first() {
        Some((first, after)) if first == token => {
            *rest = after;
            true
        }
        _ => false,
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let operator = OPERATORS.iter().find(|(sign, _)| rest.starts_with(sign));
        let (token, after) = match operator {
            Some((sign, token)) => (token.clone(), rest.get(sign.len()..).unwrap_or_default()),
            None if rest.starts_with('\'') => quoted(rest)?,
            None => bare(rest)?,
        };
        found.push(token);
        rest = after.trim_start();
    }
    Ok(found)
}

/// A text in single quotes, in which two of them stand for one.
fn quoted(text: &str) -> Result<(Token, &str), String> {
    let mut literal = String::new();
    let mut rest = text.strip_prefix('\'').unwrap_or(text);
    loop {
        let Some((before, after)) = rest.split_once('\'') else {
            return Err(format!("{text} lacks its closing quote"));
        };
        literal.push_str(before);
        match after.strip_prefix('\'') {
            Some(more) => {
                literal.push('\'');
                rest = more;
            }
            None => return Ok((Token::Operand(Operand::Literal(literal.into())), after)),
        }
    }
}

fn bare(text: &str) -> Result<(Token, &str), String> {
    let end =
        text.find(|c: char| c.is_whitespace() || "|&=!<>()".contains(c)).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    let operand = if word.starts_with('$') {
        Operand::Expression(Expression::parse(word)?)
    } else {
        let literal = serde_json::from_str::<Value>(word)
            .map_err(|_| format!("`{text}` begins with neither an expression nor a literal"))?;
        Operand::Literal(literal)
    };
    Ok((Token::Operand(operand), after))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::workflow::{Message, Observed, Outputs};

    fn holds(text: &str) -> bool {
        let observed = Observed {
            status: Some(204),
            response: Message {
                body: Some(
                    json!({ "state": "Ready", "count": 2.5, "flag": false, "quote": "it's" }),
                ),
                ..Message::default()
            },
            ..Observed::default()
        };
        let inputs = BTreeMap::new();
        let outputs = Outputs::new();
        let scope = Scope { inputs: &inputs, outputs: &outputs, observed: Some(&observed) };
        Criterion::parse(text).unwrap().holds(&scope)
    }

    #[test]
    fn conditions_are_judged() {
        for text in [
            "$statusCode == 204",
            "$statusCode==204",
            "$statusCode == 200 || $statusCode == 204",
            "$statusCode >= 200 && $statusCode < 300",
            "!($statusCode == 404)",
            "$response.body#/state == 'ready'",
            "$response.body#/quote == 'it''s'",
            "$response.body#/count > 2",
            "$response.body#/none == null",
            "$response.body#/state",
            "!$response.body#/flag",
            "$response.body#/flag == false",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in [
            "$statusCode == 200",
            "$statusCode != 204",
            "$statusCode == '204'",
            "$statusCode == 204 && $statusCode == 200",
            "$response.body#/none",
            "$response.body#/state < 3",
        ] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "==", "$statusCode ==", "$statusCode = 3", "(1 == 1", "1 == 1 2", "'open"]
        {
            assert!(Criterion::parse(text).is_err(), "{text:?}");
        }
        assert!(Criterion::parse(&"(".repeat(10_000)).is_err());
    }
}
