//! Two surfaces → what became different between them, and whether callers notice.

use std::collections::{BTreeMap, BTreeSet};

use super::{Member, SeenOperation, SeenSchema, Surface};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Whether a caller that was right may be wrong now. Those come first.
    pub gravity: Gravity,
    /// What kind of thing it is about: `operation`, `parameter`, `body`, `answer`, `schema` or `field`.
    pub about: &'static str,
    /// What happened to it.
    pub kind: Kind,
    /// Which one.
    pub subject: String,
    /// From what to what.
    pub detail: String,
}

/// Whether a caller that was right may be wrong now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// It may.
    Breaking,
    /// It is not.
    Compatible,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// It is no longer there.
    Removed,
    /// It is otherwise.
    Changed,
    /// It was not there.
    Added,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Added => "added",
        }
    }
}

/// Every difference, the breaking ones first. A type that changed counts as breaking, also where it got wider.
#[must_use]
pub fn changes(old: &Surface, new: &Surface) -> Vec<Change> {
    let mut found = Found(Vec::new());
    for (id, was, is) in paired(&old.operations, &new.operations) {
        match (was, is) {
            (Some(was), Some(is)) => found.operation(id, was, is),
            (Some(was), None) => found.add(true, "operation", Kind::Removed, id, &was.request),
            (None, Some(is)) => found.add(false, "operation", Kind::Added, id, &is.request),
            (None, None) => {}
        }
    }
    for (name, was, is) in paired(&old.schemas, &new.schemas) {
        match (was, is) {
            (Some(was), Some(is)) => found.schema(name, was, is),
            // Where it was used says whether that matters.
            (Some(_), None) => found.add(false, "schema", Kind::Removed, name, ""),
            (None, Some(_)) => found.add(false, "schema", Kind::Added, name, ""),
            (None, None) => {}
        }
    }
    found.0.sort();
    found.0
}

struct Found(Vec<Change>);

impl Found {
    fn add(&mut self, breaks: bool, about: &'static str, kind: Kind, subject: &str, detail: &str) {
        let gravity = if breaks { Gravity::Breaking } else { Gravity::Compatible };
        let (subject, detail) = (subject.to_owned(), detail.to_owned());
        self.0.push(Change { gravity, about, kind, subject, detail });
    }

    fn operation(&mut self, id: &str, was: &SeenOperation, is: &SeenOperation) {
        if was.request != is.request {
            let detail = arrow(&was.request, &is.request);
            self.add(true, "operation", Kind::Changed, id, &detail);
        }
        self.members(
            "parameter",
            &format!("{id} "),
            &was.parameters,
            &is.parameters,
            (true, false),
        );
        if was.body_required != is.body_required {
            let detail = if is.body_required { "now required" } else { "no longer required" };
            self.add(is.body_required, "body", Kind::Changed, id, detail);
        }
        self.texts("body", id, &was.bodies, &is.bodies);
        self.texts("answer", id, &was.answers, &is.answers);
    }

    fn schema(&mut self, name: &str, was: &SeenSchema, is: &SeenSchema) {
        if was.is != is.is {
            self.add(true, "schema", Kind::Changed, name, &arrow(&was.is, &is.is));
        }
        self.members("field", &format!("{name}."), &was.fields, &is.fields, (is.sent, is.got));
    }

    /// What callers send must not ask for more, and what they get must not have less.
    fn members(
        &mut self,
        about: &'static str,
        before: &str,
        old: &BTreeMap<String, Member>,
        new: &BTreeMap<String, Member>,
        (sent, got): (bool, bool),
    ) {
        for (name, was, is) in paired(old, new) {
            let subject = format!("{before}{name}");
            match (was, is) {
                (Some(was), None) => self.add(true, about, Kind::Removed, &subject, &was.is),
                (None, Some(is)) => {
                    let required = if is.required { ", required" } else { "" };
                    let detail = format!("{}{required}", is.is);
                    self.add(is.required && sent, about, Kind::Added, &subject, &detail);
                }
                (Some(was), Some(is)) => {
                    if was.is != is.is {
                        self.add(true, about, Kind::Changed, &subject, &arrow(&was.is, &is.is));
                    }
                    if was.required != is.required {
                        let detail =
                            if is.required { "now required" } else { "no longer required" };
                        let breaks = if is.required { sent } else { got };
                        self.add(breaks, about, Kind::Changed, &subject, detail);
                    }
                }
                (None, None) => {}
            }
        }
    }

    fn texts(
        &mut self,
        about: &'static str,
        id: &str,
        old: &BTreeMap<String, String>,
        new: &BTreeMap<String, String>,
    ) {
        for (name, was, is) in paired(old, new) {
            let subject = format!("{id} {name}");
            match (was, is) {
                (Some(was), None) => self.add(true, about, Kind::Removed, &subject, was),
                (None, Some(is)) => self.add(false, about, Kind::Added, &subject, is),
                (Some(was), Some(is)) if was != is => {
                    self.add(true, about, Kind::Changed, &subject, &arrow(was, is));
                }
                _ => {}
            }
        }
    }
}

fn arrow(was: &str, is: &str) -> String {
    format!("{was} → {is}")
}

/// Both sides of every key.
fn paired<'m, T>(
    old: &'m BTreeMap<String, T>,
    new: &'m BTreeMap<String, T>,
) -> impl Iterator<Item = (&'m str, Option<&'m T>, Option<&'m T>)> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter().map(|key| (key.as_str(), old.get(key), new.get(key)))
}
