//! The table: a row for each document, and the sums below.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::outcome::{Driven, Outcome};

/// A row for each document, and the sums by dialect.
pub(super) fn table(outcomes: &[Outcome]) -> String {
    let width = outcomes.iter().map(|outcome| outcome.name.len()).max().unwrap_or_default();
    let mut text = format!(
        "{:<width$}  {:<14} {:<7} {:>5}  {:<9} {:>7} {:>7} {:>6}  {:<7} {:<12} remarks\n",
        "document",
        "dialect",
        "valid",
        "ops",
        "generated",
        "lines",
        "seconds",
        "MiB",
        "compile",
        "driven"
    );
    for outcome in outcomes {
        let _ = writeln!(
            text,
            "{:<width$}  {:<14} {:<7} {:>5}  {:<9} {:>7} {:>7.2} {:>6}  {:<7} {:<12} {}",
            outcome.name,
            outcome.dialect.as_deref().unwrap_or("?"),
            word(outcome.valid, "valid", "invalid"),
            outcome.operations,
            word(Some(outcome.generated), "yes", "NO"),
            outcome.lines,
            outcome.seconds,
            outcome.peak,
            word(outcome.compiles, "ok", "FAILS"),
            outcome.driven.as_ref().map_or_else(|| "-".to_owned(), Driven::brief),
            remarks(outcome),
        );
    }
    text.push('\n');
    text.push_str(&sums(outcomes));
    text
}

fn word(flag: Option<bool>, yes: &'static str, no: &'static str) -> &'static str {
    flag.map_or("-", |flag| if flag { yes } else { no })
}

/// What went wrong, in a line.
fn remarks(outcome: &Outcome) -> String {
    let counted = |counts: &BTreeMap<String, usize>, word: &str| {
        let codes: Vec<_> = counts.iter().map(|(code, count)| format!("{code} {count}")).collect();
        if codes.is_empty() { String::new() } else { format!("{word}: {}", codes.join(", ")) }
    };
    let parts = [
        outcome.crash.as_ref().map(|crash| format!("CRASH {crash}")).unwrap_or_default(),
        counted(&outcome.errors, "errors"),
        counted(&outcome.warnings, "warnings"),
    ];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("; ")
}

/// How many documents of each dialect there are, are valid, generate and compile.
fn sums(outcomes: &[Outcome]) -> String {
    let mut groups: BTreeMap<(String, &str), Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        let dialect = outcome.dialect.as_deref().unwrap_or("?");
        let minor: String = dialect.split('.').take(2).collect::<Vec<_>>().join(".");
        groups.entry((minor, word(outcome.valid, "valid", "invalid"))).or_default().push(outcome);
    }
    let mut text = String::new();
    for ((dialect, valid), group) in groups {
        let count = |test: fn(&Outcome) -> bool| group.iter().filter(|it| test(it)).count();
        let _ = writeln!(
            text,
            "{dialect:<14} {valid:<8} {:>4} documents, {:>4} generated, {:>4} compile, {:>4} do not, {:>3} crashed",
            group.len(),
            count(|it| it.generated),
            count(|it| it.compiles == Some(true)),
            count(|it| it.compiles == Some(false)),
            count(|it| it.crash.is_some()),
        );
    }
    text.push_str(&driven(outcomes));
    text
}

/// What driving came to, where it was tried.
fn driven(outcomes: &[Outcome]) -> String {
    let tried: Vec<&Driven> = outcomes.iter().filter_map(|it| it.driven.as_ref()).collect();
    if tried.is_empty() {
        return String::new();
    }
    let sum = |count: fn(&Driven) -> usize| tried.iter().map(|it| count(it)).sum::<usize>();
    format!(
        "driven: {} documents, {} without a fault; {} of {} operations reached; {} requests, {} answers, {} near misses, {} faults\n",
        tried.len(),
        tried.iter().filter(|driven| driven.holds()).count(),
        sum(|it| it.reached),
        sum(|it| it.operations),
        sum(|it| it.requests),
        sum(|it| it.answers),
        sum(|it| it.misses),
        sum(|it| it.broken),
    )
}
