//! Shell text to a flat list of pipelines (POSIX.1-2024, Shell Command Language, the part without nesting).
//!
//! Nothing nests, so no text can exhaust the stack. Whatever a shell knows beyond this is refused by name.

use super::token::{Stream, Token, Word, stream, tokens};

/// The most bytes of a script: 128 KiB.
pub(super) const SCRIPT_LIMIT: usize = 128 * 1024;

/// The most commands of one pipeline, which all run at once.
pub(super) const STAGE_LIMIT: usize = 64;

/// Words that begin what this shell does not do.
const RESERVED: [&str; 13] =
    ["{", "}", "case", "do", "done", "elif", "else", "fi", "for", "if", "then", "until", "while"];

/// Pipelines in the order in which they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) steps: Vec<Step>,
}

/// A pipeline and when it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) when: When,
    /// Whether `!` stands in front.
    pub(super) negated: bool,
    /// Never empty.
    pub(super) stages: Vec<Simple>,
}

/// On what the run of a pipeline depends: the exit code before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum When {
    /// On nothing: first, or after `;` or a newline.
    #[default]
    Always,
    /// `&&`
    Success,
    /// `||`
    Failure,
}

/// A command with its redirections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Simple {
    pub(super) words: Vec<Word>,
    pub(super) redirects: Vec<Redirect>,
}

/// `>&2` and the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redirect {
    pub(super) stream: Stream,
    pub(super) target: Target,
}

/// Where a redirection leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To where this stream leads now.
    Stream(Stream),
    /// A file, of which only `/dev/null` exists.
    File(Word),
    /// Nowhere: `>&-`.
    Closed,
}

/// Why a text is no script.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ScriptError {
    /// It may become one with another line.
    #[error("syntax error: unexpected end of file")]
    Incomplete,
    #[error("syntax error near '{0}'")]
    Unexpected(String),
    #[error("'{0}' is not supported by this shell")]
    Unsupported(String),
    #[error("the script has more than {SCRIPT_LIMIT} bytes")]
    TooLong,
    #[error("a pipeline has more than {STAGE_LIMIT} commands")]
    TooManyStages,
}

impl Script {
    /// Reads a script.
    pub(super) fn parse(text: &str) -> Result<Self, ScriptError> {
        if text.len() > SCRIPT_LIMIT {
            return Err(ScriptError::TooLong);
        }
        let mut reading = Reading::default();
        for token in tokens(text)? {
            reading.take(token)?;
        }
        reading.finish()
    }
}

/// A script that is being read.
#[derive(Default)]
struct Reading {
    script: Script,
    when: When,
    negated: bool,
    stages: Vec<Simple>,
    current: Simple,
    /// A redirection that waits for its target.
    redirect: Option<(Stream, bool)>,
    /// What is needed before the script may end: the right side of an operator.
    open: bool,
}

impl Reading {
    fn take(&mut self, token: Token) -> Result<(), ScriptError> {
        if let Some((stream, duplicate)) = self.redirect.take() {
            return self.target(stream, duplicate, token);
        }
        match token {
            Token::Word(word) => self.word(word),
            Token::Redirect { stream, duplicate } => {
                self.redirect = Some((stream, duplicate));
                Ok(())
            }
            Token::Newline if self.is_blank() => Ok(()),
            Token::Newline => self.end_step(When::Always, "newline"),
            Token::Semicolon => self.end_step(When::Always, ";"),
            Token::And => self.end_step(When::Success, "&&"),
            Token::Or => self.end_step(When::Failure, "||"),
            Token::Pipe => {
                self.end_stage("|")?;
                self.open = true;
                Ok(())
            }
        }
    }

    fn finish(mut self) -> Result<Script, ScriptError> {
        if self.redirect.is_some() {
            return Err(ScriptError::Unexpected("newline".to_owned()));
        }
        if self.is_blank() {
            return if self.open { Err(ScriptError::Incomplete) } else { Ok(self.script) };
        }
        self.end_step(When::Always, "end of file")?;
        Ok(self.script)
    }

    fn word(&mut self, word: Word) -> Result<(), ScriptError> {
        if self.current.words.is_empty() {
            if word.is("!") && self.stages.is_empty() && !self.negated {
                self.negated = true;
                return Ok(());
            }
            let raw = word.raw();
            if RESERVED.contains(&raw.as_str()) || is_assignment(&raw) {
                return Err(ScriptError::Unsupported(raw));
            }
        }
        self.current.words.push(word);
        Ok(())
    }

    fn target(&mut self, stream: Stream, duplicate: bool, token: Token) -> Result<(), ScriptError> {
        let Token::Word(word) = token else {
            return Err(ScriptError::Unexpected("redirection without a target".to_owned()));
        };
        let target = match (duplicate, word.raw().as_str()) {
            (false, _) => Target::File(word),
            (true, "-") => Target::Closed,
            (true, raw) => match (stream, self::stream(raw)) {
                (Stream::Input, Some(Stream::Input)) => Target::Stream(Stream::Input),
                (Stream::Output | Stream::Error, Some(to @ (Stream::Output | Stream::Error))) => {
                    Target::Stream(to)
                }
                _ => return Err(ScriptError::Unsupported(format!("&{raw}"))),
            },
        };
        self.current.redirects.push(Redirect { stream, target });
        Ok(())
    }

    /// Whether nothing stands since the last operator.
    fn is_blank(&self) -> bool {
        self.current == Simple::default() && (self.stages.is_empty() || self.open) && !self.negated
    }

    fn end_stage(&mut self, near: &str) -> Result<(), ScriptError> {
        if self.current == Simple::default() {
            return Err(ScriptError::Unexpected(near.to_owned()));
        }
        if self.stages.len() >= STAGE_LIMIT {
            return Err(ScriptError::TooManyStages);
        }
        self.stages.push(std::mem::take(&mut self.current));
        self.open = false;
        Ok(())
    }

    fn end_step(&mut self, next: When, near: &str) -> Result<(), ScriptError> {
        self.end_stage(near)?;
        self.script.steps.push(Step {
            when: self.when,
            negated: std::mem::take(&mut self.negated),
            stages: std::mem::take(&mut self.stages),
        });
        self.when = next;
        self.open = next != When::Always;
        Ok(())
    }
}

/// Whether a word in front of a command would set a variable.
fn is_assignment(raw: &str) -> bool {
    raw.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::process::ExitCode;

    /// A script in a notation of its own, each field in brackets.
    fn shown(text: &str) -> String {
        let script = match Script::parse(text) {
            Ok(script) => script,
            Err(error) => return error.to_string(),
        };
        script.steps.iter().map(shown_step).collect::<Vec<_>>().join(" ")
    }

    fn shown_step(step: &Step) -> String {
        let stages: Vec<_> = step.stages.iter().map(shown_stage).collect();
        let when = match step.when {
            When::Always => "",
            When::Success => "and ",
            When::Failure => "or ",
        };
        format!("{when}{}{}", if step.negated { "not " } else { "" }, stages.join("|"))
    }

    fn shown_stage(stage: &Simple) -> String {
        let words = stage.words.iter().flat_map(|word| word.expand(ExitCode::new(7)));
        let redirects = stage.redirects.iter().map(|it| {
            format!(
                ">{:?}:{:?}",
                it.stream,
                match &it.target {
                    Target::File(word) => word.raw(),
                    other => format!("{other:?}"),
                }
            )
        });
        words.map(|word| format!("[{word}]")).chain(redirects).collect()
    }

    #[test]
    fn scripts_are_read_as_a_shell_reads_them() {
        for (text, expected) in [
            ("", ""),
            ("echo a", "[echo][a]"),
            ("echo a;echo b;", "[echo][a] [echo][b]"),
            ("a\n\nb # c; d\n", "[a] [b]"),
            ("a && b || c", "[a] and [b] or [c]"),
            ("a &&\n\n b", "[a] and [b]"),
            ("a|b |\nc", "[a]|[b]|[c]"),
            ("! a | b", "not [a]|[b]"),
            ("echo 'a b' \"c'd\" e\\ f", "[echo][a b][c'd][e f]"),
            ("echo \"a\\\"b\\\\n\\n\" 'x'\"y\"z", "[echo][a\"b\\n\\n][xyz]"),
            ("echo '' \"\"", "[echo][][]"),
            ("echo a\\\nb \\\n c", "[echo][ab][c]"),
            ("echo \\\n#b", "[echo]"),
            ("2\\\n>x echo \"a\\\nb\" '\\\n'", "[echo][ab][\\\n]>Error:\"x\""),
            ("echo $? \"$?\" '$?' \\$? a$?b", "[echo][7][7][$?][$?][a7b]"),
            ("echo a#b $ \"$\"", "[echo][a#b][$][$]"),
            ("echo ';' \"&&\" \\| '>'", "[echo][;][&&][|][>]"),
            ("echo err >&2", "[echo][err]>Output:\"Stream(Error)\""),
            ("echo err 1>&2 2", "[echo][err][2]>Output:\"Stream(Error)\""),
            ("a 2>&1 | b", "[a]>Error:\"Stream(Output)\"|[b]"),
            (
                "a >/dev/null 2>>'/dev/null' <x",
                "[a]>Output:\"/dev/null\">Error:\"'/dev/null'\">Input:\"x\"",
            ),
            ("a >&- 0<&0", "[a]>Output:\"Closed\">Input:\"Stream(Input)\""),
            ("echo 12 a2>x '2'>x", "[echo][12][a2][2]>Output:\"x\">Output:\"x\""),
            ("echo a=b", "[echo][a=b]"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn unfinished_scripts_may_go_on() {
        for text in ["echo 'a", "echo \"a", "a &&", "a ||\n", "a |", "a \\", "echo \"a\\"] {
            assert_eq!(Script::parse(text), Err(ScriptError::Incomplete), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_or_not_supported_is_refused() {
        for text in [
            ";",
            "a ;; b",
            "&& a",
            "a && && b",
            "a | | b",
            "a & b",
            "(a)",
            "a )",
            "{ a; }",
            "if a; then b; fi",
            "while a; do b; done",
            "x=1",
            "x=1 a",
            "echo $x",
            "echo ${x}",
            "echo \"$(a)\"",
            "echo `a`",
            "a <<x",
            "a >",
            "a > ; b",
            "a 3>x",
            "a >&x",
            "a <&1",
            "!",
            "! ;",
        ] {
            let error = Script::parse(text).unwrap_err();
            assert_ne!(error, ScriptError::Incomplete, "{text}");
        }
        assert_eq!(Script::parse(&" ".repeat(SCRIPT_LIMIT + 1)), Err(ScriptError::TooLong));
        assert!(Script::parse(&vec!["a"; STAGE_LIMIT].join("|")).is_ok());
        let pipeline = vec!["a"; STAGE_LIMIT + 1].join("|");
        assert_eq!(Script::parse(&pipeline), Err(ScriptError::TooManyStages));
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "[ab '\"\\\\$?;&|<>0-2#!=\n\\-]{0,40}") {
            if let Ok(script) = Script::parse(&text) {
                for step in &script.steps {
                    prop_assert!(!step.stages.is_empty());
                    for word in step.stages.iter().flat_map(|stage| &stage.words) {
                        prop_assert_eq!(word.expand(ExitCode::SUCCESS).len(), 1);
                    }
                }
            }
        }
    }
}
