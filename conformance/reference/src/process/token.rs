//! Shell text to words and operators (POSIX.1-2024, 2.3 Token Recognition).
//!
//! Operators are found here; what a word's quotes mean is left to `shell_words`.

use std::{iter::Peekable, str::Chars};

use super::{exit::ExitCode, script::ScriptError};

/// A word or an operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(Word),
    And,
    Or,
    Pipe,
    Semicolon,
    Newline,
    /// The operator of a redirection; its target is the next word.
    Redirect {
        stream: Stream,
        duplicate: bool,
    },
}

/// A stream of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Input,
    Output,
    Error,
}

/// A word as it was written, quotes included; `$?` is taken out because its value is known only later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// The exit code stands between each two of these.
    parts: Vec<String>,
}

/// Cuts a text into words and operators.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, ScriptError> {
    let mut found = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(&next) = rest.peek() {
        match next {
            ' ' | '\t' => {
                rest.next();
            }
            '\\' if rest.clone().nth(1) == Some('\n') => {
                // Only joins two lines.
                rest.nth(1);
            }
            '#' => while rest.next_if(|&it| it != '\n').is_some() {},
            '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')' => found.push(operator(&mut rest)?),
            _ => found.push(word(&mut rest)?),
        }
    }
    Ok(found)
}

/// Reads an operator.
fn operator(rest: &mut Peekable<Chars<'_>>) -> Result<Token, ScriptError> {
    let first = rest.next().unwrap_or_default();
    Ok(match first {
        '\n' => Token::Newline,
        ';' => Token::Semicolon,
        '&' if rest.next_if_eq(&'&').is_some() => Token::And,
        '|' if rest.next_if_eq(&'|').is_some() => Token::Or,
        '|' => Token::Pipe,
        '<' => redirect(Stream::Input, rest)?,
        '>' => redirect(Stream::Output, rest)?,
        other => return Err(ScriptError::Unsupported(other.to_string())),
    })
}

/// Reads the rest of `<`, `<&`, `>`, `>>`, `>|` or `>&`.
fn redirect(stream: Stream, rest: &mut Peekable<Chars<'_>>) -> Result<Token, ScriptError> {
    let duplicate = match (stream, rest.peek()) {
        (_, Some('&')) => true,
        (Stream::Input, Some(next @ ('<' | '>'))) => {
            return Err(ScriptError::Unsupported(format!("<{next}")));
        }
        (Stream::Output, Some('>' | '|')) => false,
        _ => return Ok(Token::Redirect { stream, duplicate: false }),
    };
    rest.next();
    Ok(Token::Redirect { stream, duplicate })
}

/// Reads a word up to the first blank or operator that is not quoted. A lone `2` before `>` belongs to the redirection.
fn word(rest: &mut Peekable<Chars<'_>>) -> Result<Token, ScriptError> {
    let mut word = Word { parts: vec![String::new()] };
    let mut quote = None;
    while let Some(next) = rest.next_if(|&next| quote.is_some() || !ends_word(next)) {
        match (next, quote) {
            (_, Some('\'')) | ('\'' | '"', None) => word.push(next),
            ('\\', _) => escape(rest, &mut word)?,
            ('$', _) => dollar(rest, &mut word)?,
            ('`', _) => return Err(ScriptError::Unsupported(next.to_string())),
            _ => word.push(next),
        }
        quote = match quote {
            None if matches!(next, '\'' | '"') => Some(next),
            Some(open) if open == next => None,
            unchanged => unchanged,
        };
    }
    if quote.is_some() {
        return Err(ScriptError::Incomplete);
    }
    numbered_redirect(word, rest)
}

fn ends_word(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | ';' | '&' | '|' | '<' | '>' | '(' | ')')
}

/// Takes the character after a backslash; a newline there only joins two lines.
fn escape(rest: &mut Peekable<Chars<'_>>, word: &mut Word) -> Result<(), ScriptError> {
    let escaped = rest.next().ok_or(ScriptError::Incomplete)?;
    if escaped != '\n' {
        word.push('\\');
        word.push(escaped);
    }
    Ok(())
}

/// Takes what a dollar sign stands for: the exit code, or itself.
fn dollar(rest: &mut Peekable<Chars<'_>>, word: &mut Word) -> Result<(), ScriptError> {
    match rest.peek() {
        Some('?') => {
            rest.next();
            word.parts.push(String::new());
            Ok(())
        }
        Some(&next) if names_a_value(next) => Err(ScriptError::Unsupported(format!("${next}"))),
        _ => {
            word.push('$');
            Ok(())
        }
    }
}

/// Whether a dollar sign and this character stand for a value.
fn names_a_value(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_{(@*#-$!".contains(character)
}

/// The word, or the redirection whose number it is.
fn numbered_redirect(word: Word, rest: &mut Peekable<Chars<'_>>) -> Result<Token, ScriptError> {
    let number = match word.parts.as_slice() {
        [only] if only.bytes().all(|byte| byte.is_ascii_digit()) => only,
        _ => return Ok(Token::Word(word)),
    };
    if !matches!(rest.peek(), Some('<' | '>')) {
        return Ok(Token::Word(word));
    }
    match (operator(rest)?, stream(number)) {
        (Token::Redirect { duplicate, .. }, Some(stream)) => {
            Ok(Token::Redirect { stream, duplicate })
        }
        _ => Err(ScriptError::Unsupported(format!("descriptor {number}"))),
    }
}

/// The stream that a number stands for.
pub(super) fn stream(number: &str) -> Option<Stream> {
    match number {
        "0" => Some(Stream::Input),
        "1" => Some(Stream::Output),
        "2" => Some(Stream::Error),
        _ => None,
    }
}

impl Word {
    /// The fields that the word gives: one, with its quotes gone.
    pub(super) fn expand(&self, status: ExitCode) -> Vec<String> {
        // Digits need no quotes, so the code can be put in before the quotes are read.
        let text = self.parts.join(&status.to_string());
        // The quotes were found to be closed when the script was read.
        shell_words::split(&text).unwrap_or_default()
    }

    /// Whether this stands there as it is, without quotes.
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self.parts.as_slice(), [only] if only == text)
    }

    /// As it was written.
    pub(super) fn raw(&self) -> String {
        self.parts.join("$?")
    }

    fn push(&mut self, character: char) {
        if let Some(part) = self.parts.last_mut() {
            part.push(character);
        }
    }
}
