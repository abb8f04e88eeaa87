//! Objects with known members → structs.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, default, prose};
use crate::contract::{Additional, Length, Property, Schema, SchemaId};
use crate::emit::{Item, ItemKind, doc, literal};
use crate::name::{Form, ModelNames, Name, Text};

/// A schema that becomes a struct.
pub(super) struct Object<'a> {
    pub(super) id: SchemaId,
    pub(super) schema: &'a Schema,
    pub(super) names: &'a ModelNames,
    pub(super) properties: &'a [Property],
    pub(super) additional: Additional,
    pub(super) size: Length,
}

/// The struct and everything it implements.
pub(super) fn items(context: &mut Context<'_, '_>, object: &Object<'_>) -> Vec<Item> {
    let fields = fields(context, object);
    let additional = additional(context, object);
    let plan = Plan { object, fields, additional };
    [Some(plan.definition()), plan.inherent(), Some(plan.members())].into_iter().flatten().collect()
}

/// A field and how it travels.
struct Field<'a> {
    name: &'a Name,
    wire: &'a str,
    presence: Presence,
    /// The type inside `Option` or `Field`, a box included.
    inner: TokenStream,
    argument_into: bool,
    doc: String,
    default: Option<TokenStream>,
}

/// Whether a member may be absent, and what that is in Rust.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Required,
    Optional,
    OptionalOrNull,
}

impl Presence {
    fn word(self) -> TokenStream {
        match self {
            Self::Required => quote! { required },
            Self::Optional => quote! { optional },
            Self::OptionalOrNull => quote! { field },
        }
    }
}

impl Field<'_> {
    fn field_type(&self) -> TokenStream {
        let inner = &self.inner;
        match self.presence {
            Presence::Required => quote! { #inner },
            Presence::Optional => quote! { Option<#inner> },
            Presence::OptionalOrNull => quote! { crate::support::Field<#inner> },
        }
    }

    fn is_required(&self) -> bool {
        self.presence == Presence::Required
    }
}

fn fields<'a>(context: &mut Context<'_, '_>, object: &Object<'a>) -> Vec<Field<'a>> {
    let named = (0..).zip(object.properties).zip(&object.names.members.each);
    named.map(|((index, property), name)| field(context, object, index, property, name)).collect()
}

fn field<'a>(
    context: &mut Context<'_, '_>,
    object: &Object<'_>,
    index: usize,
    property: &'a Property,
    name: &'a Name,
) -> Field<'a> {
    let types = context.types;
    let schema = types.schema(property.schema);
    let nullable = types.is_nullable(property.schema);
    // What travels one way only is absent the other way, whatever `required` says.
    let one_way = schema.is_some_and(|schema| schema.read_only || schema.write_only);
    let presence = match (property.required && !one_way, nullable) {
        (true, _) => Presence::Required,
        (false, false) => Presence::Optional,
        (false, true) => Presence::OptionalOrNull,
    };
    let boxed = types.is_boxed(object.id, index);
    let bare = types.bare_type(property.schema, &mut context.imports);
    let held = if boxed {
        quote! { Box<#bare> }
    } else {
        bare
    };
    let wrapped = nullable && presence == Presence::Required;
    let inner = if wrapped {
        quote! { Option<#held> }
    } else {
        held
    };
    let is_text = types.names().form(property.schema) == Form::Text(Text::Plain);
    let default = (presence == Presence::Optional && !boxed)
        .then(|| {
            let method = object.names.members.defaults.get(index)?;
            default::accessor(context, property, name, method)
        })
        .flatten();
    Field {
        name,
        wire: &property.name,
        presence,
        inner,
        argument_into: is_text && !wrapped && !boxed,
        doc: prose::of_property(property, schema, name),
        default,
    }
}

/// The bag of members that the document does not list, and the type of its values.
struct Bag<'a> {
    name: &'a Name,
    value: TokenStream,
}

fn additional<'a>(context: &mut Context<'_, '_>, object: &Object<'a>) -> Option<Bag<'a>> {
    let name = object.names.members.additional.as_ref()?;
    let value = match object.additional {
        Additional::Refused => return None,
        Additional::Unsaid | Additional::Any => quote! { serde_json::Value },
        Additional::Of(schema) => context.types.rust_type(schema, &mut context.imports),
    };
    context.imports.add("std::collections", "BTreeMap");
    Some(Bag { name, value })
}

struct Plan<'p, 'a> {
    object: &'p Object<'a>,
    fields: Vec<Field<'a>>,
    additional: Option<Bag<'a>>,
}

impl Plan<'_, '_> {
    fn type_name(&self) -> &Name {
        &self.object.names.type_name
    }

    fn definition(&self) -> Item {
        let name = self.type_name();
        let bounds = prose::bounds(&self.object.schema.shape);
        let about = prose::of_type(self.object.schema, self.object.names);
        let about = doc::outer(&doc::paragraphs([about.as_str(), &bounds]));
        let fields = self.fields.iter().map(|field| {
            let (about, name, field_type) =
                (doc::outer(&field.doc), field.name, field.field_type());
            quote! { #about pub #name: #field_type }
        });
        let additional = self.additional.iter().map(|Bag { name, value }| {
            quote! {
                /// Members that the document does not list, kept as they are.
                pub #name: BTreeMap<String, #value>
            }
        });
        let members = fields.chain(additional);
        let default = if self.fields.iter().any(Field::is_required) {
            quote! {}
        } else {
            quote! { Default, }
        };
        let tokens = quote! {
            #about
            #[derive(Clone, Debug, #default PartialEq)]
            pub struct #name { #(#members),* }
        };
        Item::new(ItemKind::Struct, name, tokens)
    }

    fn inherent(&self) -> Option<Item> {
        let name = self.type_name();
        let constructor = self.constructor();
        let defaults: Vec<_> =
            self.fields.iter().filter_map(|field| field.default.as_ref()).collect();
        if constructor.is_none() && defaults.is_empty() {
            return None;
        }
        let tokens = quote! {
            impl #name {
                #constructor

                #(#defaults)*
            }
        };
        Some(Item::block(name, tokens))
    }

    fn constructor(&self) -> Option<TokenStream> {
        let required: Vec<_> = self.fields.iter().filter(|field| field.is_required()).collect();
        if required.is_empty() {
            return None;
        }
        let arguments = required.iter().map(|field| {
            let (name, inner) = (field.name, field.argument_type());
            quote! { #name: #inner }
        });
        let values = self.fields.iter().map(Field::initial);
        let additional =
            self.additional.iter().map(|Bag { name, .. }| quote! { #name: BTreeMap::new() });
        let values = values.chain(additional);
        let many = (7 < required.len()).then(|| {
            quote! { #[expect(clippy::too_many_arguments, reason = "one argument for each member that is required")] }
        });
        Some(quote! {
            /// A value with its required members and nothing else.
            #[must_use]
            #many
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
        })
    }

    /// What is said of the members, from which they are read and written.
    fn members(&self) -> Item {
        let name = self.type_name();
        let mut known: Vec<&str> = self.fields.iter().map(|field| field.wire).collect();
        known.sort_unstable();
        let fields = self.fields.iter().map(|Field { name, wire, presence, .. }| {
            let how = presence.word();
            quote! { #name: #how #wire }
        });
        let rest = self.additional.iter().map(|Bag { name, .. }| quote! { , rest #name });
        let size = self.size();
        let tokens = quote! {
            crate::object!(#name { #(#fields),* }, known [#(#known),*] #(#rest)* #size);
        };
        Item::new(ItemKind::Macro, "object", tokens)
    }

    fn size(&self) -> Option<TokenStream> {
        let Length { minimum, maximum } = self.object.size;
        if minimum.is_none() && maximum.is_none() {
            return None;
        }
        let (minimum, maximum) = (literal::count(minimum), literal::count(maximum));
        Some(quote! { , size #minimum, #maximum })
    }
}

impl Field<'_> {
    fn argument_type(&self) -> TokenStream {
        match (&self.inner, self.argument_into) {
            (_, true) => quote! { impl Into<String> },
            (inner, false) => quote! { #inner },
        }
    }

    /// The field in a value that has its required members and nothing else.
    fn initial(&self) -> TokenStream {
        let name = self.name;
        match self.presence {
            Presence::Required if self.argument_into => quote! { #name: #name.into() },
            Presence::Required => quote! { #name },
            Presence::Optional => quote! { #name: None },
            Presence::OptionalOrNull => quote! { #name: crate::support::Field::Absent },
        }
    }
}
