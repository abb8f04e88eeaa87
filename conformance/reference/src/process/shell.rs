//! The shell: runs scripts, from `-c` or line by line from standard input, with a prompt on a terminal.
//!
//! It keeps nothing but the last exit code: there are no variables, jobs or functions.

use std::future::pending;

use bytes::Bytes;
use futures_util::future::join_all;

use super::{
    command::{self, Outcome, Surroundings},
    exit::ExitCode,
    script::{Script, ScriptError, Simple, Step, Target, When},
    token::Stream,
};
use crate::{
    pipe::{BrokenPipe, LineTooLong, Reader, Writer, pipe},
    tty::Terminal,
};

const PROMPT: &str = "# ";
const CONTINUATION_PROMPT: &str = "> ";

/// The most bytes of one command that is entered line by line: 16 KiB.
const ENTRY_LIMIT: usize = 16 * 1024;

/// The most lines of one command. With each of them the command is read anew.
const ENTRY_LINES: usize = 100;

/// The only file that exists.
const NULL_DEVICE: &str = "/dev/null";

/// Whether this option of the shell says that a script follows.
pub(super) fn takes_script(option: &str) -> bool {
    option.strip_prefix('-').is_some_and(|flags| flags.contains('c') && is_known(flags))
}

/// Whether all these options are known. That of a login shell changes nothing here.
fn is_known(flags: &str) -> bool {
    flags.chars().all(|flag| matches!(flag, 'c' | 'i' | 'l' | 's'))
}

/// Runs `sh` with its arguments.
pub(super) async fn run(surroundings: Surroundings, arguments: &[String]) -> Outcome {
    let mut shell = Shell { surroundings, status: ExitCode::SUCCESS };
    let mut wants_script = false;
    for argument in arguments {
        match argument.strip_prefix('-') {
            Some(flags) if !wants_script && is_known(flags) => {
                wants_script = takes_script(argument)
            }
            // What follows a script are its arguments, which it has no means to ask for.
            _ if wants_script => return shell.text(argument).await,
            _ => {
                return shell
                    .complain(&format!("cannot open '{argument}'"), ExitCode::NOT_FOUND)
                    .await;
            }
        }
    }
    if wants_script {
        return shell.complain("-c requires a script", ExitCode::USAGE).await;
    }
    shell.lines().await
}

/// A shell between two commands.
struct Shell {
    surroundings: Surroundings,
    status: ExitCode,
}

/// Whether a script goes on after a step.
enum Flow {
    Next,
    Exit,
}

impl Shell {
    /// Runs a whole script.
    async fn text(&mut self, text: &str) -> Outcome {
        match Script::parse(text) {
            Ok(script) => {
                self.script(&script).await?;
                Ok(self.status)
            }
            Err(error) => self.complain(&error.to_string(), ExitCode::USAGE).await,
        }
    }

    /// Runs scripts from standard input until its end or `exit`.
    async fn lines(&mut self) -> Outcome {
        let mut script = String::new();
        loop {
            self.prompt(&script).await?;
            let line = tokio::select! {
                biased;
                () = interrupted(self.surroundings.terminal.as_ref()) => {
                    script.clear();
                    self.status = ExitCode::INTERRUPTED;
                    continue;
                }
                line = self.line() => line,
            };
            match line {
                Ok(Some(line)) => script.push_str(&String::from_utf8_lossy(&line)),
                Ok(None) if script.is_empty() => return Ok(self.status),
                Ok(None) => return self.text(&script).await,
                Err(error) => return self.complain(&error.to_string(), ExitCode::USAGE).await,
            }
            if let Flow::Exit = self.entered(&mut script).await? {
                return Ok(self.status);
            }
        }
    }

    async fn line(&self) -> Result<Option<Bytes>, LineTooLong> {
        self.surroundings.stdin.lock().await.read_line(ENTRY_LIMIT).await
    }

    async fn prompt(&self, script: &str) -> Result<(), BrokenPipe> {
        if self.surroundings.terminal.is_none() {
            return Ok(());
        }
        let prompt = if script.is_empty() { PROMPT } else { CONTINUATION_PROMPT };
        self.surroundings.stderr.write(Bytes::from_static(prompt.as_bytes())).await
    }

    /// Runs what was entered so far, unless it needs another line.
    async fn entered(&mut self, script: &mut String) -> Result<Flow, BrokenPipe> {
        let parsed = Script::parse(script);
        let may_go_on = script.len() <= ENTRY_LIMIT && script.lines().count() < ENTRY_LINES;
        if parsed == Err(ScriptError::Incomplete) && may_go_on {
            return Ok(Flow::Next);
        }
        script.clear();
        match parsed {
            Ok(parsed) => self.foreground(&parsed).await,
            Err(error) => {
                self.status = self.complain(&error.to_string(), ExitCode::USAGE).await?;
                Ok(Flow::Next)
            }
        }
    }

    /// Runs a script that ^C ends, not the shell with it.
    async fn foreground(&mut self, script: &Script) -> Result<Flow, BrokenPipe> {
        let terminal = self.surroundings.terminal.clone();
        let flow = tokio::select! {
            biased;
            () = interrupted(terminal.as_ref()) => None,
            flow = self.script(script) => Some(flow),
        };
        flow.unwrap_or_else(|| {
            self.status = ExitCode::INTERRUPTED;
            Ok(Flow::Next)
        })
    }

    async fn script(&mut self, script: &Script) -> Result<Flow, BrokenPipe> {
        for step in &script.steps {
            let runs = match step.when {
                When::Always => true,
                When::Success => self.status.is_success(),
                When::Failure => !self.status.is_success(),
            };
            if runs && let Flow::Exit = self.step(step).await? {
                return Ok(Flow::Exit);
            }
        }
        Ok(Flow::Next)
    }

    async fn step(&mut self, step: &Step) -> Result<Flow, BrokenPipe> {
        let flow = match step.stages.as_slice() {
            [only] => self.simple(only).await?,
            stages => {
                self.status = self.pipeline(stages).await;
                Flow::Next
            }
        };
        if step.negated && matches!(flow, Flow::Next) {
            self.status = self.status.negated();
        }
        Ok(flow)
    }

    /// Runs all stages at once, each in a shell of its own; the last one's exit code counts.
    async fn pipeline(&self, stages: &[Simple]) -> ExitCode {
        let mut input: Option<Reader> = None;
        let mut running = Vec::new();
        for (index, stage) in stages.iter().enumerate() {
            let mut surroundings = self.surroundings.clone();
            if let Some(input) = input.take() {
                surroundings = surroundings.reading(input);
            }
            if index + 1 < stages.len() {
                let (writer, reader) = pipe();
                surroundings.stdout = writer;
                input = Some(reader);
            }
            let mut shell = Self { surroundings, status: self.status };
            running.push(async move {
                match shell.simple(stage).await {
                    Ok(_) => shell.status,
                    Err(BrokenPipe) => ExitCode::BROKEN_PIPE,
                }
            });
        }
        join_all(running).await.pop().unwrap_or(ExitCode::SUCCESS)
    }

    async fn simple(&mut self, simple: &Simple) -> Result<Flow, BrokenPipe> {
        let surroundings = match self.redirected(simple) {
            Ok(surroundings) => surroundings,
            Err(text) => {
                self.status = self.complain(&text, ExitCode::FAILURE).await?;
                return Ok(Flow::Next);
            }
        };
        let words: Vec<_> = simple.words.iter().flat_map(|word| word.expand(self.status)).collect();
        if words.first().is_some_and(|name| name == "exit") {
            return self.exit(&words).await;
        }
        self.status = command::run(surroundings, words).await;
        Ok(Flow::Next)
    }

    async fn exit(&mut self, words: &[String]) -> Result<Flow, BrokenPipe> {
        match words.get(1).map(|code| code.parse::<u8>()) {
            None => {}
            Some(Ok(code)) => self.status = ExitCode::new(code),
            Some(Err(_)) => {
                self.status =
                    self.complain("exit: not a number from 0 to 255", ExitCode::USAGE).await?;
            }
        }
        Ok(Flow::Exit)
    }

    /// The surroundings of a command after its redirections, from left to right.
    fn redirected(&self, simple: &Simple) -> Result<Surroundings, String> {
        let mut result = self.surroundings.clone();
        for redirect in &simple.redirects {
            let writer = match &redirect.target {
                Target::Stream(Stream::Input) => continue,
                Target::Stream(Stream::Output) => result.stdout.clone(),
                Target::Stream(Stream::Error) => result.stderr.clone(),
                Target::Closed => Writer::discard(),
                Target::File(word) => match word.expand(self.status).as_slice() {
                    [name] if name == NULL_DEVICE => Writer::discard(),
                    names => return Err(format!("{}: Permission denied", names.join(" "))),
                },
            };
            match redirect.stream {
                Stream::Input => result = result.reading(Reader::empty()),
                Stream::Output => result.stdout = writer,
                Stream::Error => result.stderr = writer,
            }
        }
        Ok(result)
    }

    async fn complain(&self, text: &str, code: ExitCode) -> Outcome {
        self.surroundings.complain(&format!("sh: {text}"), code).await
    }
}

/// Waits for ^C; without a terminal it never comes.
async fn interrupted(terminal: Option<&Terminal>) {
    match terminal {
        Some(terminal) => terminal.interrupted().await,
        None => pending().await,
    }
}
