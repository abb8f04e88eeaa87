//! What requests of both servers say alike, as the cluster takes it: macros over the names of their fields.

/// The options of a list or of the deletion of many.
macro_rules! selection {
    ($request:expr) => {
        $crate::cluster::options::ListOptions {
            label_selector: $request.label_selector.clone(),
            field_selector: $request.field_selector.clone(),
            limit: $request.limit,
            token: $request.continue_.clone(),
            version: $request.resource_version.clone(),
            version_match: $request.resource_version_match.map(|how| how.as_str().to_owned()),
            timeout: $request.timeout_seconds,
            ..$crate::cluster::options::ListOptions::default()
        }
    };
}

/// The pod that a request names.
macro_rules! place {
    ($request:expr) => {
        $crate::machinery::Place { namespace: &$request.namespace, name: &$request.name }
    };
}

/// What a request says of its write, with `force` if it has that.
macro_rules! writing {
    ($request:expr) => {
        $crate::machinery::writing!(@ $request, None)
    };
    ($request:expr, force) => {
        $crate::machinery::writing!(@ $request, $request.force)
    };
    (@ $request:expr, $force:expr) => {
        $crate::machinery::Writing {
            dry_run: $request.dry_run,
            manager: $request.field_manager.as_ref().map(|manager| manager.as_str()),
            force: $force,
        }
    };
}

/// What a request says of its deletion, with the field that says what becomes of orphans if it has one.
macro_rules! removal {
    ($request:expr) => {
        $crate::machinery::removal!(@ $request, None)
    };
    ($request:expr, $orphans:ident) => {
        $crate::machinery::removal!(@ $request, $request.$orphans)
    };
    (@ $request:expr, $orphan:expr) => {
        $crate::machinery::Removal {
            dry_run: $request.dry_run,
            grace: $request.grace_period_seconds.map(|seconds| seconds.get()),
            policy: $request.propagation_policy,
            orphan: $orphan,
        }
    };
}

/// What a request says of the log that it wants.
macro_rules! log_query {
    ($request:expr) => {
        $crate::cluster::log::LogQuery {
            container: $request.container.clone(),
            follow: $request.follow.unwrap_or_default(),
            previous: $request.previous.unwrap_or_default(),
            timestamps: $request.timestamps.unwrap_or_default(),
            since_seconds: $request.since_seconds.map(|seconds| seconds.get()),
            since_time: $crate::machinery::since_time(),
            tail_lines: $request.tail_lines.map(|lines| lines.get()),
            limit_bytes: $request.limit_bytes.map(|bytes| bytes.get()),
            ..$crate::cluster::log::LogQuery::default()
        }
    };
}

pub(crate) use {log_query, place, removal, selection, writing};
