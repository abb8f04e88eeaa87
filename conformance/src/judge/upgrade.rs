//! The chapter `upgrade`: 101 where it was offered, and nowhere else; for WebSocket, what its handshake agrees on.

use generator::contract::{Operation, StatusKey, Upgrade};

use crate::call::{Call, Handshake, Intent};
use crate::frame::{WEBSOCKET_VERSION, websocket_accept};
use crate::probe::Header;
use crate::rule::Rule;
use crate::transcript::{Head, Transcript};
use crate::verdict::Judgement;

/// Judges an answer of an operation that may switch protocols.
pub(super) fn judge(operation: &Operation, call: &Call, transcript: &Transcript) -> Vec<Judgement> {
    let (Some(upgrade), Some(head)) = (&operation.upgrade, &transcript.head) else {
        return Vec::new();
    };
    let at_fault = matches!(call.intent, Intent::Refuse { .. });
    match (call.upgrade.is_empty(), at_fault) {
        (true, false) => plain(operation, upgrade, head).into_iter().collect(),
        (true, true) => Vec::new(),
        (false, false) => offered(operation, upgrade, call, head),
        (false, true) => refused(upgrade, transcript, head).into_iter().collect(),
    }
}

/// Whether a success is documented for that status itself.
fn is_documented_success(operation: &Operation, status: u16) -> bool {
    let documented =
        operation.responses.get(status).is_some_and(|(key, _)| key != StatusKey::Default);
    documented && (status == 101 || (200..300).contains(&status))
}

fn plain(operation: &Operation, upgrade: &Upgrade, head: &Head) -> Option<Judgement> {
    let rule = Rule::UpgradePlain;
    if upgrade.required || !matches!(head.status, 101 | 200..=299) {
        return None;
    }
    let holds = head.status != 101 && is_documented_success(operation, head.status);
    let message = || format!("answered {} although no upgrade was offered", head.status);
    Some(Judgement::of(rule, holds, message, Some(&upgrade.place)))
}

fn offered(operation: &Operation, upgrade: &Upgrade, call: &Call, head: &Head) -> Vec<Judgement> {
    if !matches!(head.status, 101 | 200..=299) {
        return Vec::new();
    }
    let place = Some(&upgrade.place);
    let documented = is_documented_success(operation, head.status);
    let message = || format!("an offer to upgrade is answered with {}", head.status);
    let mut found = vec![Judgement::of(Rule::UpgradeSwitch, documented, message, place)];
    if head.status == 101 {
        let named = head.members("upgrade").next().is_some();
        let listed = head.lists("connection", "upgrade");
        let message = || match (named, listed) {
            (false, _) => "101 comes without Upgrade".to_owned(),
            (true, _) => "101 comes without `upgrade` in Connection".to_owned(),
        };
        found.push(Judgement::of(Rule::UpgradeHeaders, named && listed, message, place));
        found.extend(protocol(upgrade, call, head));
        if let Some(handshake) = &call.handshake {
            found.extend(accept(upgrade, handshake, head));
            found.push(agreed(upgrade, handshake, head));
        }
    }
    found
}

/// The key says that the answer is to this very handshake.
fn accept(upgrade: &Upgrade, handshake: &Handshake, head: &Head) -> Option<Judgement> {
    let expected = websocket_accept(handshake.key.as_ref()?);
    let found: Vec<_> = head.fields("sec-websocket-accept").filter_map(Header::text).collect();
    let message = || match found.as_slice() {
        [] => "101 comes without Sec-WebSocket-Accept".to_owned(),
        found => format!("Sec-WebSocket-Accept is {}, not {expected}", found.join(" and ")),
    };
    let holds = found == [expected.as_str()];
    Some(Judgement::of(Rule::UpgradeAccept, holds, message, Some(&upgrade.place)))
}

/// Names of subprotocols are compared as they are (RFC 6455 §11.5).
fn agreed(upgrade: &Upgrade, handshake: &Handshake, head: &Head) -> Judgement {
    let chosen: Vec<_> = head.fields("sec-websocket-protocol").filter_map(Header::text).collect();
    let extended = head.members("sec-websocket-extensions").next();
    let holds = extended.is_none()
        && match chosen.as_slice() {
            [] => true,
            [one] => handshake.protocols.iter().any(|offered| offered == one),
            _ => false,
        };
    let message = || match (extended, chosen.as_slice()) {
        (Some(extension), _) => format!("agrees on the extension {extension}; none was offered"),
        (None, [""]) => "Sec-WebSocket-Protocol is there and empty".to_owned(),
        (None, chosen) => format!(
            "agrees on the subprotocol {}; offered was {}",
            chosen.join(" and "),
            handshake.protocols.join(", ")
        ),
    };
    Judgement::of(Rule::UpgradeSubprotocol, holds, message, Some(&upgrade.place))
}

/// Judges the answer to a handshake that is wrong in the way that the rule is about.
#[must_use]
pub fn wrong_handshake(rule: Rule, upgrade: &Upgrade, transcript: &Transcript) -> Judgement {
    let Some(head) = &transcript.head else {
        let why = format!("no answer: {}", transcript.end);
        return Judgement::inconclusive(rule, why);
    };
    let refused = matches!(head.status, 400..500);
    let (holds, expected) = match rule {
        Rule::UpgradeVersion => (
            matches!(head.status, 400 | 426)
                && head.lists("sec-websocket-version", WEBSOCKET_VERSION),
            "400 or 426 with the version 13 in Sec-WebSocket-Version",
        ),
        Rule::UpgradeUnknownSubprotocol => {
            let agrees = head.fields("sec-websocket-protocol").next().is_some();
            (refused || head.status == 101 && !agrees, "a refusal, or 101 without a subprotocol")
        }
        Rule::UpgradeMethod => (refused || head.status == 501, "a refusal"),
        _ => (refused, "a refusal"),
    };
    let versions: Vec<_> = head.members("sec-websocket-version").collect();
    let message = || {
        let named = match versions.as_slice() {
            [] => String::new(),
            versions => format!(" with the version {}", versions.join(", ")),
        };
        format!("answered {}{named} instead of {expected}", head.status)
    };
    Judgement::of(rule, holds, message, Some(&upgrade.place))
}

/// Protocol names are compared without regard to case, since most of them are registered so.
fn protocol(upgrade: &Upgrade, call: &Call, head: &Head) -> Option<Judgement> {
    head.members("upgrade").next()?;
    let stranger = head.members("upgrade").find(|protocol| {
        !call.upgrade.iter().any(|offered| offered.eq_ignore_ascii_case(protocol))
    });
    let message = || {
        let stranger = stranger.unwrap_or_default();
        format!("101 switches to {stranger}; offered was {}", call.upgrade.join(", "))
    };
    let holds = stranger.is_none();
    Some(Judgement::of(Rule::UpgradeProtocol, holds, message, Some(&upgrade.place)))
}

/// A refusal is an ordinary message with an end of its own.
fn refused(upgrade: &Upgrade, transcript: &Transcript, head: &Head) -> Option<Judgement> {
    let rule = Rule::UpgradeRefused;
    let place = Some(&upgrade.place);
    match head.status {
        101 => Some(Judgement::broken(rule, "a request at fault is answered with 101", place)),
        400.. => {
            let message = || format!("the refusal with {} is no whole message", head.status);
            Some(Judgement::of(rule, transcript.is_whole(), message, place))
        }
        _ => None,
    }
}
