//! The line discipline as a pure state machine: bytes of the client in, lines for the process and an echo out.
//!
//! It behaves as a freshly opened terminal does (POSIX.1-2024, chapter 11: canonical mode, ICRNL, ECHO, ECHOE, ECHOK,
//! ISIG, OPOST, ONLCR). It does no IO, knows no time, and keeps no more than one line of [`LINE_LIMIT`] bytes.

use bytes::Bytes;

/// The most bytes a line holds before its newline. What is typed beyond is dropped with a bell, as Linux does.
pub const LINE_LIMIT: usize = 4095;

const INTERRUPT: u8 = 0x03;
const END_OF_FILE: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const KILL_LINE: u8 = 0x15;
const DELETE: u8 = 0x7f;
const BELL: u8 = 0x07;

/// One thing that follows from input, in the order in which it has to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// These bytes go back to the client, as they are.
    Echo(Vec<u8>),
    /// The process may read these bytes: a line, or a part of one that was flushed by ^D.
    Deliver(Bytes),
    /// One read of the process finds the end of the file.
    EndOfFile,
    /// The process in the foreground is interrupted (SIGINT).
    Interrupt,
}

/// The state between two bytes of input: the line that is being typed.
#[derive(Clone, Debug)]
pub struct Discipline {
    line: Vec<u8>,
    echo: bool,
}

impl Default for Discipline {
    fn default() -> Self {
        Self { line: Vec::new(), echo: true }
    }
}

impl Discipline {
    /// Takes bytes that the client sent. However they are cut, the steps are the same once adjacent echoes are joined.
    pub fn input(&mut self, bytes: &[u8]) -> Vec<Step> {
        let mut steps = Steps { list: Vec::new(), echo: self.echo };
        for &byte in bytes {
            self.key(byte, &mut steps);
        }
        steps.list
    }

    /// The client will send nothing more: what was typed so far is delivered without its newline.
    pub fn hang_up(&mut self) -> Vec<Step> {
        let mut steps = Steps { list: Vec::new(), echo: self.echo };
        if !self.line.is_empty() {
            self.deliver(&mut steps);
        }
        steps.list
    }

    /// Whether input is echoed from now on (`stty echo`, `stty -echo`).
    pub fn set_echo(&mut self, echo: bool) {
        self.echo = echo;
    }

    /// What the client sees of bytes that the process wrote: each newline becomes CR LF.
    #[must_use]
    pub fn output(bytes: &[u8]) -> Vec<u8> {
        let mut cooked = Vec::with_capacity(bytes.len() + 16);
        for &byte in bytes {
            if byte == b'\n' {
                cooked.push(b'\r');
            }
            cooked.push(byte);
        }
        cooked
    }

    fn key(&mut self, byte: u8, steps: &mut Steps) {
        match byte {
            b'\r' | b'\n' => self.newline(steps),
            INTERRUPT => self.interrupt(steps),
            END_OF_FILE if self.line.is_empty() => steps.push(Step::EndOfFile),
            END_OF_FILE => self.deliver(steps),
            BACKSPACE | DELETE => self.erase(steps),
            KILL_LINE => {
                while !self.line.is_empty() {
                    self.erase(steps);
                }
            }
            _ if self.line.len() >= LINE_LIMIT => steps.echo(&[BELL]),
            _ => {
                self.line.push(byte);
                steps.echo(&shown(byte));
            }
        }
    }

    fn newline(&mut self, steps: &mut Steps) {
        steps.echo(b"\r\n");
        self.line.push(b'\n');
        self.deliver(steps);
    }

    fn interrupt(&mut self, steps: &mut Steps) {
        self.line.clear();
        steps.echo(b"^C\r\n");
        steps.push(Step::Interrupt);
    }

    fn deliver(&mut self, steps: &mut Steps) {
        steps.push(Step::Deliver(Bytes::from(std::mem::take(&mut self.line))));
    }

    /// Takes back one character: in UTF-8 its continuation bytes go with it.
    fn erase(&mut self, steps: &mut Steps) {
        let Some(mut byte) = self.line.pop() else { return };
        let columns = shown(byte).len();
        for _ in 0..3 {
            if !is_continuation(byte) {
                break;
            }
            let Some(before) = self.line.pop() else { break };
            byte = before;
        }
        for _ in 0..columns {
            steps.echo(b"\x08 \x08");
        }
    }
}

/// How a byte is echoed: control characters as `^X`, everything else as it is.
fn shown(byte: u8) -> Vec<u8> {
    if byte.is_ascii_control() && byte != b'\t' { vec![b'^', byte ^ 0x40] } else { vec![byte] }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

/// The steps so far. Echoes that follow each other are one step.
struct Steps {
    list: Vec<Step>,
    echo: bool,
}

impl Steps {
    fn push(&mut self, step: Step) {
        self.list.push(step);
    }

    fn echo(&mut self, bytes: &[u8]) {
        if !self.echo {
            return;
        }
        match self.list.last_mut() {
            Some(Step::Echo(echoed)) => echoed.extend_from_slice(bytes),
            _ => self.list.push(Step::Echo(bytes.to_vec())),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn echo(bytes: &[u8]) -> Step {
        Step::Echo(bytes.to_vec())
    }

    fn deliver(bytes: &'static [u8]) -> Step {
        Step::Deliver(Bytes::from_static(bytes))
    }

    fn typed(bytes: &[u8]) -> Vec<Step> {
        Discipline::default().input(bytes)
    }

    #[test]
    fn each_key_does_what_a_terminal_does() {
        let table: &[(&[u8], Vec<Step>)] = &[
            (b"ab", vec![echo(b"ab")]),
            (b"ab\r", vec![echo(b"ab\r\n"), deliver(b"ab\n")]),
            (b"ab\n", vec![echo(b"ab\r\n"), deliver(b"ab\n")]),
            (b"a\x7fb\n", vec![echo(b"a\x08 \x08b\r\n"), deliver(b"b\n")]),
            (b"a\x08\x08b\n", vec![echo(b"a\x08 \x08b\r\n"), deliver(b"b\n")]),
            (b"\xc3\xa4\x7fb\n", vec![echo(b"\xc3\xa4\x08 \x08b\r\n"), deliver(b"b\n")]),
            (b"\x01\x7f\n", vec![echo(b"^A\x08 \x08\x08 \x08\r\n"), deliver(b"\n")]),
            (b"ab\x15c\n", vec![echo(b"ab\x08 \x08\x08 \x08c\r\n"), deliver(b"c\n")]),
            (
                b"ab\x03c\n",
                vec![echo(b"ab^C\r\n"), Step::Interrupt, echo(b"c\r\n"), deliver(b"c\n")],
            ),
            (b"\x04", vec![Step::EndOfFile]),
            (b"ab\x04\x04", vec![echo(b"ab"), deliver(b"ab"), Step::EndOfFile]),
            (b"\tx\x1b\n", vec![echo(b"\tx^[\r\n"), deliver(b"\tx\x1b\n")]),
        ];
        for (input, steps) in table {
            assert_eq!(&typed(input), steps, "{input:?}");
        }
    }

    #[test]
    fn a_line_has_a_limit_and_still_ends() {
        let mut discipline = Discipline::default();
        discipline.input(&vec![b'x'; LINE_LIMIT]);
        assert_eq!(discipline.input(b"yz"), [echo(b"\x07\x07")]);
        let steps = discipline.input(b"\n");
        let Some(Step::Deliver(line)) = steps.last() else { panic!("{steps:?}") };
        assert_eq!(line.len(), LINE_LIMIT + 1);
        assert!(!line.contains(&b'y'));
    }

    #[test]
    fn without_echo_nothing_goes_back() {
        let mut discipline = Discipline::default();
        discipline.set_echo(false);
        assert_eq!(discipline.input(b"secret\n"), [deliver(b"secret\n")]);
    }

    #[test]
    fn hanging_up_delivers_what_was_typed() {
        let mut discipline = Discipline::default();
        discipline.input(b"rest");
        assert_eq!(discipline.hang_up(), [deliver(b"rest")]);
        assert_eq!(discipline.hang_up(), []);
    }

    #[test]
    fn output_has_carriage_returns() {
        assert_eq!(Discipline::output(b"a\nb\r\n\xff"), b"a\r\nb\r\r\n\xff");
    }

    /// Bytes in which the special keys are frequent.
    fn keys() -> impl Strategy<Value = Vec<u8>> {
        let special = proptest::sample::select(&b"\r\n\x03\x04\x08\x15\x7f\xc3\xa4ab"[..]);
        proptest::collection::vec(prop_oneof![special, any::<u8>()], 0..200)
    }

    fn joined(parts: Vec<Vec<Step>>) -> Vec<Step> {
        let mut steps = Steps { list: Vec::new(), echo: true };
        for step in parts.into_iter().flatten() {
            match step {
                Step::Echo(bytes) => steps.echo(&bytes),
                other => steps.push(other),
            }
        }
        steps.list
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_steps(bytes in keys(), size in 1_usize..20) {
            let mut discipline = Discipline::default();
            let parts = bytes.chunks(size).map(|part| discipline.input(part)).collect();
            prop_assert_eq!(joined(parts), typed(&bytes));
        }

        #[test]
        fn nothing_grows_without_bound(bytes in keys(), repeat in 1_usize..200) {
            let mut discipline = Discipline::default();
            for _ in 0..repeat {
                let steps = discipline.input(&bytes);
                let echoed: usize = steps.iter().map(|step| match step {
                    Step::Echo(echoed) => echoed.len(),
                    _ => 0,
                }).sum();
                prop_assert!(echoed <= 6 * (bytes.len() + LINE_LIMIT));
                prop_assert!(discipline.line.len() <= LINE_LIMIT);
            }
        }

        #[test]
        fn output_is_the_same_for_any_split(bytes in proptest::collection::vec(any::<u8>(), 0..99), at in 0_usize..99) {
            let (left, right) = bytes.split_at(at.min(bytes.len()));
            let parts = [Discipline::output(left), Discipline::output(right)].concat();
            prop_assert_eq!(parts, Discipline::output(&bytes));
        }
    }
}
