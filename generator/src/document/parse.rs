//! Text to marked tree, in one pass over the events of a YAML parser, or over the bytes of what is plainly JSON.
//! Does not know what a document means, and reads no second document of a text.

use saphyr_parser::{Event, Marker, Parser, ScanError, Span};

use super::agree::agree;
use super::build::{Builder, Mark, Stop};
use super::json::{self, Interrupted};
use super::{Limits, Node, surrogate};
use crate::contract::{Place, Pointer};
use crate::diagnostic::Diagnostics;
use crate::source::Source;

/// What the scanner says of brackets nested beyond its own bound.
const SCANNER_TOO_DEEP: &str = "recursion limit exceeded";

/// Reads a text into its marked tree.
///
/// `None` means that there is no tree to go on with; what is wrong has then been added to `diagnostics`,
/// as have problems that leave a tree: duplicate keys (the first is kept), keys and tags that JSON does not know,
/// numbers that are none. Takes time and memory in proportion to the text, which is bounded by `limits`.
pub fn parse(source: &Source, limits: &Limits, diagnostics: &mut Diagnostics) -> Option<Node> {
    parse_marked(source, limits, diagnostics).map(|(root, _)| root)
}

/// The same, and a second YAML reader must see the same values, where there can be two readings at all.
pub fn read(source: &Source, limits: &Limits, diagnostics: &mut Diagnostics) -> Option<Node> {
    let (root, is_json) = parse_marked(source, limits, diagnostics)?;
    if !is_json {
        agree(source, &root, diagnostics);
    }
    Some(root)
}

/// The tree, and whether the text was read as JSON.
fn parse_marked(
    source: &Source,
    limits: &Limits,
    diagnostics: &mut Diagnostics,
) -> Option<(Node, bool)> {
    check_text(source, limits, diagnostics)?;
    let text = source.text().strip_prefix('\u{FEFF}').unwrap_or(source.text());
    if json::may_be_json(text) {
        let mut found = Diagnostics::default();
        let mut builder = Builder::new(source.name(), limits, &mut found);
        match json::read(text, &mut builder) {
            Err(Interrupted::NotJson) => {}
            outcome => {
                let root = outcome.is_ok().then(|| builder.finish());
                diagnostics.append(found);
                return root.map(|root| (root, true));
            }
        }
    }
    let mut builder = Builder::new(source.name(), limits, diagnostics);
    events(&surrogate::joined(text), &mut builder).ok()?;
    Some((builder.finish(), false))
}

/// The YAML parser takes a NUL for the end, and other control characters are read differently by different readers.
fn check_text(source: &Source, limits: &Limits, diagnostics: &mut Diagnostics) -> Option<()> {
    let text = source.text();
    if text.len() > limits.bytes {
        let message =
            format!("the text has {} bytes, at most {} are read", text.len(), limits.bytes);
        diagnostics.error("too-large", &at(source, 0), message, "split the document");
        return None;
    }
    let found = text.char_indices().find(|&(at, character)| !printable(at, character));
    let Some((offset, character)) = found else { return Some(()) };
    diagnostics.error(
        "control-character",
        &at(source, offset),
        format_args!("the character U+{:04X} may not stand in YAML", u32::from(character)),
        "write it as an escape inside double quotes",
    );
    None
}

/// The production `c-printable` of YAML 1.2, section 5.1; a byte order mark only at the very start.
fn printable(offset: usize, character: char) -> bool {
    match character {
        '\u{FEFF}' => offset == 0,
        '\t' | '\n' | '\r' | '\u{85}' => true,
        ' '..='~' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' => true,
        other => other >= '\u{10000}',
    }
}

fn at(source: &Source, offset: usize) -> Place {
    let (line, column) = source.position(offset);
    Place { source: source.name().clone(), pointer: Pointer::root(), line, column }
}

fn events(text: &str, builder: &mut Builder<'_>) -> Result<(), Stop> {
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => step(builder, event, span)?,
            Err(error) => return Err(broken(builder, &error)),
        }
    }
    Ok(())
}

fn step(builder: &mut Builder<'_>, event: Event<'_>, span: Span) -> Result<(), Stop> {
    let mark = mark(&span.start);
    match event {
        Event::DocumentStart(_) => builder.document(mark),
        Event::Scalar(text, style, anchor, tag) => {
            builder.scalar(&text, style, tag.as_deref(), anchor, mark)
        }
        Event::SequenceStart(anchor, tag) => builder.sequence(tag.as_deref(), anchor, mark),
        Event::MappingStart(anchor, tag) => builder.mapping(tag.as_deref(), anchor, mark),
        Event::SequenceEnd | Event::MappingEnd => builder.close(),
        Event::Alias(anchor) => builder.alias(anchor, mark),
        Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
    }
}

fn mark(marker: &Marker) -> Mark {
    Mark::new(marker.line(), marker.col() + 1)
}

fn broken(builder: &mut Builder<'_>, error: &ScanError) -> Stop {
    let mark = mark(error.marker());
    // The scanner looks ahead, so that its own bound may come before that of the builder.
    if error.info() == SCANNER_TOO_DEEP {
        return builder.too_deep(mark);
    }
    builder.stop("syntax", mark, error.info(), "the text must be YAML 1.2 or JSON")
}
