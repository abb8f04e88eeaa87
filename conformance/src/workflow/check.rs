//! Workflows against the contract they are for: everything that is named must be there.

use std::collections::BTreeSet;
use std::fmt;

use generator::contract::{Api, FieldRole, Framing, Layout, Location, Operation, Place};
use generator::diagnostic::Diagnostics;

use super::expression::Expression;
use super::model::{Step, Workflow};
use super::script::{Action, Content, Ending, Stream};
use crate::frame::{UNNAMED, pair_name, subprotocols};

/// Reports every operation, parameter, protocol, stream, step, input and workflow that is named and not there.
pub fn check(workflows: &[Workflow], api: &Api, diagnostics: &mut Diagnostics) {
    for workflow in workflows {
        for other in &workflow.parallel {
            let known = workflows.iter().find(|known| known.id == *other);
            if known.is_none_or(|known| !known.parallel.is_empty()) || *other == workflow.id {
                let message = format_args!("`{other}` is no workflow that can run beside others");
                diagnostics.error("unknown-workflow", &workflow.place, message, "name another");
            }
        }
        for step in &workflow.steps {
            check_names(workflow, step, diagnostics);
            check_step(step, api, diagnostics);
        }
    }
}

fn check_step(step: &Step, api: &Api, diagnostics: &mut Diagnostics) {
    let Some(operation) = api.operation(&step.operation) else {
        let message = format_args!("there is no operation `{}`", step.operation);
        diagnostics.error("unknown-operation", &step.place, message, "name one of the document");
        return;
    };
    check_arguments(step, operation, diagnostics);
    if step.payload.is_some() && operation.body.is_none() {
        let message = format_args!("`{}` takes no body", step.operation);
        diagnostics.error("unknown-body", &step.place, message, "leave the body out");
    }
    if let Some(stream) = &step.stream {
        check_stream(stream, operation, diagnostics);
    }
}

fn check_arguments(step: &Step, operation: &Operation, diagnostics: &mut Diagnostics) {
    for argument in &step.arguments {
        let known = operation.parameters.iter().any(|parameter| {
            parameter.name == argument.name && parameter.location == argument.location
        });
        if !known {
            let (name, location) = (&argument.name, argument.location);
            let message =
                format_args!("`{}` has no parameter `{name}` in {location}", operation.id);
            let help = "name a parameter of the operation";
            diagnostics.error("unknown-parameter", &argument.place, message, help);
        }
    }
    for name in operation.path.parameters() {
        let given = step
            .arguments
            .iter()
            .any(|argument| argument.location == Location::Path && argument.name == name);
        if !given {
            let message = format_args!("the path of `{}` needs `{name}`", operation.id);
            let help = "add it to the parameters";
            diagnostics.error("missing-parameter", &step.place, message, help);
        }
    }
}

/// Steps, inputs and outputs that are referred to.
fn check_names(workflow: &Workflow, step: &Step, diagnostics: &mut Diagnostics) {
    let scripted = step.stream.iter().flat_map(Stream::steps);
    for id in scripted.filter(|id| workflow.step(id).is_none() || *id == step.id) {
        let message = format_args!("there is no other step `{id}`");
        diagnostics.error("unknown-step", &step.place, message, "name a step of this workflow");
    }
    for expression in expressions(step) {
        match expression {
            Expression::Input(name, _)
                if !workflow.inputs.iter().any(|known| known.name == *name) =>
            {
                let message = format_args!("`{expression}` names no input of this workflow");
                diagnostics.error(
                    "unknown-input",
                    &step.place,
                    message,
                    "declare it under `inputs`",
                );
            }
            Expression::Output { step: from, name, .. } if !gives(workflow, from, name) => {
                let message = format_args!("`{expression}` names no output of a step");
                diagnostics.error(
                    "unknown-output",
                    &step.place,
                    message,
                    "declare it under `outputs`",
                );
            }
            _ => {}
        }
    }
}

fn gives(workflow: &Workflow, step: &str, name: &str) -> bool {
    workflow.step(step).is_some_and(|step| step.outputs.iter().any(|(known, _)| known == name))
}

fn expressions(step: &Step) -> Vec<&Expression> {
    let arguments = step.arguments.iter().flat_map(|argument| argument.value.expressions());
    let payload = step.payload.iter().flat_map(super::Template::expressions);
    let criteria = step.criteria.iter().flat_map(super::Criterion::expressions);
    let outputs = step.outputs.iter().map(|(_, expression)| expression);
    let entries = step.stream.iter().flat_map(|stream| &stream.script);
    let script = entries.flat_map(|entry| match &entry.action {
        Action::Send { payload, .. } => payload.expressions(),
        Action::Expect(expectation) => match &expectation.content {
            Content::Exactly(payload) | Content::Contains(payload) => payload.expressions(),
            Content::Item(template) => template.expressions(),
            Content::Length(_) | Content::Empty => Vec::new(),
        },
        Action::Ends(Ending { status: Some(template), .. }) => template.expressions(),
        _ => Vec::new(),
    });
    arguments.chain(payload).chain(criteria).chain(outputs).chain(script).collect()
}

fn check_stream(stream: &Stream, operation: &Operation, diagnostics: &mut Diagnostics) {
    if let Some(protocol) = &stream.upgrade {
        let documented = operation.upgrade.as_ref().map(|upgrade| upgrade.protocols.as_slice());
        if !documented.unwrap_or_default().contains(protocol) {
            let message = format_args!("`{}` does not upgrade to `{protocol}`", operation.id);
            diagnostics.error("unknown-protocol", &stream.place, message, "name a documented one");
        }
    }
    check_subprotocols(stream, operation, diagnostics);
    let known = streams(operation);
    for entry in &stream.script {
        let (named, to_server) = match &entry.action {
            Action::Send { to: name, .. } | Action::CloseSend(name) => (name, true),
            Action::Expect(expectation) => (&expectation.from, false),
            _ => continue,
        };
        if !known.iter().any(|known| known.is_called(named, to_server)) {
            unknown_stream(named, &known, &entry.place, diagnostics);
        }
    }
}

fn check_subprotocols(stream: &Stream, operation: &Operation, diagnostics: &mut Diagnostics) {
    let known = subprotocols(operation);
    for unknown in stream.protocols.iter().filter(|name| !known.contains(&name.as_str())) {
        let message = format_args!("`{}` has no subprotocol `{unknown}`", operation.id);
        diagnostics.error("unknown-protocol", &stream.place, message, "name a documented one");
    }
}

fn unknown_stream(
    name: &str,
    known: &BTreeSet<Named<'_>>,
    place: &Place,
    diagnostics: &mut Diagnostics,
) {
    let message = format_args!("there is no such stream `{name}`");
    let known: Vec<_> = known.iter().map(Named::to_string).collect();
    let help = format_args!("known are {}", known.join(", "));
    diagnostics.error("unknown-stream", place, message, help);
}

/// A stream of a framing, or the streams of all its pairs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named<'o> {
    /// Bytes that run both ways, or lines and frames of the server and bytes of the client.
    Stream(&'o str),
    /// A channel, and whether the client writes it.
    Channel(&'o str, bool),
    /// The channels of pairs.
    Pairs,
}

impl Named<'_> {
    /// Whether that is its name where bytes go that way.
    fn is_called(&self, name: &str, to_server: bool) -> bool {
        match self {
            Self::Stream(own) => *own == name,
            Self::Channel(own, written) => *own == name && *written == to_server,
            Self::Pairs => {
                let pairs = (0..=u8::MAX / 2).map(|pair| pair_name(pair, false));
                let errors = (0..=u8::MAX / 2).map(|pair| pair_name(pair, true));
                pairs.into_iter().any(|own| own == name)
                    || !to_server && errors.into_iter().any(|own| own == name)
            }
        }
    }
}

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stream(name) => f.write_str(name),
            Self::Channel(name, true) => write!(f, "{name} (to the server)"),
            Self::Channel(name, false) => write!(f, "{name} (from the server)"),
            Self::Pairs => f.write_str("data-0, error-0 and so on"),
        }
    }
}

/// Every framing of the operation.
fn framings(operation: &Operation) -> impl Iterator<Item = &Framing> {
    let contents = operation.responses.iter().flat_map(|(_, response)| &response.content);
    let rules = contents.flat_map(|content| &content.frames).chain(&operation.frames);
    rules.map(|rule| &rule.framing)
}

/// Every stream that some framing of the operation has.
fn streams(operation: &Operation) -> BTreeSet<Named<'_>> {
    framings(operation).flat_map(streams_of).collect()
}

fn streams_of(framing: &Framing) -> Vec<Named<'_>> {
    let fields = match &framing.receive {
        Layout::LengthPrefixed(layout) => layout.header.as_slice(),
        Layout::Channels(layout) => {
            let channels = layout.channels.values();
            return channels.map(|it| Named::Channel(&it.name, it.to_server)).collect();
        }
        Layout::ChannelPairs { .. } => return vec![Named::Pairs],
        _ => &[],
    };
    let named: Vec<_> = fields
        .iter()
        .filter_map(|field| match &field.role {
            FieldRole::Stream(names) => Some(names.values().map(String::as_str)),
            _ => None,
        })
        .flatten()
        .map(Named::Stream)
        .collect();
    if named.is_empty() { vec![Named::Stream(UNNAMED)] } else { named }
}
