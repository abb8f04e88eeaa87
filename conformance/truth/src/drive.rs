//! Drives every operation of an API: valid requests, near misses, and every answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use conformance::call::{Call, CallBody, Credentials, compose};
use conformance::judge::{Validators, Validity, acceptable};
use conformance::strategy::{Constraint, Miss, Sender, misses};
use generator::contract::{
    Api, Fault, Location, Method, Operation, Parameter, Response, SchemaId, Shape, StatusKey,
};
use generator::document::Node;
use serde_json::{Value, json};

use crate::make::{Kind, Maker};
use crate::program::{Known, Program};
use crate::report::Report;
use crate::wire::{same, same_text};

/// Valid requests for each operation.
const ROUNDS: usize = 8;

/// Times that each answer is given.
const ANSWERS: usize = 3;

/// Near misses of each parameter and each body.
const MISSES: usize = 40;

/// The longest text told of a value.
const LONGEST: usize = 300;

/// Drives `api`, whose documents are `trees`.
///
/// # Errors
/// The program ended.
pub fn drive(
    api: &Api,
    trees: BTreeMap<Arc<str>, Node>,
    program: &mut Program,
) -> anyhow::Result<Report> {
    let validators = Validators::new(trees, api.schemas.clone());
    let mut driver = Driver {
        maker: Maker::new(api, validators),
        api,
        program,
        report: Report { operations: api.operations.len(), ..Report::default() },
    };
    for operation in &api.operations {
        driver.operation(operation)?;
    }
    Ok(driver.report)
}

struct Driver<'a> {
    maker: Maker<'a>,
    api: &'a Api,
    program: &'a mut Program,
    report: Report,
}

/// What became of a request.
struct Told(Value);

impl Told {
    fn status(&self) -> u16 {
        self.0["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(0)
    }

    fn body(&self) -> Vec<u8> {
        let byte = |value: &Value| value.as_u64().and_then(|byte| u8::try_from(byte).ok());
        self.0["body"].as_array().into_iter().flatten().filter_map(byte).collect()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let fields = self.0["headers"].as_array().into_iter().flatten();
        let own =
            |field: &&Value| field[0].as_str().is_some_and(|it| it.eq_ignore_ascii_case(name));
        fields.into_iter().find(own).and_then(|field| field[1].as_str())
    }

    fn seen(&self) -> Option<&Value> {
        Some(&self.0["seen"]).filter(|seen| !seen.is_null())
    }

    fn brief(&self) -> String {
        let body = self.body();
        let why = self.0["unsent"].as_str().or(self.0["stuck"].as_str()).unwrap_or_default();
        cut(&format!("{} {why} {}", self.status(), String::from_utf8_lossy(&body)))
    }
}

impl Driver<'_> {
    fn operation(&mut self, operation: &Operation) -> anyhow::Result<()> {
        let before = self.report.broken;
        let mut base = None;
        for round in 0..ROUNDS {
            let (call, body) = match self.maker.call(operation, round) {
                Ok(made) => made,
                Err(why) => {
                    self.report.skip(why);
                    break;
                }
            };
            let told = self.send(operation, &call, &Value::Null)?;
            if told.0["unsent"].is_string() {
                self.report.skip("no request of HTTP can say it");
                break;
            }
            self.report.requests += 1;
            self.arrived(operation, &call, body.as_ref(), &told);
            base = Some(call);
        }
        let Some(base) = base else { return Ok(()) };
        self.report.reached += usize::from(self.report.broken == before);
        self.answers(operation, &base)?;
        self.near_misses(operation, &base)
    }

    fn send(&mut self, operation: &Operation, call: &Call, answer: &Value) -> anyhow::Result<Told> {
        let (headers, query) = self.maker.credential(operation);
        let request = compose(self.api, operation, call, &Credentials { headers });
        let fields = request.headers.iter();
        let fields: Vec<_> = fields
            .map(|field| json!([field.name, String::from_utf8_lossy(&field.value)]))
            .collect();
        let target = match query.strip_prefix('&') {
            Some(first) if !request.target.contains('?') => format!("{}?{first}", request.target),
            _ => format!("{}{query}", request.target),
        };
        let asked = json!({
            "method": request.method,
            "target": target,
            "headers": fields,
            "body": request.body.map(|body| body.to_vec()),
            "answer": answer,
        });
        self.program.ask(&asked).map(Told)
    }

    /// A valid request reaches its handler, and every value with it.
    fn arrived(
        &mut self,
        operation: &Operation,
        call: &Call,
        body: Option<&(usize, Value)>,
        told: &Told,
    ) {
        let Some(seen) = told.seen() else {
            let request = cut(&format!("{:?} {:?}", call.arguments, call.body));
            return self.fault(operation, &format!("refused {request}: {}", told.brief()));
        };
        if seen["operation"] != operation.id.0.as_str() {
            return self.fault(operation, &format!("another was reached: {}", seen["operation"]));
        }
        for (number, parameter) in operation.parameters.iter().enumerate() {
            let sent = call.argument(parameter.location, &parameter.name);
            let default = self.api.schemas.get(parameter.schema).and_then(|it| it.default.as_ref());
            let expected = sent.or(default.filter(|_| !parameter.required)).unwrap_or(&Value::Null);
            let found = &seen["values"][number];
            if !same_text(self.api, parameter, expected, found) {
                let what = format!("{} {}", parameter.location, parameter.name);
                self.fault(operation, &cut(&format!("{what}: {expected} arrived as {found}")));
            }
        }
        let expected = body.map_or(Value::Null, |(_, value)| value.clone());
        let found = if seen["body"].is_null() { &Value::Null } else { &seen["body"][1] };
        if !same(&expected, found) {
            self.fault(operation, &cut(&format!("the body {expected} arrived as {found}")));
        }
    }

    fn answers(&mut self, operation: &Operation, base: &Call) -> anyhow::Result<()> {
        let known = self.program.answers.get(&operation.id.0).cloned().unwrap_or_default();
        for (number, known) in known.iter().enumerate() {
            let mut documented = operation.responses.iter();
            let Some(entry) = documented.find(|(key, _)| key.to_string() == known.status) else {
                self.fault(operation, &format!("answers {}, undocumented", known.status));
                continue;
            };
            if !known.made {
                self.report.skip("an answer is a stream");
                continue;
            }
            for _ in 0..ANSWERS {
                let Some(asked) = self.answer(operation, number, known, entry) else {
                    self.report.skip("an answer has no value that can be made");
                    break;
                };
                let told = self.send(operation, base, &asked)?;
                self.report.answers += 1;
                if let Some(what) = self.wrong(operation, entry.1, known, &asked, &told) {
                    let what = format!("answer {}: {what}", known.status);
                    self.fault(operation, &what);
                    break;
                }
            }
        }
        Ok(())
    }

    /// An answer to give, as the harness reads it.
    fn answer(
        &mut self,
        operation: &Operation,
        number: usize,
        known: &Known,
        (key, response): (StatusKey, &Response),
    ) -> Option<Value> {
        let mut headers = Vec::new();
        for header in &response.headers {
            let value = self.maker.header(header.schema);
            headers.push(if header.required { value? } else { value.unwrap_or(Value::Null) });
        }
        let content = known.content.and_then(|number| response.content.get(number));
        let body = match content {
            Some(content) => self.maker.body(content, Sender::Server)?.1,
            None => Value::Null,
        };
        let status = status(operation, key)?;
        Some(json!({ "number": number, "status": status, "headers": headers, "body": body }))
    }

    /// What is wrong with an answer, if anything is.
    fn wrong(
        &self,
        operation: &Operation,
        response: &Response,
        known: &Known,
        asked: &Value,
        told: &Told,
    ) -> Option<String> {
        if asked["status"] != told.status() || told.0["stuck"].is_string() {
            let sent = cut(&asked.to_string());
            return Some(format!("{sent} was written as {}", told.brief()));
        }
        for (header, value) in response.headers.iter().zip(asked["headers"].as_array()?) {
            if told.header(&header.name).is_some() == value.is_null() {
                return Some(format!("the header field {} of {value} is not right", header.name));
            }
        }
        let content = known.content.and_then(|number| response.content.get(number))?;
        let written = told.header("content-type").unwrap_or_default();
        let essence = written.split(';').next().unwrap_or_default().to_ascii_lowercase();
        let documented = content.media_type.essence();
        if essence != documented && !documented.contains('*') {
            return Some(format!("it came as {written}"));
        }
        if operation.method == Method::Head {
            return None;
        }
        let body = told.body();
        let found = match Kind::of(self.api, content) {
            Kind::Json => serde_json::from_slice(&body).unwrap_or(Value::Null),
            Kind::Bytes => json!(body),
            Kind::Text => Value::from(String::from_utf8_lossy(&body)),
            Kind::Yaml | Kind::Form => return None,
        };
        if !same(&asked["body"], &found) {
            return Some(cut(&format!("{} was written as {found}", asked["body"])));
        }
        let schema = content.schema.filter(|_| Kind::of(self.api, content) == Kind::Json)?;
        match self.maker.validators.check(&self.api.schemas.get(schema)?.place, &found) {
            Validity::Invalid(faults) => {
                Some(cut(&format!("{found} breaks its schema: {faults:?}")))
            }
            _ => None,
        }
    }

    fn near_misses(&mut self, operation: &Operation, base: &Call) -> anyhow::Result<()> {
        for parameter in operation.parameters.iter().filter(|it| it.content.is_none()) {
            if parameter.required && parameter.location != Location::Path {
                let call = base.clone().without(parameter.location, &parameter.name);
                self.missed(operation, &call, &format!("without {}", parameter.name))?;
            }
            for miss in misses(&self.api.schemas, parameter.schema).into_iter().take(MISSES) {
                let Some(value) = self.miss(parameter.schema, &miss) else { continue };
                if self.is_told(parameter, &miss, &value) {
                    let what = format!("{} of {value}", parameter.name);
                    let call = base.clone().with(parameter.location, &parameter.name, value);
                    self.missed(operation, &call, &what)?;
                }
            }
        }
        let Some(body) = &operation.body else { return Ok(()) };
        if body.required {
            let call = Call { body: CallBody::None, ..base.clone() };
            self.missed(operation, &call, "without a body")?;
        }
        for content in body.content.iter().filter(|content| content.media_type.is_json()) {
            let Some(schema) = content.schema else { continue };
            for miss in misses(&self.api.schemas, schema).into_iter().take(MISSES) {
                let Some(value) = self.miss(schema, &miss) else { continue };
                let what = format!("{} broken at {:?} of {value}", miss.constraint, miss.pointer);
                let body = CallBody::Json(content.media_type.clone(), value);
                self.missed(operation, &Call { body, ..base.clone() }, &what)?;
            }
        }
        Ok(())
    }

    /// A value that breaks the constraint, by the word of the document itself.
    fn miss(&mut self, schema: SchemaId, miss: &Miss) -> Option<Value> {
        let value = self.maker.drawn(&miss.values)?;
        let place = &self.api.schemas.get(schema)?.place;
        let verdict = self.maker.validators.check(place, &value);
        matches!(verdict, Validity::Invalid(_)).then_some(value)
    }

    /// Whether the fault survives being written as text.
    fn is_told(&self, parameter: &Parameter, miss: &Miss, value: &Value) -> bool {
        let shape = self.api.schemas.get(parameter.schema).map(|schema| &schema.shape);
        let is_plain = match value {
            Value::String(text) => {
                !text.is_empty()
                    && (parameter.location != Location::Header
                        || text.trim() == text && text.chars().all(|it| matches!(it, ' '..='~')))
            }
            Value::Number(_) | Value::Bool(_) => true,
            _ => false,
        };
        let typed =
            matches!(shape, Some(Shape::Integer { .. } | Shape::Number { .. } | Shape::Boolean));
        let is_scalar =
            typed || matches!(shape, Some(Shape::String { .. } | Shape::Enumeration(_)));
        is_plain
            && is_scalar
            && (miss.constraint != Constraint::Type || typed)
            && !parameter.same_as_absent.contains(value)
    }

    /// A request at fault is refused before its handler is reached.
    fn missed(&mut self, operation: &Operation, call: &Call, what: &str) -> anyhow::Result<()> {
        let told = self.send(operation, call, &Value::Null)?;
        if told.0["unsent"].is_string() {
            return Ok(());
        }
        self.report.misses += 1;
        let status = told.status();
        let faults = [Fault::Invalid, Fault::Malformed];
        if told.seen().is_some() || !faults.iter().any(|it| acceptable(operation, *it, status)) {
            let what = cut(what);
            self.fault(operation, &format!("a request {what} got {}", told.brief()));
        }
        Ok(())
    }

    fn fault(&mut self, operation: &Operation, what: &str) {
        self.report.fault(format!("{}: {what}", operation.id));
    }
}

/// A status of that entry: the first that has no entry of its own.
fn status(operation: &Operation, key: StatusKey) -> Option<u16> {
    let mut statuses = match key {
        StatusKey::Code(code) => code..=code,
        StatusKey::Range(class) => u16::from(class) * 100..=u16::from(class) * 100 + 99,
        StatusKey::Default => 500..=599,
    };
    statuses.find(|status| operation.responses.get(*status).is_some_and(|(found, _)| found == key))
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
