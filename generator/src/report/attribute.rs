//! Which operation or named schema a problem is about: the innermost whose place the problem's place is in.

use std::collections::BTreeMap;

use crate::contract::{Api, Place};
use crate::diagnostic::Diagnostic;

/// What a problem is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// The operation of that id.
    Operation(String),
    /// The schema of that name.
    Schema(String),
    /// Neither.
    Nobody,
}

/// Problems by what they are about.
pub(super) struct Attribution<'a> {
    api: &'a Api,
    places: BTreeMap<(&'a str, &'a [String]), Owner>,
    found: BTreeMap<Owner, Vec<&'a Diagnostic>>,
}

impl<'a> Attribution<'a> {
    /// None yet, of that contract.
    pub(super) fn new(api: &'a Api) -> Self {
        let key = |place: &'a Place| (&*place.source, place.pointer.segments());
        let operations = api.operations.iter();
        let operations = operations
            .map(|operation| (key(&operation.place), Owner::Operation(operation.id.0.clone())));
        let named = api.schemas.iter().filter_map(|(_, schema)| {
            Some((key(&schema.place), Owner::Schema(schema.name.clone()?)))
        });
        Self { api, places: named.chain(operations).collect(), found: BTreeMap::new() }
    }

    /// The contract.
    pub(super) fn api(&self) -> &'a Api {
        self.api
    }

    /// Adds problems.
    pub(super) fn take(&mut self, problems: &[&'a Diagnostic]) {
        for problem in problems {
            self.found.entry(self.owner(&problem.place)).or_default().push(problem);
        }
    }

    /// The problems about one thing.
    pub(super) fn of(&self, owner: &Owner) -> &[&'a Diagnostic] {
        self.found.get(owner).map(Vec::as_slice).unwrap_or_default()
    }

    /// The named schemas that have problems.
    pub(super) fn schemas(&self) -> impl Iterator<Item = &str> {
        self.found.keys().filter_map(|owner| match owner {
            Owner::Schema(name) => Some(name.as_str()),
            Owner::Operation(_) | Owner::Nobody => None,
        })
    }

    fn owner(&self, place: &Place) -> Owner {
        let segments = place.pointer.segments();
        let above = (0..=segments.len()).rev().filter_map(|length| segments.get(..length));
        let mut owners = above.filter_map(|way| self.places.get(&(&*place.source, way)));
        owners.next().cloned().unwrap_or(Owner::Nobody)
    }
}

/// Whether a problem found while generating is about what a contract was made from.
pub(super) fn is_of(api: &Api, problem: &Diagnostic) -> bool {
    let source = &problem.place.source;
    *source == api.source || api.schemas.iter().any(|(_, schema)| schema.place.source == *source)
}
