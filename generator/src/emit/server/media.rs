//! A media type and its schema → how a body is read and written.

use proc_macro2::TokenStream;
use quote::quote;

use crate::contract::{Api, Content, SchemaId, Shape, StringFormat};
use crate::emit::need::is_yaml;
use crate::emit::{Imports, Types};
use crate::name::Form;

/// How a body is read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// As a JSON document.
    Json,
    /// As a YAML document.
    Yaml,
    /// As a form.
    Form,
    /// As a text.
    Text,
    /// As bytes.
    Bytes,
}

/// What a schema is, as far as media types go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nature {
    Unsaid,
    Object,
    Structured,
    Textual,
    Binary,
}

impl Media {
    pub(super) fn of(api: &Api, content: &Content) -> Self {
        let essence = content.media_type.essence();
        let nature = nature(api, content.schema);
        match essence.as_str() {
            _ if content.media_type.is_json() => Self::Json,
            _ if is_yaml(&content.media_type) && nature != Nature::Binary => Self::Yaml,
            "application/x-www-form-urlencoded" if nature == Nature::Object => Self::Form,
            "*/*" | "application/*" => match nature {
                Nature::Object | Nature::Structured => Self::Json,
                Nature::Textual => Self::Text,
                Nature::Unsaid | Nature::Binary => Self::Bytes,
            },
            text if text.starts_with("text/")
                && matches!(nature, Nature::Unsaid | Nature::Textual) =>
            {
                Self::Text
            }
            _ => Self::Bytes,
        }
    }

    /// The type of a body.
    pub(super) fn rust_type(
        self,
        types: &Types<'_>,
        schema: Option<SchemaId>,
        imports: &mut Imports,
    ) -> TokenStream {
        match (self, schema) {
            (Self::Json | Self::Yaml, Some(schema)) => types.rust_type(schema, imports),
            (Self::Form | Self::Text, Some(schema)) => types.bare_type(schema, imports),
            (Self::Json | Self::Yaml | Self::Form, None) => quote! { serde_json::Value },
            (Self::Text, None) => quote! { String },
            (Self::Bytes, _) => {
                imports.add("bytes", "Bytes");
                quote! { Bytes }
            }
        }
    }

    /// Whether such a body stands behind a pointer: always where it is a struct or a union, so that a further member
    /// of it changes nothing for implementers.
    pub(super) fn boxes(self, types: &Types<'_>, schema: Option<SchemaId>) -> bool {
        let is_wide = |id| matches!(types.names().form(id), Form::Object | Form::Union);
        self != Self::Bytes && schema.is_some_and(is_wide)
    }

    /// The media type that an answer names, where the document has a range of them.
    pub(super) fn concrete(self, content: &Content) -> String {
        let documented = content.media_type.0.as_str();
        if !documented.contains('*') {
            return documented.to_owned();
        }
        let stand_in = match self {
            Self::Json => "application/json",
            Self::Yaml => "application/yaml",
            Self::Form => "application/x-www-form-urlencoded",
            Self::Text => "text/plain; charset=utf-8",
            Self::Bytes => "application/octet-stream",
        };
        stand_in.to_owned()
    }
}

fn nature(api: &Api, schema: Option<SchemaId>) -> Nature {
    let Some(schema) = schema.and_then(|id| api.schemas.get(id)) else { return Nature::Unsaid };
    match &schema.shape {
        Shape::Any | Shape::Never => Nature::Unsaid,
        Shape::String { format: StringFormat::Binary, .. } => Nature::Binary,
        Shape::Boolean
        | Shape::Integer { .. }
        | Shape::Number { .. }
        | Shape::String { .. }
        | Shape::Enumeration(_) => Nature::Textual,
        Shape::Object { .. } => Nature::Object,
        Shape::Array { .. } | Shape::Union(_) => Nature::Structured,
    }
}
