//! Which rules an operation gives reason to check, from the contract alone.

mod lists;

use generator::contract::{
    Api, Content, FrameRule, Layout, Length, Location, Method, Operation, PagingStyle, Parameter,
    PatchKind, Shape, Subject,
};

use super::Rule;
use crate::strategy::{Constraint, edges, misses};

/// The rules that can be checked on an operation, in the order of the table.
#[must_use]
pub fn applicable(api: &Api, operation: &Operation) -> Vec<Rule> {
    let facts = Facts::of(api, operation);
    Rule::TABLE.iter().map(|entry| entry.rule).filter(|rule| facts.ask_for(*rule)).collect()
}

/// What the rules ask of an operation, looked up once.
struct Facts<'a> {
    api: &'a Api,
    operation: &'a Operation,
    contents: Vec<&'a Content>,
    layouts: Vec<&'a Layout>,
}

impl<'a> Facts<'a> {
    fn of(api: &'a Api, operation: &'a Operation) -> Self {
        let contents: Vec<_> =
            operation.responses.iter().flat_map(|(_, response)| &response.content).collect();
        let rules =
            operation.frames.iter().chain(contents.iter().flat_map(|content| &content.frames));
        let layouts = rules.map(|rule: &FrameRule| &rule.framing.receive).collect();
        Self { api, operation, contents, layouts }
    }

    fn ask_for(&self, rule: Rule) -> bool {
        match rule.chapter() {
            "status" => true,
            "routing" => match rule {
                Rule::RoutingUnknownPath => self.operation.method == Method::Get,
                _ => self.is_first_of_path(),
            },
            "body" => self.body(rule),
            "headers" => self.headers(rule),
            "request-validation" => self.request(rule),
            "auth" => {
                self.operation.security.iter().all(|one| !one.schemes.is_empty())
                    && !self.operation.security.is_empty()
            }
            "lifecycle" => self.lifecycle(rule),
            "paging" => {
                self.operation.paging.as_ref().is_some_and(|paging| self.paging(paging, rule))
                    || self.equivalent(rule)
            }
            "frame" => self.frame(rule),
            "watch" => self.operation.watch.as_ref().is_some_and(|watch| self.watch(watch, rule)),
            "log" => self.log(rule),
            "upgrade" => self.upgrade(rule),
            _ => false,
        }
    }

    /// Whether a plain request is answered with a stream.
    fn always_streams(&self) -> bool {
        always(&self.operation.frames)
            || self.contents.iter().any(|content| always(&content.frames))
    }

    fn body(&self, rule: Rule) -> bool {
        let plain = self
            .contents
            .iter()
            .any(|content| content.media_type.is_json() && !always(&content.frames));
        match rule {
            Rule::BodyMediaType => !self.contents.is_empty(),
            Rule::BodyJson => plain,
            Rule::BodySchema => {
                plain && self.contents.iter().any(|content| content.schema.is_some())
            }
            Rule::BodyAbsent => self
                .operation
                .responses
                .iter()
                .any(|(key, _)| matches!(key, generator::contract::StatusKey::Code(204 | 304))),
            Rule::BodyStatusField => {
                self.operation.responses.iter().any(|(_, response)| response.status_field.is_some())
            }
            _ => false,
        }
    }

    fn headers(&self, rule: Rule) -> bool {
        let mut documented =
            self.operation.responses.iter().flat_map(|(_, response)| &response.headers);
        match rule {
            Rule::HeadersRequired => documented.any(|header| header.required),
            Rule::HeadersSchema => documented.next().is_some(),
            Rule::HeadersChallenge => !self.operation.security.is_empty(),
            Rule::HeadersAllow => self.is_first_of_path(),
            // Only what a server happens to answer shows this.
            Rule::HeadersRetryAfter => false,
            _ => true,
        }
    }

    fn request(&self, rule: Rule) -> bool {
        let is_read = self.operation.method == Method::Get && !self.always_streams();
        match rule {
            Rule::RequestMalformed | Rule::RequestMediaType | Rule::RequestMediaTypeCase => {
                self.json_bodies().next().is_some()
            }
            Rule::RequestDefault => {
                is_read && self.sent().any(|parameter| !self.defaults(parameter).is_empty())
            }
            Rule::RequestSameAsAbsent => {
                is_read
                    && self.sent().any(|parameter| {
                        parameter.same_as_absent.len() > self.defaults(parameter).len()
                    })
            }
            Rule::RequestUnknownParameter | Rule::RequestRobust => true,
            Rule::RequestRequired => {
                let body = self.operation.body.as_ref().is_some_and(|body| body.required);
                body || self.body_breaks(rule) || self.sent().any(|parameter| parameter.required)
            }
            Rule::RequestType => {
                self.body_breaks(rule) || self.sent().any(|parameter| self.is_number(parameter))
            }
            Rule::RequestConstraint => {
                self.body_breaks(rule) || self.sent().any(|parameter| self.is_bounded(parameter))
            }
            Rule::RequestBoundary => self.sent().any(|parameter| {
                let shape = self.shape(parameter);
                let is_range = matches!(shape, Some(Shape::Integer { .. } | Shape::Number { .. }));
                is_range && !edges(&self.api.schemas, parameter.schema).is_empty()
            }),
            _ => false,
        }
    }

    fn sent(&self) -> impl Iterator<Item = &'a Parameter> {
        let parameters = self.operation.parameters.iter();
        parameters.filter(|parameter| parameter.location != Location::Path)
    }

    fn json_bodies(&self) -> impl Iterator<Item = &'a Content> {
        let contents = self.operation.body.iter().flat_map(|body| &body.content);
        contents.filter(|content| content.media_type.is_json())
    }

    /// Whether a near miss of the body is about that rule.
    fn body_breaks(&self, rule: Rule) -> bool {
        let schemas = self.json_bodies().filter_map(|content| content.schema);
        schemas.flat_map(|id| misses(&self.api.schemas, id)).any(|miss| {
            rule == match miss.constraint {
                Constraint::Type => Rule::RequestType,
                Constraint::Required => Rule::RequestRequired,
                _ => Rule::RequestConstraint,
            }
        })
    }

    /// Whether it is the operation that speaks for all on its path.
    fn is_first_of_path(&self) -> bool {
        let first =
            self.api.operations.iter().find(|other| other.path.is_same_as(&self.operation.path));
        first.is_some_and(|first| first.id == self.operation.id)
    }

    fn shape(&self, parameter: &Parameter) -> Option<&'a Shape> {
        self.api.schemas.get(parameter.schema).map(|schema| &schema.shape)
    }

    fn is_number(&self, parameter: &Parameter) -> bool {
        matches!(
            self.shape(parameter),
            Some(Shape::Integer { .. } | Shape::Number { .. } | Shape::Boolean)
        )
    }

    fn is_bounded(&self, parameter: &Parameter) -> bool {
        match self.shape(parameter) {
            Some(Shape::String { length, pattern, .. }) => {
                pattern.is_some() || *length != Length::default()
            }
            Some(Shape::Enumeration(_)) => true,
            Some(Shape::Integer { multiple_of, .. }) => multiple_of.is_some(),
            _ => false,
        }
    }

    fn defaults(&self, parameter: &'a Parameter) -> Vec<&'a serde_json::Value> {
        let default =
            self.api.schemas.get(parameter.schema).and_then(|schema| schema.default.as_ref());
        parameter.same_as_absent.iter().filter(|value| Some(*value) == default).collect()
    }

    fn lifecycle(&self, rule: Rule) -> bool {
        let links: Vec<_> =
            self.operation.responses.iter().flat_map(|(_, response)| &response.links).collect();
        let leads_to = |method: Method| {
            links.iter().any(|link| {
                self.api.operation(&link.operation).is_some_and(|target| target.method == method)
            })
        };
        let makes = self.operation.method == Method::Post && !links.is_empty();
        match rule {
            Rule::LifecycleSafe => self.operation.method == Method::Get && !self.always_streams(),
            Rule::LifecycleDistinct => makes && self.operation.upgrade.is_none(),
            Rule::LifecycleReadBack | Rule::LifecycleDuplicate => makes && leads_to(Method::Get),
            Rule::LifecycleListed => makes && leads_to(Method::Get) && self.is_listed(),
            Rule::LifecycleGone => self.operation.method == Method::Delete,
            Rule::LifecycleUpdate => self.operation.method == Method::Put && self.is_item(),
            Rule::LifecycleIdentity => self.operation.method == Method::Put && self.is_item(),
            Rule::LifecycleVersion | Rule::LifecycleConflict => {
                self.operation.method == Method::Put && self.operation.version.is_some()
            }
            Rule::LifecycleMergePatch => self.patches(PatchKind::MergePatch),
            Rule::LifecycleJsonPatch | Rule::LifecyclePatchAtomic => {
                self.patches(PatchKind::JsonPatch)
            }
            Rule::LifecyclePatchMalformed => {
                PatchKind::ALL.into_iter().any(|(_, kind)| self.patches(kind))
            }
            Rule::LifecycleDryRun => self.operation.dry_run.is_some(),
            Rule::LifecycleMissing => self.operation.parameters.iter().any(|parameter| {
                parameter.location == Location::Path
                    && !parameter.known
                    && self.operation.path.parameters().last() == Some(&parameter.name)
            }),
            _ => false,
        }
    }

    /// Whether the same path can be read, so that a write to it shows.
    fn is_item(&self) -> bool {
        let path = &self.operation.path;
        self.api
            .operations
            .iter()
            .any(|other| other.method == Method::Get && other.path.is_same_as(path))
    }

    fn patches(&self, kind: PatchKind) -> bool {
        let contents = self.operation.body.iter().flat_map(|body| &body.content);
        self.operation.method == Method::Patch
            && contents.into_iter().any(|content| content.patch == Some(kind))
    }

    fn is_listed(&self) -> bool {
        self.api.operations.iter().any(|other| {
            other.path == self.operation.path
                && other.paging.as_ref().is_some_and(|paging| {
                    matches!(paging.style, PagingStyle::None | PagingStyle::Cursor)
                })
        })
    }

    fn equivalent(&self, rule: Rule) -> bool {
        rule == Rule::PagingEquivalent && self.operation.equivalent.is_some()
    }

    /// Whether something says of an answer that it is a stream.
    fn is_declared_stream(&self) -> bool {
        let own = self.contents.iter().flat_map(|content| &content.frames);
        own.chain(&self.operation.frames).any(|rule| !rule.inferred)
    }

    fn frame(&self, rule: Rule) -> bool {
        let lines = self.layouts.iter().find_map(|layout| match layout {
            Layout::Lines(lines) => Some(lines),
            _ => None,
        });
        let prefixed = self.layouts.iter().find_map(|layout| match layout {
            Layout::LengthPrefixed(prefixed) => Some(prefixed),
            _ => None,
        });
        match rule {
            Rule::FrameHeader | Rule::FramePayload | Rule::FrameConstant | Rule::FrameStream => {
                prefixed.is_some()
            }
            Rule::FrameMax => prefixed.is_some_and(|prefixed| prefixed.max_frame.is_some()),
            Rule::FrameLineJson | Rule::FrameLineTerminated => lines.is_some(),
            Rule::FrameLineSchema => lines.is_some_and(|lines| lines.item.is_some()),
            Rule::FrameLineAlternatives => {
                lines.is_some_and(|lines| !lines.alternatives.is_empty())
            }
            Rule::FrameLineFinal => lines.is_some_and(|lines| lines.last.is_some()),
            Rule::FrameLineDistinct => lines.is_some_and(|lines| !lines.identity.is_empty()),
            Rule::FrameMediaType => !self.layouts.is_empty(),
            Rule::FrameUnbounded => self.is_declared_stream(),
            rule if rule.id().starts_with("frame.channel") => self.channels(rule),
            Rule::FrameSocketFragmented => false,
            rule if rule.id().starts_with("frame.websocket") => self.has_channels(),
            // What only a workflow can show.
            _ => false,
        }
    }

    fn upgrade(&self, rule: Rule) -> bool {
        let Some(upgrade) = &self.operation.upgrade else { return false };
        let is_socket = |protocol: &String| protocol.eq_ignore_ascii_case("websocket");
        let by_socket =
            self.operation.method == Method::Get && upgrade.protocols.iter().any(is_socket);
        match rule {
            Rule::UpgradePlain => !upgrade.required,
            Rule::UpgradeRequired => upgrade.required,
            Rule::UpgradeUnknownSubprotocol => by_socket && self.has_channels(),
            rule if rule.id().starts_with("upgrade.websocket") => by_socket,
            _ => true,
        }
    }

    fn has_channels(&self) -> bool {
        let is_one =
            |layout: &&Layout| matches!(layout, Layout::Channels(_) | Layout::ChannelPairs { .. });
        self.layouts.iter().any(is_one)
    }

    fn channels(&self, rule: Rule) -> bool {
        let mut channels = self.layouts.iter().flat_map(|layout| match layout {
            Layout::Channels(layout) => layout.channels.values().collect(),
            _ => Vec::new(),
        });
        let opens =
            |layout: &&Layout| matches!(layout, Layout::ChannelPairs { opens_with: Some(_), .. });
        match rule {
            Rule::FrameChannelAsked => channels.any(|it| it.asked.is_some() && !it.to_server),
            Rule::FrameChannelTimes => channels.any(|it| it.times.is_some() && !it.to_server),
            Rule::FrameChannelSchema => channels.any(|it| it.item.is_some() && !it.to_server),
            Rule::FrameChannelLast => channels.any(|it| it.last),
            Rule::FramePairOpening => self.layouts.iter().any(opens),
            // What only a workflow can show.
            Rule::FrameChannelOutcome => false,
            _ => self.has_channels(),
        }
    }
}

/// Whether some framing does not wait for a query that asks for it.
fn always(frames: &[FrameRule]) -> bool {
    let asked = |rule: &FrameRule| {
        rule.when.iter().any(|condition| matches!(condition.subject, Subject::Query(_)))
    };
    frames.iter().any(|rule| !asked(rule))
}
