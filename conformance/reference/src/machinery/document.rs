//! From the bodies of requests to documents for the cluster.

use serde::Serialize;
use serde_json::Value;

use crate::cluster::patch::PatchKind;
use crate::cluster::status::Status;

/// A body that is an object, in one of several media types.
pub(crate) trait Document {
    /// The object.
    ///
    /// # Errors
    /// 400 when it cannot be written.
    fn object(self) -> Result<Value, Status>;
}

/// A body that is a patch of one of four kinds.
pub(crate) trait PatchDocument {
    /// The kind, and the patch.
    ///
    /// # Errors
    /// 400 when it cannot be written.
    fn patch(self) -> Result<(PatchKind, Value), Status>;
}

/// Makes [`Document`]s of bodies that come as JSON or YAML.
macro_rules! documents {
    ($($body:ty),+ $(,)?) => {
        $(impl $crate::machinery::Document for $body {
            fn object(self) -> Result<serde_json::Value, $crate::cluster::status::Status> {
                match self {
                    Self::Json(model) | Self::Yaml(model) => $crate::machinery::from_model(&model),
                }
            }
        })+
    };
}

/// Makes [`PatchDocument`]s of bodies that are patches.
macro_rules! patches {
    ($($body:ty),+ $(,)?) => {
        $(impl $crate::machinery::PatchDocument for $body {
            fn patch(
                self,
            ) -> Result<
                ($crate::cluster::patch::PatchKind, serde_json::Value),
                $crate::cluster::status::Status,
            > {
                use $crate::cluster::patch::PatchKind;
                use $crate::machinery::from_model;

                Ok(match self {
                    Self::JsonPatch(patch) => (PatchKind::Json, from_model(&patch)?),
                    Self::MergePatch(patch) => (PatchKind::Merge, from_model(&patch)?),
                    Self::StrategicMergePatch(patch) => (PatchKind::Strategic, from_model(&patch)?),
                    Self::Apply(patch) => (PatchKind::Apply, from_model(&patch)?),
                })
            }
        })+
    };
}

pub(crate) use {documents, patches};

/// A model as a document.
///
/// # Errors
/// 400 when it cannot be written.
pub(crate) fn from_model(model: &impl Serialize) -> Result<Value, Status> {
    serde_json::to_value(model).map_err(|error| Status::bad_request(error.to_string()))
}
