//! Which protocol two sides speak: the names that a client offers and the one that is chosen.

/// How processes end and how input ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// An end is plain text, and success says nothing.
    Bare,
    /// An end is a `Status`.
    Fourth,
    /// As the fourth, and a client can end its input.
    Fifth,
}

/// A protocol that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Its name; nothing when the client offered none.
    pub name: Option<&'static str>,
    /// What it can do.
    pub generation: Generation,
    /// Whether messages are text in base64.
    pub base64: bool,
}

/// None of the offered protocols is spoken here: 403 with an empty body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("none of the offered protocols is supported")]
pub struct Unsupported;

const fn row(name: &'static str, generation: Generation, base64: bool) -> Protocol {
    Protocol { name: Some(name), generation, base64 }
}

/// The protocols of processes.
const PROCESS: [Protocol; 5] = [
    row("v5.channel.k8s.io", Generation::Fifth, false),
    row("v4.channel.k8s.io", Generation::Fourth, false),
    row("v4.base64.channel.k8s.io", Generation::Fourth, true),
    row("channel.k8s.io", Generation::Bare, false),
    row("base64.channel.k8s.io", Generation::Bare, true),
];

/// The protocols of ports.
const PORTS: [Protocol; 2] = [
    row("v4.channel.k8s.io", Generation::Fourth, false),
    row("v4.base64.channel.k8s.io", Generation::Fourth, true),
];

/// The protocols of a log, whose messages have no channel.
const LOG: [Protocol; 2] = [
    row("binary.k8s.io", Generation::Bare, false),
    row("base64.binary.k8s.io", Generation::Bare, true),
];

/// What is spoken when nothing is offered.
const UNNAMED: Protocol = Protocol { name: None, generation: Generation::Bare, base64: false };

impl Protocol {
    /// Chooses for a process: the fifth wherever it stands, otherwise the first that is known.
    ///
    /// # Errors
    /// [`Unsupported`] when none is known.
    pub fn for_process<'o>(
        offered: impl IntoIterator<Item = &'o str> + Clone,
    ) -> Result<Self, Unsupported> {
        let fifth = PROCESS.iter().find(|protocol| protocol.generation == Generation::Fifth);
        let fifth =
            fifth.filter(|it| offered.clone().into_iter().any(|name| it.name == Some(name)));
        fifth.map_or_else(|| first(&PROCESS, offered), |fifth| Ok(*fifth))
    }

    /// Chooses for ports: the first that is known.
    ///
    /// # Errors
    /// [`Unsupported`] when none is known.
    pub fn for_ports<'o>(offered: impl IntoIterator<Item = &'o str>) -> Result<Self, Unsupported> {
        first(&PORTS, offered)
    }

    /// Chooses for a log: the first that is known.
    ///
    /// # Errors
    /// [`Unsupported`] when none is known.
    pub fn for_log<'o>(offered: impl IntoIterator<Item = &'o str>) -> Result<Self, Unsupported> {
        first(&LOG, offered)
    }
}

fn first<'o>(
    known: &[Protocol],
    offered: impl IntoIterator<Item = &'o str>,
) -> Result<Protocol, Unsupported> {
    let mut offered = offered.into_iter().filter(|name| !name.is_empty()).peekable();
    if offered.peek().is_none() {
        return Ok(UNNAMED);
    }
    let mut known = offered.filter_map(|name| known.iter().find(|it| it.name == Some(name)));
    known.next().copied().ok_or(Unsupported)
}
