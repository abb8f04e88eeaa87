//! Values within bounds → newtypes that refuse any other.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, default, prose};
use crate::contract::{Bound, Length, Schema, SchemaId, Shape};
use crate::emit::{Item, ItemKind, doc, literal};
use crate::name::{Form, ModelNames, Name, Text};
use crate::pattern::translate;

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
    let mut items = vec![newtype.definition(default.as_ref())];
    items.extend(
        default
            .filter(|default| !default.is_derived)
            .map(|default| newtype.default(&default.value)),
    );
    items.push(newtype.bounded(context));
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

    /// What is said of the bounds, by which values are held to them.
    fn bounded(&self, context: &mut Context<'_, '_>) -> Item {
        let (name, inner) = (self.name, &self.inner);
        let bounds = match &self.schema.shape {
            Shape::Integer { minimum, maximum, multiple_of, .. } => {
                let minimum = integer_bound(minimum.as_ref(), Side::Least);
                let maximum = integer_bound(maximum.as_ref(), Side::Most);
                let divisor = divisor(multiple_of.as_ref());
                quote! { integer #name(#inner), #minimum, #maximum, #divisor }
            }
            Shape::Number { minimum, maximum, multiple_of, .. } => {
                let minimum = number_bound(minimum.as_ref());
                let maximum = number_bound(maximum.as_ref());
                let divisor = divisor(multiple_of.as_ref());
                quote! { number #name(#inner), #minimum, #maximum, #divisor }
            }
            Shape::String { length, pattern, .. } => {
                let (least, most) = counts(*length);
                let pattern = pattern.as_deref();
                let pattern = pattern.and_then(|text| translated(context, self.schema, text));
                let pattern = pattern.map(|text| quote! { crate::support::Pattern::new(#text) });
                let pattern = literal::option(pattern);
                let kind = match self.form {
                    Form::Text(Text::Plain) => quote! { text #name },
                    _ => quote! { shown #name(#inner) },
                };
                quote! { #kind, #least, #most, #pattern }
            }
            Shape::Array { length, unique, .. } => {
                let (least, most) = counts(*length);
                quote! { list #name(#inner), #least, #most, #unique }
            }
            Shape::Object { size, .. } => {
                let (least, most) = counts(*size);
                quote! { map #name(#inner), #least, #most }
            }
            _ => quote! { map #name(#inner), None, None },
        };
        Item::new(ItemKind::Macro, "bounded", quote! { crate::bounded!(#bounds); })
    }
}

fn counts(length: Length) -> (TokenStream, TokenStream) {
    (literal::count(length.minimum), literal::count(length.maximum))
}

fn translated(context: &mut Context<'_, '_>, schema: &Schema, ecma: &str) -> Option<String> {
    match translate(ecma) {
        Ok(pattern) => Some(pattern),
        Err(why) => {
            let message = format_args!("the pattern is left out of the model: {why}");
            let help = "write it in the syntax of ECMA 262";
            context.diagnostics.warning("pattern-left-out", &schema.place, message, help);
            None
        }
    }
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
        quote! { crate::support::check::Limit { value: #value, exclusive: #exclusive } }
    }))
}

fn divisor(divisor: Option<&serde_json::Number>) -> TokenStream {
    literal::option(divisor.map(|divisor| {
        let text = divisor.to_string();
        quote! { #text }
    }))
}
