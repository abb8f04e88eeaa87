//! Lists in pages over a consistent snapshot.
//!
//! A page is cut out of one version of the store; the token of the next page names that version and the key after which
//! it begins. Nothing of a walk is remembered between its pages.

mod token;

use serde_json::{Value, json};

use self::token::Token;
use super::{
    object,
    options::{ListOptions, VersionMatch},
    selector::Selector,
    status::Status,
    store::{Key, Object, Scope, Snapshot, Store, Unavailable, Version},
};

/// One page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The version that all pages of the walk show.
    pub version: Version,
    /// The objects, in the order of their keys.
    pub items: Vec<Object>,
    /// The token of the next page, if there is one.
    pub next: Option<String>,
    /// How many objects come after this page; unknown with a selector, and on the last page.
    pub remaining: Option<usize>,
}

/// Which state of the store a list shows, and from where on.
#[derive(Debug, PartialEq, Eq)]
pub enum Plan {
    /// The newest state.
    Newest {
        /// Whether a limit counts.
        paged: bool,
    },
    /// The newest state, which must have reached a version.
    NotOlderThan(Version),
    /// One version.
    Exact(Version),
    /// One version, after a key.
    After(Version, String),
    /// The newest state, after a key: how an expired walk goes on.
    NewestAfter(String),
}

/// Reads which state a list asks for.
///
/// # Errors
/// 400 and 422 as the table of version, match, limit and token says.
pub fn plan(options: &ListOptions) -> Result<Plan, Status> {
    let matching = options.for_list()?;
    if !options.token().is_empty() {
        return continued(options);
    }
    if options.version().is_empty() {
        return Ok(Plan::Newest { paged: true });
    }
    let version = Version::parse(options.version())
        .map_err(|bad| Status::bad_request(format!("invalid resource version: {bad}")))?;
    Ok(match matching {
        _ if version == Version::ZERO => Plan::Newest { paged: false },
        VersionMatch::Exact => Plan::Exact(version),
        VersionMatch::NotOlderThan => Plan::NotOlderThan(version),
        VersionMatch::Unset if options.page_size().is_some() => Plan::Exact(version),
        VersionMatch::Unset => Plan::NotOlderThan(version),
    })
}

fn continued(options: &ListOptions) -> Result<Plan, Status> {
    if !["", "0"].contains(&options.version()) {
        let message = "specifying resource version is not allowed when using continue";
        return Err(Status::bad_request(message));
    }
    let token = Token::decode(options.token()).map_err(|fault| {
        Status::bad_request(format!("invalid continue token: continue key is not valid: {fault}"))
    })?;
    Ok(match token.version {
        Some(version) => Plan::After(version, token.start),
        None => Plan::NewestAfter(token.start),
    })
}

/// The version that a list waits for before it can be made, if any.
#[must_use]
pub fn awaited(plan: &Plan) -> Option<Version> {
    match plan {
        Plan::NotOlderThan(version) | Plan::Exact(version) => Some(*version),
        Plan::Newest { .. } | Plan::After(..) | Plan::NewestAfter(_) => None,
    }
}

/// Makes one page.
///
/// # Errors
/// 400 for malformed options, 410 for a version that is no longer kept (with a token to go on with if it was a walk), 422
/// for options that exclude each other, 504 for a version in the future.
pub fn list(store: &Store, scope: &Scope, options: &ListOptions) -> Result<Page, Status> {
    let selector =
        Selector::parse(options.label_selector.as_deref(), options.field_selector.as_deref())?;
    let plan = plan(options)?;
    let size = match plan {
        Plan::Newest { paged: false } => None,
        _ => options.page_size(),
    };
    let (snapshot, start) = state(store, scope, plan)?;
    Ok(cut(&snapshot, scope, &selector, start.as_deref(), size))
}

/// The state that a plan shows, and the key after which it begins.
fn state(store: &Store, scope: &Scope, plan: Plan) -> Result<(Snapshot, Option<String>), Status> {
    match plan {
        Plan::Newest { .. } => Ok((store.current(scope), None)),
        Plan::NewestAfter(start) => Ok((store.current(scope), Some(start))),
        Plan::NotOlderThan(version) => {
            let snapshot = store.current(scope);
            if snapshot.version() < version {
                return Err(too_new(Unavailable::TooNew(version, snapshot.version())));
            }
            Ok((snapshot, None))
        }
        Plan::Exact(version) => match store.snapshot(scope, version) {
            Ok(snapshot) => Ok((snapshot, None)),
            Err(Unavailable::TooOld(..)) => {
                Err(Status::expired("The resourceVersion for the provided list is too old."))
            }
            Err(unavailable) => Err(too_new(unavailable)),
        },
        Plan::After(version, start) => match store.snapshot(scope, version) {
            Ok(snapshot) => Ok((snapshot, Some(start))),
            Err(Unavailable::TooOld(..)) => Err(walk_expired(start)),
            Err(unavailable) => {
                Err(Status::bad_request(format!("invalid continue token: {unavailable}")))
            }
        },
    }
}

/// 504 for a version that was not reached.
#[must_use]
pub fn too_new(unavailable: Unavailable) -> Status {
    match unavailable {
        Unavailable::TooNew(asked, current) | Unavailable::TooOld(asked, current) => {
            Status::version_too_large(asked.get(), current.get())
        }
    }
}

/// 410 with a token that goes on after the same key in the newest state.
fn walk_expired(start: String) -> Status {
    let message = "The provided continue parameter is too old to display a consistent list result. \
        You can start a new list without the continue parameter, or use the continue token in this response to \
        retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - \
        objects that were created, modified, or deleted between the time the first chunk was returned and now may \
        show up in the list.";
    Status::expired(message).with_next(Token { version: None, start }.encode())
}

fn cut(
    snapshot: &Snapshot,
    scope: &Scope,
    selector: &Selector,
    start: Option<&str>,
    size: Option<usize>,
) -> Page {
    let prefix = scope.prefix();
    let first = start.map(|start| format!("{prefix}{start}"));
    let mut selected = snapshot
        .objects()
        .filter(|(key, _)| first.as_deref().is_none_or(|first| key.as_str() >= first))
        .filter(|(_, object)| selector.selects(object));
    let page: Vec<(&Key, &Object)> = selected.by_ref().take(size.unwrap_or(usize::MAX)).collect();
    let rest = selected.count();
    let last = page.last().filter(|_| rest > 0).map(|(key, _)| *key);
    Page {
        version: snapshot.version(),
        next: last.map(|key| {
            // The next possible key is the last one with a zero byte behind it.
            let start = format!("{}\0", key.as_str().strip_prefix(&prefix).unwrap_or_default());
            Token { version: Some(snapshot.version()), start }.encode()
        }),
        remaining: (last.is_some() && selector.is_empty()).then_some(rest),
        items: page.into_iter().map(|(_, object)| Object::clone(object)).collect(),
    }
}

impl Page {
    /// As a list object of this kind, whose items have neither kind nor version.
    #[must_use]
    pub fn to_value(&self, kind: &str) -> Value {
        let mut metadata = json!({ "resourceVersion": self.version.to_string() });
        if let Some(token) = &self.next {
            object::set(&mut metadata, &["continue"], token.as_str());
        }
        if let Some(remaining) = self.remaining {
            object::set(&mut metadata, &["remainingItemCount"], remaining);
        }
        let items = self.items.iter().map(|item| {
            let mut item = Value::clone(item);
            object::remove(&mut item, &["kind"]);
            object::remove(&mut item, &["apiVersion"]);
            item
        });
        json!({
            "kind": kind,
            "apiVersion": "v1",
            "metadata": metadata,
            "items": items.collect::<Vec<_>>(),
        })
    }
}
