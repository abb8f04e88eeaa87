//! Parameters: those of the path with those of the operation laid over them.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{
    CookieStyle, HeaderStyle, Parameter as Spelled, ParameterData, PathStyle, QueryStyle,
};

use crate::contract::{Header, Location, Parameter, Style};
use crate::resolve::Cursor;

use super::context::Lowering;

/// Header fields that OpenAPI 3.0.3 (Parameter Object) leaves to other objects.
const RESERVED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Where and under which name a parameter travels; header fields are compared without regard to case.
type Identity = (Location, String);

/// Where a value travels and how it is written.
struct Manner {
    location: Location,
    style: Style,
    allow_reserved: bool,
}

impl<'d> Lowering<'d, '_> {
    /// The parameters of an operation, those of its path first; unique by name and location.
    pub(super) fn parameters(
        &mut self,
        item: &Cursor<'d>,
        operation: &Cursor<'d>,
    ) -> Vec<Parameter> {
        let mut parameters = self.listed_parameters(item);
        let known: BTreeMap<_, _> = parameters
            .iter()
            .enumerate()
            .map(|(index, (identity, _))| (identity.clone(), index))
            .collect();
        for (identity, own) in self.listed_parameters(operation) {
            match known.get(&identity).and_then(|index| parameters.get_mut(*index)) {
                Some(slot) => slot.1 = own,
                None => parameters.push((identity, own)),
            }
        }
        parameters.into_iter().map(|(_, parameter)| parameter).collect()
    }

    fn listed_parameters(&mut self, owner: &Cursor<'d>) -> Vec<(Identity, Parameter)> {
        let mut parameters = Vec::new();
        let mut seen = BTreeSet::new();
        for cursor in owner.get("parameters").iter().flat_map(Cursor::items) {
            let Some(parameter) = self.parameter(&cursor) else { continue };
            let identity = identity(&parameter);
            if !seen.insert(identity.clone()) {
                self.error(
                    "duplicate-parameter",
                    &cursor.place(),
                    format_args!(
                        "the {} parameter `{}` is listed twice",
                        parameter.location, parameter.name
                    ),
                    "remove one of the two",
                );
                continue;
            }
            parameters.push((identity, parameter));
        }
        parameters
    }

    fn parameter(&mut self, cursor: &Cursor<'d>) -> Option<Parameter> {
        let cursor = self.follow(cursor)?;
        self.has_one_schema(&cursor)?;
        let spelled = self.described_piece(&cursor, "a parameter")?;
        let (data, manner) = self.manner(&cursor, spelled);
        let ParameterData { name, description, required, deprecated, explode, .. } = data;
        if manner.location == Location::Header
            && RESERVED_HEADERS.contains(&name.to_ascii_lowercase().as_str())
        {
            self.ignored_header(&cursor, &name);
            return None;
        }
        if manner.location == Location::Header && !self.is_field_name(&cursor, &name) {
            return None;
        }
        let content = cursor.get("content").and_then(|map| self.only_content(&map));
        let schema = match (cursor.get("schema"), &content) {
            (Some(schema), _) => self.schema_id(&schema),
            (None, Some(content)) => {
                content.schema.unwrap_or_else(|| self.anything(&cursor.place()))
            }
            (None, None) => self.any_text(&cursor.place()),
        };
        Some(Parameter {
            required: required || manner.location == Location::Path,
            name,
            location: manner.location,
            description,
            deprecated: deprecated.unwrap_or_default(),
            schema,
            style: manner.style,
            explode: explode.unwrap_or(manner.style == Style::Form),
            allow_reserved: manner.allow_reserved,
            content: content.filter(|_| cursor.get("schema").is_none()),
            multi_segment: self.multi_segment(&cursor, &manner),
            examples: self.examples(&cursor),
            same_as_absent: self.same_as_absent(&cursor),
            known: self.flag(&cursor, "x-known").unwrap_or_default(),
            unsupported: self.flag(&cursor, "x-unsupported").unwrap_or_default(),
            provenance: self.provenance(&cursor),
            place: cursor.place(),
        })
    }

    /// A parameter or header has a schema or a media type, not both; with neither it is a text.
    pub(super) fn has_one_schema(&mut self, cursor: &Cursor<'d>) -> Option<()> {
        let (Some(_), Some(content)) = (cursor.get("schema"), cursor.get("content")) else {
            return Some(());
        };
        let message = "`schema` and `content` exclude each other";
        let help = "state the `schema` of the value";
        self.error("exclusive-keys", &content.place(), message, help);
        None
    }

    fn manner(&mut self, cursor: &Cursor<'d>, spelled: Spelled) -> (ParameterData, Manner) {
        let (data, location, style, allow_reserved) = match spelled {
            Spelled::Query { parameter_data, allow_reserved, style, allow_empty_value } => {
                if allow_empty_value == Some(true) {
                    self.not_carried(cursor, "`allowEmptyValue`");
                }
                (parameter_data, Location::Query, query_style(&style), allow_reserved)
            }
            Spelled::Header { parameter_data, style: HeaderStyle::Simple } => {
                (parameter_data, Location::Header, Style::Simple, false)
            }
            Spelled::Path { parameter_data, style } => {
                if !parameter_data.required {
                    self.optional_in_path(cursor, &parameter_data.name);
                }
                (parameter_data, Location::Path, path_style(&style), false)
            }
            Spelled::Cookie { parameter_data, style: CookieStyle::Form } => {
                (parameter_data, Location::Cookie, Style::Form, false)
            }
        };
        (data, Manner { location, style, allow_reserved })
    }

    /// `x-multi-segment`; whether the path gives it the room is seen once both are known.
    fn multi_segment(&mut self, cursor: &Cursor<'d>, manner: &Manner) -> bool {
        let said = self.flag(cursor, "x-multi-segment").unwrap_or_default();
        let fits = manner.location == Location::Path
            && manner.style == Style::Simple
            && cursor.get("content").is_none();
        if said && !fits {
            self.warning(
                "bad-multi-segment",
                &cursor.place(),
                "only a path parameter of the style `simple` spans segments",
                "remove `x-multi-segment`",
            );
        }
        said && fits
    }

    fn optional_in_path(&mut self, cursor: &Cursor<'d>, name: &str) {
        self.error(
            "optional-path-parameter",
            &cursor.place(),
            format_args!(
                "the path parameter `{name}` is not said to be required, and cannot be left out"
            ),
            "add `required: true`",
        );
    }

    pub(super) fn ignored_header(&mut self, cursor: &Cursor<'d>, name: &str) {
        self.warning(
            "ignored-header",
            &cursor.place(),
            format_args!("OpenAPI does not let the header field `{name}` be described here"),
            "use media types or security schemes instead",
        );
    }

    /// Whether a header field can be called that; tells if not.
    pub(super) fn is_field_name(&mut self, cursor: &Cursor<'d>, name: &str) -> bool {
        let is_name = Header::can_be_called(name);
        if !is_name {
            self.warning(
                "bad-header-name",
                &cursor.place(),
                format_args!("no header field can be called `{}`", name.escape_default()),
                "use letters, digits and hyphens; it is left out",
            );
        }
        is_name
    }

    /// `x-same-as-absent`; a schema's default is added once all schemas are known.
    fn same_as_absent(&mut self, cursor: &Cursor<'d>) -> Vec<serde_json::Value> {
        let listed =
            cursor.get("x-same-as-absent").map(|list| self.list_of(&list)).unwrap_or_default();
        listed.iter().map(|value| value.node().to_json()).collect()
    }
}

fn identity(parameter: &Parameter) -> Identity {
    let name = match parameter.location {
        Location::Header => parameter.name.to_ascii_lowercase(),
        _ => parameter.name.clone(),
    };
    (parameter.location, name)
}

fn query_style(style: &QueryStyle) -> Style {
    match style {
        QueryStyle::Form => Style::Form,
        QueryStyle::SpaceDelimited => Style::SpaceDelimited,
        QueryStyle::PipeDelimited => Style::PipeDelimited,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}

fn path_style(style: &PathStyle) -> Style {
    match style {
        PathStyle::Matrix => Style::Matrix,
        PathStyle::Label => Style::Label,
        PathStyle::Simple => Style::Simple,
    }
}
