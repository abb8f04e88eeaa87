//! A summary for a person: what was not proved first, then findings with what to send to see them, the matrix, and
//! the counts last.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style as Ansi};

use super::curl::{command, raw};
use super::matrix::{Mark, Row};
use super::summary::{Exit, Summary};
use crate::run::{Finding, Verdict};
use crate::verdict::Outcome;

/// So many rules that were not looked at are listed by name.
const LISTED: usize = 12;

/// How a report looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With colours.
    Coloured,
}

/// The whole report.
#[must_use]
pub fn terminal(summary: &Summary, style: Style) -> String {
    let mut text = String::new();
    let facts = &summary.facts;
    let _ = writeln!(text, "{} at {}", facts.title, facts.target);
    let _ = writeln!(text, "spec {}, seed {}, run {}", facts.spec, facts.seed, facts.run_id);
    not_proved(&mut text, summary, style);
    findings(&mut text, summary, style);
    expected(&mut text, summary, style);
    untold(&mut text, summary);
    let _ = writeln!(text, "\nDocumented statuses");
    for row in &summary.matrix.rows {
        matrix_row(&mut text, row, style);
    }
    gaps(&mut text, summary);
    for (name, answer, command) in &summary.leftovers {
        let _ = writeln!(text, "\nnot removed: {name} ({answer})\n  {command}");
    }
    counts(&mut text, summary, style);
    text
}

fn not_proved(text: &mut String, summary: &Summary, style: Style) {
    let why = match summary.exit {
        Exit::NotProved if summary.unproven.is_empty() => "nothing was tried".to_owned(),
        Exit::NotProved => {
            let ids: Vec<_> = summary.unproven.iter().map(|id| id.0.as_str()).collect();
            format!("no documented success from {}", ids.join(", "))
        }
        Exit::Unreachable => "the target gave no answer, or the checker went wrong".to_owned(),
        Exit::Conformant | Exit::NotConformant | Exit::Idle => return,
    };
    let _ = writeln!(text, "\n{}: {why}", painted("NOT PROVED", AnsiColor::Red, style));
}

/// The gravest rule first; a rule broken on several subjects is shown whole on one of them.
fn findings(text: &mut String, summary: &Summary, style: Style) {
    let found: Vec<_> =
        summary.verdicts.iter().filter(|verdict| verdict.outcome >= Outcome::Flaky).collect();
    let mut shown = Vec::new();
    for verdict in &found {
        let key = (verdict.rule, verdict.outcome);
        if shown.contains(&key) {
            continue;
        }
        shown.push(key);
        finding(text, verdict, style);
        let others = found.iter().filter(|other| (other.rule, other.outcome) == key).skip(1);
        for other in others {
            let message = other.findings.first().map_or("", |finding| &finding.judgement.message);
            let _ = writeln!(text, "  also on {}: {}", other.subject, indented(message));
        }
    }
}

/// What the user expects: each finding in a line, and what was expected in vain.
fn expected(text: &mut String, summary: &Summary, style: Style) {
    if !summary.known.is_empty() {
        let _ = writeln!(text, "\nKnown failures");
    }
    for known in &summary.known {
        let (rule, subject) = (known.verdict.rule, &known.verdict.subject);
        let word = known.verdict.outcome.word();
        let _ = writeln!(text, "  {word} {rule} on {subject}: {}", indented(&known.reason));
    }
    for glob in &summary.idle {
        let word = painted("NOT FOUND", AnsiColor::Red, style);
        let _ = writeln!(text, "\n{word}: {glob} is a known failure that matches no finding");
    }
}

/// What the source document is silent on, operation by operation.
fn gaps(text: &mut String, summary: &Summary) {
    if !summary.gaps.is_empty() {
        let _ = writeln!(
            text,
            "\nDocumentation gaps: conventional answers that the source does not list"
        );
    }
    for gap in &summary.gaps {
        let statuses: Vec<_> = gap.statuses.keys().map(ToString::to_string).collect();
        let _ = writeln!(text, "  {}: {}", gap.operation, statuses.join(", "));
    }
}

fn finding(text: &mut String, verdict: &Verdict, style: Style) {
    let entry = verdict.rule.entry();
    let word = painted(verdict.outcome.word(), colour(verdict.outcome), style);
    let _ = writeln!(
        text,
        "\n{word} {} on {} ({} {})",
        entry.id, verdict.subject, entry.level, entry.sentence
    );
    for finding in verdict.findings.iter().take(1) {
        let Finding { judgement, evidence } = finding;
        let _ = writeln!(text, "  {}", indented(&judgement.message));
        if let Some(place) = &judgement.place {
            let _ = writeln!(text, "  says {place}");
        }
        if let Some(transcript) = evidence.last() {
            let _ = writeln!(text, "  {}", command(transcript));
            if judgement.dump.is_none() {
                let _ = writeln!(text, "  {}", indented(raw(transcript).trim_end()));
            }
        }
        if let Some(dump) = &judgement.dump {
            let _ = writeln!(text, "  {}", indented(dump.trim_end()));
        }
    }
    let looks: u64 = verdict
        .counts
        .iter()
        .filter(|(outcome, _)| **outcome == verdict.outcome)
        .map(|(_, count)| count)
        .sum();
    if looks > 1 {
        let _ = writeln!(text, "  seen {looks} times");
    }
}

/// What could not be told, a line each.
fn untold(text: &mut String, summary: &Summary) {
    let mut lines: Vec<_> = summary
        .verdicts
        .iter()
        .filter(|verdict| matches!(verdict.outcome, Outcome::Inconclusive | Outcome::Skip))
        .map(|verdict| {
            let why =
                verdict.findings.first().map_or("", |finding| finding.judgement.message.as_str());
            format!("  {} {} on {}: {why}", verdict.outcome.word(), verdict.rule, verdict.subject)
        })
        .collect();
    lines.sort_unstable();
    if !lines.is_empty() {
        let _ = writeln!(text, "\nNot told\n{}", lines.join("\n"));
    }
}

fn matrix_row(text: &mut String, row: &Row, style: Style) {
    let cells: Vec<_> = row
        .statuses
        .iter()
        .map(|(key, mark)| match mark {
            Mark::Valid(count) => painted(&format!("{key} ok×{count}"), AnsiColor::Green, style),
            Mark::Invalid(count) => painted(&format!("{key} BAD×{count}"), AnsiColor::Red, style),
            Mark::NotProvoked(why) => format!("{key} – ({})", why.words()),
        })
        .collect();
    let _ = writeln!(text, "  {:<24} {}\n    {}", row.operation.0, row.request, cells.join("  "));
}

fn counts(text: &mut String, summary: &Summary, style: Style) {
    let counted: Vec<_> = Outcome::ALL
        .into_iter()
        .rev()
        .filter(|outcome| summary.count(*outcome) > 0)
        .map(|outcome| {
            painted(
                &format!("{} {}", summary.count(outcome), outcome.word()),
                colour(outcome),
                style,
            )
        })
        .collect();
    let facts = &summary.facts;
    let waits = match facts.waited {
        waited if waited < 0.1 => String::new(),
        waited => format!(", {waited:.1} s of it waiting"),
    };
    let _ = writeln!(
        text,
        "\n{}; {} request{} in {:.1} s{waits}",
        if counted.is_empty() { "no verdicts".to_owned() } else { counted.join(", ") },
        facts.requests,
        if facts.requests == 1 { "" } else { "s" },
        facts.seconds
    );
    if !summary.not_covered.is_empty() {
        let _ = writeln!(text, "not looked at: {}", not_covered(summary));
    }
    let (word, colour) = match summary.exit {
        Exit::Conformant => ("conformant", AnsiColor::Green),
        Exit::NotConformant => ("not conformant", AnsiColor::Red),
        Exit::Unreachable => ("unreachable", AnsiColor::Red),
        Exit::NotProved => ("not proved", AnsiColor::Red),
        Exit::Idle => ("conformant, with known failures that were not found", AnsiColor::Red),
    };
    let stopped = if facts.stopped { " (stopped before its end)" } else { "" };
    let _ = writeln!(text, "{}{stopped}", painted(word, colour, style));
}

/// Rules that apply and were not looked at, each with its operations.
fn not_covered(summary: &Summary) -> String {
    let mut by_rule: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for (operation, rule) in &summary.not_covered {
        by_rule.entry(rule.id()).or_default().push(&operation.0);
    }
    if by_rule.len() > LISTED {
        let (rules, pairs) = (by_rule.len(), summary.not_covered.len());
        return format!("{rules} rules, {pairs} times in all; the JSON report lists them");
    }
    let told =
        by_rule.iter().map(|(rule, operations)| format!("{rule} on {}", operations.join(", ")));
    told.collect::<Vec<_>>().join("; ")
}

fn indented(text: &str) -> String {
    text.replace('\n', "\n  ")
}

fn colour(outcome: Outcome) -> AnsiColor {
    match outcome {
        Outcome::Pass => AnsiColor::Green,
        Outcome::Skip | Outcome::Inconclusive => AnsiColor::Cyan,
        Outcome::Warn | Outcome::Flaky => AnsiColor::Yellow,
        Outcome::Fail | Outcome::Error => AnsiColor::Red,
    }
}

fn painted(word: &str, colour: AnsiColor, style: Style) -> String {
    match style {
        Style::Plain => word.to_owned(),
        Style::Coloured => {
            let ansi = Ansi::new().fg_color(Some(colour.into())).bold();
            format!("{}{word}{}", ansi.render(), ansi.render_reset())
        }
    }
}
