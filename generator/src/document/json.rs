//! Strict JSON (RFC 8259) to the builder's nodes, in one pass over the bytes. There is one way to read it,
//! so that no second reader is asked. Whatever is not strictly JSON is left to the YAML reader.

use std::borrow::Cow;

use super::build::{Builder, Mark, Stop};

/// Why a text was not read to its end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Interrupted {
    /// It is no JSON. What the builder reported until then does not count.
    NotJson,
    /// The builder gave the text up.
    Stopped,
}

impl From<Stop> for Interrupted {
    fn from(_: Stop) -> Self {
        Self::Stopped
    }
}

/// Whether a text may be JSON: what else begins so is only YAML in its flow style.
pub(super) fn may_be_json(text: &str) -> bool {
    // Other readers break lines at these, also inside quotes.
    text.trim_start().starts_with(['{', '[']) && !text.contains(['\u{85}', '\u{2028}', '\u{2029}'])
}

/// Reads the whole text.
pub(super) fn read(text: &str, builder: &mut Builder<'_>) -> Result<(), Interrupted> {
    let mut reader = Reader { text, at: 0, line: 1, line_start: 0, continuations: 0 };
    let mut open: Vec<Bracket> = Vec::new();
    loop {
        reader.space();
        if let Some(opened) = reader.value(builder)? {
            reader.space();
            if !reader.takes(opened.end()) {
                open.push(opened);
                if opened == Bracket::Object {
                    reader.key(builder)?;
                }
                continue;
            }
            builder.close()?;
        }
        if reader.after_value(&mut open, builder)? {
            return Ok(());
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Array,
    Object,
}

impl Bracket {
    fn end(self) -> u8 {
        match self {
            Self::Array => b']',
            Self::Object => b'}',
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    /// The offset of the next byte.
    at: usize,
    line: usize,
    /// Where the line begins.
    line_start: usize,
    /// Bytes of the line so far that begin no character.
    continuations: usize,
}

impl<'t> Reader<'t> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on if that byte comes next.
    fn takes(&mut self, byte: u8) -> bool {
        let comes = self.next() == Some(byte);
        self.at += usize::from(comes);
        comes
    }

    fn takes_while(&mut self, accepts: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let count = rest.iter().position(|byte| !accepts(*byte)).unwrap_or(rest.len());
        self.at += count;
        count
    }

    fn mark(&self) -> Mark {
        Mark::new(self.line, self.at - self.line_start - self.continuations + 1)
    }

    fn space(&mut self) {
        loop {
            match self.next() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\n') => self.break_line(1),
                Some(b'\r') => {
                    let follows = self.text.as_bytes().get(self.at + 1) == Some(&b'\n');
                    self.break_line(1 + usize::from(follows));
                }
                _ => return,
            }
        }
    }

    fn break_line(&mut self, bytes: usize) {
        self.at += bytes;
        self.line += 1;
        (self.line_start, self.continuations) = (self.at, 0);
    }

    /// A scalar, or the beginning of a collection.
    fn value(&mut self, builder: &mut Builder<'_>) -> Result<Option<Bracket>, Interrupted> {
        let mark = self.mark();
        match self.next().ok_or(Interrupted::NotJson)? {
            b'{' => {
                self.at += 1;
                builder.mapping(None, 0, mark)?;
                return Ok(Some(Bracket::Object));
            }
            b'[' => {
                self.at += 1;
                builder.sequence(None, 0, mark)?;
                return Ok(Some(Bracket::Array));
            }
            b'"' => builder.text(self.string()?, mark)?,
            b'-' | b'0'..=b'9' => builder.plain(self.number()?, mark)?,
            _ => builder.plain(self.word()?, mark)?,
        }
        Ok(None)
    }

    /// What follows a value: brackets that close, then a comma, or the end of the text, which is told.
    fn after_value(
        &mut self,
        open: &mut Vec<Bracket>,
        builder: &mut Builder<'_>,
    ) -> Result<bool, Interrupted> {
        loop {
            self.space();
            let Some(bracket) = open.last().copied() else {
                return if self.next().is_none() { Ok(true) } else { Err(Interrupted::NotJson) };
            };
            if self.takes(bracket.end()) {
                builder.close()?;
                open.pop();
            } else if self.takes(b',') {
                if bracket == Bracket::Object {
                    self.key(builder)?;
                }
                return Ok(false);
            } else {
                return Err(Interrupted::NotJson);
            }
        }
    }

    fn key(&mut self, builder: &mut Builder<'_>) -> Result<(), Interrupted> {
        self.space();
        let mark = self.mark();
        if self.next() != Some(b'"') {
            return Err(Interrupted::NotJson);
        }
        builder.text(self.string()?, mark)?;
        self.space();
        if self.takes(b':') { Ok(()) } else { Err(Interrupted::NotJson) }
    }

    fn word(&mut self) -> Result<&'t str, Interrupted> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let word = ["true", "false", "null"].into_iter().find(|word| rest.starts_with(word));
        let word = word.ok_or(Interrupted::NotJson)?;
        self.at += word.len();
        Ok(word)
    }

    fn number(&mut self) -> Result<&'t str, Interrupted> {
        let (start, digit) = (self.at, |byte: u8| byte.is_ascii_digit());
        self.takes(b'-');
        let leads = self.takes(b'0');
        let more = self.takes_while(digit);
        let mut good = if leads { more == 0 } else { more > 0 };
        if self.takes(b'.') {
            good &= self.takes_while(digit) > 0;
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _ = self.takes(b'+') || self.takes(b'-');
            good &= self.takes_while(digit) > 0;
        }
        let text = self.text.get(start..self.at).filter(|_| good);
        text.ok_or(Interrupted::NotJson)
    }

    fn string(&mut self) -> Result<Cow<'t, str>, Interrupted> {
        self.at += 1;
        let plain = self.run();
        if self.takes(b'"') {
            return Ok(Cow::Borrowed(plain));
        }
        let mut text = plain.to_owned();
        while !self.takes(b'"') {
            text.push(self.escape().ok_or(Interrupted::NotJson)?);
            text.push_str(self.run());
        }
        Ok(Cow::Owned(text))
    }

    /// Characters that stand for themselves.
    fn run(&mut self) -> &'t str {
        let start = self.at;
        self.takes_while(|byte| byte != b'"' && byte != b'\\' && byte >= b' ');
        let run = self.text.get(start..self.at).unwrap_or_default();
        if !run.is_ascii() {
            self.continuations += run.len() - run.chars().count();
        }
        run
    }

    /// The character that an escape comes to; `None` for what is no escape, and for half a pair.
    fn escape(&mut self) -> Option<char> {
        if !self.takes(b'\\') {
            return None;
        }
        let kind = self.next()?;
        self.at += 1;
        Some(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                let is_high = (0xD800..0xDC00).contains(&first);
                let pair = is_high && self.takes(b'\\') && self.takes(b'u');
                let second = if pair { Some(self.unit()?) } else { None };
                let mut decoded = char::decode_utf16([first].into_iter().chain(second));
                let character = decoded.next()?.ok()?;
                return decoded.next().is_none().then_some(character);
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u16> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u16::from_str_radix(digits, 16).ok().filter(|_| is_plain)
    }
}
