//! What a JSONPath (RFC 9535) selects in a tree, as pointers, at a cost that is known beforehand to be bearable.

use std::collections::BTreeSet;

use jsonpath_rust::parser::model::{
    Comparable, Filter, FilterAtom, FnArg, JpQuery, Segment, Selector, Test, TestFunction,
};
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;
use serde_json::Value as Json;

use super::cost::Cost;
use crate::contract::Pointer;
use crate::document::{Node, Value};

/// Bytes of one path.
const LONGEST: usize = 2_000;

/// Brackets and parentheses inside one another; reading a path can take time exponential in them.
const DEEPEST: usize = 10;

/// Nodes that all paths together may look at, those in filters included.
const MOST_LOOKS: u64 = 200_000_000;

/// A path that was read.
#[derive(Debug)]
pub(super) struct Target {
    query: JpQuery,
}

/// A path that selects nothing in bearable time.
#[derive(Debug)]
pub(super) struct TooCostly;

/// What may still be spent.
pub(super) struct Budget {
    nodes: u64,
    looks: u64,
}

impl Budget {
    /// The whole of it, for trees of so many nodes.
    pub(super) fn new(nodes: usize) -> Self {
        Self { nodes: u64::try_from(nodes).unwrap_or(u64::MAX), looks: MOST_LOOKS }
    }
}

impl Target {
    /// Reads a path; a sentence fragment says why it is none.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("it has {} bytes, at most {LONGEST} are read", text.len()));
        }
        if nesting(text) > DEEPEST {
            return Err(format!("brackets are nested more than {DEEPEST} deep"));
        }
        let query = parse_json_path(text).map_err(|error| why(&error.to_string()))?;
        match foreign_function(&query.segments) {
            Some(name) => Err(format!("there is no function `{name}`")),
            None => Ok(Self { query }),
        }
    }

    /// The ways to everything selected, each once, in the order of the tree.
    pub(super) fn find(&self, root: &Node, budget: &mut Budget) -> Result<Vec<Pointer>, TooCostly> {
        if let Some(way) = self.singular() {
            return Ok(Some(way).filter(|way| root.at(way).is_some()).into_iter().collect());
        }
        let cost = Cost::of(&self.query, root);
        if cost.kept > budget.nodes {
            return Err(TooCostly);
        }
        budget.looks = budget.looks.checked_sub(cost.looks).ok_or(TooCostly)?;
        let mirror = root.to_json();
        // Whatever is wrong with an evaluation selects nothing, as RFC 9535, section 2.1, wants it.
        let found = js_path_process(&self.query, &mirror).unwrap_or_default();
        let found: BTreeSet<*const Json> =
            found.into_iter().map(|found| std::ptr::from_ref(found.val)).collect();
        let mut ways = Vec::new();
        if !found.is_empty() {
            search(&mirror, root, &mut Vec::new(), &found, &mut ways);
        }
        Ok(ways)
    }

    /// The way, if this names a single node and nothing has to be searched for it.
    fn singular(&self) -> Option<Pointer> {
        let steps = self.query.segments.iter().map(|segment| match segment {
            Segment::Selector(Selector::Name(name)) => Some(name.clone()),
            Segment::Selector(Selector::Index(index)) if *index >= 0 => Some(index.to_string()),
            _ => None,
        });
        steps.collect::<Option<Vec<_>>>().map(Pointer::from_segments)
    }
}

/// Finds the ways to nodes whose mirrors were found.
fn search(
    mirror: &Json,
    node: &Node,
    way: &mut Vec<String>,
    found: &BTreeSet<*const Json>,
    ways: &mut Vec<Pointer>,
) {
    if found.contains(&std::ptr::from_ref(mirror)) {
        ways.push(Pointer::from_segments(way.iter()));
    }
    match (mirror, &node.value) {
        (Json::Array(mirrors), Value::Sequence(items)) => {
            for (index, (mirror, item)) in mirrors.iter().zip(items).enumerate() {
                way.push(index.to_string());
                search(mirror, item, way, found, ways);
                way.pop();
            }
        }
        (Json::Object(mirrors), Value::Mapping(entries)) => {
            for entry in entries {
                let Some(mirror) = mirrors.get(&entry.key) else { continue };
                way.push(entry.key.clone());
                search(mirror, &entry.value, way, found, ways);
                way.pop();
            }
        }
        _ => {}
    }
}

/// The deepest nesting of brackets and parentheses, those in texts included.
fn nesting(text: &str) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    for character in text.chars() {
        match character {
            '(' | '[' => open += 1,
            ')' | ']' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// What is wrong with a path. The reader's own words name its rules, so that only the column in them is told.
fn why(message: &str) -> String {
    let column = message.split_once("--> 1:").map(|(_, rest)| rest);
    let column = column.and_then(|rest| rest.lines().next()).filter(|column| !column.is_empty());
    match column {
        Some(column) => format!("it is not understood from its character {} on", column.trim()),
        None => message.lines().next().unwrap_or_default().to_owned(),
    }
}

/// The first function that RFC 9535 does not know.
fn foreign_function(segments: &[Segment]) -> Option<&str> {
    segments.iter().flat_map(selectors).find_map(|selector| match selector {
        Selector::Filter(filter) => foreign_in_filter(filter),
        _ => None,
    })
}

fn foreign_in_filter(filter: &Filter) -> Option<&str> {
    match filter {
        Filter::Or(all) | Filter::And(all) => all.iter().find_map(foreign_in_filter),
        Filter::Atom(FilterAtom::Filter { expr, .. }) => foreign_in_filter(expr),
        Filter::Atom(FilterAtom::Test { expr, .. }) => foreign_in_test(expr),
        Filter::Atom(FilterAtom::Comparison(comparison)) => {
            let (left, right) = comparison.vals();
            [left, right].into_iter().find_map(|side| match side {
                Comparable::Function(function) => foreign_in_function(function),
                Comparable::Literal(_) | Comparable::SingularQuery(_) => None,
            })
        }
    }
}

fn foreign_in_test(test: &Test) -> Option<&str> {
    match test {
        Test::RelQuery(segments) | Test::AbsQuery(JpQuery { segments }) => {
            foreign_function(segments)
        }
        Test::Function(function) => foreign_in_function(function),
    }
}

fn foreign_in_function(function: &TestFunction) -> Option<&str> {
    if let TestFunction::Custom(name, _) = function {
        return Some(name);
    }
    arguments(function).into_iter().find_map(|argument| match argument {
        FnArg::Literal(_) => None,
        FnArg::Test(test) => foreign_in_test(test),
        FnArg::Filter(filter) => foreign_in_filter(filter),
    })
}

/// What a function is given.
pub(super) fn arguments(function: &TestFunction) -> Vec<&FnArg> {
    match function {
        TestFunction::Custom(_, arguments) => arguments.iter().collect(),
        TestFunction::Length(argument) => vec![argument],
        TestFunction::Value(argument) | TestFunction::Count(argument) => vec![argument],
        TestFunction::Search(left, right) | TestFunction::Match(left, right) => vec![left, right],
    }
}

/// What a step selects by, below or right here.
pub(super) fn selectors(segment: &Segment) -> &[Selector] {
    match segment {
        Segment::Descendant(inner) => match &**inner {
            Segment::Selector(selector) => std::slice::from_ref(selector),
            Segment::Selectors(selectors) => selectors,
            Segment::Descendant(_) => &[],
        },
        Segment::Selector(selector) => std::slice::from_ref(selector),
        Segment::Selectors(selectors) => selectors,
    }
}
