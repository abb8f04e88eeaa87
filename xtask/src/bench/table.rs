//! The table: a row for each document and tool.

use std::fmt::Write as _;

use super::measure::Usage;

/// What came of one tool on one document.
pub(super) struct Row {
    document: String,
    tool: String,
    /// One for each round.
    pub(super) generate: Vec<Usage>,
    /// How many lines of Rust came out.
    pub(super) lines: usize,
    /// One for each check that counts.
    pub(super) check: Vec<Usage>,
    /// How many errors the compiler found, if it was asked.
    pub(super) errors: Option<usize>,
}

impl Row {
    pub(super) fn new(document: &str, tool: &str) -> Self {
        Self {
            document: document.to_owned(),
            tool: tool.to_owned(),
            generate: Vec::new(),
            lines: 0,
            check: Vec::new(),
            errors: None,
        }
    }
}

/// A row for each, medians throughout.
pub(super) fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<36} {:<24} {:>9} {:>8} {:>8} {:>6} {:>8} {:>9} {:>8} {:>6}\n",
        "document", "tool", "generate", "system", "wall", "MiB", "lines", "errors", "check", "MiB"
    );
    for row in rows {
        let document: String = row.document.chars().take(36).collect();
        let failed = row.generate.iter().any(|usage| !usage.succeeded());
        let errors = match row.errors {
            _ if failed => "no output".to_owned(),
            Some(errors) => errors.to_string(),
            None => "-".to_owned(),
        };
        let _ = writeln!(
            text,
            "{document:<36} {:<24} {:>8.2}s {:>7.2}s {:>7.2}s {:>6.0} {:>8} {errors:>9} {:>8} {:>6}",
            row.tool,
            median(&row.generate, |usage| usage.user).unwrap_or_default(),
            median(&row.generate, |usage| usage.system).unwrap_or_default(),
            median(&row.generate, |usage| usage.wall).unwrap_or_default(),
            median(&row.generate, |usage| usage.peak).unwrap_or_default(),
            row.lines,
            told(median(&row.check, |usage| usage.user), "s"),
            told(median(&row.check, |usage| usage.peak), ""),
        );
        if let Some(said) = row.generate.iter().find(|usage| !usage.succeeded()) {
            let line = said.said.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let _ = writeln!(text, "    {}: {line}", row.tool);
        }
    }
    text.push_str(
        "\nSeconds of generating and checking are those of the processor in the program, children included; \
         beside them those in the system, and those that went by. Medians of all rounds.\n",
    );
    text
}

fn told(value: Option<f64>, unit: &str) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}{unit}"))
}

fn median(usages: &[Usage], of: impl Fn(&Usage) -> f64) -> Option<f64> {
    let mut values: Vec<f64> = usages.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
