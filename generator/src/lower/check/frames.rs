//! What `x-frames` names: the things its conditions look at, members of items, parameters.

use crate::contract::{
    Condition, FrameRule, Layout, Lines, Location, Operation, Place, SchemaId, Schemas, Subject,
};
use crate::lower::context::Lowering;

use super::Scene;

/// Header fields of a request that no parameter may describe (OpenAPI 3.0.3, Parameter Object), or that belong to
/// the connection (RFC 9110 §7).
const UNDESCRIBED: [&str; 5] = ["accept", "content-type", "authorization", "connection", "upgrade"];

impl Lowering<'_, '_> {
    /// Whether everything that a rule names is there.
    pub(super) fn is_frame_rule(
        &mut self,
        scene: &Scene<'_>,
        own: &Operation,
        rule: &FrameRule,
    ) -> bool {
        let mut holds = true;
        for (index, condition) in rule.when.iter().enumerate() {
            // A single condition stands there without a list around it.
            let listed = self.below(&rule.place, &["when", &index.to_string()]);
            let alone = self.below(&rule.place, &["when"]);
            let place = if listed == rule.place { alone } else { listed };
            holds &= self.is_condition(scene, own, condition, &place);
        }
        let framing = &rule.framing;
        for (direction, layout) in [("receive", &framing.receive), ("send", &framing.send.layout)] {
            let place = self.below(&rule.place, &[direction]);
            holds &= self.is_layout(scene, own, layout, &place);
        }
        holds
    }

    fn is_condition(
        &mut self,
        scene: &Scene<'_>,
        own: &Operation,
        condition: &Condition,
        place: &Place,
    ) -> bool {
        let what = match &condition.subject {
            Subject::Body(pointer) => {
                let content = own.body.iter().flat_map(|body| &body.content);
                let schemas: Vec<_> = content.filter_map(|content| content.schema).collect();
                return self.leads_somewhere(scene.schemas, &schemas, pointer, place, &["body"]);
            }
            Subject::Query(name) => return self.has_parameter(own, name, place, &["query"]),
            Subject::Header(name) => {
                if is_header(own, name) {
                    return true;
                }
                format!("no request header field `{name}` is described")
            }
            Subject::ResponseHeader(name) => {
                if is_response_header(own, name) {
                    return true;
                }
                format!("no response has a header field `{name}`")
            }
            Subject::Status => {
                let status =
                    condition.equals.as_u64().and_then(|status| u16::try_from(status).ok());
                if status.is_some_and(|status| own.responses.get(status).is_some()) {
                    return true;
                }
                format!("no response {} is described", condition.equals)
            }
        };
        self.error("unknown-condition", place, what, "name something that the operation describes");
        false
    }

    fn is_layout(
        &mut self,
        scene: &Scene<'_>,
        own: &Operation,
        layout: &Layout,
        place: &Place,
    ) -> bool {
        match layout {
            Layout::Lines(lines) => self.is_lines(scene.schemas, lines, place),
            Layout::TextLines(lines) => {
                let mut holds = true;
                for (option, name) in &lines.options {
                    let keys = ["options", option.as_str()];
                    holds &= self.has_parameter(own, name, place, &keys);
                }
                holds
            }
            Layout::ChannelPairs { parameter, .. } => {
                self.has_parameter(own, parameter, place, &["param"])
            }
            Layout::Channels(channels) => {
                let mut holds = true;
                for (number, channel) in &channels.channels {
                    let Some(asked) = &channel.asked else { continue };
                    let Subject::Query(name) = &asked.subject else { continue };
                    let keys = ["channels", &number.to_string(), "asked", "query"];
                    holds &= self.has_parameter(own, name, place, &keys);
                }
                holds
            }
            Layout::Raw | Layout::LengthPrefixed(_) => true,
        }
    }

    fn is_lines(&mut self, schemas: &Schemas, lines: &Lines, place: &Place) -> bool {
        let Some(item) = lines.item else { return true };
        let mut holds = true;
        if let Some(last) = &lines.last {
            holds &= self.leads_somewhere(schemas, &[item], last, place, &["final", "when"]);
        }
        for (key, pointers) in
            [("alternatives", &lines.alternatives), ("identity", &lines.identity)]
        {
            for (index, pointer) in pointers.iter().enumerate() {
                let keys = [key, &index.to_string()];
                holds &= self.leads_somewhere(schemas, &[item], pointer, place, &keys);
            }
        }
        holds
    }
}

/// The schemas of what the streams of an operation carry.
pub(super) fn items_of_streams(own: &Operation) -> Vec<SchemaId> {
    let content = own.responses.iter().flat_map(|(_, response)| &response.content);
    let rules = content.flat_map(|content| &content.frames).chain(&own.frames);
    rules
        .filter_map(|rule| match &rule.framing.receive {
            Layout::Lines(lines) => lines.item,
            _ => None,
        })
        .collect()
}

fn is_header(own: &Operation, name: &str) -> bool {
    UNDESCRIBED.contains(&name.to_ascii_lowercase().as_str())
        || own.parameters.iter().any(|parameter| {
            parameter.location == Location::Header && parameter.name.eq_ignore_ascii_case(name)
        })
}

fn is_response_header(own: &Operation, name: &str) -> bool {
    let mut headers = own.responses.iter().flat_map(|(_, response)| &response.headers);
    name.eq_ignore_ascii_case("content-type")
        || headers.any(|header| header.name.eq_ignore_ascii_case(name))
}
