//! Problems as text for people. Decides nothing, and asks no environment: whoever calls knows whether to colour.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use anstyle::{AnsiColor, Style};

use super::underline::{Underlined, disturbing, underline};
use super::{Diagnostic, Diagnostics, Severity};
use crate::source::Source;

/// Whether the text carries terminal colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// ANSI escape sequences.
    Always,
}

/// Every problem with its place and the line underlined, sorted by place, and a closing line with their number.
/// Files come in the order of `sources`; a problem of a text that is not among them is shown without its line.
/// Empty if there is no problem.
#[must_use]
pub fn render<'s>(
    diagnostics: &Diagnostics,
    sources: impl IntoIterator<Item = &'s Source>,
    colour: Colour,
) -> String {
    let files: Vec<File<'s>> = sources.into_iter().map(File::new).collect();
    let order: HashMap<&str, usize> =
        files.iter().enumerate().map(|(index, file)| (file.name, index)).collect();
    let rank = |diagnostic: &Diagnostic| {
        let place = &diagnostic.place;
        let file = order.get(&*place.source).copied().unwrap_or(usize::MAX);
        (file, place.source.clone(), place.line, place.column)
    };
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_cached_key(|diagnostic| rank(diagnostic));

    let palette = Palette::new(colour);
    let mut text = String::new();
    for diagnostic in sorted {
        let file = order.get(&*diagnostic.place.source).and_then(|&index| files.get(index));
        let line = file.and_then(|file| file.line(diagnostic.place.line));
        // Writing to a string does not fail.
        let _ = write_diagnostic(&mut text, diagnostic, line, &palette);
    }
    let _ = write_summary(&mut text, diagnostics, &palette);
    text
}

/// A text cut into its lines once.
struct File<'s> {
    name: &'s str,
    lines: Vec<&'s str>,
}

impl<'s> File<'s> {
    fn new(source: &'s Source) -> Self {
        Self { name: source.name(), lines: source.lines().collect() }
    }

    fn line(&self, number: u32) -> Option<&'s str> {
        self.lines.get(usize::try_from(number).ok()?.checked_sub(1)?).copied()
    }
}

struct Palette {
    error: Style,
    warning: Style,
    frame: Style,
    strong: Style,
}

impl Palette {
    fn new(colour: Colour) -> Self {
        let pick = |style: Style| if colour == Colour::Always { style } else { Style::new() };
        Self {
            error: pick(AnsiColor::Red.on_default().bold()),
            warning: pick(AnsiColor::Yellow.on_default().bold()),
            frame: pick(AnsiColor::Blue.on_default().bold()),
            strong: pick(Style::new().bold()),
        }
    }

    fn of(&self, severity: Severity) -> (Style, &'static str) {
        match severity {
            Severity::Error => (self.error, "error"),
            Severity::Warning => (self.warning, "warning"),
        }
    }
}

fn write_diagnostic(
    text: &mut String,
    diagnostic: &Diagnostic,
    line: Option<&str>,
    palette: &Palette,
) -> fmt::Result {
    let (style, word) = palette.of(diagnostic.severity);
    let (strong, frame) = (palette.strong, palette.frame);
    let Diagnostic { code, message, place, help, .. } = diagnostic;
    let gutter = place.line.to_string();
    let blank = " ".repeat(gutter.len());
    writeln!(text, "{style}{word}[{code}]{style:#}{strong}: {}{strong:#}", harmless(message))?;
    writeln!(text, "{blank}{frame}-->{frame:#} {}", harmless(&place.to_string()))?;
    if let Some(line) = line {
        let Underlined { text: shown, indent, width } = underline(line, place.column);
        let (indent, carets) = (" ".repeat(indent), "^".repeat(width));
        writeln!(text, "{blank} {frame}|{frame:#}")?;
        writeln!(text, "{frame}{gutter} |{frame:#} {shown}")?;
        writeln!(text, "{blank} {frame}|{frame:#} {indent}{style}{carets}{style:#}")?;
    }
    if let Some(help) = help {
        writeln!(text, "{blank} {frame}={frame:#} {strong}help{strong:#}: {}", harmless(help))?;
    }
    writeln!(text)
}

fn write_summary(text: &mut String, diagnostics: &Diagnostics, palette: &Palette) -> fmt::Result {
    let errors = diagnostics.count(Severity::Error);
    let warnings = diagnostics.count(Severity::Warning);
    let shown = diagnostics.iter().count();
    let parts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|&(number, _)| number > 0)
        .map(|(number, word)| format!("{number} {word}{}", if number == 1 { "" } else { "s" }))
        .collect();
    if parts.is_empty() {
        return Ok(());
    }
    let strong = palette.strong;
    write!(text, "{strong}{}{strong:#}", parts.join(", "))?;
    if shown < errors + warnings {
        write!(text, ", of which {shown} are shown")?;
    }
    writeln!(text)
}

/// Text of a document may hold escapes that a terminal obeys; they are spelt out.
fn harmless(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, character| {
        if disturbing(character) {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
        shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Place, Pointer};

    fn place(source: &str, line: u32, column: u32) -> Place {
        let pointer = Pointer::from_segments(["paths"]);
        Place { source: source.into(), pointer, line, column }
    }

    fn example() -> (Diagnostics, Vec<Source>) {
        let mut diagnostics = Diagnostics::default();
        diagnostics.warning("late", &place("b.yaml", 1, 1), "in the second file", "");
        diagnostics.error("lost", &place("c.yaml", 7, 3), "in a file that is not here", "find it");
        diagnostics.error("wrong-value", &place("a.yaml", 12, 5), "bad \u{1b}[31mkey", "mend it");
        diagnostics.error("wrong-value", &place("a.yaml", 2, 5), "bad", "mend it");
        diagnostics.error("wrong-value", &place("a.yaml", 2, 5), "bad", "mend it");
        let first = "one\nin: querry\n".to_owned() + &"\n".repeat(9) + "in: harbour";
        (diagnostics, vec![Source::new("a.yaml", first), Source::new("b.yaml", "x: y")])
    }

    #[test]
    fn problems_are_sorted_and_counted() {
        let (diagnostics, sources) = example();
        insta::assert_snapshot!(render(&diagnostics, &sources, Colour::Never));
    }

    #[test]
    fn colours_are_closed_again() {
        let (diagnostics, sources) = example();
        let text = render(&diagnostics, &sources, Colour::Always);
        insta::assert_snapshot!(text.replace('\u{1b}', "ESC"));
    }

    #[test]
    fn no_problem_is_no_text() {
        assert_eq!(render(&Diagnostics::default(), &[], Colour::Always), "");
    }

    #[test]
    fn a_flood_is_counted_and_not_kept() {
        let mut diagnostics = Diagnostics::default();
        for line in 0..5_000 {
            diagnostics.error("flood", &place("a.yaml", line, 1), "x".repeat(10_000), "");
        }
        assert_eq!(diagnostics.count(Severity::Error), 5_000);
        let text = render(&diagnostics, &[], Colour::Never);
        assert!(text.len() < 1_000_000);
        assert!(text.ends_with("5000 errors, of which 1000 are shown\n"));
    }
}
