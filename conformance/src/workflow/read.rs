//! Marked tree to workflows. Every problem is reported; a bad piece costs only itself.

use std::collections::BTreeSet;

use generator::contract::{Location, OperationId, Place};
use generator::diagnostic::Diagnostics;
use generator::document::{self, Limits};
use generator::source::Source;

use super::criterion::Criterion;
use super::cursor::{Cursor, Keys};
use super::expression::Expression;
use super::model::{Argument, Input, Step, Workflow};
use super::script::Stream;
use super::template::Template;
use crate::rule::Level;

const ROOT: Keys = Keys {
    known: &["arazzo", "info", "sourceDescriptions", "workflows", "x-independent"],
    foreign: &["components"],
};
const WORKFLOW: Keys = Keys {
    known: &["workflowId", "summary", "description", "inputs", "steps", "x-level", "x-parallel"],
    foreign: &["dependsOn", "successActions", "failureActions", "outputs", "parameters"],
};
const STEP: Keys = Keys {
    known: &[
        "stepId",
        "description",
        "operationId",
        "parameters",
        "requestBody",
        "successCriteria",
        "outputs",
        "x-stream",
        "x-cleanup",
    ],
    foreign: &["operationPath", "workflowId", "onSuccess", "onFailure"],
};

/// Reads the workflows of an Arazzo document, in document order.
#[must_use]
pub fn read(source: &Source, diagnostics: &mut Diagnostics) -> Vec<Workflow> {
    let Some(tree) = document::parse(source, &Limits::default(), diagnostics) else {
        return Vec::new();
    };
    let root = Cursor::new(&tree, source.name());
    root.keys(&ROOT, diagnostics);
    version(&root, diagnostics);
    let independent = root.get("x-independent").and_then(|at| at.flag(diagnostics));
    let independent = independent.unwrap_or(false);
    let listed = root.need("workflows", diagnostics).map(|at| at.items(diagnostics));
    let workflows: Vec<_> = listed
        .unwrap_or_default()
        .iter()
        .filter_map(|cursor| workflow(cursor, independent, diagnostics))
        .collect();
    let ids = workflows.iter().map(|workflow| (workflow.id.as_str(), &workflow.place));
    unique(ids, "workflow", diagnostics);
    workflows
}

fn version(root: &Cursor<'_>, diagnostics: &mut Diagnostics) {
    let stated = root.need("arazzo", diagnostics);
    let Some((at, text)) = stated.and_then(|at| Some((at.clone(), at.text(diagnostics)?))) else {
        return;
    };
    if !text.starts_with("1.0.") {
        let message = format_args!("Arazzo {text} is not read, only 1.0");
        diagnostics.error("unsupported", &at.place(), message, "write `arazzo: 1.0.0`");
    }
}

fn workflow(
    cursor: &Cursor<'_>,
    independent: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Workflow> {
    cursor.keys(&WORKFLOW, diagnostics);
    let id = cursor.need("workflowId", diagnostics).and_then(|at| at.text(diagnostics));
    let inputs = cursor.get("inputs").map(|at| inputs(&at, diagnostics)).unwrap_or_default();
    let listed = cursor.need("steps", diagnostics).map(|at| at.items(diagnostics));
    let steps: Vec<_> =
        listed.unwrap_or_default().iter().filter_map(|at| step(at, diagnostics)).collect();
    unique(steps.iter().map(|step| (step.id.as_str(), &step.place)), "step", diagnostics);
    Some(Workflow {
        id: id?.to_owned(),
        summary: cursor.get("summary").and_then(|at| at.text(diagnostics)).map(str::to_owned),
        level: cursor.get("x-level").and_then(|at| level(&at, diagnostics)).unwrap_or(Level::Must),
        inputs,
        steps,
        parallel: cursor.get("x-parallel").map(|at| texts(&at, diagnostics)).unwrap_or_default(),
        independent,
        place: cursor.place(),
    })
}

fn level(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Level> {
    match cursor.text(diagnostics)? {
        "MUST" => Some(Level::Must),
        "SHOULD" => Some(Level::Should),
        _ => {
            cursor.wrong("MUST or SHOULD", diagnostics);
            None
        }
    }
}

fn texts(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    let items = cursor.items(diagnostics);
    items.iter().filter_map(|item| item.text(diagnostics)).map(str::to_owned).collect()
}

/// A JSON Schema of an object; of its members only the type and the default matter here.
fn inputs(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Vec<Input> {
    let properties = cursor.get("properties").map(|at| at.members(diagnostics));
    let input = |(name, at): (&str, Cursor<'_>)| {
        let kind = at.get("type").and_then(|at| at.text(diagnostics)).map(str::to_owned);
        Input { name: name.to_owned(), kind, default: at.get("default").map(|at| at.json()) }
    };
    properties.unwrap_or_default().into_iter().map(input).collect()
}

fn step(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Step> {
    cursor.keys(&STEP, diagnostics);
    let id = cursor.need("stepId", diagnostics).and_then(|at| at.text(diagnostics));
    let operation = cursor.need("operationId", diagnostics).and_then(|at| at.text(diagnostics));
    let listed = cursor.get("parameters").map(|at| at.items(diagnostics)).unwrap_or_default();
    let arguments = listed.iter().filter_map(|at| argument(at, diagnostics)).collect();
    let body = cursor.get("requestBody");
    if let Some(body) = &body {
        let keys = Keys { known: &["contentType", "payload"], foreign: &["replacements"] };
        body.keys(&keys, diagnostics);
    }
    let payload = body.as_ref().and_then(|at| at.need("payload", diagnostics));
    let media_type = body.as_ref().and_then(|at| at.get("contentType"));
    let criteria =
        cursor.get("successCriteria").map(|at| at.items(diagnostics)).unwrap_or_default();
    Some(Step {
        arguments,
        payload: payload.map(|at| Template::read(&at, diagnostics)),
        media_type: media_type.and_then(|at| at.text(diagnostics)).map(str::to_owned),
        outputs: cursor.get("outputs").map(|at| outputs(&at, diagnostics)).unwrap_or_default(),
        criteria: criteria.iter().filter_map(|at| criterion(at, diagnostics)).collect(),
        stream: cursor.get("x-stream").map(|at| Stream::read(&at, diagnostics)),
        cleanup: cursor.get("x-cleanup").and_then(|at| at.flag(diagnostics)).unwrap_or(false),
        id: id?.to_owned(),
        operation: OperationId(operation?.to_owned()),
        place: cursor.place(),
    })
}

fn argument(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Argument> {
    let keys = Keys { known: &["name", "in", "value"], foreign: &["reference"] };
    cursor.keys(&keys, diagnostics);
    let name = cursor.need("name", diagnostics).and_then(|at| at.text(diagnostics));
    let location = cursor.need("in", diagnostics).and_then(|at| location(&at, diagnostics));
    let value = cursor.need("value", diagnostics).map(|at| Template::read(&at, diagnostics));
    Some(Argument {
        name: name?.to_owned(),
        location: location?,
        value: value?,
        place: cursor.place(),
    })
}

fn location(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Location> {
    let text = cursor.text(diagnostics)?;
    let all = [Location::Path, Location::Query, Location::Header, Location::Cookie];
    let found = all.into_iter().find(|location| location.to_string() == text);
    if found.is_none() {
        cursor.wrong("path, query, header or cookie", diagnostics);
    }
    found
}

fn outputs(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Vec<(String, Expression)> {
    let mut found = Vec::new();
    for (name, at) in cursor.members(diagnostics) {
        match at.text(diagnostics).map(Expression::parse) {
            Some(Ok(expression)) => found.push((name.to_owned(), expression)),
            Some(Err(why)) => {
                let help = "write it as Arazzo has it, such as $response.body#/id";
                diagnostics.error("expression", &at.place(), why, help);
            }
            None => {}
        }
    }
    found
}

fn criterion(cursor: &Cursor<'_>, diagnostics: &mut Diagnostics) -> Option<Criterion> {
    let keys = Keys { known: &["condition"], foreign: &["context", "type"] };
    cursor.keys(&keys, diagnostics);
    let at = cursor.need("condition", diagnostics)?;
    match Criterion::parse(at.text(diagnostics)?) {
        Ok(criterion) => Some(criterion),
        Err(why) => {
            let help = "write it like `$statusCode == 200 || $statusCode == 201`";
            diagnostics.error("expression", &at.place(), why, help);
            None
        }
    }
}

fn unique<'i>(
    ids: impl Iterator<Item = (&'i str, &'i Place)>,
    what: &str,
    diagnostics: &mut Diagnostics,
) {
    let mut seen = BTreeSet::new();
    for (id, place) in ids {
        if !seen.insert(id) {
            let message = format_args!("the {what} `{id}` is there twice");
            diagnostics.error("duplicate-id", place, message, "give it another id");
        }
    }
}

#[cfg(test)]
mod tests {
    use generator::diagnostic::{Colour, render};

    use super::*;

    #[test]
    fn every_problem_is_found_at_once() {
        let text = include_str!("../../tests/data/workflows/broken.arazzo.yaml");
        let source = Source::new("broken.arazzo.yaml", text);
        let mut diagnostics = Diagnostics::default();
        let _ = read(&source, &mut diagnostics);
        insta::assert_snapshot!(render(&diagnostics, &[source], Colour::Never));
    }
}
