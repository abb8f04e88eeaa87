//! Problems as text for people. Decides nothing; only [`Colour::of_stderr`] asks the environment.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::io::IsTerminal as _;

use anstyle::{AnsiColor, Style};

use super::underline::{Underlined, disturbing, underline};
use super::{Diagnostic, Diagnostics, Severity};
use crate::contract::Place;
use crate::source::Source;

/// Whether the text carries terminal colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// ANSI escape sequences.
    Always,
}

impl Colour {
    /// Colours where a person reads the standard error, unless the environment says no (<https://no-color.org>).
    #[must_use]
    pub fn of_stderr() -> Self {
        let wanted = std::io::stderr().is_terminal()
            && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        if wanted { Self::Always } else { Self::Never }
    }
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
    let sources: Vec<&Source> = sources.into_iter().collect();
    let order: HashMap<&str, usize> =
        sources.iter().enumerate().map(|(index, source)| (&**source.name(), index)).collect();
    let file = |diagnostic: &Diagnostic| order.get(&*diagnostic.place.source).copied();
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| {
        let place = &diagnostic.place;
        (file(diagnostic).unwrap_or(usize::MAX), &place.source, place.line, place.column)
    });

    let palette = Palette::new(colour);
    let mut text = String::new();
    let of_one_file = sorted.chunk_by(|one, other| one.place.source == other.place.source);
    for group in of_one_file {
        let source = group.first().and_then(|first| file(first)).and_then(|at| sources.get(at));
        let mut cursor = source.map(|source| Cursor::new(source));
        for diagnostic in group {
            let Place { line, column, .. } = diagnostic.place;
            let shown = cursor.as_mut().and_then(|cursor| cursor.split(line, column));
            // Writing to a string does not fail.
            let _ = write_diagnostic(&mut text, diagnostic, shown, &palette);
        }
    }
    let _ = write_summary(&mut text, diagnostics, &palette);
    text
}

/// Goes through a text once, however many places are asked for, as long as they come in order.
struct Cursor<'s> {
    lines: Box<dyn Iterator<Item = &'s str> + 's>,
    number: u32,
    line: &'s str,
    column: u32,
    offset: usize,
}

impl<'s> Cursor<'s> {
    fn new(source: &'s Source) -> Self {
        Self { lines: Box::new(source.lines()), number: 0, line: "", column: 1, offset: 0 }
    }

    /// The line of that number, cut where that column begins.
    fn split(&mut self, line: u32, column: u32) -> Option<(&'s str, &'s str)> {
        while self.number < line {
            self.line = self.lines.next()?;
            self.number += 1;
            (self.column, self.offset) = (1, 0);
        }
        let ahead = usize::try_from(column.checked_sub(self.column)?).ok()?;
        let rest = self.line.get(self.offset..)?;
        self.offset += rest.char_indices().nth(ahead).map_or(rest.len(), |(offset, _)| offset);
        self.column = column;
        self.line.split_at_checked(self.offset)
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
    line: Option<(&str, &str)>,
    palette: &Palette,
) -> fmt::Result {
    let (style, word) = palette.of(diagnostic.severity);
    let (strong, frame) = (palette.strong, palette.frame);
    let Diagnostic { code, message, place, help, .. } = diagnostic;
    let gutter = place.line.to_string();
    let blank = " ".repeat(gutter.len());
    writeln!(text, "{style}{word}[{code}]{style:#}{strong}: {}{strong:#}", harmless(message))?;
    writeln!(text, "{blank}{frame}-->{frame:#} {}", harmless(&place.to_string()))?;
    if let Some((before, rest)) = line {
        let Underlined { text: shown, indent, width } = underline(before, rest);
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
    use crate::contract::Pointer;

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
