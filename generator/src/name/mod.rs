//! The contract's texts → a table of every Rust identifier, decided once and for all.
//!
//! The same contract gives the same names, in whatever order emitters ask for them.
//! Emitters never invent a name, and nothing here knows what is emitted under it.

mod alike;
mod case;
mod form;
mod model;
mod operation;
mod scope;

use std::collections::BTreeMap;

pub use case::{Case, Name};
pub use form::{Form, Text, Width};
pub use model::{MemberNames, ModelNames, SharedName};
pub use operation::{OperationNames, ResponseNames, status_name};

use crate::contract::{Api, OperationId, SchemaId, Shape};
use crate::share::Shared;
use scope::Scope;

/// Every identifier of one module.
#[derive(Clone, Debug)]
pub struct Names {
    module: Name,
    forms: Vec<Form>,
    models: BTreeMap<SchemaId, ModelNames>,
    /// Schemas whose type is that of another one.
    same: BTreeMap<SchemaId, SchemaId>,
    operations: BTreeMap<OperationId, OperationNames>,
    traits: BTreeMap<String, Name>,
    security: BTreeMap<String, Name>,
}

impl Names {
    /// Decides the names of `api`, which becomes the module `module`.
    #[must_use]
    pub fn of(module: &str, api: &Api) -> Self {
        let forms = form::forms(api);
        let operations = operation::operations(api);
        let module = Name::new(module, Case::Module);
        let home = |_| format!("{module}::models");
        let (models, same) = model::models(api, &forms, &operations, home);
        let traits = operation::traits(api);
        let security = operation::security(api);
        Self { module, forms, models, same, operations, traits, security }
    }

    /// Decides the names of what several APIs share: a module for each file, and in all of them together no
    /// name twice.
    #[must_use]
    pub fn of_shared(shared: &Shared) -> Self {
        let api = shared.api();
        let module = Name::new("shared", Case::Module);
        let forms = form::forms(api);
        let files = shared_files(shared);
        let home = |id: SchemaId| {
            let source = api.schemas.get(id).map(|schema| &*schema.place.source);
            let file = source.and_then(|source| files.get(source));
            file.map_or_else(|| module.to_string(), |file| format!("{module}::{file}"))
        };
        let (models, same) = model::models(api, &forms, &BTreeMap::new(), home);
        Self {
            module,
            forms,
            models,
            same,
            operations: BTreeMap::new(),
            traits: BTreeMap::new(),
            security: BTreeMap::new(),
        }
    }

    /// These names, with those schemas being defined where `shared` has them.
    #[must_use]
    pub fn sharing(mut self, schemas: &BTreeMap<SchemaId, SchemaId>, shared: &Self) -> Self {
        for (own, other) in schemas {
            let (Some(names), Some(other)) = (self.models.get_mut(own), shared.model(*other))
            else {
                continue;
            };
            let ModelNames { home, type_name, members, .. } = other.clone();
            names.members = members;
            names.shared = Some(SharedName { home, type_name });
        }
        self
    }

    /// The module that holds everything of this API.
    #[must_use]
    pub fn module(&self) -> &Name {
        &self.module
    }

    /// What a schema is in Rust.
    #[must_use]
    pub fn form(&self, schema: SchemaId) -> Form {
        self.forms.get(schema.0 as usize).copied().unwrap_or(Form::Any)
    }

    /// What a value of that shape is in Rust when its bounds are left aside.
    #[must_use]
    pub fn unbounded_form(&self, shape: &Shape) -> Form {
        form::plain(shape)
    }

    /// The names of a schema with a type of its own that anything refers to.
    #[must_use]
    pub fn model(&self, schema: SchemaId) -> Option<&ModelNames> {
        self.models.get(self.same.get(&schema).unwrap_or(&schema))
    }

    /// Every schema with a type of its own, with its names.
    pub fn models(&self) -> impl Iterator<Item = (SchemaId, &ModelNames)> {
        self.models.iter().map(|(id, names)| (*id, names))
    }

    /// Schemas whose type is that of another one, with that one.
    pub fn same(&self) -> impl Iterator<Item = (SchemaId, SchemaId)> {
        self.same.iter().map(|(id, first)| (*id, *first))
    }

    /// The names of an operation.
    #[must_use]
    pub fn operation(&self, id: &OperationId) -> Option<&OperationNames> {
        self.operations.get(id)
    }

    /// The trait of the operations whose first tag is `tag`; the empty tag is for those without any.
    #[must_use]
    pub fn trait_of(&self, tag: &str) -> Option<&Name> {
        self.traits.get(tag)
    }

    /// The name of a security scheme, as a type.
    #[must_use]
    pub fn security(&self, scheme: &str) -> Option<&Name> {
        self.security.get(scheme)
    }
}

/// A module for each file with shared schemas, after its name without extension.
#[must_use]
pub fn shared_files(shared: &Shared) -> BTreeMap<&str, Name> {
    let documents = shared.documents();
    let stems = documents.iter().map(|source| {
        let file = source.rsplit('/').next().unwrap_or(source);
        file.split_once('.').map_or(file, |(stem, _)| stem)
    });
    let names = Scope::new(Case::Module, &[]).assign(stems);
    documents.into_iter().map(|source| &**source).zip(names).collect()
}
