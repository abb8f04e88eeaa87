//! What the emitters of a server know of one operation. Emits nothing.

use crate::contract::{Fault, Operation, StatusKey};
use crate::emit::framing::{Codec, Framings, LayoutPlan};
use crate::emit::{TagFeatures, Types, doc};
use crate::name::{Case, Name, OperationNames};

use super::credential::Security;

/// What every emitter of a server needs.
pub(super) struct Context<'a> {
    pub(super) types: &'a Types<'a>,
    pub(super) framings: &'a Framings,
    pub(super) tags: &'a TagFeatures,
}

/// One operation.
pub(super) struct Stub<'a> {
    pub(super) operation: &'a Operation,
    pub(super) names: &'a OperationNames,
    /// The trait that has its method.
    pub(super) owner: &'a Name,
    /// What a caller presents.
    pub(super) security: Security<'a>,
}

/// Every operation, in document order.
pub(super) fn stubs<'a>(context: &Context<'a>) -> Vec<Stub<'a>> {
    let (api, names) = (context.types.api(), context.types.names());
    let stub = |operation: &'a Operation| {
        let tag = operation.tags.first().map(String::as_str).unwrap_or_default();
        Some(Stub {
            operation,
            names: names.operation(&operation.id)?,
            owner: names.trait_of(tag)?,
            security: Security::of(api, names, operation),
        })
    };
    api.operations.iter().filter_map(stub).collect()
}

impl Stub<'_> {
    /// The type of what it is asked.
    pub(super) fn request(&self) -> Name {
        self.named("request")
    }

    /// The type of what it answers.
    pub(super) fn response(&self) -> Name {
        self.named("response")
    }

    /// A type of its own for that.
    pub(super) fn named(&self, what: &str) -> Name {
        self.names.type_base.join(what, Case::Type)
    }

    /// The static that describes it.
    pub(super) fn constant(&self) -> Name {
        Name::new("operation", Case::Constant).join(self.names.method.as_str(), Case::Constant)
    }

    /// Method and path, as inline code.
    pub(super) fn request_line(&self) -> String {
        doc::code(&format!("{} {}", self.operation.method, self.operation.path))
    }

    /// How its 101 is framed, where that is channels over WebSocket.
    pub(super) fn socket<'c>(&self, context: &Context<'c>) -> Option<&'c LayoutPlan> {
        let switching = StatusKey::Code(101);
        let framing = context.framings.content(&self.operation.id, switching, 0)?;
        match framing.output {
            Codec::Channels(layout) | Codec::Pairs(layout) => context.framings.layout(layout),
            _ => None,
        }
    }

    /// Whether a request that accepts none of them is refused: where the document says how.
    pub(super) fn refuses_unacceptable(&self) -> bool {
        let operation = self.operation;
        let documented = operation.responses.0.contains_key(&StatusKey::Code(406));
        let said = documented || operation.refusals.get(Fault::NotAcceptable).is_some();
        said && !operation.success_media_types().is_empty()
    }

    /// Whether it takes connections over: 101 is documented, and to what.
    pub(super) fn upgrades(&self) -> bool {
        self.operation.upgrade.is_some()
    }
}
