//! The commands: a table of names, and one function for each.
//!
//! A command sees its surroundings and its arguments, nothing else. A write that nobody reads ends it as SIGPIPE would.

use std::{mem, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tokio::sync::Mutex;

use super::{
    Stdio, escape,
    exit::ExitCode,
    format::{Format, Piece},
    shell,
};
use crate::{
    pipe::{BrokenPipe, MAX_CHUNK, Reader, Writer},
    tty::Terminal,
};

/// The longest that `sleep` sleeps, whatever it is asked: one minute.
const LONGEST_SLEEP: Duration = Duration::from_secs(60);

/// How deeply shells may start shells.
const DEEPEST_SHELL: u8 = 16;

/// Folders in front of a name that are taken as where commands live.
const FOLDERS: [&str; 2] = ["/bin/", "/usr/bin/"];

const COMMANDS: [(&str, Command); 8] = [
    ("cat", Command::Cat),
    ("echo", Command::Echo),
    ("false", Command::False),
    ("printf", Command::Printf),
    ("sh", Command::Sh),
    ("sleep", Command::Sleep),
    ("stty", Command::Stty),
    ("true", Command::True),
];

/// A command that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Cat,
    Echo,
    False,
    Printf,
    Sh,
    Sleep,
    Stty,
    True,
}

impl Command {
    /// The command of this name, with or without the folder where commands live.
    pub(super) fn find(name: &str) -> Option<Self> {
        let bare = FOLDERS.iter().find_map(|folder| name.strip_prefix(folder)).unwrap_or(name);
        COMMANDS.iter().find(|(known, _)| *known == bare).map(|(_, command)| *command)
    }
}

/// How a command ends: with an exit code, or because nobody reads what it writes.
pub(super) type Outcome = Result<ExitCode, BrokenPipe>;

/// What a command can reach.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    /// Shared, because a shell and the commands it runs read from one input in turn.
    pub(super) stdin: Arc<Mutex<Reader>>,
    pub(super) stdout: Writer,
    pub(super) stderr: Writer,
    /// The terminal behind standard input.
    pub(super) terminal: Option<Terminal>,
    depth: u8,
}

impl Surroundings {
    pub(super) fn new(stdio: Stdio) -> Self {
        let Stdio { stdin, stdout, stderr, terminal } = stdio;
        Self { stdin: Arc::new(Mutex::new(stdin)), stdout, stderr, terminal, depth: 0 }
    }

    /// The same, reading from somewhere that is no terminal.
    pub(super) fn reading(self, stdin: Reader) -> Self {
        Self { stdin: Arc::new(Mutex::new(stdin)), terminal: None, ..self }
    }

    /// Writes text to standard output.
    async fn print(&self, text: impl Into<Bytes>) -> Outcome {
        self.stdout.write(text.into()).await.map(|()| ExitCode::SUCCESS)
    }

    /// Writes one line to standard error and ends with `code`.
    pub(super) async fn complain(&self, text: &str, code: ExitCode) -> Outcome {
        self.stderr.write(Bytes::from(format!("{text}\n"))).await.map(|()| code)
    }
}

/// Runs a command line to its end.
pub(super) fn run(
    surroundings: Surroundings,
    arguments: Vec<String>,
) -> BoxFuture<'static, ExitCode> {
    Box::pin(async move {
        let outcome = match arguments.split_first() {
            None => Ok(ExitCode::SUCCESS),
            Some((name, arguments)) => dispatch(surroundings, name, arguments).await,
        };
        outcome.unwrap_or(ExitCode::BROKEN_PIPE)
    })
}

async fn dispatch(surroundings: Surroundings, name: &str, arguments: &[String]) -> Outcome {
    match Command::find(name) {
        None => {
            let text = format!("{name}: command not found");
            surroundings.complain(&text, ExitCode::NOT_FOUND).await
        }
        Some(Command::Cat) => cat(&surroundings, arguments).await,
        Some(Command::Echo) => echo(&surroundings, arguments).await,
        Some(Command::False) => Ok(ExitCode::FAILURE),
        Some(Command::Printf) => printf(&surroundings, arguments).await,
        Some(Command::Sh) => sh(surroundings, arguments).await,
        Some(Command::Sleep) => sleep(&surroundings, arguments).await,
        Some(Command::Stty) => stty(&surroundings, arguments).await,
        Some(Command::True) => Ok(ExitCode::SUCCESS),
    }
}

async fn cat(surroundings: &Surroundings, arguments: &[String]) -> Outcome {
    let mut code = ExitCode::SUCCESS;
    let inputs = if arguments.is_empty() { &["-".to_owned()][..] } else { arguments };
    for input in inputs {
        if input == "-" {
            while let Some(bytes) = read(surroundings).await {
                surroundings.stdout.write(bytes).await?;
            }
        } else {
            let text = format!("cat: {input}: No such file or directory");
            code = surroundings.complain(&text, ExitCode::FAILURE).await?;
        }
    }
    Ok(code)
}

/// One read of standard input. The lock is not held while the caller writes.
async fn read(surroundings: &Surroundings) -> Option<Bytes> {
    surroundings.stdin.lock().await.read().await
}

async fn echo(surroundings: &Surroundings, arguments: &[String]) -> Outcome {
    let options = arguments.iter().take_while(|word| is_echo_option(word)).count();
    let (options, words) = arguments.split_at(options);
    let mut output = words.join(" ").into_bytes();
    if options.iter().any(|option| option.contains('e')) {
        output = escape::unescape(&words.join(" "), escape::Octal::AfterZero);
    }
    if !options.iter().any(|option| option.contains('n')) {
        output.push(b'\n');
    }
    surroundings.print(output).await
}

fn is_echo_option(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|flags| {
        !flags.is_empty() && flags.chars().all(|flag| matches!(flag, 'n' | 'e' | 'E'))
    })
}

async fn printf(surroundings: &Surroundings, arguments: &[String]) -> Outcome {
    let Some((format, values)) = arguments.split_first() else {
        return surroundings
            .complain("printf: usage: printf format [value]...", ExitCode::USAGE)
            .await;
    };
    let format = match Format::parse(format) {
        Ok(format) => format,
        Err(error) => {
            return surroundings.complain(&format!("printf: {error}"), ExitCode::FAILURE).await;
        }
    };
    let mut code = ExitCode::SUCCESS;
    let mut output = Vec::new();
    for piece in format.apply(values) {
        match piece {
            Piece::Output(bytes) => output.extend_from_slice(&bytes),
            Piece::BadNumber(value) => {
                let text = format!("printf: {value}: expected a number");
                code = surroundings.complain(&text, ExitCode::FAILURE).await?;
            }
        }
        if output.len() >= MAX_CHUNK {
            surroundings.print(mem::take(&mut output)).await?;
        }
    }
    surroundings.print(output).await?;
    Ok(code)
}

async fn sh(mut surroundings: Surroundings, arguments: &[String]) -> Outcome {
    surroundings.depth += 1;
    if surroundings.depth > DEEPEST_SHELL {
        return surroundings.complain("sh: too many shells in shells", ExitCode::USAGE).await;
    }
    shell::run(surroundings, arguments).await
}

async fn sleep(surroundings: &Surroundings, arguments: &[String]) -> Outcome {
    let times: Option<Vec<f64>> = arguments.iter().map(|word| seconds(word)).collect();
    match times {
        Some(times) if !times.is_empty() => {
            let total = times.iter().sum::<f64>().min(LONGEST_SLEEP.as_secs_f64());
            tokio::time::sleep(Duration::from_secs_f64(total)).await;
            Ok(ExitCode::SUCCESS)
        }
        _ => surroundings.complain("sleep: usage: sleep seconds", ExitCode::FAILURE).await,
    }
}

/// A number of seconds that is finite and not negative. `s` after it is allowed.
fn seconds(word: &str) -> Option<f64> {
    let number = word.strip_suffix('s').unwrap_or(word);
    let starts_plainly = number.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    let seconds: f64 = number.parse().ok().filter(|_| starts_plainly)?;
    seconds.is_finite().then_some(seconds)
}

async fn stty(surroundings: &Surroundings, arguments: &[String]) -> Outcome {
    let Some(terminal) = &surroundings.terminal else {
        let text = "stty: standard input: Inappropriate ioctl for device";
        return surroundings.complain(text, ExitCode::FAILURE).await;
    };
    for argument in arguments {
        match argument.as_str() {
            "size" => {
                let size = terminal.size();
                surroundings.print(format!("{} {}\n", size.rows, size.columns)).await?;
            }
            "echo" => terminal.set_echo(true),
            "-echo" => terminal.set_echo(false),
            other => {
                let text = format!("stty: invalid argument '{other}'");
                return surroundings.complain(&text, ExitCode::FAILURE).await;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_plain_numbers() {
        for (word, expected) in [
            ("1", Some(1.0)),
            ("0.25", Some(0.25)),
            (".5", Some(0.5)),
            ("2s", Some(2.0)),
            ("1e3", Some(1000.0)),
            ("-1", None),
            ("inf", None),
            ("nan", None),
            ("1e999", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(seconds(word), expected, "{word}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_finds_each_command() {
        assert!(COMMANDS.is_sorted_by_key(|(name, _)| *name));
        for (name, command) in COMMANDS {
            assert_eq!(Command::find(name), Some(command));
            assert_eq!(Command::find(&format!("/bin/{name}")), Some(command));
        }
        assert_eq!(Command::find("/bin/bin/cat"), None);
    }
}
