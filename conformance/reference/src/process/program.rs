//! What a process runs: a command line that is known to be neither empty nor endless.
//!
//! Whether its command exists can be asked before anything starts; a program that does not exist can still be spawned
//! and then fails as a shell's command would.

use super::command::Command;

/// The most bytes that the words of one command line may have together: 128 KiB.
pub const ARGUMENT_LIMIT: usize = 128 * 1024;

/// A command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    arguments: Vec<String>,
    command: Option<Command>,
}

/// Why a command line cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProgramError {
    /// It has no word, or its first word is empty.
    #[error("no command is given")]
    Empty,
    /// Its words have more than [`ARGUMENT_LIMIT`] bytes together.
    #[error("the command line has more than {ARGUMENT_LIMIT} bytes")]
    TooLong,
}

impl Program {
    /// Takes the words of a command line; the first names the command.
    ///
    /// # Errors
    /// [`ProgramError`] when there is no command, or far too much of it.
    pub fn new(arguments: Vec<String>) -> Result<Self, ProgramError> {
        let name = arguments.first().filter(|name| !name.is_empty()).ok_or(ProgramError::Empty)?;
        // One more byte for each word, so that a great many empty ones are too long as well.
        let size = arguments.iter().map(|word| word.len() + 1).sum::<usize>();
        if size > ARGUMENT_LIMIT {
            return Err(ProgramError::TooLong);
        }
        let command = Command::find(name);
        Ok(Self { arguments, command })
    }

    /// Whether the command exists. One that does not ends with [`ExitCode::NOT_FOUND`](super::ExitCode::NOT_FOUND).
    #[must_use]
    pub fn is_found(&self) -> bool {
        self.command.is_some()
    }

    /// The words of the command line.
    #[must_use]
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Whether this is a shell that reads its commands from standard input.
    pub(super) fn is_interactive(&self) -> bool {
        self.command == Some(Command::Sh)
            && !self.arguments.iter().skip(1).any(|word| super::shell::takes_script(word))
    }

    pub(super) fn into_arguments(self) -> Vec<String> {
        self.arguments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(words: &[&str]) -> Result<Program, ProgramError> {
        Program::new(words.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_command_line_has_a_command_and_a_bound() {
        assert_eq!(program(&[]), Err(ProgramError::Empty));
        assert_eq!(program(&["", "x"]), Err(ProgramError::Empty));
        assert_eq!(program(&["echo", &"x".repeat(ARGUMENT_LIMIT)]), Err(ProgramError::TooLong));
        assert_eq!(program(&vec!["x"; ARGUMENT_LIMIT / 2 + 1]), Err(ProgramError::TooLong));
        assert_eq!(program(&["echo", "x"]).unwrap().arguments(), ["echo", "x"]);
    }

    #[test]
    fn whether_it_exists_is_known_before_it_starts() {
        for (name, found) in [
            ("echo", true),
            ("/bin/sh", true),
            ("/usr/bin/printf", true),
            ("nope", false),
            ("/bin/", false),
        ] {
            assert_eq!(program(&[name]).unwrap().is_found(), found, "{name}");
        }
    }

    #[test]
    fn a_shell_without_a_script_is_interactive() {
        for (words, interactive) in [
            (&["sh"][..], true),
            (&["/bin/sh", "-i"], true),
            (&["sh", "-c", "cat"], false),
            (&["sh", "-lc", "cat"], false),
            (&["cat"], false),
        ] {
            assert_eq!(program(words).unwrap().is_interactive(), interactive, "{words:?}");
        }
    }
}
