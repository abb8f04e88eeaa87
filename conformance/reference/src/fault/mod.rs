//! What can be broken: one thing at a time, as a layer around the honest server. Handlers know nothing of it.
//!
//! ```text
//! exchange, memory → pages, lines, frames, sockets → streams → scenes, head → cluster → breach → table → layer, wire
//! ```
//! A layer sees requests and answers of HTTP; what HTTP libraries refuse to send is broken in the bytes of the
//! connection. Nothing here knows what a checker looks for.

mod answers;
mod asks;
mod breach;
mod cluster;
mod exchange;
mod frames;
mod head;
mod layer;
mod lines;
mod memory;
mod pages;
mod scenes;
mod sockets;
mod streams;
mod table;
mod wire;

use breach::Breach;
pub(crate) use layer::layered;
pub(crate) use memory::Memory;
pub(crate) use wire::carry;

use crate::api::Api;

/// One thing that can be broken.
#[derive(Debug)]
pub struct Fault {
    /// What it is asked for by.
    pub name: &'static str,
    /// Whose server it breaks.
    pub api: Api,
    /// What is wrong then, in one sentence.
    pub sentence: &'static str,
    breaches: &'static [Breach],
}

impl Fault {
    /// Every fault, by API.
    #[must_use]
    pub fn all() -> &'static [Self] {
        table::FAULTS
    }

    /// The fault of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|fault| fault.name == name)
    }

    /// Whether bytes of the connection are broken, so that HTTP alone does not do.
    pub(crate) fn is_of_bytes(&self) -> bool {
        self.breaches.iter().any(Breach::is_of_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_sentences_end() {
        for fault in Fault::all() {
            assert!(std::ptr::eq(Fault::named(fault.name).unwrap(), fault), "{}", fault.name);
            assert!(fault.sentence.ends_with('.') && !fault.breaches.is_empty(), "{}", fault.name);
            assert!(fault.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'));
        }
    }
}
