//! Schemas → models: one file a named schema, with what only it uses beside it.

mod constrained;
mod default;
mod enumeration;
mod object;
mod pattern;
mod prose;
mod union;

use std::collections::BTreeMap;

use quote::quote;

use super::{Imports, Item, ItemKind, PlannedFile, Types, doc};
use crate::contract::{SchemaId, Shape};
use crate::diagnostic::Diagnostics;
use crate::name::{Form, ModelNames, Name};

/// Every file under `models`, and the list of them.
#[must_use]
pub(super) fn emit(types: &Types<'_>, diagnostics: &mut Diagnostics) -> Vec<PlannedFile> {
    let mut by_file: BTreeMap<&Name, Vec<(SchemaId, &ModelNames)>> = BTreeMap::new();
    for (id, names) in types.names().models() {
        by_file.entry(&names.file).or_default().push((id, names));
    }
    tell_of_endless_unions(types, diagnostics);
    let mut files = vec![index(types, &by_file)];
    files.extend(by_file.iter().map(|(file, models)| self::file(types, file, models, diagnostics)));
    files
}

fn tell_of_endless_unions(types: &Types<'_>, diagnostics: &mut Diagnostics) {
    for (id, schema) in types.api().schemas.iter() {
        let is_union = matches!(&schema.shape, Shape::Union(union) if !union.variants.is_empty());
        if is_union && types.names().form(id) == Form::Never {
            let message = "the union is an alternative of itself, so that no value ever fits";
            let help = "leave the reference to itself out, or put it inside an object or a list";
            diagnostics.error("union-of-itself", &schema.place, message, help);
        }
    }
}

fn file(
    types: &Types<'_>,
    file: &Name,
    models: &[(SchemaId, &ModelNames)],
    diagnostics: &mut Diagnostics,
) -> PlannedFile {
    let mut context = Context {
        types,
        imports: Imports::new(models.iter().map(|(_, names)| &names.type_name)),
        diagnostics,
    };
    let items = models.iter().flat_map(|(id, names)| model(&mut context, *id, names)).collect();
    let listed: Vec<String> =
        models.iter().map(|(_, names)| doc::code(names.type_name.as_str())).collect();
    let doc = match listed.as_slice() {
        [only] => format!("The model {only}."),
        several => format!("The models {}.", several.join(", ")),
    };
    let path = format!("{}/models/{file}.rs", types.names().module());
    PlannedFile { path, doc, imports: context.imports, items }
}

/// What every emitter of models works with.
struct Context<'c, 'a> {
    types: &'c Types<'a>,
    imports: Imports,
    diagnostics: &'c mut Diagnostics,
}

fn model(context: &mut Context<'_, '_>, id: SchemaId, names: &ModelNames) -> Vec<Item> {
    let Some(schema) = context.types.schema(id) else { return Vec::new() };
    match (context.types.names().form(id), &schema.shape) {
        (Form::Constrained, _) => constrained::items(context, id, schema, names),
        (Form::Object, Shape::Object { properties, additional, size }) => {
            let object = object::Object {
                id,
                schema,
                names,
                properties,
                additional: *additional,
                size: *size,
            };
            object::items(context, &object)
        }
        (Form::Enumeration, Shape::Enumeration(values)) => {
            enumeration::items(context, schema, names, values)
        }
        (Form::Union, Shape::Union(union)) => union::items(context, id, schema, names, union),
        _ => Vec::new(),
    }
}

fn index(
    types: &Types<'_>,
    by_file: &BTreeMap<&Name, Vec<(SchemaId, &ModelNames)>>,
) -> PlannedFile {
    let modules =
        by_file.keys().map(|file| Item::new(ItemKind::Module, file, quote! { mod #file; }));
    let uses = by_file.iter().map(|(file, models)| {
        let mut names: Vec<&Name> = models.iter().map(|(_, names)| &names.type_name).collect();
        names.sort();
        let tokens = match names.as_slice() {
            [only] => quote! { pub use self::#file::#only; },
            several => quote! { pub use self::#file::{#(#several),*}; },
        };
        Item::new(ItemKind::Use, format_args!("self::{file}"), tokens)
    });
    PlannedFile {
        path: format!("{}/models/mod.rs", types.names().module()),
        doc: "What requests and answers are made of.".to_owned(),
        imports: Imports::default(),
        items: modules.chain(uses).collect(),
    }
}

/// How emitted types come from and go to other formats than a parsed value.
fn deserialize(context: &mut Context<'_, '_>, name: &Name) -> Item {
    for item in ["Deserialize", "Deserializer"] {
        context.imports.add("serde", item);
    }
    context.imports.add("crate::support::decode", "self");
    let tokens = quote! {
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                decode::bridge(deserializer)
            }
        }
    };
    Item::block(format_args!("Deserialize for {name}"), tokens)
}

/// `impl Decode` with that body, in which `value`, `at` and `faults` are what was handed in.
fn decode(context: &mut Context<'_, '_>, name: &Name, body: &proc_macro2::TokenStream) -> Item {
    context.imports.add("crate::support::decode", "self");
    context.imports.add("crate::support::decode", "Decode");
    let tokens = quote! {
        impl Decode for #name {
            fn decode(
                value: &serde_json::Value,
                at: &decode::Path<'_>,
                faults: &mut decode::Faults,
            ) -> Option<Self> {
                #body
            }
        }
    };
    Item::block(format_args!("Decode for {name}"), tokens)
}

/// `impl Serialize` with that body, in which `serializer` is what was handed in.
fn serialize(context: &mut Context<'_, '_>, name: &Name, body: &proc_macro2::TokenStream) -> Item {
    for item in ["Serialize", "Serializer"] {
        context.imports.add("serde", item);
    }
    let tokens = quote! {
        impl Serialize for #name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #body
            }
        }
    };
    Item::block(format_args!("Serialize for {name}"), tokens)
}
