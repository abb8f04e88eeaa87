//! Prose of a document → doc comments. Descriptions are untrusted: whatever they hold,
//! they come out as paragraphs and plain lists that neither rustdoc nor a compiler takes for more.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Doc attributes for that prose; none when there is nothing to say.
#[must_use]
pub fn outer(prose: &str) -> TokenStream {
    text(prose).map(|text| quote! { #[doc = #text] }).unwrap_or_default()
}

/// The same for the inside of a file.
#[must_use]
pub fn inner(prose: &str) -> TokenStream {
    text(prose).map(|text| quote! { #![doc = #text] }).unwrap_or_default()
}

/// The prose, unless nothing would be left of it.
#[must_use]
pub fn said(prose: &str) -> Option<&str> {
    let visible = |char: char| !char.is_whitespace() && !char.is_control() && !is_invisible(char);
    prose.chars().any(visible).then_some(prose)
}

/// A string as inline code, on one line, without anything that could end it.
#[must_use]
pub fn code(text: &str) -> String {
    let plain = plain(text).replace('`', "'");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let line: String = words.join(" ").chars().take(200).collect();
    if line.is_empty() { "(empty)".to_owned() } else { format!("`{line}`") }
}

/// Paragraphs joined, the empty ones left out.
#[must_use]
pub fn paragraphs<'t>(parts: impl IntoIterator<Item = &'t str>) -> String {
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.trim().is_empty()).collect();
    parts.join("\n\n")
}

/// Lines are at most that wide, in characters; a longer word stands alone.
const WIDTH: usize = 96;

/// No doc comment has more lines.
const MOST_LINES: usize = 200;

/// A paragraph or an item of a list.
enum Block {
    Paragraph(String),
    Item(String),
}

fn text(prose: &str) -> Option<Literal> {
    let text = lines(prose).join("\n");
    // Making a literal with escapes takes longer than all else that is done for a comment.
    let raw = (!text.contains("\"#")).then(|| format!("r#\"{text}\"#").parse().ok()).flatten();
    (!text.is_empty()).then(|| raw.unwrap_or_else(|| Literal::string(&text)))
}

fn lines(prose: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut after_item = false;
    for block in blocks(&plain(prose)) {
        let is_item = matches!(block, Block::Item(_));
        let goes_on = lines.is_empty() || is_item && after_item;
        if !goes_on {
            lines.push(String::new());
        }
        match block {
            Block::Paragraph(text) => wrap(&mut lines, &escape(&text), " ", " "),
            Block::Item(text) => wrap(&mut lines, &escape(&text), " - ", "   "),
        }
        after_item = is_item;
    }
    lines.truncate(MOST_LINES);
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Without what is invisible or turns the direction of writing.
fn plain(text: &str) -> String {
    if text.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)) {
        return text.to_owned();
    }
    let unbroken = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    unbroken
        .replace('\t', " ")
        .chars()
        .filter(|char| *char == '\n' || !char.is_control())
        .filter(|char| !is_invisible(*char))
        .collect()
}

fn is_invisible(char: char) -> bool {
    let ranges = [
        '\u{200b}'..='\u{200f}',
        '\u{202a}'..='\u{202e}',
        '\u{2060}'..='\u{206f}',
        '\u{feff}'..='\u{feff}',
    ];
    ranges.iter().any(|range| range.contains(&char))
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        let item = ["- ", "* ", "+ ", "• "].iter().find_map(|marker| line.strip_prefix(marker));
        match (item, blocks.last_mut()) {
            _ if line.is_empty() => open = false,
            (Some(item), _) => {
                blocks.push(Block::Item(item.to_owned()));
                open = true;
            }
            (None, Some(Block::Paragraph(before) | Block::Item(before))) if open => {
                before.push(' ');
                before.push_str(line);
            }
            (None, _) => {
                blocks.push(Block::Paragraph(line.to_owned()));
                open = true;
            }
        }
    }
    blocks
}

/// Takes the meaning from what Markdown and HTML would read, outside inline code.
fn escape(text: &str) -> String {
    if !text.contains('`') {
        return escape_start(&escape_prose(text));
    }
    let text = text.replace("```", "'''").replace("``", "''");
    let parts: Vec<&str> = text.split('`').collect();
    let balanced = parts.len() % 2 == 1;
    let last = parts.len();
    let mut out = String::new();
    for (number, part) in (1..).zip(parts) {
        let is_code = number % 2 == 0 && (balanced || number != last);
        if is_code && !part.trim().is_empty() {
            out.push_str(&format!("`{}`", part.trim()));
        } else if is_code {
            out.push_str("''");
        } else {
            out.push_str(if number == last && !balanced { "'" } else { "" });
            out.push_str(&escape_prose(part));
        }
    }
    escape_start(&out)
}

fn escape_prose(text: &str) -> String {
    let is_plain = |byte: u8| !MEANINGFUL.contains(&char::from(byte));
    if text.bytes().all(is_plain) && !text.contains("http") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for (number, word) in text.split(' ').enumerate() {
        out.push_str(if number == 0 { "" } else { " " });
        if word.starts_with("https://") || word.starts_with("http://") {
            out.push_str(&link(word));
        } else {
            escape_word(&mut out, word);
        }
    }
    out
}

fn link(word: &str) -> String {
    let end = word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '\'', '"']).len();
    let (address, rest) = word.split_at(end);
    if address
        .chars()
        .all(|char| char.is_ascii_graphic() && !matches!(char, '<' | '>' | '[' | ']' | '\\'))
    {
        let mut out = format!("<{address}>");
        escape_word(&mut out, rest);
        return out;
    }
    let mut out = String::new();
    escape_word(&mut out, word);
    out
}

const MEANINGFUL: [char; 11] = ['\\', '<', '>', '[', ']', '*', '_', '|', '~', '&', '^'];

fn escape_word(out: &mut String, word: &str) {
    let mut rest = word;
    while let Some(at) = rest.find(MEANINGFUL) {
        let (before, after) = rest.split_at(at);
        let end = after.len().min(1);
        out.push_str(before);
        out.push('\\');
        out.push_str(after.get(..end).unwrap_or_default());
        rest = after.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// A block does not begin like a heading, a quotation, a rule or a list.
fn escape_start(text: &str) -> String {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    if digits > 0 && rest.starts_with(['.', ')']) {
        return format!("{number}\\{rest}");
    }
    if text.starts_with(['#', '-', '+', '=', ':']) { format!("\\{text}") } else { text.to_owned() }
}

/// Breaks between words, but never before one that would begin a block of its own.
fn wrap(lines: &mut Vec<String>, text: &str, first: &str, next: &str) {
    let room = WIDTH.saturating_sub(next.len());
    let from = lines.len();
    let mut width = 0;
    for word in text.split_whitespace() {
        let length = if word.is_ascii() { word.len() } else { word.chars().count() };
        let prefix = if lines.len() == from { first } else { next };
        match lines.get_mut(from..).and_then(<[_]>::last_mut) {
            Some(line) if width + length < room || begins_block(word) => {
                line.push(' ');
                line.push_str(word);
                width += 1 + length;
            }
            _ => {
                lines.push([prefix, word].concat());
                width = length;
            }
        }
    }
}

fn begins_block(word: &str) -> bool {
    let bare = word.trim_start_matches(|char: char| char.is_ascii_digit());
    let numbered = bare.len() < word.len() && bare.starts_with(['.', ')', '\\']);
    numbered || word.starts_with(['#', '-', '+', '=', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_stays_prose() {
        let cases = [
            ("A pod.", " A pod."),
            ("a\tb", " a b"),
            ("One\ntwo\n\nthree", " One two\n\n three"),
            ("Kinds:\n- a\n- b\n  more", " Kinds:\n\n - a\n - b more"),
            ("See https://example.com/a.", " See <https://example.com/a>."),
            ("`a[0]` but b[0] and <b>", " `a[0]` but b\\[0\\] and \\<b\\>"),
            ("a lone ` tick", " a lone ' tick"),
            ("```\nfn main() {}\n```", " ''' fn main() {} '''"),
            ("# heading", " \\# heading"),
            ("1. first", " 1\\. first"),
            ("x\u{202e}y\u{0}z", " xyz"),
            ("*/ evil /*", " \\*/ evil /\\*"),
        ];
        for (prose, expected) in cases {
            assert_eq!(lines(prose).join("\n"), expected, "{prose:?}");
        }
    }

    #[test]
    fn long_prose_is_wrapped_and_bounded() {
        let lines = lines(&"many words 2. ".repeat(5000));
        assert_eq!(lines.len(), MOST_LINES);
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH + 4));
        assert!(lines.iter().all(|line| !line.starts_with(" 2.")));
    }
}
