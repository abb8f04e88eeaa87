//! Every invariant of the shipped APIs is held by a rule or a workflow, or a line says why not.

use std::collections::{BTreeMap, BTreeSet};

use conformance::rule::Rule;
use serde::Deserialize;

use crate::specs::{below, root};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Invariant {
    level: String,
    #[serde(default)]
    rules: Vec<String>,
    #[serde(default)]
    workflows: Vec<String>,
    why: Option<String>,
    /// Real servers that are known to break it.
    deviates: Option<String>,
}

/// How many invariants each list has.
const COUNTS: [(&str, usize); 6] =
    [("X", 16), ("HY", 64), ("SR", 38), ("HW", 34), ("K8", 126), ("OS", 59)];

fn invariants() -> BTreeMap<String, Invariant> {
    serde_yaml::from_str(include_str!("../data/invariants.yaml")).unwrap()
}

#[test]
fn every_invariant_is_accounted_for() {
    let found = invariants();
    let expected = COUNTS
        .iter()
        .flat_map(|(list, count)| (1..=*count).map(move |number| format!("{list}-{number}")));
    let missing: Vec<_> = expected.filter(|id| !found.contains_key(id)).collect();
    assert!(missing.is_empty(), "not accounted for: {missing:?}");
    for (id, invariant) in &found {
        let held = !invariant.rules.is_empty() || !invariant.workflows.is_empty();
        let named = invariant.deviates.as_ref().is_none_or(|named| !named.is_empty());
        assert!(named, "{id} is broken by nobody in particular");
        assert!(held || invariant.why.is_some(), "{id} is neither held nor explained");
        assert!(["MUST", "SHOULD", "MAY"].contains(&invariant.level.as_str()), "{id} has no level");
    }
}

#[test]
fn every_named_rule_and_workflow_exists() {
    let workflows: BTreeSet<_> = below(&root().join("specs"), "workflows.arazzo.yaml")
        .iter()
        .flat_map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let document: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
            let workflows = document["workflows"].as_sequence().unwrap().clone();
            workflows.into_iter().map(|it| it["workflowId"].as_str().unwrap().to_owned())
        })
        .collect();
    for (id, invariant) in &invariants() {
        for rule in &invariant.rules {
            assert!(Rule::from_id(rule).is_some(), "{id} names {rule}, which is no rule");
        }
        for workflow in &invariant.workflows {
            assert!(workflows.contains(workflow), "{id} names {workflow}, which is no workflow");
        }
    }
}
