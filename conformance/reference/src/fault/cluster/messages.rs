//! Messages of processes and ports: channels, outcomes, sizes, ends.

use serde_json::{Value, json};

use super::text;
use crate::fault::sockets::Message;

const ERRORS: u8 = 2;
const OUTCOME: u8 = 3;
const SIZE: u8 = 4;
/// The channel on which the newest subprotocol closes others.
const END: u8 = 255;

/// Every process ends well.
pub(crate) fn always_well(mut message: Message) -> Vec<Message> {
    let outcome = message.payload.get(1..).filter(|_| message.channel() == Some(OUTCOME));
    let outcome = outcome.and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
    if outcome.is_some_and(|outcome| text(&outcome, "/reason") == "NonZeroExitCode") {
        message.payload.truncate(1);
        let well = json!({ "metadata": {}, "status": "Success" });
        message.payload.extend_from_slice(well.to_string().as_bytes());
    }
    vec![message]
}

pub(crate) fn errors_as_output(mut message: Message) -> Vec<Message> {
    if message.channel() == Some(ERRORS) {
        message.move_to(1);
    }
    vec![message]
}

pub(crate) fn no_outcome(message: Message) -> Vec<Message> {
    if message.channel() == Some(OUTCOME) { Vec::new() } else { vec![message] }
}

pub(crate) fn two_outcomes(message: Message) -> Vec<Message> {
    if message.channel() == Some(OUTCOME) { vec![message.clone(), message] } else { vec![message] }
}

pub(crate) fn end_of_input_unheard(message: Message) -> Vec<Message> {
    if message.channel() == Some(END) { Vec::new() } else { vec![message] }
}

pub(crate) fn sizes_unheard(message: Message) -> Vec<Message> {
    if message.channel() == Some(SIZE) { Vec::new() } else { vec![message] }
}

pub(crate) fn pings_unheard(message: Message) -> Vec<Message> {
    if message.is_ping() { Vec::new() } else { vec![message] }
}

/// Every stream ends by a failure of the server, as its close says.
pub(crate) fn closed_by_failure(mut message: Message) -> Vec<Message> {
    if message.is_close() {
        message.payload = 1011_u16.to_be_bytes().to_vec();
    }
    vec![message]
}

pub(crate) fn bytes_called_text(mut message: Message) -> Vec<Message> {
    if message.channel().is_some() {
        message.call_text();
    }
    vec![message]
}

pub(crate) fn ports_turned_round(mut message: Message) -> Vec<Message> {
    if message.channel().is_some() && message.before == 0 && message.payload.len() == 3 {
        message.payload.swap(1, 2);
    }
    vec![message]
}

/// What a second port says comes from the first.
pub(crate) fn ports_mixed(mut message: Message) -> Vec<Message> {
    if message.channel() == Some(2) && message.before > 0 {
        message.move_to(0);
    }
    vec![message]
}
