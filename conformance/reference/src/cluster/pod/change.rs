//! Replacing and patching a pod or its status.

use serde_json::{Value, json};

use super::{NOBODY, Pods, defaults, shape, update, validate};
use crate::cluster::{
    managed::{self, Writer, applied},
    object,
    options::WriteOptions,
    patch::{PatchKind, json_patched, merge_patched, strategic_patched},
    status::Status,
    store::{Key, Version, Write, Written},
};

/// Which part of a pod is written; the rest of a body is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Everything but the status.
    Main,
    /// The status, with labels and annotations.
    Status,
}

/// Metadata that stays as it is, whatever a body says.
const KEPT: [&str; 9] = [
    "namespace",
    "uid",
    "creationTimestamp",
    "generation",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generateName",
    "managedFields",
    "selfLink",
];

impl Pods {
    /// Puts another pod in the place of one that is there.
    ///
    /// # Errors
    /// 400 for another kind, name or namespace, 404 when there is no such pod, 409 for an old version or another uid, 422
    /// for a change that is not allowed, 500 for a malformed version.
    pub fn replace(
        &self,
        namespace: &str,
        name: &str,
        part: Part,
        body: &Value,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        shape::check_kind(body, "Pod", &["v1"])?;
        shape::check_types(body)?;
        shape::check_name(body, name)?;
        shape::check_namespace(body, namespace)?;
        self.store.write(&Key::new(namespace, name), options.dry_run, |current| {
            let current = current.ok_or_else(|| Status::not_found(super::PODS, name))?;
            let mut after = self.changed(current, body, part)?;
            self.own(current, &mut after, part, options);
            Ok(settle(current, after))
        })
    }

    /// Applies a patch to a pod, or makes one by an apply.
    ///
    /// # Errors
    /// As [`Pods::replace`], and what the patch itself gives.
    pub fn patch(
        &self,
        namespace: &str,
        name: &str,
        part: Part,
        kind: PatchKind,
        patch: &Value,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        let key = Key::new(namespace, name);
        if kind == PatchKind::Apply {
            return self.apply(&key, part, patch, options);
        }
        self.store.write(&key, options.dry_run, |current| {
            let current = current.ok_or_else(|| Status::not_found(super::PODS, name))?;
            let patched = match kind {
                PatchKind::Json => json_patched(current, patch)?,
                PatchKind::Merge | PatchKind::Apply => merge_patched(current, patch)?,
                PatchKind::Strategic => strategic_patched(current, patch, &self.table)?,
            };
            let mut after = self.after_patch(current, &patched, part)?;
            self.own(current, &mut after, part, options);
            Ok(settle(current, after))
        })
    }

    fn after_patch(&self, current: &Value, patched: &Value, part: Part) -> Result<Value, Status> {
        if !patched.is_object() {
            return Err(Status::unprocessable());
        }
        shape::check_kind(patched, "Pod", &["v1"])?;
        shape::check_types(patched)?;
        shape::check_name(patched, object::name(current))?;
        shape::check_namespace(patched, object::namespace(current))?;
        self.changed(current, patched, part)
    }

    fn apply(
        &self,
        key: &Key,
        part: Part,
        wanted: &Value,
        options: &WriteOptions,
    ) -> Result<Written, Status> {
        check_applied(wanted, key)?;
        let time = self.now();
        let writer = writer(part, options, &time);
        if self.store.get(key).is_none() {
            if part == Part::Status {
                return Err(Status::not_found(super::PODS, key.name()));
            }
            return self.apply_new(key, wanted, options, writer);
        }
        self.store.write(key, options.dry_run, |current| {
            let current = current.ok_or_else(|| Status::not_found(super::PODS, key.name()))?;
            let merged = applied(Some(current), wanted, options.force, writer, &self.table)?.object;
            let mut after = self.after_patch(current, &merged, part)?;
            object::copy(&mut after, &merged, &["metadata", "managedFields"]);
            Ok(settle(current, after))
        })
    }

    fn apply_new(
        &self,
        key: &Key,
        wanted: &Value,
        options: &WriteOptions,
        writer: Writer<'_>,
    ) -> Result<Written, Status> {
        let mut pod = wanted.clone();
        object::remove(&mut pod, &["status"]);
        let mut pod = applied(None, &pod, options.force, writer, &self.table)?.object;
        let owners = object::remove(&mut pod, &["metadata", "managedFields"]);
        let mut pod = self.prepared(key.namespace(), &pod)?;
        if let Some(owners) = owners {
            object::set(&mut pod, &["metadata", "managedFields"], owners);
        }
        let object = self.keep_new(key.namespace(), pod, options.dry_run)?;
        Ok(Written { object, created: true, removed: false })
    }

    /// What a pod becomes when this part of a body is put in its place.
    fn changed(&self, current: &Value, body: &Value, part: Part) -> Result<Value, Status> {
        check_identity(current, body)?;
        let mut after = body.clone();
        for field in KEPT {
            object::copy(&mut after, current, &["metadata", field]);
        }
        match part {
            Part::Status => {
                object::copy(&mut after, current, &["spec"]);
                object::copy(&mut after, current, &["metadata", "ownerReferences"]);
                object::set_default(&mut after, &["status"], json!({}));
                validate::change(&after)?;
            }
            Part::Main => {
                object::copy(&mut after, current, &["status"]);
                defaults::fill(&mut after);
                for field in ["priority", "preemptionPolicy", "ephemeralContainers"] {
                    if let Some(kept) = object::get(current, &["spec", field]) {
                        object::set_default(&mut after, &["spec", field], kept.clone());
                    }
                }
                defaults::admit(&mut after);
                validate::change(&after)?;
                update::check(current, &after)?;
            }
        }
        if after.get("spec") != current.get("spec") {
            let generation = object::number(current, "/metadata/generation").unwrap_or_default();
            object::set(&mut after, &["metadata", "generation"], generation.saturating_add(1));
        }
        Ok(after)
    }

    /// Writes down who changed what.
    fn own(&self, current: &Value, after: &mut Value, part: Part, options: &WriteOptions) {
        let time = self.now();
        managed::updated(Some(current), after, writer(part, options, &time), &self.table);
    }
}

fn writer<'w>(part: Part, options: &'w WriteOptions, time: &'w str) -> Writer<'w> {
    let subresource = match part {
        Part::Main => "",
        Part::Status => "status",
    };
    Writer { manager: options.manager.as_deref().unwrap_or(NOBODY), subresource, time }
}

/// A pod whose deletion only waited for its finalizers goes with the last of them.
fn settle(current: &Value, after: Value) -> Write {
    let waited = object::is_terminating(current)
        && object::number(current, "/metadata/deletionGracePeriodSeconds") == Some(0);
    if waited && object::list(&after, "/metadata/finalizers").is_empty() {
        Write::Remove(after)
    } else {
        Write::Put(after)
    }
}

/// Whether a body speaks of this very object, and of its current version.
fn check_identity(current: &Value, body: &Value) -> Result<(), Status> {
    let (uid, sent) = (object::uid(current), object::uid(body));
    let name = object::name(current);
    if !sent.is_empty() && sent != uid {
        let why = format!(
            "StorageError: invalid object, Code: 4, Key: /registry/pods/{}/{name}, ResourceVersion: 0, \
             AdditionalErrorMsg: Precondition failed: UID in precondition: {sent}, UID in object meta: {uid}",
            object::namespace(current)
        );
        return Err(Status::conflict(super::PODS, name, &why));
    }
    let version = object::version(body);
    if version.is_empty() || version == "0" {
        return Ok(());
    }
    Version::parse(version).map_err(|bad| Status::unexplained(bad.to_string()))?;
    if version == object::version(current) { Ok(()) } else { Err(Status::stale(super::PODS, name)) }
}

/// Holds an applied object against the place it is applied to.
fn check_applied(wanted: &Value, key: &Key) -> Result<(), Status> {
    let (kind, version) = (object::text(wanted, "/kind"), object::text(wanted, "/apiVersion"));
    if kind.is_empty() || version.is_empty() {
        let message = "error decoding YAML: Object 'Kind' is missing";
        return Err(Status::bad_request(message));
    }
    shape::check_kind(wanted, "Pod", &["v1"])?;
    shape::check_types(wanted)?;
    shape::check_name(wanted, key.name())?;
    shape::check_namespace(wanted, key.namespace())?;
    if !object::list(wanted, "/metadata/managedFields").is_empty() {
        return Err(Status::bad_request("metadata.managedFields must be nil"));
    }
    Ok(())
}
