//! What a run created and must remove again.

use std::cell::RefCell;

use generator::contract::{Method, Operation, OperationId};

use super::provide::{creates, followed, links};
use super::session::Session;
use crate::call::{Call, Intent};
use crate::transcript::Transcript;

/// Something that was created, and the call that removes it.
#[derive(Clone, Debug)]
pub struct Removal {
    /// What was created, by the value that identifies it.
    pub name: String,
    /// The operation that removes it.
    pub operation: OperationId,
    /// The call that removes it.
    pub call: Call,
}

/// Everything that is still to be removed.
#[derive(Debug, Default)]
pub(super) struct Removals(RefCell<Vec<Removal>>);

impl Removals {
    /// Remembers how to remove what an answer created, if a link of it leads to a removal. The answer to anything but
    /// a creation may lead to a deletion as well, of something else.
    pub(super) fn remember(
        &self,
        session: &Session<'_>,
        operation: &Operation,
        call: &Call,
        transcript: &Transcript,
    ) {
        if !creates(operation) {
            return;
        }
        for (link, target) in links(session, operation, transcript) {
            if target.method == Method::Delete {
                let removal = followed(session, call, transcript, link, target, Intent::Part);
                self.forget(&removal);
                let name = removal
                    .arguments
                    .first()
                    .map(|argument| format!("{:?}", argument.value))
                    .unwrap_or_default();
                self.0.borrow_mut().push(Removal {
                    name,
                    operation: target.id.clone(),
                    call: removal,
                });
            }
        }
    }

    /// Forgets what a call removed.
    pub(super) fn forget(&self, call: &Call) {
        self.0.borrow_mut().retain(|known| {
            known.operation != call.operation || known.call.arguments != call.arguments
        });
    }

    /// What is still to be removed, the last created first.
    pub(super) fn left(&self) -> Vec<Removal> {
        self.0.borrow().iter().rev().cloned().collect()
    }
}
