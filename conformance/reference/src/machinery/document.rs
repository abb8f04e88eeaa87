//! From the bodies of requests to documents for the cluster.

use generated::support::decode::{Decode, from_value};
use serde::Serialize;
use serde_json::Value;

use crate::cluster::patch::PatchKind;
use crate::cluster::status::Status;

/// A body that is an object, in one of several media types.
pub(crate) trait Document {
    /// The object.
    ///
    /// # Errors
    /// 400 when the bytes hold none of its kind.
    fn object(self) -> Result<Value, Status>;
}

/// A body that is a patch of one of four kinds.
pub(crate) trait PatchDocument {
    /// The kind, and the patch.
    ///
    /// # Errors
    /// 400 when the bytes hold none.
    fn patch(self) -> Result<(PatchKind, Value), Status>;
}

/// Makes [`Document`]s of bodies that come as JSON or YAML.
macro_rules! documents {
    ($($body:ty: $model:ty),+ $(,)?) => {
        $(impl $crate::machinery::Document for $body {
            fn object(self) -> Result<serde_json::Value, $crate::cluster::status::Status> {
                match self {
                    Self::Json(model) => $crate::machinery::from_model(&model),
                    Self::Yaml(bytes) => {
                        let object = $crate::machinery::from_yaml(&bytes)?;
                        $crate::machinery::checked::<$model>(object)
                    }
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
                use $crate::machinery::{from_model, from_yaml};

                Ok(match self {
                    Self::JsonPatchPlusJson(patch) => (PatchKind::Json, from_model(&patch)?),
                    Self::MergePatchPlusJson(patch) => (PatchKind::Merge, from_model(&patch)?),
                    Self::StrategicMergePatchPlusJson(patch) => {
                        (PatchKind::Strategic, from_model(&patch)?)
                    }
                    Self::ApplyPatchPlusYaml(bytes) => (PatchKind::Apply, from_yaml(&bytes)?),
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

/// A document of YAML, of which JSON is a part.
///
/// # Errors
/// 400 when it is none.
pub(crate) fn from_yaml(bytes: &[u8]) -> Result<Value, Status> {
    serde_yaml::from_slice(bytes)
        .map_err(|error| Status::bad_request(format!("error decoding YAML: {error}")))
}

/// A document that has the form of a model.
///
/// # Errors
/// 400 when it has not.
pub(crate) fn checked<T: Decode>(object: Value) -> Result<Value, Status> {
    match from_value::<T>(&object) {
        Ok(_) => Ok(object),
        Err(faults) => Err(Status::bad_request(format!("the object is malformed: {faults}"))),
    }
}
