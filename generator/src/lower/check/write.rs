//! What `x-version` and `x-dry-run` name: a member of the body, a parameter.

use crate::contract::{DryRun, Operation, Pointer};
use crate::lower::context::Lowering;

use super::Scene;

impl Lowering<'_, '_> {
    /// Where the body has the version, if it can have one there.
    pub(super) fn checked_version(
        &mut self,
        scene: &Scene<'_>,
        own: &Operation,
    ) -> Option<Pointer> {
        let pointer = own.version.clone()?;
        let content = own.body.iter().flat_map(|body| &body.content);
        let schemas: Vec<_> = content.filter_map(|content| content.schema).collect();
        let keys = ["x-version"];
        self.leads_somewhere(scene.schemas, &schemas, &pointer, &own.place, &keys)
            .then_some(pointer)
    }

    /// The dry run, if there is the parameter that asks for it.
    pub(super) fn checked_dry_run(&mut self, own: &Operation) -> Option<DryRun> {
        let dry_run = own.dry_run.clone()?;
        self.has_parameter(own, &dry_run.parameter, &dry_run.place, &["param"]).then_some(dry_run)
    }
}
