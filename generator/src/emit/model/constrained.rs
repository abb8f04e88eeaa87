//! Values within bounds → newtypes that refuse any other.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, decode, default, deserialize, pattern, prose, serialize};
use crate::contract::{Bound, Length, Schema, SchemaId, Shape};
use crate::emit::{Item, ItemKind, doc, literal};
use crate::name::{Form, ModelNames, Name, Text};

/// The newtype and everything it implements.
pub(super) fn items(
    context: &mut Context<'_, '_>,
    id: SchemaId,
    schema: &Schema,
    names: &ModelNames,
) -> Vec<Item> {
    let form = context.types.names().unbounded_form(&schema.shape);
    let inner = context.types.form_type(form, &mut context.imports);
    let newtype = Newtype { schema, names, name: &names.type_name, form, inner };
    let default = default::of_newtype(context.types, id, schema);
    let mut items = vec![newtype.definition(default.as_ref()), newtype.inherent(context)];
    items.extend(
        default
            .filter(|default| !default.is_derived)
            .map(|default| newtype.default(&default.value)),
    );
    items.extend(newtype.conversions(context));
    items.push(decode(
        context,
        newtype.name,
        &quote! {
            check::decode(Self::bounds(), value, at, faults).map(Self)
        },
    ));
    items.push(serialize(context, newtype.name, &quote! { self.0.serialize(serializer) }));
    items.push(deserialize(context, newtype.name));
    items
}

struct Newtype<'a> {
    schema: &'a Schema,
    names: &'a ModelNames,
    name: &'a Name,
    form: Form,
    inner: TokenStream,
}

impl Newtype<'_> {
    fn definition(&self, default: Option<&default::NewtypeDefault>) -> Item {
        let (name, inner) = (self.name, &self.inner);
        let about = prose::of_type(self.schema, self.names);
        let about =
            doc::outer(&doc::paragraphs([about.as_str(), &prose::bounds(&self.schema.shape)]));
        let further = match self.form {
            Form::Integer(_) => quote! { Copy, PartialEq, Eq, PartialOrd, Ord, Hash },
            Form::Number => quote! { Copy, PartialEq, PartialOrd },
            Form::Text(Text::DateTime) => quote! { PartialEq, Eq, Hash },
            Form::Text(_) => quote! { PartialEq, Eq, PartialOrd, Ord, Hash },
            _ => quote! { PartialEq },
        };
        let default = default.filter(|default| default.is_derived).map(|_| quote! { Default, });
        let tokens = quote! {
            #about
            #[derive(Clone, Debug, #default #further)]
            pub struct #name(#inner);
        };
        Item::new(ItemKind::Struct, name, tokens)
    }

    fn inherent(&self, context: &mut Context<'_, '_>) -> Item {
        let (name, inner) = (self.name, &self.inner);
        let (bounds_type, bounds) = bounds(context, self.schema);
        context.imports.add("crate::support::check", "self");
        context.imports.add("crate::support::decode", "self");
        let access = self.access();
        let (argument, value) = match self.form {
            Form::Text(Text::Plain) => (quote! { impl Into<String> }, quote! { value.into() }),
            _ => (quote! { #inner }, quote! { value }),
        };
        let tokens = quote! {
            impl #name {
                /// The value, if it is within the bounds.
                ///
                /// # Errors
                /// Every bound that it breaks.
                pub fn new(value: #argument) -> Result<Self, decode::Faults> {
                    check::admit(Self::bounds(), #value).map(Self)
                }

                #access

                fn bounds() -> &'static #bounds_type {
                    static BOUNDS: #bounds_type = #bounds;
                    &BOUNDS
                }
            }
        };
        Item::block(name, tokens)
    }

    fn access(&self) -> TokenStream {
        let inner = &self.inner;
        let borrowed = match self.form {
            Form::Integer(_) | Form::Number => {
                return quote! {
                    /// The value.
                    #[must_use]
                    pub const fn get(self) -> #inner {
                        self.0
                    }
                };
            }
            Form::Text(Text::Plain) => quote! {
                /// The text.
                #[must_use]
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            },
            _ => quote! {
                /// The value.
                #[must_use]
                pub fn get(&self) -> &#inner {
                    &self.0
                }
            },
        };
        quote! {
            #borrowed

            /// The value, without its bounds.
            #[must_use]
            pub fn into_inner(self) -> #inner {
                self.0
            }
        }
    }

    fn default(&self, value: &TokenStream) -> Item {
        let name = self.name;
        let tokens = quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self(#value)
                }
            }
        };
        Item::block(format_args!("Default for {name}"), tokens)
    }

    fn conversions(&self, context: &mut Context<'_, '_>) -> Vec<Item> {
        let (name, inner) = (self.name, &self.inner);
        let try_from = quote! {
            impl TryFrom<#inner> for #name {
                type Error = decode::Faults;

                fn try_from(value: #inner) -> Result<Self, Self::Error> {
                    Self::new(value)
                }
            }
        };
        let mut items = vec![Item::block(format_args!("TryFrom for {name}"), try_from)];
        if matches!(self.form, Form::Text(_) | Form::Integer(_) | Form::Number) {
            context.imports.add("std", "fmt");
            let display = quote! {
                impl fmt::Display for #name {
                    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        fmt::Display::fmt(&self.0, f)
                    }
                }
            };
            items.push(Item::block(format_args!("Display for {name}"), display));
        }
        if self.form == Form::Text(Text::Plain) {
            context.imports.add("std::str", "FromStr");
            let from_str = quote! {
                impl FromStr for #name {
                    type Err = decode::Faults;

                    fn from_str(text: &str) -> Result<Self, Self::Err> {
                        Self::new(text)
                    }
                }
            };
            items.push(Item::block(format_args!("FromStr for {name}"), from_str));
        }
        items
    }
}

/// The type of the bounds, and the bounds.
fn bounds(context: &mut Context<'_, '_>, schema: &Schema) -> (TokenStream, TokenStream) {
    match &schema.shape {
        Shape::Integer { minimum, maximum, multiple_of, .. } => {
            let minimum = integer_bound(minimum.as_ref(), Side::Least);
            let maximum = integer_bound(maximum.as_ref(), Side::Most);
            let multiple_of = divisor(multiple_of.as_ref());
            let kind = quote! { check::Integer };
            (
                kind.clone(),
                quote! { #kind { minimum: #minimum, maximum: #maximum, multiple_of: #multiple_of } },
            )
        }
        Shape::Number { minimum, maximum, multiple_of, .. } => {
            let (minimum, maximum) =
                (number_bound(minimum.as_ref()), number_bound(maximum.as_ref()));
            let multiple_of = divisor(multiple_of.as_ref());
            let kind = quote! { check::Number };
            (
                kind.clone(),
                quote! { #kind { minimum: #minimum, maximum: #maximum, multiple_of: #multiple_of } },
            )
        }
        Shape::String { length, pattern, .. } => {
            let length = size(*length);
            let pattern =
                pattern.as_deref().and_then(|pattern| translated(context, schema, pattern));
            let pattern =
                literal::option(pattern.map(|text| quote! { crate::support::Pattern::new(#text) }));
            let kind = quote! { check::Text };
            (kind.clone(), quote! { #kind { length: #length, pattern: #pattern } })
        }
        Shape::Array { length, unique, .. } => {
            let length = size(*length);
            let kind = quote! { check::List };
            (kind.clone(), quote! { #kind { length: #length, unique: #unique } })
        }
        Shape::Object { size: bounds, .. } => (quote! { check::Size }, size(*bounds)),
        _ => (quote! { check::Size }, size(Length::default())),
    }
}

fn translated(context: &mut Context<'_, '_>, schema: &Schema, ecma: &str) -> Option<String> {
    match pattern::translate(ecma) {
        Ok(pattern) => Some(pattern),
        Err(why) => {
            let message = format_args!("the pattern is left out of the model: {why}");
            let help = "write it in the syntax of ECMA 262";
            context.diagnostics.warning("pattern-left-out", &schema.place, message, help);
            None
        }
    }
}

fn size(length: Length) -> TokenStream {
    let bound = |bound: Option<u64>| {
        literal::option(bound.map(|bound| literal::integer(i128::from(bound))))
    };
    let (minimum, maximum) = (bound(length.minimum), bound(length.maximum));
    quote! { check::Size { minimum: #minimum, maximum: #maximum } }
}

/// Which end of a range a bound is.
#[derive(Clone, Copy)]
enum Side {
    Least,
    Most,
}

/// The first whole number inside a bound.
fn integer_bound(bound: Option<&Bound>, side: Side) -> TokenStream {
    literal::option(bound.map(|bound| literal::integer(first_inside(bound, side))))
}

fn first_inside(bound: &Bound, side: Side) -> i128 {
    let whole = bound.value.as_i64().map(i128::from).or(bound.value.as_u64().map(i128::from));
    let (nearest, is_bound) = match (whole, bound.value.as_f64().unwrap_or_default()) {
        (Some(whole), _) => (whole, true),
        (None, float) => {
            let nearest = match side {
                Side::Least => float.ceil(),
                Side::Most => float.floor(),
            };
            // Saturates: what is beyond is beyond every number that is read.
            (nearest as i128, nearest == float)
        }
    };
    let step = i128::from(bound.exclusive && is_bound);
    match side {
        Side::Least => nearest.saturating_add(step),
        Side::Most => nearest.saturating_sub(step),
    }
}

fn number_bound(bound: Option<&Bound>) -> TokenStream {
    literal::option(bound.map(|bound| {
        let value = literal::float(bound.value.as_f64().unwrap_or_default());
        let exclusive = bound.exclusive;
        quote! { check::Limit { value: #value, exclusive: #exclusive } }
    }))
}

fn divisor(divisor: Option<&serde_json::Number>) -> TokenStream {
    literal::option(divisor.map(|divisor| {
        let text = divisor.to_string();
        quote! { #text }
    }))
}
