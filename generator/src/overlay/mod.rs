//! Changes to documents that one does not own: OpenAPI Overlay 1.0 (<https://spec.openapis.org/overlay/v1.0.0>).
//!
//! Overlays are laid over the marked tree before anything looks at it, so that they serve every dialect alike. What an
//! overlay brings keeps its line and column; see [`Overlays`]. `extends` is not followed: the caller says what an
//! overlay is laid over. Whether the outcome is a good document is not asked here.

mod apply;
mod cost;
mod lines;
mod merge;
mod read;
mod target;

pub use lines::Overlays;

use crate::diagnostic::Diagnostics;
use crate::document::{Limits, Node};
use crate::source::Source;

/// Lays overlays over the tree of `document`, one after another, each over what the one before left.
///
/// An action that cannot be done, or that finds nothing to be done, is an error and costs only itself.
#[must_use]
pub fn lay(
    document: &Source,
    mut root: Node,
    overlays: &[Source],
    limits: &Limits,
    diagnostics: &mut Diagnostics,
) -> (Node, Overlays) {
    let mut lines = Overlays::over(document);
    let mut budget = target::Budget::new(limits.nodes);
    for source in overlays {
        let Some(tree) = read::tree(source, limits, diagnostics) else { continue };
        let actions = read::actions(source, &tree, diagnostics);
        let after = lines.add(source, &tree);
        let work = apply::Work { source, after, limits, budget: &mut budget, diagnostics };
        work.all(&actions, &mut root);
    }
    (root, lines)
}
