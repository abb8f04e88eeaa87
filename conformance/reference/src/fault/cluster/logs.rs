//! Logs: their options, their times, their end.

use http::Method;

use crate::fault::exchange::Asked;
use crate::fault::memory::Memory;

fn reads(asked: &Asked) -> bool {
    asked.is(&Method::GET, "/log")
}

/// Passes an option of a log over, if it is in order.
fn without(asked: &mut Asked, name: &str, is_in_order: fn(&str) -> bool) {
    if reads(asked) && asked.value(name).is_some_and(|value| is_in_order(&value)) {
        asked.remove(name);
    }
}

fn is_number(value: &str) -> bool {
    value.parse().is_ok_and(|number: u32| number > 0)
}

fn is_yes(value: &str) -> bool {
    value == "true"
}

pub(crate) fn tail_ignored(asked: &mut Asked) {
    without(asked, "tailLines", is_number);
}

pub(crate) fn bytes_ignored(asked: &mut Asked) {
    without(asked, "limitBytes", is_number);
}

pub(crate) fn age_ignored(asked: &mut Asked) {
    without(asked, "sinceSeconds", is_number);
}

pub(crate) fn previous_ignored(asked: &mut Asked) {
    without(asked, "previous", is_yes);
}

/// Whichever container is asked for, one answers.
pub(crate) fn first_container_always(asked: &mut Asked) {
    if reads(asked) && asked.value("container").is_some() {
        asked.set("container", "main");
    }
}

/// Times have a blank where the T belongs.
pub(crate) fn times_with_a_blank(asked: &Asked, line: &mut String, _: &Memory) {
    if reads(asked) && asked.value("timestamps").as_deref() == Some("true") {
        *line = line.replacen('T', " ", 1);
    }
}

pub(crate) fn never_followed(asked: &mut Asked) {
    without(asked, "follow", is_yes);
}

pub(crate) fn followed_for_ever(asked: &Asked) -> bool {
    reads(asked) && asked.value("follow").as_deref() == Some("true")
}
