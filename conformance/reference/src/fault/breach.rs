//! The ways to break something, as data.

use futures_util::future::BoxFuture;

use super::exchange::{Answer, Asked, Honest};
use super::frames::Tamper;
use super::head::Head;
use super::memory::Memory;
use super::pages::{Cut, Page};
use super::sockets::{Change, Side};
use super::wire::Conduct;

/// One way to break something.
#[derive(Debug)]
pub(super) enum Breach {
    /// The honest server is asked something else.
    Ask(fn(&mut Asked)),
    /// Some requests are answered without asking the honest server.
    Instead(fn(&Asked) -> Option<Answer>),
    /// The honest server is asked in another way, or more than once.
    Scene(fn(Honest, Asked, Memory) -> BoxFuture<'static, Answer>),
    /// A whole answer is changed.
    Answer(fn(&Asked, &mut Answer)),
    /// A page of a list is cut otherwise.
    Page(fn(&Cut, &mut Page, &Memory)),
    /// The lines of a stream are changed, each with its line end.
    Lines(fn(&mut Vec<String>)),
    /// A line of a stream is changed when it comes, with its line end.
    Line(fn(&Asked, &mut String, &Memory)),
    /// A stream begins with a line of its own.
    First(fn(&Asked) -> Option<String>),
    /// A stream does not end.
    Unended(fn(&Asked) -> bool),
    /// A stream of lines is sent as a body whose length is known.
    Announced,
    /// The frames of a stream are changed, in a body and after a takeover alike.
    Frames(Tamper),
    /// What one side says over a socket is changed, where the path ends so.
    Messages(Side, &'static str, Change),
    /// The head of a request is changed.
    RequestHead(fn(&mut Head)),
    /// The head of an answer is changed, and what follows it in the same breath. The request is given as it was sent.
    AnswerHead(fn(&str, &mut Head)),
    /// The connection is treated otherwise.
    Conduct(Conduct),
}

impl Breach {
    /// Whether bytes of the connection are broken.
    pub(super) fn is_of_bytes(&self) -> bool {
        matches!(
            self,
            Self::Frames(_)
                | Self::Messages(..)
                | Self::RequestHead(_)
                | Self::AnswerHead(_)
                | Self::Conduct(_)
        )
    }
}
