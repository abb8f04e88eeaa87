//! A documented body → its pieces, with room for what a refusal has to say.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use super::media::Media;
use crate::contract::{Api, Content, Property, SchemaId, Shape, StatusField, StringFormat};
use crate::emit::sample::{accepts, sample};
use crate::name::{Case, Name};

/// No message is longer, in characters.
const LONGEST_MESSAGE: u64 = 2000;

/// The names of faults are shorter, in characters.
const LONGEST_FAULT: u64 = 20;

/// What members that tell people what is wrong are usually called: the last word of their name.
const TELLING: &[&str] =
    &["message", "messages", "msg", "error", "detail", "details", "description", "title", "text"];

/// A piece of a body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Piece {
    /// That text.
    Text(String),
    /// The message as it is.
    Message(u64),
    /// The message as a JSON string.
    Quoted(u64),
    /// The name of the fault as a JSON string.
    Fault,
}

/// The body of a refusal with that status, in a documented content.
pub(super) fn body(
    api: &Api,
    status: u16,
    field: Option<&StatusField>,
    content: &Content,
    media: Media,
) -> Option<Vec<Piece>> {
    let mut pieces = Pieces::default();
    match (media, content.schema) {
        (Media::Text, _) => return Some(plain()),
        (Media::Json, Some(schema)) => {
            let template = Template { api, schema, content };
            template.write(&template.value(status, field)?, &mut pieces);
        }
        (Media::Json, None) => {
            pieces.text("{\"message\":");
            pieces.0.push(Piece::Quoted(LONGEST_MESSAGE));
            pieces.text("}");
        }
        _ => return None,
    }
    Some(pieces.finish())
}

/// A body that is the message.
pub(super) fn plain() -> Vec<Piece> {
    vec![Piece::Message(LONGEST_MESSAGE)]
}

impl Piece {
    /// The expression of it.
    pub(super) fn tokens(&self) -> TokenStream {
        let limited = |name: &str, limit: u64| {
            let (name, limit) = (Name::new(name, Case::Variant), Literal::u64_unsuffixed(limit));
            quote! { Piece::#name(#limit) }
        };
        match self {
            Self::Text(text) => quote! { Piece::Text(#text) },
            Self::Message(limit) => limited("message", *limit),
            Self::Quoted(limit) => limited("quoted", *limit),
            Self::Fault => quote! { Piece::Fault },
        }
    }
}

/// A JSON body in which a message stands.
struct Template<'t> {
    api: &'t Api,
    schema: SchemaId,
    content: &'t Content,
}

impl Template<'_> {
    /// A documented example, else a small value of the schema with every telling member in it.
    fn value(&self, status: u16, field: Option<&StatusField>) -> Option<Value> {
        let mut value = match self.example() {
            Some(example) => example.clone(),
            None => self.made_up()?,
        };
        if let Some((pointer, member)) =
            field.and_then(|field| Some((&field.pointer, status_value(field, status)?)))
        {
            put(&mut value, pointer.segments(), member);
        }
        accepts(self.api, self.schema, &value).then_some(value)
    }

    fn example(&self) -> Option<&Value> {
        self.content.examples.first().map(|example| &example.value)
    }

    fn made_up(&self) -> Option<Value> {
        let mut value = sample(self.api, self.schema)?;
        if let (Some(object), Some(properties)) = (value.as_object_mut(), self.properties()) {
            for property in properties.iter().filter(|property| self.tells(property, None)) {
                object.entry(property.name.clone()).or_insert_with(|| Value::from("-"));
            }
        }
        Some(value)
    }

    fn properties(&self) -> Option<&[Property]> {
        match &self.api.schemas.get(self.schema)?.shape {
            Shape::Object { properties, .. } => Some(properties),
            _ => None,
        }
    }

    /// Whether a member is where people are told what is wrong: a free text that is called so,
    /// or that an example fills with words.
    fn tells(&self, property: &Property, example: Option<&Value>) -> bool {
        let name = Name::new(&property.name, Case::Value).to_string();
        let is_called_so = name.split('_').next_back().is_some_and(|last| TELLING.contains(&last));
        let has_words =
            example.and_then(Value::as_str).is_some_and(|text| text.trim().contains(' '));
        (is_called_so || has_words) && self.room(property.schema).is_some()
    }

    /// How long a message a member can hold, in characters; `None` where it is no free text.
    fn room(&self, schema: SchemaId) -> Option<u64> {
        match &self.api.schemas.get(schema)?.shape {
            Shape::String { format: StringFormat::Unsaid, length, pattern: None }
                if length.minimum.unwrap_or(0) <= 1 =>
            {
                Some(length.maximum.unwrap_or(LONGEST_MESSAGE).min(LONGEST_MESSAGE))
            }
            _ => None,
        }
    }

    fn write(&self, value: &Value, pieces: &mut Pieces) {
        let (Some(object), Some(properties)) = (value.as_object(), self.properties()) else {
            match (value.as_str(), self.room(self.schema)) {
                (Some(_), Some(room)) => pieces.0.push(Piece::Quoted(room)),
                _ => pieces.text(&value.to_string()),
            }
            return;
        };
        self.write_object(object, properties, pieces);
    }

    /// The members in the order of the document.
    fn write_object(
        &self,
        object: &Map<String, Value>,
        properties: &[Property],
        pieces: &mut Pieces,
    ) {
        let known = properties.iter().filter_map(|property| {
            Some((property.name.as_str(), Some(property), object.get(&property.name)?))
        });
        let is_known = |name: &str| properties.iter().any(|property| property.name == name);
        let others = object.iter().filter(|(name, _)| !is_known(name));
        let others = others.map(|(name, value)| (name.as_str(), None, value));
        pieces.text("{");
        for (number, (name, property, value)) in known.chain(others).enumerate() {
            pieces.text(if number == 0 { "" } else { "," });
            pieces.text(&Value::from(name).to_string());
            pieces.text(":");
            let room = property.and_then(|property| self.room(property.schema));
            let tells = property.is_some_and(|property| self.tells(property, Some(value)));
            let says_nothing = value.as_str().is_some_and(str::is_empty);
            match room {
                Some(room) if tells => pieces.0.push(Piece::Quoted(room)),
                Some(room) if says_nothing && LONGEST_FAULT < room => pieces.0.push(Piece::Fault),
                _ => pieces.text(&value.to_string()),
            }
        }
        pieces.text("}");
    }
}

/// The value that agrees with the status: one that means no other status, if there is one.
fn status_value(field: &StatusField, status: u16) -> Option<Value> {
    if field.values.is_empty() {
        return Some(Value::from(status));
    }
    let fitting = field.values.iter().filter(|(_, statuses)| statuses.contains(&status));
    fitting.min_by_key(|(_, statuses)| statuses.len()).map(|(value, _)| Value::from(*value))
}

/// Puts a member where the pointer leads, if everything on the way is an object.
fn put(value: &mut Value, segments: &[String], member: Value) {
    let Some((last, way)) = segments.split_last() else { return };
    let owner = way.iter().try_fold(value, |inner, segment| inner.get_mut(segment));
    if let Some(object) = owner.and_then(Value::as_object_mut) {
        object.insert(last.clone(), member);
    }
}

/// Collects texts and messages, neighbouring texts as one.
#[derive(Default)]
struct Pieces(Vec<Piece>);

impl Pieces {
    fn text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }

    fn finish(self) -> Vec<Piece> {
        self.0.into_iter().filter(|piece| *piece != Piece::Text(String::new())).collect()
    }
}
