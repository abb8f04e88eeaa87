//! Names of models and their members. A schema with a name of its own keeps it;
//! an inline one is named after the way that leads to it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::alike::{self, Alike, Met};
use super::form::plain;
use super::scope::Scope;
use super::{Case, Form, Name, OperationNames, Text, status_name};
use crate::contract::{
    Additional, Api, Content, FrameRule, Layout, MediaType, Operation, OperationId, SchemaId,
    Shape, Union,
};

/// The names of one model.
#[derive(Clone, Debug)]
pub struct ModelNames {
    /// The type.
    pub type_name: Name,
    /// The module that emitted code has it from, below the crate: `api::models`, or `shared::types`.
    pub home: String,
    /// The module inside its home that defines it, without extension also its file.
    pub file: Name,
    /// Where it is defined, if that is not where this API has it from.
    pub shared: Option<SharedName>,
    /// What it is, as prose, where the document says nothing.
    pub about: String,
    /// Whether several inline schemas have this type, so that none of them speaks for it.
    pub is_common: bool,
    /// What is inside.
    pub members: MemberNames,
}

/// Where a model that several APIs use is defined.
#[derive(Clone, Debug)]
pub struct SharedName {
    /// The module, below the crate.
    pub home: String,
    /// The type there.
    pub type_name: Name,
}

/// The names inside a model.
#[derive(Clone, Debug, Default)]
pub struct MemberNames {
    /// Fields or variants, parallel to the properties, listed values or alternatives of the shape.
    pub each: Vec<Name>,
    /// The field of the members that the document does not list.
    pub additional: Option<Name>,
    /// Methods that give a property or its default, parallel to the properties.
    pub defaults: Vec<Name>,
}

impl MemberNames {
    /// The name of the member of that number.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Name> {
        self.each.get(index)
    }
}

/// Names of every schema with a type of its own that a named schema or an operation leads to, and the schemas that have
/// the type of another one.
pub(super) fn models(
    api: &Api,
    forms: &[Form],
    operations: &BTreeMap<OperationId, OperationNames>,
    home: impl Fn(SchemaId) -> String,
) -> (BTreeMap<SchemaId, ModelNames>, BTreeMap<SchemaId, SchemaId>) {
    let mut walk = Walk {
        api,
        forms,
        alike: Alike::of(api, forms),
        common: None,
        same: BTreeMap::new(),
        types: Scope::new(Case::Type, &[]),
        files: Scope::new(Case::Module, &[]),
        found: BTreeMap::new(),
        seen: BTreeSet::new(),
    };
    let named: Vec<(SchemaId, &str)> =
        api.schemas.iter().filter_map(|(id, schema)| Some((id, schema.name.as_deref()?))).collect();
    walk.name_named(&named);
    for operation in &api.operations {
        if let Some(names) = operations.get(&operation.id) {
            walk.operation(operation, names);
        }
    }
    let (found, same) = (walk.found, walk.same);
    let find = |id: SchemaId| found.get(same.get(&id).unwrap_or(&id));
    let members = found.keys().map(|id| members(api, forms, &find, *id)).collect::<Vec<_>>();
    let models = found
        .into_iter()
        .zip(members)
        .map(|((id, Found { type_name, file, about, is_common }), members)| {
            let home = home(id);
            (id, ModelNames { type_name, home, file, shared: None, about, is_common, members })
        })
        .collect();
    (models, same)
}

/// What is known of a schema with a type of its own once the way to it is found.
struct Found {
    type_name: Name,
    file: Name,
    about: String,
    is_common: bool,
}

/// The last step of a way to an inline schema.
#[derive(Clone, Copy)]
enum Step<'s> {
    Whole,
    Parameter(&'s str),
    Header(&'s str),
    Channel(&'s str),
    Member(&'s str),
    Item,
    Value,
    Alternative(usize),
}

impl Step<'_> {
    fn suffix(self) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Parameter(name)
            | Self::Header(name)
            | Self::Channel(name)
            | Self::Member(name) => name.to_owned(),
            Self::Item => "item".to_owned(),
            Self::Value => "value".to_owned(),
            Self::Alternative(number) => format!("variant {number}"),
        }
    }

    fn about(self, parent: &Name) -> String {
        match self {
            Self::Whole => "The body.".to_owned(),
            Self::Parameter(name) => format!("The parameter `{name}`."),
            Self::Header(name) => format!("The header field `{name}`."),
            Self::Channel(name) => format!("A message of the channel `{name}`."),
            Self::Member(name) => format!("The member `{name}` of `{parent}`."),
            Self::Item => format!("An item of `{parent}`."),
            Self::Value => format!("A further member of `{parent}`."),
            Self::Alternative(_) => format!("An alternative of `{parent}`."),
        }
    }
}

struct Walk<'a> {
    api: &'a Api,
    forms: &'a [Form],
    /// Inline schemas that are the same type.
    alike: Alike,
    /// The file of those types.
    common: Option<Name>,
    /// Schemas whose type is that of another one.
    same: BTreeMap<SchemaId, SchemaId>,
    types: Scope,
    files: Scope,
    found: BTreeMap<SchemaId, Found>,
    seen: BTreeSet<SchemaId>,
}

impl Walk<'_> {
    fn name_named(&mut self, named: &[(SchemaId, &str)]) {
        let types = self.types.assign(named.iter().map(|(_, name)| *name));
        let files = self.files.assign(types.iter().map(Name::as_str));
        let roots: Vec<_> = named.iter().zip(types.into_iter().zip(files)).collect();
        for ((id, name), (type_name, file)) in &roots {
            if self.form(*id).is_own() {
                let found = Found {
                    type_name: type_name.clone(),
                    file: file.clone(),
                    about: format!("The schema `{name}`."),
                    is_common: false,
                };
                self.found.insert(*id, found);
            }
            self.seen.insert(*id);
        }
        for ((id, _), (type_name, file)) in roots {
            self.inside(*id, &type_name, &file);
        }
    }

    fn operation(&mut self, operation: &Operation, names: &OperationNames) {
        let file = self.files.assign_one(Name::new(names.method.as_str(), Case::Module));
        let context = &names.type_base;
        for parameter in &operation.parameters {
            self.reach(parameter.schema, context, Step::Parameter(&parameter.name), &file);
        }
        if let Some(body) = &operation.body {
            self.contents(&body.content, &context.join("body", Case::Type), &file);
        }
        for (status, response) in operation.responses.iter() {
            let context = context.join(&status_name(status), Case::Type);
            self.contents(&response.content, &context, &file);
            for header in &response.headers {
                self.reach(header.schema, &context, Step::Header(&header.name), &file);
            }
        }
        self.frames(&operation.frames, context, &file);
    }

    fn contents(&mut self, contents: &[Content], context: &Name, file: &Name) {
        for content in contents {
            let context = match contents.len() {
                1 => context.clone(),
                _ => context.join(&media_type_name(&content.media_type), Case::Type),
            };
            if let Some(schema) = content.schema {
                self.reach(schema, &context, Step::Whole, file);
            }
            self.frames(&content.frames, &context, file);
        }
    }

    fn frames(&mut self, rules: &[FrameRule], context: &Name, file: &Name) {
        let layouts =
            rules.iter().flat_map(|rule| [&rule.framing.receive, &rule.framing.send.layout]);
        for layout in layouts {
            match layout {
                Layout::Lines(lines) => {
                    if let Some(item) = lines.item {
                        self.reach(item, context, Step::Item, file);
                    }
                }
                Layout::Channels(channels) => {
                    for channel in channels.channels.values() {
                        if let Some(item) = channel.item {
                            self.reach(item, context, Step::Channel(&channel.name), file);
                        }
                    }
                }
                Layout::Raw
                | Layout::LengthPrefixed(_)
                | Layout::TextLines(_)
                | Layout::ChannelPairs { .. } => {}
            }
        }
    }

    /// Names an inline schema after the way to it, then goes on inside it.
    fn reach(&mut self, id: SchemaId, parent: &Name, step: Step<'_>, file: &Name) {
        if !self.seen.insert(id) {
            return;
        }
        let mut context = parent.join(&step.suffix(), Case::Type);
        if self.shares(id, &context, step) {
            return;
        }
        if self.form(id).is_own() {
            context = self.types.assign_one(context);
            let (type_name, file) = (context.clone(), file.clone());
            let found = Found { type_name, file, about: step.about(parent), is_common: false };
            self.found.insert(id, found);
        }
        self.inside(id, &context, file);
    }

    /// Whether the schema has a type that others have as well; the first of them gives it its name.
    fn shares(&mut self, id: SchemaId, context: &Name, step: Step<'_>) -> bool {
        let Some(schema) = self.api.schemas.get(id) else { return false };
        match self.alike.meet(id, schema, self.form(id)) {
            Met::Alone => return false,
            Met::Again(first) => {
                self.same.insert(id, first);
            }
            Met::First => {
                let wish = alike::called(&schema.shape).or_else(|| match step {
                    Step::Parameter(name) | Step::Header(name) | Step::Member(name) => {
                        Some(Name::new(name, Case::Type))
                    }
                    _ => None,
                });
                let type_name = self.types.assign_one(wish.unwrap_or_else(|| context.clone()));
                let files = &mut self.files;
                let common = self
                    .common
                    .get_or_insert_with(|| files.assign_one(Name::new("common", Case::Module)));
                let (file, about) = (common.clone(), alike::ABOUT.to_owned());
                self.found.insert(id, Found { type_name, file, about, is_common: true });
            }
        }
        true
    }

    fn inside(&mut self, id: SchemaId, context: &Name, file: &Name) {
        let Some(schema) = self.api.schemas.get(id) else { return };
        match &schema.shape {
            Shape::Array { items, .. } => self.reach(*items, context, Step::Item, file),
            Shape::Object { properties, additional, .. } => {
                for property in properties {
                    self.reach(property.schema, context, Step::Member(&property.name), file);
                }
                if let Additional::Of(member) = additional {
                    self.reach(*member, context, Step::Value, file);
                }
            }
            Shape::Union(union) => {
                for (number, variant) in (1..).zip(&union.variants) {
                    self.reach(*variant, context, Step::Alternative(number), file);
                }
            }
            _ => {}
        }
    }

    fn form(&self, id: SchemaId) -> Form {
        self.forms.get(id.0 as usize).copied().unwrap_or(Form::Any)
    }
}

fn members<'f>(
    api: &Api,
    forms: &[Form],
    found: &impl Fn(SchemaId) -> Option<&'f Found>,
    id: SchemaId,
) -> MemberNames {
    let Some(schema) = api.schemas.get(id) else { return MemberNames::default() };
    match &schema.shape {
        Shape::Object { properties, additional, .. } => {
            let mut scope = Scope::new(Case::Value, &[]);
            let each = scope.assign(properties.iter().map(|property| property.name.as_str()));
            let mut further = |text: &str| scope.assign_one(Name::new(text, Case::Value));
            let additional = (*additional != Additional::Refused).then(|| further("additional"));
            let defaults = each.iter().map(|name| further(&format!("{name} or default"))).collect();
            MemberNames { each, additional, defaults }
        }
        Shape::Enumeration(values) => {
            let texts: Vec<String> = values.iter().map(value_text).collect();
            let each = Scope::new(Case::Variant, &[]).assign(texts.iter().map(String::as_str));
            MemberNames { each, ..MemberNames::default() }
        }
        Shape::Union(union) => {
            let labels = labels(api, forms, found, union);
            let each = Scope::new(Case::Variant, &[]).assign(labels.iter().map(String::as_str));
            MemberNames { each, ..MemberNames::default() }
        }
        _ => MemberNames::default(),
    }
}

fn value_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Null => "null".to_owned(),
        Value::Array(_) => "list".to_owned(),
        Value::Object(_) => "object".to_owned(),
    }
}

/// What the alternatives of a union are called: by their type, else by what they are.
fn labels<'f>(
    api: &Api,
    forms: &[Form],
    found: &impl Fn(SchemaId) -> Option<&'f Found>,
    union: &Union,
) -> Vec<String> {
    let label = |id: &SchemaId| {
        let schema = api.schemas.get(*id);
        if let Some(name) = schema.and_then(|schema| schema.name.clone()) {
            return name;
        }
        let form = forms.get(id.0 as usize).copied().unwrap_or(Form::Any);
        let form = match (form, schema) {
            (Form::Constrained, Some(schema)) => plain(&schema.shape),
            _ => form,
        };
        match found(*id) {
            Some(Found { type_name, .. })
                if matches!(form, Form::Object | Form::Enumeration | Form::Union) =>
            {
                type_name.to_string()
            }
            _ => form_text(form).to_owned(),
        }
    };
    union.variants.iter().map(label).collect()
}

fn form_text(form: Form) -> &'static str {
    match form {
        Form::Any => "any",
        Form::Never => "never",
        Form::Boolean => "boolean",
        Form::Integer(_) => "integer",
        Form::Number => "number",
        Form::Text(Text::Plain) => "string",
        Form::Text(Text::Base64) => "bytes",
        Form::Text(Text::Date) => "date",
        Form::Text(Text::DateTime) => "date time",
        Form::Text(Text::Uuid) => "uuid",
        Form::Text(Text::Ipv4) => "ipv4",
        Form::Text(Text::Ipv6) => "ipv6",
        Form::List(_) => "list",
        Form::Map(_) => "map",
        Form::Constrained | Form::Enumeration => "value",
        Form::Object => "object",
        Form::Union => "union",
    }
}

/// What a media type is called, where several have to be told apart.
pub(super) fn media_type_name(media_type: &MediaType) -> String {
    let essence = media_type.essence();
    match essence.as_str() {
        "*/*" => "any".to_owned(),
        "text/plain" => "text".to_owned(),
        "application/octet-stream" => "bytes".to_owned(),
        _ => essence.split_once('/').map_or(essence.clone(), |(_, subtype)| subtype.to_owned()),
    }
}
