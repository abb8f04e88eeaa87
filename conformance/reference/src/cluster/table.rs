//! Pods as rows of a table, for people to read. Which clients want one is not known here.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::clock;
use super::object;

/// What stands for nothing.
const NONE: &str = "<none>";

/// The kind and version of tables.
const TABLE: (&str, &str) = ("Table", "meta.k8s.io/v1");

/// The columns: name, format, priority (the wide ones have one above 0), what they hold.
const COLUMNS: [(&str, &str, u8, &str); 9] = [
    ("Name", "name", 0, "The pod's name."),
    ("Ready", "", 0, "How many of its containers are ready."),
    ("Status", "", 0, "What its containers have come to."),
    ("Restarts", "", 0, "How many times its containers were started again."),
    ("Age", "", 0, "The time since it was created."),
    ("IP", "", 1, "Its address."),
    ("Node", "", 1, "Where it runs."),
    ("Nominated Node", "", 1, "Where room is being made for it."),
    ("Readiness Gates", "", 1, "How many of its own conditions are met."),
];

/// How much of each pod goes with its row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Included {
    /// Nothing.
    Nothing,
    /// Its metadata.
    #[default]
    Metadata,
    /// All of it.
    Object,
}

/// The table of a pod or of a list of pods. All but the first table of a watch leave the columns out.
#[must_use]
pub fn table(value: &Value, now: OffsetDateTime, included: Included, columns: bool) -> Value {
    let pods = match value.get("items").and_then(Value::as_array) {
        Some(items) => items.as_slice(),
        None => std::slice::from_ref(value),
    };
    let rows: Vec<Value> = pods.iter().map(|pod| row(pod, now, included)).collect();
    let mut metadata = json!({});
    for field in ["resourceVersion", "continue", "remainingItemCount"] {
        if let Some(value) = value.pointer(&format!("/metadata/{field}")) {
            object::set(&mut metadata, &[field], value.clone());
        }
    }
    let definitions = COLUMNS.map(|(name, format, priority, description)| {
        json!({
            "name": name,
            "type": "string",
            "format": format,
            "description": description,
            "priority": priority,
        })
    });
    json!({
        "kind": TABLE.0,
        "apiVersion": TABLE.1,
        "metadata": metadata,
        "columnDefinitions": columns.then_some(definitions),
        "rows": rows,
    })
}

fn row(pod: &Value, now: OffsetDateTime, included: Included) -> Value {
    let or_none = |text: &str| if text.is_empty() { NONE.to_owned() } else { text.to_owned() };
    let statuses = object::list(pod, "/status/containerStatuses");
    let ready = statuses.iter().filter(|status| object::flag(status, "/ready")).count();
    let restarts = statuses.iter().filter_map(|status| object::number(status, "/restartCount"));
    let cells = [
        object::name(pod).to_owned(),
        format!("{ready}/{}", object::list(pod, "/spec/containers").len()),
        state(pod),
        restarts.sum::<i64>().to_string(),
        clock::parse(object::text(pod, "/metadata/creationTimestamp"))
            .map_or_else(|| "<unknown>".to_owned(), |then| age((now - then).whole_seconds())),
        or_none(object::text(pod, "/status/podIP")),
        or_none(object::text(pod, "/spec/nodeName")),
        or_none(object::text(pod, "/status/nominatedNodeName")),
        gates(pod),
    ];
    let object = match included {
        Included::Nothing => return json!({ "cells": cells }),
        Included::Metadata => json!({
            "kind": "PartialObjectMetadata",
            "apiVersion": TABLE.1,
            "metadata": pod.get("metadata"),
        }),
        Included::Object => {
            // In a list it does not say what it is.
            let mut pod = pod.clone();
            object::set_default(&mut pod, &["kind"], "Pod");
            object::set_default(&mut pod, &["apiVersion"], "v1");
            pod
        }
    };
    json!({ "cells": cells, "object": object })
}

/// One word for all containers: why the first of them that does not run does not, or else the phase.
fn state(pod: &Value) -> String {
    if object::is_terminating(pod) {
        return "Terminating".to_owned();
    }
    let statuses = object::list(pod, "/status/containerStatuses");
    let reasons = statuses.iter().find_map(|status| {
        let waits = object::text(status, "/state/waiting/reason");
        let ended = object::text(status, "/state/terminated/reason");
        [waits, ended].into_iter().find(|reason| !reason.is_empty())
    });
    let runs = statuses.iter().any(|status| status.pointer("/state/running").is_some());
    match reasons {
        Some("Completed") if runs => "Running".to_owned(),
        Some(reason) => reason.to_owned(),
        None => match object::text(pod, "/status/reason") {
            "" => object::text(pod, "/status/phase").to_owned(),
            reason => reason.to_owned(),
        },
    }
}

/// How many of the conditions that a pod names itself are met.
fn gates(pod: &Value) -> String {
    let gates = object::list(pod, "/spec/readinessGates");
    let met = |gate: &&Value| {
        let kind = object::text(gate, "/conditionType");
        object::list(pod, "/status/conditions").iter().any(|condition| {
            object::text(condition, "/type") == kind && object::text(condition, "/status") == "True"
        })
    };
    match gates.len() {
        0 => NONE.to_owned(),
        all => format!("{}/{all}", gates.iter().filter(met).count()),
    }
}

/// A time in at most two units, as it is told to people.
fn age(seconds: i64) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let in_units = |unit: i64, name: &str, part: i64, part_name: &str| {
        let (whole, rest) = (seconds / unit, seconds % unit / part);
        if rest == 0 { format!("{whole}{name}") } else { format!("{whole}{name}{rest}{part_name}") }
    };
    match seconds {
        ..0 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        120..600 => in_units(MINUTE, "m", 1, "s"),
        600..10_800 => format!("{}m", seconds / MINUTE),
        10_800..28_800 => in_units(HOUR, "h", MINUTE, "m"),
        28_800..172_800 => format!("{}h", seconds / HOUR),
        172_800..691_200 => in_units(DAY, "d", HOUR, "h"),
        _ => format!("{}d", seconds / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_two_units_at_most() {
        let rows = [
            (-5, "0s"),
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (599, "9m59s"),
            (600, "10m"),
            (10_799, "179m"),
            (10_860, "3h1m"),
            (28_800, "8h"),
            (172_800, "2d"),
            (176_400, "2d1h"),
            (999_999, "11d"),
        ];
        for (seconds, text) in rows {
            assert_eq!(age(seconds), text);
        }
    }

    #[test]
    fn one_word_tells_of_all_containers() {
        let pod = |phase: &str, states: Value| {
            let states = states.as_array().unwrap().iter().map(|state| json!({ "state": state }));
            let statuses: Vec<Value> = states.collect();
            json!({ "status": { "phase": phase, "containerStatuses": statuses } })
        };
        let running = json!({ "running": {} });
        let completed = json!({ "terminated": { "reason": "Completed" } });
        let rows = [
            (pod("Pending", json!([])), "Pending"),
            (pod("Running", json!([running])), "Running"),
            (pod("Running", json!([completed, running])), "Running"),
            (pod("Succeeded", json!([completed])), "Completed"),
            (pod("Failed", json!([{ "terminated": { "reason": "Error" } }])), "Error"),
            (pod("Pending", json!([running, { "waiting": { "reason": "Slow" } }])), "Slow"),
            (json!({ "status": { "phase": "Failed", "reason": "Evicted" } }), "Evicted"),
        ];
        for (pod, word) in rows {
            assert_eq!(state(&pod), word, "{pod}");
        }
        let leaving = json!({ "metadata": { "deletionTimestamp": "2026-01-01T00:00:00Z" } });
        assert_eq!(state(&leaving), "Terminating");
    }

    #[test]
    fn gates_are_counted() {
        let pod = json!({
            "spec": { "readinessGates": [{ "conditionType": "a" }, { "conditionType": "b" }] },
            "status": { "conditions": [{ "type": "b", "status": "True" }] },
        });
        assert_eq!(gates(&pod), "1/2");
        assert_eq!(gates(&json!({})), "<none>");
    }
}
