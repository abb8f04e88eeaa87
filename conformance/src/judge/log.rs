//! The chapter `log`: whether parts of a log, as plain texts, are what was asked for.
//!
//! A log may grow between two looks, so a part is held against the whole before it and the whole after it.

use std::time::Duration;

use generator::contract::Place;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::rule::Rule;
use crate::transcript::{End, Transcript};
use crate::verdict::Judgement;

/// A part of a log between two looks at the whole.
#[derive(Clone, Copy, Debug)]
pub struct Part<'t> {
    /// The whole before.
    pub before: &'t str,
    /// What was asked for.
    pub text: &'t str,
    /// The whole after.
    pub after: &'t str,
    /// Where the options stand.
    pub place: &'t Place,
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

impl Part<'_> {
    /// Why nothing can be told, if it cannot.
    fn untold(&self) -> Option<&'static str> {
        if self.before.is_empty() {
            Some("the log is empty")
        } else if self.after.starts_with(self.before) {
            None
        } else {
            Some("the log did not only grow")
        }
    }

    fn judged(&self, rule: Rule, holds: bool, message: impl FnOnce() -> String) -> Judgement {
        match self.untold() {
            Some(why) => Judgement::inconclusive(rule, why),
            None => Judgement::of(rule, holds, message, Some(self.place)),
        }
    }

    /// The whole as it may have been when the part was cut, for each number of lines.
    fn moments(&self) -> impl Iterator<Item = Vec<&str>> {
        let (all, least) = (lines(self.after), lines(self.before).len());
        let most = all.len();
        (least..=most).map(move |length| all.iter().take(length).copied().collect())
    }

    /// The last lines, so many.
    #[must_use]
    pub fn tail(&self, count: usize) -> Judgement {
        let part = lines(self.text);
        let is_tail = |whole: &Vec<&str>| {
            whole.get(whole.len().saturating_sub(count)..).is_some_and(|last| last == part)
        };
        let (has, of) = (part.len(), lines(self.after).len());
        let message = || format!("asked for the last {count} lines of {of}, others came: {has}");
        self.judged(Rule::LogTail, self.moments().any(|whole| is_tail(&whole)), message)
    }

    /// The first bytes, so many, give or take a line.
    #[must_use]
    pub fn bytes(&self, count: usize) -> Judgement {
        let slack = lines(self.after).into_iter().map(str::len).max().unwrap_or_default();
        let least = count.min(self.before.len()).saturating_sub(slack);
        let (has, most) = (self.text.len(), count.saturating_add(slack));
        let holds = (least..=most).contains(&has) && self.after.starts_with(self.text);
        let message = || format!("asked for {count} bytes, {has} came, or not the first");
        self.judged(Rule::LogBytes, holds, message)
    }

    /// Everything, since so long ago that nothing is older.
    #[must_use]
    pub fn since_ever(&self) -> Judgement {
        let holds = self.text.starts_with(self.before) && self.after.starts_with(self.text);
        let message = || "of lines that are all young enough, not all came".to_owned();
        self.judged(Rule::LogSince, holds, message)
    }

    /// Times before all lines, none of them before the one above it.
    #[must_use]
    pub fn timestamps(&self) -> Judgement {
        let rule = Rule::LogTimestamps;
        let mut rest = String::new();
        let mut newest = None;
        for line in lines(self.text) {
            let Some((time, text)) = stamped(line) else {
                let line = line.trim_end();
                return self.judged(rule, false, || format!("{line:?} does not begin with a time"));
            };
            if newest.is_some_and(|newest| time < newest) {
                let message = || format!("the time goes back to {time} in {:?}", line.trim_end());
                return self.judged(rule, false, message);
            }
            newest = Some(time);
            rest.push_str(text);
        }
        let holds = rest.starts_with(self.before) && self.after.starts_with(&rest);
        self.judged(rule, holds, || "without their times, the lines are others".to_owned())
    }
}

/// The time before a line, and the line.
fn stamped(line: &str) -> Option<(OffsetDateTime, &str)> {
    let (time, text) = line.split_once(' ')?;
    Some((OffsetDateTime::parse(time, &Rfc3339).ok()?, text))
}

/// Lines of the last seconds, with times, and the whole with times from before: what was older than that when even
/// the newest line was new is too old now.
#[must_use]
pub fn since(before: &str, part: &str, seconds: u32, place: &Place) -> Judgement {
    let rule = Rule::LogSince;
    let times = |text: &str| -> Vec<OffsetDateTime> {
        lines(text).into_iter().filter_map(|line| Some(stamped(line)?.0)).collect()
    };
    let Some(newest) = times(before).into_iter().max() else {
        return Judgement::inconclusive(rule, "no line has a time");
    };
    // Seconds may be rounded.
    let oldest = newest - Duration::from_secs(u64::from(seconds) + 1);
    if times(before).into_iter().all(|time| time >= oldest) {
        return Judgement::inconclusive(rule, "no line is old enough to be left out");
    }
    let old = times(part).into_iter().find(|time| *time < oldest);
    let message = || format!("of the last {seconds} s before {newest} or later came {old:?}");
    Judgement::of(rule, old.is_none(), message, Some(place))
}

/// A log that is not followed ends. That it is slow proves nothing, but that it goes on as it grows does.
#[must_use]
pub fn ends(transcript: &Transcript, place: &Place) -> Judgement {
    let rule = Rule::LogEnds;
    if transcript.is_whole() {
        return Judgement::pass(rule);
    }
    let Some(head) = transcript.head.as_ref().filter(|_| transcript.end == End::Deadline) else {
        return Judgement::inconclusive(rule, format!("the answer was {}", transcript.end));
    };
    let last = transcript.body.chunks.last().map(|chunk| chunk.at);
    let waited = transcript.elapsed.saturating_sub(head.at);
    match last.filter(|last| last.saturating_sub(head.at) > waited / 2) {
        Some(last) => {
            let message = format!("lines still come after {} ms", last.as_millis());
            Judgement::broken(rule, message, Some(place))
        }
        None => Judgement::inconclusive(rule, "the answer is slow to end"),
    }
}

/// What a followed log showed of its source.
#[derive(Clone, Copy, Debug)]
pub struct Followed<'t> {
    /// What it carried.
    pub text: &'t str,
    /// Whether it had ended before its source was removed.
    pub ended_early: bool,
    /// Whether it ended once its source was removed; `None` if nothing could be removed.
    pub ended: Option<bool>,
    /// The whole, asked for while it was open.
    pub whole: &'t str,
    /// The whole, asked for later, before the source was removed.
    pub later: &'t str,
    /// Where the options stand.
    pub place: &'t Place,
}

/// A followed log has what was there and what came, and ends with its source.
#[must_use]
pub fn followed(seen: &Followed<'_>) -> Judgement {
    let rule = Rule::LogFollow;
    let place = Some(seen.place);
    if seen.later.is_empty() {
        return Judgement::inconclusive(rule, "the log is empty");
    }
    let agrees = seen.text.starts_with(seen.later) || seen.later.starts_with(seen.text);
    if !agrees && seen.later.starts_with(seen.whole) {
        let message = "what was followed is not how the log begins";
        return Judgement::broken(rule, message, place);
    }
    if seen.ended_early && seen.later.len() > seen.text.len() {
        let message = "the log went on after what followed it had ended";
        return Judgement::broken(rule, message, place);
    }
    if !seen.text.starts_with(seen.whole) {
        return Judgement::inconclusive(rule, "what was there has not come yet");
    }
    match seen.ended {
        Some(true) => Judgement::pass(rule),
        Some(false) => {
            Judgement::inconclusive(rule, "its source is gone, and it has not ended yet")
        }
        None => Judgement::inconclusive(rule, "what it follows cannot be removed"),
    }
}
