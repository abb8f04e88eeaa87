//! What is printed of a run that is not a diagnostic.

use std::fmt::Write as _;

use crate::surface::{Change, Gravity};

/// So many changes of each gravity are listed; the rest is counted.
const MOST_LISTED: usize = 60;

/// So many characters of what a change was from and to.
const LONGEST: usize = 90;

/// A table of what changed for callers, the breaking changes first; empty if nothing did.
pub(super) fn changes(changes: &[(String, Change)]) -> String {
    let mut text = String::new();
    let of = |gravity| changes.iter().filter(move |(_, change)| change.gravity == gravity);
    let (breaking, other) = (of(Gravity::Breaking).count(), of(Gravity::Compatible).count());
    if changes.is_empty() {
        return text;
    }
    let _ = writeln!(text, "API changes: {breaking} breaking, {other} other");
    for (gravity, mark) in [(Gravity::Breaking, "breaking"), (Gravity::Compatible, "")] {
        for (before, change) in of(gravity).take(MOST_LISTED) {
            let detail: String = cut(&change.detail);
            let gap = if detail.is_empty() { "" } else { ": " };
            let (kind, about, subject) = (change.kind.word(), change.about, &change.subject);
            let _ = writeln!(
                text,
                "  {mark:<8}  {kind:<7}  {about:<9}  {before}{subject}{gap}{detail}"
            );
        }
        let rest = of(gravity).count().saturating_sub(MOST_LISTED);
        if rest > 0 {
            let _ = writeln!(text, "  {mark:<8}  and {rest} more");
        }
    }
    text
}

/// Both sides of an arrow are worth seeing.
fn cut(text: &str) -> String {
    let side = |text: &str| match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    };
    text.split(" → ").map(side).collect::<Vec<_>>().join(" → ")
}
