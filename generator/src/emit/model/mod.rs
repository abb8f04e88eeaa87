//! Schemas → models: one file a named schema, with what only it uses beside it.

mod constrained;
mod default;
mod enumeration;
mod object;
mod prose;
mod union;

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span};
use quote::quote;

use super::{Imports, Item, ItemKind, PlannedFile, TagFeatures, Types, doc};
use crate::contract::{SchemaId, Shape};
use crate::diagnostic::Diagnostics;
use crate::name::{Form, ModelNames, Name, SharedName};

/// Models by the file that defines them.
type ByFile<'a> = BTreeMap<&'a Name, Vec<(SchemaId, &'a ModelNames)>>;

/// Hands over every file under `models`, and the list of them with those that are defined elsewhere.
pub(super) fn emit(
    types: &Types<'_>,
    tags: &TagFeatures,
    diagnostics: &mut Diagnostics,
    sink: &mut dyn FnMut(PlannedFile),
) {
    tell_of_endless_unions(types, diagnostics);
    let (mut by_file, mut elsewhere) = (ByFile::new(), BTreeMap::<&str, Vec<_>>::new());
    for (id, names) in types.names().models() {
        match &names.shared {
            Some(shared) => elsewhere.entry(&shared.home).or_default().push((names, shared)),
            None => by_file.entry(&names.file).or_default().push((id, names)),
        }
    }
    let uses = elsewhere.iter().map(|(home, models)| use_elsewhere(home, models));
    let about = "What requests and answers are made of.".to_owned();
    let mut list =
        index(format!("{}/models/mod.rs", types.names().module()), about, &by_file, tags);
    list.items.extend(uses);
    sink(list);
    for (file, models) in &by_file {
        sink(self::file(types, file, models, diagnostics));
    }
}

/// Every file of the models that several APIs use: a folder for each home.
#[must_use]
pub(super) fn emit_shared(
    types: &Types<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<(SchemaId, PlannedFile)> {
    let mut by_home: BTreeMap<&str, ByFile<'_>> = BTreeMap::new();
    for (id, names) in types.names().models() {
        by_home.entry(&names.home).or_default().entry(&names.file).or_default().push((id, names));
    }
    let (mut files, none) = (Vec::new(), TagFeatures::default());
    for (home, by_file) in &by_home {
        let Some(first) = by_file.values().flatten().map(|(id, _)| *id).next() else { continue };
        let path = format!("{}/mod.rs", home.replace("::", "/"));
        files
            .push((first, index(path, "Models that several APIs use.".to_owned(), by_file, &none)));
        for (file, models) in by_file {
            files.push((first, self::file(types, file, models, diagnostics)));
        }
    }
    files
}

/// Takes in models that are defined elsewhere, under the names that they have here.
fn use_elsewhere(home: &str, models: &[(&ModelNames, &SharedName)]) -> Item {
    let segments = home.split("::").map(|segment| Ident::new(segment, Span::call_site()));
    let mut names: Vec<_> = models.iter().map(|(own, shared)| (&shared.type_name, *own)).collect();
    names.sort_by_key(|(defined, _)| *defined);
    let uses = names.iter().map(|(defined, own)| {
        let own = &own.type_name;
        if own == *defined {
            quote! { #own }
        } else {
            quote! { #defined as #own }
        }
    });
    let uses: Vec<_> = uses.collect();
    let tokens = match uses.as_slice() {
        [only] => quote! { pub use crate::#(#segments)::*::#only; },
        several => quote! { pub use crate::#(#segments)::*::{#(#several),*}; },
    };
    Item::new(ItemKind::Use, format_args!("crate::{home}"), tokens)
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
    let home = models.first().map(|(_, names)| names.home.replace("::", "/")).unwrap_or_default();
    let path = format!("{home}/{file}.rs");
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

fn index(path: String, doc: String, by_file: &ByFile<'_>, tags: &TagFeatures) -> PlannedFile {
    let modules = by_file.iter().map(|(file, models)| {
        let gate = tags.file(models.iter().map(|(id, _)| *id));
        Item::new(ItemKind::Module, file, quote! { #gate mod #file; })
    });
    let uses = by_file.iter().map(|(file, models)| {
        let gate = tags.file(models.iter().map(|(id, _)| *id));
        let mut names: Vec<&Name> = models.iter().map(|(_, names)| &names.type_name).collect();
        names.sort();
        let tokens = match names.as_slice() {
            [only] => quote! { #gate pub use self::#file::#only; },
            several => quote! { #gate pub use self::#file::{#(#several),*}; },
        };
        Item::new(ItemKind::Use, format_args!("self::{file}"), tokens)
    });
    PlannedFile { path, doc, imports: Imports::default(), items: modules.chain(uses).collect() }
}

/// How emitted types come from other formats than a parsed value.
fn deserialize(name: &Name) -> Item {
    Item::new(ItemKind::Macro, "bridged", quote! { crate::bridged!(#name); })
}

/// `impl Decode` with that body, in which `value`, `at` and `faults` are what was handed in.
fn decode(context: &mut Context<'_, '_>, name: &Name, body: &proc_macro2::TokenStream) -> Item {
    context.imports.add("crate::support::decode", "self");
    context.imports.add("crate::support::decode", "Decode");
    let tokens = quote! {
        impl Decode for #name {
            fn decode(
                value: &decode::Tree<'_>,
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
