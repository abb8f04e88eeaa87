//! Label selectors: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, `a<1`.

use serde_json::{Value, json};

use super::token::{Token, tokens};
use crate::cluster::{
    name::{key_fault, value_fault},
    object,
    status::FieldError,
};

/// Requirements on labels; none at all holds for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    /// The label is there with one of the values.
    In(Vec<String>),
    /// The label is not there, or has none of the values.
    NotIn(Vec<String>),
    Exists,
    Absent,
    /// The label is there with a larger number.
    Above(i64),
    /// The label is there with a smaller number.
    Below(i64),
}

impl LabelSelector {
    /// Reads a selector; an empty text selects everything.
    ///
    /// # Errors
    /// What was found where something else should stand.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tokens = tokens(text);
        let mut reader = Reader { tokens: &tokens };
        let mut requirements = Vec::new();
        loop {
            match reader.peek() {
                Token::End => return Ok(Self { requirements }),
                token if token.is("!") || matches!(token, Token::Word(_)) => {}
                token => return Err(expected(&token, "!, identifier, or 'end of string'")),
            }
            requirements.push(reader.requirement()?);
            match reader.take() {
                Token::End => return Ok(Self { requirements }),
                token if token.is(",") => reader.another()?,
                token => return Err(expected(&token, "',' or 'end of string'")),
            }
        }
    }

    /// Whether everything is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether the labels of an object are selected.
    #[must_use]
    pub fn selects(&self, object: &Value) -> bool {
        self.requirements.iter().all(|requirement| requirement.holds(object))
    }
}

impl Requirement {
    fn new(key: String, test: Test) -> Result<Self, String> {
        let refused = |error: FieldError| format!("unable to parse requirement: {}", error.text());
        if let Some(fault) = key_fault(&key) {
            return Err(refused(FieldError::invalid("key", &json!(key), &fault)));
        }
        let values: &[String] = match &test {
            Test::In(values) | Test::NotIn(values) => values,
            _ => &[],
        };
        for (index, value) in values.iter().enumerate() {
            if let Some(fault) = value_fault(value) {
                let field = format!("values[{index}][{key}]");
                return Err(refused(FieldError::invalid(field, &json!(value), &fault)));
            }
        }
        Ok(Self { key, test })
    }

    fn holds(&self, object: &Value) -> bool {
        let label = object::label(object, &self.key);
        let number = label.and_then(|label| label.parse::<i64>().ok());
        match &self.test {
            Test::In(values) => label.is_some_and(|label| values.iter().any(|it| it == label)),
            Test::NotIn(values) => label.is_none_or(|label| values.iter().all(|it| it != label)),
            Test::Exists => label.is_some(),
            Test::Absent => label.is_none(),
            Test::Above(least) => number.is_some_and(|number| number > *least),
            Test::Below(most) => number.is_some_and(|number| number < *most),
        }
    }
}

/// What is left to read.
struct Reader<'t> {
    tokens: &'t [Token],
}

impl Reader<'_> {
    fn peek(&self) -> Token {
        self.tokens.first().cloned().unwrap_or(Token::End)
    }

    fn take(&mut self) -> Token {
        let token = self.peek();
        self.tokens = self.tokens.get(1..).unwrap_or_default();
        token
    }

    /// After a comma another requirement must begin.
    fn another(&self) -> Result<(), String> {
        match self.peek() {
            Token::Word(_) => Ok(()),
            token if token.is("!") => Ok(()),
            token => Err(expected(&token, "identifier after ','")),
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        if self.peek().is("!") {
            self.take();
            return Requirement::new(self.word()?, Test::Absent);
        }
        let key = self.word()?;
        let next = self.peek();
        if next == Token::End || next.is(",") {
            return Requirement::new(key, Test::Exists);
        }
        let test = self.test()?;
        Requirement::new(key, test)
    }

    fn test(&mut self) -> Result<Test, String> {
        let operator = self.take();
        match operator.text() {
            "in" => self.values().map(Test::In),
            "notin" => self.values().map(Test::NotIn),
            "=" | "==" => self.value().map(|value| Test::In(vec![value])),
            "!=" => self.value().map(|value| Test::NotIn(vec![value])),
            ">" => self.number().map(Test::Above),
            "<" => self.number().map(Test::Below),
            _ => Err(expected(&operator, "in, notin, =, ==, !=, gt, lt")),
        }
    }

    fn word(&mut self) -> Result<String, String> {
        match self.take() {
            Token::Word(word) => Ok(word),
            token => Err(expected(&token, "identifier")),
        }
    }

    /// One value, which may be nothing.
    fn value(&mut self) -> Result<String, String> {
        let next = self.peek();
        if next == Token::End || next.is(",") { Ok(String::new()) } else { self.word() }
    }

    fn number(&mut self) -> Result<i64, String> {
        let value = self.value()?;
        value.parse().map_err(|_| {
            let why = "for 'Gt', 'Lt' operators, the value must be an integer";
            let error = FieldError::invalid("values[0]", &json!(value), why);
            format!("unable to parse requirement: {}", error.text())
        })
    }

    /// A list in parentheses; between two commas stands the empty value.
    fn values(&mut self) -> Result<Vec<String>, String> {
        let open = self.take();
        if !open.is("(") {
            return Err(format!("found '{}' expected: '('", open.text()));
        }
        let mut values = vec![self.listed()?];
        loop {
            match self.take() {
                token if token.is(")") => return Ok(values),
                token if token.is(",") => values.push(self.listed()?),
                token => return Err(expected(&token, "',' or ')'")),
            }
        }
    }

    fn listed(&mut self) -> Result<String, String> {
        match self.peek() {
            Token::Word(_) => self.word(),
            token if token.is(",") || token.is(")") => Ok(String::new()),
            token => Err(expected(&token, "',', ')' or identifier")),
        }
    }
}

fn expected(found: &Token, wanted: &str) -> String {
    format!("found '{}', expected: {wanted}", found.text())
}
