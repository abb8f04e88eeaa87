//! Parameters → the tables by which they are read.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::constants::Constants;
use super::routes::texts;
use super::stub::{Context, Stub};
use crate::contract::{
    Additional, Api, Location, Operation, Parameter, PathPart, Property, SchemaId, Shape, Style,
};
use crate::emit::Imports;
use crate::name::{Case, Name};

/// Lists and objects nested deeper than this are texts.
const DEEPEST: usize = 3;

/// The constant of each parameter.
pub(super) fn constants(
    context: &Context<'_>,
    stub: &Stub<'_>,
    constants: &mut Constants,
) -> Vec<Name> {
    let api = context.types.api();
    let parameters = stub.operation.parameters.iter().zip(&stub.names.parameters);
    parameters
        .map(|(parameter, field)| {
            let wished = Name::new(&format!("{} {field}", parameter.location), Case::Constant);
            let value = value(api, stub.operation, parameter, &mut constants.imports);
            constants.share(&wished, &quote! { Parameter }, &value)
        })
        .collect()
}

/// The default that stands for an absent parameter.
pub(super) fn default<'a>(api: &'a Api, parameter: &Parameter) -> Option<&'a Value> {
    let schema = api.schemas.get(parameter.schema)?;
    schema.default.as_ref().filter(|value| !value.is_null() && !parameter.required)
}

fn value(
    api: &Api,
    operation: &Operation,
    parameter: &Parameter,
    imports: &mut Imports,
) -> TokenStream {
    imports.add("crate::support::server", "Form");
    imports.add("crate::support::server", "Parameter");
    let name = &parameter.name;
    let place =
        if parameter.multi_segment { "rest".to_owned() } else { parameter.location.to_string() };
    let place = Name::new(&place, Case::Value);
    let form = if parameter.content.as_ref().is_some_and(|content| content.media_type.is_json()) {
        quote! { Form::Json }
    } else {
        let told = parameter.tells_objects();
        form(api, parameter.schema, told, 0, imports)
    };
    let segment = (parameter.location == Location::Path).then(|| {
        let number = Literal::usize_unsuffixed(segment(operation, parameter));
        quote! { #number, }
    });
    let position = position(operation, parameter);
    let style = unusual_style(parameter, imports);
    let default = default(api, parameter).map(Value::to_string);
    let default = default.map(|default| quote! { .default(#default) });
    let absent = same_as_absent(api, parameter);
    quote! { Parameter::#place(#name, #segment #form) #position #style #default #absent }
}

fn segment(operation: &Operation, parameter: &Parameter) -> usize {
    operation.path.segment_of(&parameter.name).unwrap_or(0)
}

/// Where in the path a value stands, beyond the number of its segment: how many segments follow where those before
/// cannot be counted or its own end is not known, and which value of its segment it is where there is more in it.
fn position(operation: &Operation, parameter: &Parameter) -> Option<TokenStream> {
    if parameter.location != Location::Path {
        return None;
    }
    let number = segment(operation, parameter);
    let segments = &operation.path.segments;
    let spanning = operation.parameters.iter().filter(|other| other.multi_segment);
    let spanning = spanning.filter_map(|other| operation.path.segment_of(&other.name)).next();
    let after = segments.len().saturating_sub(number + 1);
    let is_counted = spanning.is_none_or(|spanning| number < spanning);
    let followed = (!is_counted && (after > 0 || !parameter.multi_segment)).then(|| {
        let after = Literal::usize_unsuffixed(after);
        quote! { .followed_by(#after) }
    });
    let own = segments.get(number)?;
    let within = (own.0.len() > 1).then(|| {
        let names = own.0.iter().filter_map(|part| match part {
            PathPart::Parameter(name) => Some(name),
            PathPart::Literal(_) => None,
        });
        let which = names.take_while(|name| **name != parameter.name).count();
        let (texts, which) = (texts(own), Literal::usize_unsuffixed(which));
        quote! { .within(&[#(#texts),*], #which) }
    });
    Some(quote! { #followed #within })
}

/// Values that count as absent, beside the default, which needs no mention.
fn same_as_absent(api: &Api, parameter: &Parameter) -> Option<TokenStream> {
    let default = default(api, parameter);
    let values = parameter.same_as_absent.iter().filter(|value| Some(*value) != default);
    let values: Vec<String> = values.map(Value::to_string).collect();
    let is_said = !values.is_empty() && !parameter.required;
    is_said.then(|| quote! { .same_as_absent(&[#(#values),*]) })
}

/// How a parameter is written, where that is not how its location usually is.
fn unusual_style(parameter: &Parameter, imports: &mut Imports) -> Option<TokenStream> {
    let usual = match parameter.location {
        Location::Path | Location::Header => (Style::Simple, false),
        Location::Query | Location::Cookie => (Style::Form, true),
    };
    if (parameter.style, parameter.explode) == usual {
        return None;
    }
    imports.add("crate::support::server", "Style");
    let style = Name::new(style(parameter.style), Case::Variant);
    let explode = parameter.explode;
    Some(quote! { .style(Style::#style, #explode) })
}

fn style(style: Style) -> &'static str {
    match style {
        Style::Matrix => "matrix",
        Style::Label => "label",
        Style::Simple => "simple",
        Style::Form => "form",
        Style::SpaceDelimited => "space delimited",
        Style::PipeDelimited => "pipe delimited",
        Style::DeepObject => "deep object",
    }
}

/// What a text stands for. `told` says whether a single text can be told from an object.
fn form(
    api: &Api,
    schema: SchemaId,
    told: bool,
    depth: usize,
    imports: &mut Imports,
) -> TokenStream {
    let shape = api.schemas.get(schema).filter(|_| depth < DEEPEST).map(|schema| &schema.shape);
    if let Some(Shape::Union(union)) = shape
        && let Some((variant, is_object)) = listed(api, &union.variants)
    {
        let many = form(api, variant, told, depth + 1, imports);
        return match single(api, &union.variants, depth) {
            Some(single) if told || !is_object => quote! { Form::Either(&#single, &#many) },
            _ => many,
        };
    }
    match shape {
        Some(Shape::Array { items, .. }) => {
            let items = form(api, *items, told, depth + 1, imports);
            quote! { Form::List(&#items) }
        }
        Some(Shape::Object { properties, additional, .. }) => {
            let members = members(api, properties, *additional, depth, imports);
            quote! { Form::Object(#members) }
        }
        Some(shape) => {
            let mut kinds = Vec::new();
            scalars(api, shape, &mut kinds, depth);
            scalar_form(kinds)
        }
        None => quote! { Form::Text },
    }
}

/// The members of a form.
pub(super) fn members(
    api: &Api,
    properties: &[Property],
    additional: Additional,
    depth: usize,
    imports: &mut Imports,
) -> TokenStream {
    imports.add("crate::support::server", "Members");
    if !properties.is_empty() {
        imports.add("crate::support::server", "Form");
    }
    let known = properties.iter().map(|property| {
        let (name, form) = (&property.name, form(api, property.schema, true, depth + 1, imports));
        quote! { (#name, #form) }
    });
    let known: Vec<_> = known.collect();
    let others = match additional {
        Additional::Of(schema) => {
            let form = form(api, schema, true, depth + 1, imports);
            quote! { Some(&#form) }
        }
        _ => quote! { None },
    };
    quote! { Members { known: &[#(#known),*], others: #others } }
}

/// The first alternative that is an object, or else a list; and whether it is an object.
fn listed(api: &Api, variants: &[SchemaId]) -> Option<(SchemaId, bool)> {
    let first = |fits: fn(&Shape) -> bool| {
        let is_fit = |id: &SchemaId| api.schemas.get(*id).is_some_and(|schema| fits(&schema.shape));
        variants.iter().copied().find(is_fit)
    };
    let list = || first(|shape| matches!(shape, Shape::Array { .. })).map(|list| (list, false));
    first(is_object).map(|object| (object, true)).or_else(list)
}

fn is_object(shape: &Shape) -> bool {
    matches!(shape, Shape::Object { .. })
}

/// What a single text may be of those alternatives that are neither a list nor an object; none if all are.
fn single(api: &Api, variants: &[SchemaId], depth: usize) -> Option<TokenStream> {
    let shapes = variants.iter().filter_map(|id| api.schemas.get(*id)).map(|schema| &schema.shape);
    let shapes = shapes.filter(|shape| !is_object(shape) && !matches!(shape, Shape::Array { .. }));
    let (mut kinds, mut words, mut is_listed) = (Vec::new(), Vec::new(), true);
    for shape in shapes {
        scalars(api, shape, &mut kinds, depth);
        match shape {
            Shape::Enumeration(values) => words.extend(values.iter().map(Value::as_str)),
            _ => is_listed = false,
        }
    }
    let words: Option<Vec<&str>> = words.into_iter().collect();
    match words.filter(|_| is_listed) {
        _ if kinds.is_empty() => None,
        Some(words) => Some(quote! { Form::Words(&[#(#words),*]) }),
        None => Some(scalar_form(kinds)),
    }
}

/// What a single text may stand for, the most special first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scalar {
    Integer,
    Number,
    Boolean,
    Text,
}

fn scalars(api: &Api, shape: &Shape, found: &mut Vec<Scalar>, depth: usize) {
    match shape {
        Shape::Integer { .. } => found.push(Scalar::Integer),
        Shape::Number { .. } => found.push(Scalar::Number),
        Shape::Boolean => found.push(Scalar::Boolean),
        Shape::Enumeration(values) => found.extend(values.iter().map(scalar_of)),
        Shape::Union(union) if depth < DEEPEST => {
            for schema in union.variants.iter().filter_map(|id| api.schemas.get(*id)) {
                scalars(api, &schema.shape, found, depth + 1);
            }
        }
        _ => found.push(Scalar::Text),
    }
}

fn scalar_of(value: &Value) -> Scalar {
    match value {
        Value::Number(number) if number.is_i64() || number.is_u64() => Scalar::Integer,
        Value::Number(_) => Scalar::Number,
        Value::Bool(_) => Scalar::Boolean,
        _ => Scalar::Text,
    }
}

fn scalar_form(mut kinds: Vec<Scalar>) -> TokenStream {
    kinds.sort_unstable();
    kinds.dedup();
    let forms: Vec<TokenStream> = kinds
        .iter()
        .map(|kind| match kind {
            Scalar::Integer => quote! { Form::Integer },
            Scalar::Number => quote! { Form::Number },
            Scalar::Boolean => quote! { Form::Boolean },
            Scalar::Text => quote! { Form::Text },
        })
        .collect();
    match forms.as_slice() {
        [] => quote! { Form::Text },
        [only] => only.clone(),
        several => quote! { Form::First(&[#(#several),*]) },
    }
}
