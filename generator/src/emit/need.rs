//! What an API needs beyond what every output has: features of the output, by what stands in the document.

use crate::contract::{Api, Content, Layout, MediaType, Operation};

use super::support::{WEBSOCKET, YAML};

/// The features that the server of an API cannot do without.
#[must_use]
pub fn needs(api: &Api) -> Vec<&'static str> {
    let found = [
        (WEBSOCKET, api.operations.iter().any(has_channels)),
        (YAML, api.operations.iter().any(has_yaml)),
    ];
    found.into_iter().filter(|(_, needed)| *needed).map(|(feature, _)| feature).collect()
}

/// Whether bodies of this type are YAML documents (RFC 9512).
pub(super) fn is_yaml(media_type: &MediaType) -> bool {
    let essence = media_type.essence();
    let older = ["application/x-yaml", "text/yaml", "text/x-yaml"];
    essence == "application/yaml" || essence.ends_with("+yaml") || older.contains(&&*essence)
}

/// Whether an operation may be talked to over WebSocket.
pub(super) fn speaks_websocket(operation: &Operation) -> bool {
    let protocols = operation.upgrade.iter().flat_map(|upgrade| &upgrade.protocols);
    protocols.into_iter().any(|protocol| protocol.eq_ignore_ascii_case("websocket"))
}

fn has_channels(operation: &Operation) -> bool {
    let own = responses(operation).flat_map(|content| &content.frames).chain(&operation.frames);
    let mut layouts = own.map(|rule| &rule.framing.receive);
    speaks_websocket(operation)
        && layouts.any(|layout| matches!(layout, Layout::Channels(_) | Layout::ChannelPairs { .. }))
}

fn has_yaml(operation: &Operation) -> bool {
    let bodies = operation.body.iter().flat_map(|body| &body.content);
    bodies.chain(responses(operation)).any(|content| is_yaml(&content.media_type))
}

fn responses(operation: &Operation) -> impl Iterator<Item = &Content> {
    operation.responses.iter().flat_map(|(_, response)| &response.content)
}
