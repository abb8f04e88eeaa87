//! What evaluating a JSONPath can cost at most, told before it is tried.

use jsonpath_rust::parser::model::{
    Comparable, Filter, FilterAtom, FnArg, JpQuery, Segment, Selector, Test, TestFunction,
};

use super::target::{arguments, selectors};
use crate::document::{Node, Value};

/// A regular expression is made anew wherever it is tried, which costs as much as looking at so many nodes.
const REGEX: u64 = 500;

/// Upper bounds of what an evaluation does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// Nodes held at the same time.
    pub(super) kept: u64,
    /// Nodes looked at.
    pub(super) looks: u64,
}

impl Cost {
    /// What finding everything that a query selects in a tree costs.
    pub(super) fn of(query: &JpQuery, root: &Node) -> Self {
        of_absolute(&query.segments, &Size::of(root))
    }
}

/// How large a tree is.
struct Size {
    nodes: u64,
    depth: u64,
}

impl Size {
    fn of(node: &Node) -> Self {
        let inner: &mut dyn Iterator<Item = &Node> = match &node.value {
            Value::Scalar(_) => &mut std::iter::empty(),
            Value::Sequence(items) => &mut items.iter(),
            Value::Mapping(entries) => &mut entries.iter().map(|entry| &entry.value),
        };
        inner.map(Self::of).fold(Self { nodes: 1, depth: 1 }, |sum, inner| Self {
            nodes: sum.nodes + inner.nodes,
            depth: sum.depth.max(inner.depth + 1),
        })
    }
}

/// From the root: the first descent reaches every node once.
fn of_absolute(segments: &[Segment], tree: &Size) -> Cost {
    of_segments(segments, tree, tree.nodes, 1)
}

/// From every node once, shared out among them. A step reaches each node from the one above it alone; a descent
/// reaches it from all that are above it, which are no more than the tree is deep.
fn of_relative(segments: &[Segment], tree: &Size) -> u64 {
    of_segments(segments, tree, 1, tree.depth).looks
}

fn of_segments(segments: &[Segment], tree: &Size, start: u64, first: u64) -> Cost {
    let mut cost = Cost { kept: start, looks: start };
    let mut descent = first;
    for segment in segments {
        if matches!(segment, Segment::Descendant(_)) {
            cost.kept = cost.kept.saturating_mul(descent);
            descent = tree.depth;
        }
        let selectors = selectors(segment);
        let times = u64::try_from(selectors.len()).unwrap_or(u64::MAX).max(1);
        cost.kept = cost.kept.saturating_mul(times);
        let filters = selectors.iter().filter_map(|selector| match selector {
            Selector::Filter(filter) => Some(of_filter(filter, tree)),
            _ => None,
        });
        let each = filters.fold(1, u64::saturating_add);
        cost.looks = cost.looks.saturating_add(cost.kept.saturating_mul(each));
    }
    cost
}

/// What trying a filter on one node costs.
fn of_filter(filter: &Filter, tree: &Size) -> u64 {
    match filter {
        Filter::Or(all) | Filter::And(all) => {
            all.iter().map(|filter| of_filter(filter, tree)).fold(1, u64::saturating_add)
        }
        Filter::Atom(FilterAtom::Filter { expr, .. }) => of_filter(expr, tree),
        Filter::Atom(FilterAtom::Test { expr, .. }) => of_test(expr, tree),
        Filter::Atom(FilterAtom::Comparison(comparison)) => {
            let (left, right) = comparison.vals();
            of_comparable(left, tree).saturating_add(of_comparable(right, tree))
        }
    }
}

fn of_comparable(comparable: &Comparable, tree: &Size) -> u64 {
    match comparable {
        Comparable::Literal(_) | Comparable::SingularQuery(_) => 1,
        Comparable::Function(function) => of_function(function, tree),
    }
}

fn of_test(test: &Test, tree: &Size) -> u64 {
    match test {
        Test::RelQuery(segments) => of_relative(segments, tree),
        Test::AbsQuery(query) if is_plain(query) => 1,
        Test::AbsQuery(query) => of_absolute(&query.segments, tree).looks,
        Test::Function(function) => of_function(function, tree),
    }
}

/// Whether a query names a single node.
fn is_plain(query: &JpQuery) -> bool {
    let plain = |segment: &Segment| {
        matches!(segment, Segment::Selector(Selector::Name(_) | Selector::Index(_)))
    };
    query.segments.iter().all(plain)
}

fn of_function(function: &TestFunction, tree: &Size) -> u64 {
    let is_regex = matches!(function, TestFunction::Match(..) | TestFunction::Search(..));
    let own = if is_regex { REGEX } else { 1 };
    let arguments = arguments(function).into_iter().map(|argument| match argument {
        FnArg::Literal(_) => 1,
        FnArg::Test(test) => of_test(test, tree),
        FnArg::Filter(filter) => of_filter(filter, tree),
    });
    arguments.fold(own, u64::saturating_add)
}
