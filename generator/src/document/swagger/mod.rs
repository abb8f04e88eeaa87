//! Swagger 2.0 trees in the form of OpenAPI 3.0, so that one structural pass and one lowering serve both.
//!
//! Every node keeps its line and column, and what is made up takes those of what it was made from; a pointer is found
//! again from them by [`relocate`]. Definitions stay where they are, so that references to them hold. Whether a
//! statement is right is not asked here: what is not understood stays where it was, for the structural pass to find.

mod body;
mod parameter;
mod place;
mod response;
mod root;
mod schema;
mod security;
mod tree;

use super::Node;
use crate::diagnostic::Diagnostics;
use crate::source::Source;

pub use place::relocate;

pub use root::Media;

/// A Swagger 2.0 document, or a file that one refers to, in the form of OpenAPI 3.0.
/// What that form cannot say is reported; see <https://swagger.io/specification/v2/>.
///
/// `media` is what the root document says for all operations.
#[must_use]
pub fn raise(root: Node, media: &Media, source: &Source, diagnostics: &mut Diagnostics) -> Node {
    let root = schema::raised(root);
    root::Raise::new(&root, media, source, diagnostics).document(root)
}
