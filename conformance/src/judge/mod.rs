//! (rule, contract, transcript) → judgements. Pure: no sockets, no clock, no randomness.

mod body;
mod compare;
mod conditions;
mod content;
mod frame;
mod headers;
mod inferred;
mod intent;
pub mod log;
pub mod paging;
mod schema;
mod status;
mod upgrade;
pub mod watch;
mod websocket;

use generator::contract::Operation;

use crate::call::{Call, Intent};
use crate::transcript::Transcript;
use crate::verdict::Judgement;

pub use compare::{Lost, Sameness, holds, lost, sameness};
pub use content::{Progress, Wanted, belongs, progress, quoted};
pub use frame::framing;
pub use inferred::Inferred;
pub use schema::{Validators, Validity};
pub use status::{acceptable, is_conventional};
pub use upgrade::wrong_handshake;
pub use websocket::{agreed, pairs};

/// Judges one exchange by every rule that a single answer can break, and by what the call was for.
#[must_use]
pub fn exchange(
    validators: &Validators,
    operation: &Operation,
    call: &Call,
    transcript: &Transcript,
) -> Vec<Judgement> {
    let Some(status) = transcript.status() else {
        return headers::message(transcript);
    };
    let mut found = headers::message(transcript);
    // A foreign method is not this operation's: its answer has no entry here.
    if call.method.is_none() {
        found.extend(status::documented(operation, status));
        found.extend(status::interim(transcript, call));
        found.extend(headers::documented(validators, operation, status, transcript));
        found.extend(body::judge(validators, operation, call, status, transcript));
        found.extend(frame::judge(validators, operation, call, transcript));
        found.extend(upgrade::judge(operation, call, transcript));
    }
    found.extend(headers::protocol(transcript, status));
    if !expects_server_error(operation, call, status) {
        found.push(status::server_error(status));
    }
    found.extend(intent::judge(operation, call, status));
    found
}

/// A server error that is declared as the refusal of this very fault is no finding.
fn expects_server_error(operation: &Operation, call: &Call, status: u16) -> bool {
    match &call.intent {
        Intent::Refuse { fault, .. } => {
            operation.refusals.get(*fault).is_some_and(|statuses| statuses.contains(&status))
        }
        Intent::Part => true,
        _ => false,
    }
}
