//! Which rules a workflow speaks for, from its form alone.

use std::collections::BTreeSet;

use super::model::Workflow;
use super::script::{Action, Content, Expectation, Stream};
use crate::rule::Rule;

/// The rules that a workflow speaks for when all of it is run.
#[must_use]
pub fn rules(workflow: &Workflow) -> BTreeSet<Rule> {
    let mut found = BTreeSet::from([Rule::WorkflowStep]);
    if !workflow.parallel.is_empty() {
        found.insert(Rule::WorkflowIsolated);
    }
    for stream in workflow.steps.iter().filter_map(|step| step.stream.as_ref()) {
        found.extend(rules_of(stream));
    }
    let ordinary: Vec<_> = workflow.ordinary().collect();
    let before_last = ordinary.split_last().map_or(&[][..], |(_, before)| before);
    if before_last.iter().any(|step| step.stream.as_ref().is_some_and(Stream::is_left)) {
        found.insert(Rule::FrameAbort);
    }
    found
}

fn rules_of(stream: &Stream) -> BTreeSet<Rule> {
    let (mut found, mut called, mut beside, mut closed) = (BTreeSet::new(), false, false, false);
    let mut fragmented = false;
    for entry in &stream.script {
        match &entry.action {
            Action::Expect(Expectation { content: Content::Item(_), .. }) => {
                found.insert(Rule::FrameChannelOutcome);
            }
            Action::Expect(_) if fragmented => {
                found.insert(Rule::FrameSocketFragmented);
            }
            Action::Expect(expectation) => {
                let is_empty = expectation.content == Content::Empty;
                found.insert(expected(is_empty, called, beside));
                if closed && !is_empty {
                    found.insert(Rule::FrameHalfClose);
                }
            }
            Action::Ends(ending) => {
                found.insert(Rule::FrameEnds);
                found.extend(ending.close_code.map(|_| Rule::FrameChannelClose));
                found.extend(ending.status.as_ref().map(|_| Rule::FrameChannelOutcome));
            }
            Action::Nonsense => {
                found.insert(Rule::FrameChannelIgnored);
            }
            Action::Ping(_) => {
                found.insert(Rule::FrameSocketPong);
            }
            Action::Close(_) => {
                found.insert(Rule::FrameSocketCloseEcho);
            }
            Action::Unmasked => {
                found.insert(Rule::FrameSocketMaskRequired);
            }
            Action::Send { fragments: Some(_), .. } => fragmented = true,
            Action::StaysOpen(_) => {
                found.insert(Rule::FrameStaysOpen);
            }
            Action::CloseSend(_) => closed = true,
            Action::Call(_) => called = true,
            Action::Open(_) => beside = true,
            Action::Status(_) | Action::Send { .. } => {}
        }
    }
    found
}

/// The rule that an expectation speaks for: of something or of nothing, after a step was run while the stream was
/// open, or with other streams beside it.
#[must_use]
pub fn expected(of_nothing: bool, called: bool, beside: bool) -> Rule {
    match (called, beside, of_nothing) {
        (true, _, _) => Rule::WorkflowEffect,
        (_, true, _) => Rule::WorkflowIsolated,
        (_, _, true) => Rule::FrameOrigin,
        _ => Rule::FrameContent,
    }
}
