//! The line a problem stands in, with the token underlined. Knows the look of YAML and JSON tokens, not their grammar.

use unicode_width::UnicodeWidthChar;

/// So many columns of a line are shown; of a longer one, the part around the token.
const MAX_COLUMNS: usize = 120;

/// So many columns before the token are shown when a line is cut.
const COLUMNS_BEFORE: usize = 40;

/// A tab is shown as that.
const TAB: &str = "    ";

/// A line as it is shown, and what goes below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Underlined {
    /// The line, without characters that would disturb a terminal.
    pub(super) text: String,
    /// Blank columns before the underline.
    pub(super) indent: usize,
    /// Columns to underline, at least one.
    pub(super) width: usize,
}

/// So many characters on either side of the place are looked at.
const MAX_LOOK: usize = 2_000;

/// Underlines the token that `rest` begins with, in a line that consists of `before` and `rest`.
pub(super) fn underline(before: &str, rest: &str) -> Underlined {
    let mut before: Vec<char> = before.chars().rev().take(MAX_LOOK).collect();
    before.reverse();
    let rest: Vec<char> = rest.chars().take(MAX_LOOK).collect();
    let length = token_length(&before, &rest).clamp(1, rest.len().max(1));
    let (token, after) = rest.split_at_checked(length).unwrap_or((&rest, &[]));

    let fits = columns(&before) + columns(&rest) <= MAX_COLUMNS;
    let shown = if fits { &*before } else { last(&before, COLUMNS_BEFORE) };
    let room = MAX_COLUMNS.saturating_sub(columns(shown));
    let token = first(token, room);
    let after = first(after, room.saturating_sub(columns(token)));

    let mut text = String::new();
    let cut = shown.len() < before.len();
    if cut {
        text.push('…');
    }
    [shown, token, after].into_iter().flatten().for_each(|&character| push(&mut text, character));
    text.truncate(text.trim_end().len());
    if token.len() + after.len() < rest.len() {
        text.push('…');
    }
    let indent = usize::from(cut) + columns(shown);
    Underlined { text, indent, width: columns(token).max(1) }
}

/// The characters at the end that take at most `room` columns.
fn last(characters: &[char], room: usize) -> &[char] {
    let fitting = fitting(characters.iter().rev(), room);
    characters.get(characters.len() - fitting..).unwrap_or_default()
}

/// The characters at the beginning that take at most `room` columns.
fn first(characters: &[char], room: usize) -> &[char] {
    characters.get(..fitting(characters.iter(), room)).unwrap_or_default()
}

fn fitting<'c>(characters: impl Iterator<Item = &'c char>, room: usize) -> usize {
    let mut used = 0;
    let fits = |character: &&char| {
        used += character_columns(**character);
        used <= room
    };
    characters.take_while(fits).count()
}

fn push(text: &mut String, character: char) {
    match character {
        '\t' => text.push_str(TAB),
        _ if disturbing(character) => text.push(char::REPLACEMENT_CHARACTER),
        _ => text.push(character),
    }
}

fn columns(characters: &[char]) -> usize {
    characters.iter().copied().map(character_columns).sum()
}

fn character_columns(character: char) -> usize {
    match character {
        '\t' => TAB.len(),
        _ if disturbing(character) => 1,
        _ => character.width().unwrap_or(1),
    }
}

/// Control characters, and those that turn the direction of text or break lines.
pub(super) fn disturbing(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// How many characters the token at the head of `rest` has.
fn token_length(before: &[char], rest: &[char]) -> usize {
    match rest.first() {
        Some(&quote @ ('"' | '\'')) => quoted_length(rest, quote),
        Some('[' | ']' | '{' | '}' | ',') => 1,
        Some('&' | '!' | '*' | '|' | '>') => word_length(rest),
        Some('-' | '?') if rest.get(1).is_none_or(|next| next.is_whitespace()) => 1,
        _ => plain_length(rest, in_flow(before)),
    }
}

/// A quote inside is escaped by a backslash, or doubled between single quotes.
fn quoted_length(rest: &[char], quote: char) -> usize {
    let mut at = 1;
    while let Some(&character) = rest.get(at) {
        at += match (character, rest.get(at + 1)) {
            ('\\', _) if quote == '"' => 2,
            ('\'', Some('\'')) if quote == '\'' => 2,
            _ if character == quote => return at + 1,
            _ => 1,
        };
    }
    rest.len()
}

fn word_length(rest: &[char]) -> usize {
    rest.iter().take_while(|character| !character.is_whitespace()).count()
}

/// A plain scalar or key ends before `: `, before a comment, and in flow style before an indicator.
fn plain_length(rest: &[char], flow: bool) -> usize {
    let blank_at = |index: usize| rest.get(index).is_none_or(|next| next.is_whitespace());
    let end = rest.iter().enumerate().position(|(index, character)| match character {
        ':' => blank_at(index + 1),
        '#' => index > 0 && blank_at(index - 1),
        ',' | ']' | '}' => {
            flow || rest.iter().skip(index).all(|&rest| rest == ',' || rest.is_whitespace())
        }
        _ => false,
    });
    let token = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
    token.iter().rposition(|character| !character.is_whitespace()).map_or(0, |last| last + 1)
}

/// Whether a bracket before the token on the same line is still open.
fn in_flow(before: &[char]) -> bool {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = before.get(at..).filter(|rest| !rest.is_empty()) {
        let starts_token = at
            .checked_sub(1)
            .and_then(|at| before.get(at))
            .is_none_or(|previous| previous.is_whitespace() || matches!(previous, '[' | '{' | ','));
        match rest.first() {
            Some('"' | '\'') if starts_token => {
                at += token_length(&[], rest);
                continue;
            }
            Some('[' | '{') if starts_token || depth > 0 => depth += 1,
            Some(']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    depth > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn underlined(line: &str, column: usize) -> Underlined {
        let offset = line.char_indices().nth(column - 1).map_or(line.len(), |(offset, _)| offset);
        let (before, rest) = line.split_at(offset);
        underline(before, rest)
    }

    fn shown(line: &str, column: usize) -> String {
        let Underlined { text, indent, width } = underlined(line, column);
        format!("{text}\n{}{}", " ".repeat(indent), "^".repeat(width))
    }

    #[test]
    fn tokens_are_underlined_whole() {
        let cases = [
            ("in: querry # which", 5, "querry"),
            ("requried: [a]", 1, "requried"),
            ("a: { in: querry, name: x }", 10, "querry"),
            ("a: [one, two]", 10, "two"),
            (r#""a \" b": 1,"#, 1, r#""a \" b""#),
            ("'it''s': 1", 1, "'it''s'"),
            ("text: Hello, world", 7, "Hello, world"),
            ("  \"x\": 12,", 8, "12"),
            ("- a", 1, "-"),
            ("$ref: *x", 7, "*x"),
            ("url: http://x/y#z", 6, "http://x/y#z"),
            ("a:", 1, "a"),
        ];
        for (line, column, token) in cases {
            let width = token.chars().count();
            let indent = column - 1;
            assert_eq!(
                underlined(line, column),
                Underlined { text: line.into(), indent, width },
                "{line}"
            );
        }
    }

    #[test]
    fn wide_characters_and_tabs_keep_the_underline_below_the_token() {
        assert_eq!(shown("日本: 港湾", 5), "日本: 港湾\n      ^^^^");
        assert_eq!(shown("\ta: b", 5), "    a: b\n       ^");
        assert_eq!(shown("a: \u{202E}b", 5), "a: \u{FFFD}b\n    ^");
    }

    #[test]
    fn long_lines_are_cut_around_the_token() {
        let line = format!("{}: {}, {}", "k".repeat(300), "v".repeat(300), "w".repeat(300));
        for column in [1, 303, 500, 906, 2000] {
            let Underlined { text, indent, width } = underlined(&line, column);
            let columns = text.chars().count();
            assert!(
                columns <= MAX_COLUMNS + 2 && indent + width <= columns.max(indent + 1),
                "{column}: {text}"
            );
        }
    }

    #[test]
    fn a_column_past_the_end_is_underlined_after_the_line() {
        assert_eq!(shown("a:", 9), "a:\n  ^");
        assert_eq!(shown("", 1), "\n^");
    }
}
