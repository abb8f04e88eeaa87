//! Path templates that a router by whole segments cannot hold, and the tree in which one is found for a path.
//!
//! A path is taken as it stands in a request: what is percent-encoded is part of a value, never of the text around it.
//! Each node of the tree is visited at most once for a path, so that the cost is bounded by both.

use std::collections::BTreeMap;

/// A segment: the texts around its values, one more than there are values. A single text has no value in it;
/// no text at all is a value that spans one segment or more.
pub type Segment = &'static [&'static str];

/// The segments of a path.
pub type Template = &'static [Segment];

/// A segment that is one value.
const VALUE: [&str; 2] = ["", ""];

/// Templates by their segments, each with the number under which it was put in.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

/// Where templates stand that begin alike.
#[derive(Debug, Default)]
struct Node {
    /// Where a segment of that text leads.
    texts: BTreeMap<&'static str, usize>,
    /// Where a segment of texts and values leads, the most text first.
    mixed: Vec<(Segment, usize)>,
    /// Where a segment that is one value leads.
    value: Option<usize>,
    /// What follows a value that spans segments, the longest first, with the number of the template.
    spans: Vec<(Template, usize)>,
    /// The template that ends here.
    end: Option<usize>,
    /// Whether a segment that is one value leads here.
    is_value: bool,
}

/// What is still to be tried.
#[derive(Clone, Copy)]
enum Step<'p> {
    /// That node, with the rest of the path if there is one.
    Node(usize, Option<&'p str>),
    /// The values of that node that span segments.
    Spans(usize, &'p str),
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![Node::default()] }
    }
}

impl Tree {
    /// Puts a template in. Of templates that differ in nothing the first counts.
    pub(super) fn insert(&mut self, template: Template, number: usize) {
        let mut at = 0;
        let mut left = template;
        while let Some((segment, after)) = left.split_first() {
            let fresh = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { return };
            if segment.is_empty() {
                node.span(after, number);
                return;
            }
            at = node.child(segment, fresh);
            if at == fresh {
                self.nodes.push(Node { is_value: *segment == VALUE, ..Node::default() });
            }
            left = after;
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.end.get_or_insert(number);
        }
    }

    /// The number of the template that a path is of. Where several fit, from the left: text goes before text with
    /// values, more text before less, that before a value alone, and a value that spans segments comes last. Where one
    /// that ends in a value alone does not serve the request, one whose value spans segments may: to OpenAPI the two
    /// are one path.
    pub(super) fn find(&self, path: &str, serves: impl Fn(usize) -> bool) -> Option<usize> {
        let mut waiting = vec![Step::Node(0, Some(path.strip_prefix('/')?))];
        let mut closest = None;
        while let Some(step) = waiting.pop() {
            let found = match step {
                Step::Node(at, None) => self.nodes.get(at).and_then(|node| node.end),
                Step::Node(at, Some(left)) => {
                    if let Some(node) = self.nodes.get(at) {
                        node.next(at, left, &mut waiting);
                    }
                    None
                }
                Step::Spans(at, left) => self.nodes.get(at).and_then(|node| node.spanned(left)),
            };
            let Some(number) = found else { continue };
            let is_it = match (closest, step) {
                (None, _) => serves(number) || !self.ends_in_value(step),
                (Some(_), Step::Spans(..)) => serves(number),
                (Some(_), Step::Node(..)) => false,
            };
            if is_it {
                return found;
            }
            closest = closest.or(found);
        }
        closest
    }

    fn ends_in_value(&self, step: Step<'_>) -> bool {
        let Step::Node(at, _) = step else { return false };
        self.nodes.get(at).is_some_and(|node| node.is_value)
    }
}

impl Node {
    /// Where a segment leads: to where it led before, else to `fresh`.
    fn child(&mut self, segment: Segment, fresh: usize) -> usize {
        match segment {
            [text] => *self.texts.entry(text).or_insert(fresh),
            segment if *segment == VALUE => *self.value.get_or_insert(fresh),
            segment => {
                if let Some((_, known)) = self.mixed.iter().find(|(known, _)| *known == segment) {
                    return *known;
                }
                self.mixed.push((segment, fresh));
                self.mixed.sort_by_key(|(segment, _)| std::cmp::Reverse(weight(segment)));
                fresh
            }
        }
    }

    fn span(&mut self, after: Template, number: usize) {
        if self.spans.iter().all(|(known, _)| *known != after) {
            self.spans.push((after, number));
            let weight =
                |after: Template| (after.len(), after.iter().map(|it| weight(it)).sum::<usize>());
            self.spans.sort_by_key(|(after, _)| std::cmp::Reverse(weight(after)));
        }
    }

    /// Notes what to try with the rest of a path, the best last.
    fn next<'p>(&self, at: usize, left: &'p str, waiting: &mut Vec<Step<'p>>) {
        let (text, after) = match left.split_once('/') {
            Some((text, after)) => (text, Some(after)),
            None => (left, None),
        };
        if !self.spans.is_empty() {
            waiting.push(Step::Spans(at, left));
        }
        let value = self.value.filter(|_| !text.is_empty());
        waiting.extend(value.map(|node| Step::Node(node, after)));
        let mixed = self.mixed.iter().rev().filter(|(segment, _)| fits(segment, text));
        waiting.extend(mixed.map(|(_, node)| Step::Node(*node, after)));
        waiting.extend(self.texts.get(text).map(|node| Step::Node(*node, after)));
    }

    fn spanned(&self, left: &str) -> Option<usize> {
        let segments: Vec<&str> = left.split('/').collect();
        let follows = |after: Template| {
            // A value that spans segments spans at least one, which may be empty.
            let own = segments.len().checked_sub(after.len()).filter(|own| *own > 0);
            let rest = own.and_then(|own| segments.get(own..));
            rest.is_some_and(|rest| {
                after.iter().zip(rest).all(|(segment, text)| fits(segment, text))
            })
        };
        self.spans.iter().find(|(after, _)| follows(after)).map(|(_, number)| *number)
    }
}

/// How much text a segment has.
fn weight(segment: Segment) -> usize {
    segment.iter().map(|text| text.len()).sum()
}

/// Whether a text is one of the segment.
fn fits(segment: Segment, text: &str) -> bool {
    cut(segment, text, |_| ())
}

/// The value of that number in the text of a segment, as it stands there.
pub(super) fn value(segment: Segment, number: usize, text: &str) -> Option<&str> {
    let mut values = Vec::new();
    cut(segment, text, |value| values.push(value)).then(|| values.get(number).copied()).flatten()
}

/// Cuts a text into the values between the texts of a segment: each value ends where the text after it first stands,
/// the last at the end. No value is empty, and none ends within what is percent-encoded.
fn cut<'t>(segment: Segment, text: &'t str, mut each: impl FnMut(&'t str)) -> bool {
    let Some((first, others)) = segment.split_first() else { return false };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let Some((last, between)) = others.split_last() else { return left.is_empty() };
    for literal in between {
        let Some((value, after)) = first_cut(left, literal) else { return false };
        each(value);
        left = after;
    }
    match left.strip_suffix(last) {
        Some(value) if !value.is_empty() && !splits_escape(left, value.len()) => {
            each(value);
            true
        }
        _ => false,
    }
}

/// What stands before the first `literal` that something stands before, and what after it.
fn first_cut<'t>(text: &'t str, literal: &str) -> Option<(&'t str, &'t str)> {
    let ends = text.char_indices().map(|(end, _)| end).skip(1);
    ends.filter(|end| !splits_escape(text, *end)).find_map(|end| {
        let (value, rest) = text.split_at_checked(end)?;
        Some((value, rest.strip_prefix(literal)?))
    })
}

/// Whether a place is within a percent-encoded byte (RFC 3986 §2.1).
fn splits_escape(text: &str, place: usize) -> bool {
    let is_escape = |start: usize| {
        let bytes = text.as_bytes().get(start..).unwrap_or_default();
        matches!(bytes, [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
    };
    [1, 2].iter().any(|back| place.checked_sub(*back).is_some_and(is_escape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_between_texts() {
        let cases: &[(Segment, &str, Option<&[&str]>)] = &[
            (&["", ":cancel"], "7:cancel", Some(&["7"])),
            (&["", ":cancel"], ":cancel", None),
            (&["", ":cancel"], "7:cancelled", None),
            (&["", ":cancel"], "a:cancel:cancel", Some(&["a:cancel"])),
            (&["", ":cancel"], "a%3Acancel", None),
            (&["", ".json"], "a.json.json", Some(&["a.json"])),
            (&["", ".", ""], "a.b", Some(&["a", "b"])),
            (&["", ".", ""], "a.b.c", Some(&["a", "b.c"])),
            (&["", ".", ""], ".b", None),
            (&["", ".", ""], "..b", Some(&[".", "b"])),
            (&["", ".", ""], "a.", None),
            (&["", ".", ""], "a%2Eb.c", Some(&["a%2Eb", "c"])),
            (&["", "...", ""], "main...a...b", Some(&["main", "a...b"])),
            (&["", "...", ""], "main..b", None),
            (&["vm", ":cancel", ""], "vm1:cancel2", Some(&["1", "2"])),
            (&["vm:delete(", ")"], "vm:delete(x)", Some(&["x"])),
            (&["", "", ""], "ab", Some(&["a", "b"])),
            (&["", "", ""], "%C3%A4b", Some(&["%C3", "%A4b"])),
            (&["", "", ""], "äb", Some(&["ä", "b"])),
            (&["", "", ""], "a", None),
            (&["", "2", ""], "%422x", Some(&["%42", "x"])),
            (&["", "2", ""], "%22", None),
            (&["", "2"], "a%22", None),
            (&["", "2"], "a%2", Some(&["a%"])),
            (&["text"], "text", Some(&[])),
            (&["text"], "texts", None),
            (&[], "x", None),
        ];
        for (segment, text, expected) in cases {
            let mut found = Vec::new();
            let fits = cut(segment, text, |value| found.push(value));
            assert_eq!(fits.then_some(found.as_slice()), *expected, "{segment:?} {text}");
            let one = expected.and_then(|values| values.get(1).copied());
            assert_eq!(value(segment, 1, text), one, "{segment:?} {text}");
        }
    }

    #[test]
    fn the_most_special_template_is_found() {
        const TEMPLATES: &[Template] = &[
            &[&["things"], &["", ""]],
            &[&["things"], &["", ".", ""]],
            &[&["things"], &["", ":cancel"]],
            &[&["things"], &["", ".json"]],
            &[&["things"], &["all.json"]],
            &[&["things"], &["", ""], &["parts"]],
            &[&["", ""], &["some"], &["parts"]],
            &[&["files"], &[]],
            &[&["files"], &[], &["raw"]],
            &[&["files"], &[], &["", ".txt"], &["raw"]],
            &[&["files"], &["own"], &["raw"]],
            &[&[""]],
            &[&["things"], &["", ""]],
        ];
        let mut tree = Tree::default();
        for (number, template) in (0..).zip(TEMPLATES) {
            tree.insert(template, number);
        }
        let cases = [
            ("/things/7", Some(0)),
            ("/things/7:cancelled", Some(0)),
            ("/things/a.b", Some(1)),
            ("/things/7:cancel", Some(2)),
            ("/things/a.b:cancel", Some(2)),
            ("/things/7.json", Some(3)),
            ("/things/all.json", Some(4)),
            ("/things/some/parts", Some(5)),
            ("/others/some/parts", Some(6)),
            ("/things/", None),
            ("/things", None),
            ("/things/7/parts/", None),
            ("/files/a/b", Some(7)),
            ("/files/", Some(7)),
            ("/files", None),
            ("/files/raw", Some(7)),
            ("/files/a/raw", Some(8)),
            ("/files//raw", Some(8)),
            ("/files/a/b.txt/raw", Some(9)),
            ("/files/b.txt/raw", Some(8)),
            ("/files/own/raw", Some(10)),
            ("/files/own/raw/", Some(7)),
            ("/", Some(11)),
            ("", None),
            ("*", None),
        ];
        for (path, expected) in cases {
            assert_eq!(tree.find(path, |_| true), expected, "{path}");
            assert_eq!(tree.find(path, |_| false), expected, "{path}");
        }
        assert_eq!(tree.find("/files/own/raw", |number| number == 7), Some(10));
        assert_eq!(tree.find("/things/7:cancel", |number| number != 2), Some(2));
    }

    #[test]
    fn a_value_alone_gives_way_to_one_over_segments() {
        let mut tree = Tree::default();
        let templates: [Template; 3] = [&[&["a"], &VALUE], &[&["a"], &[]], &[&["a"], &["own"]]];
        for (number, template) in templates.into_iter().enumerate() {
            tree.insert(template, number);
        }
        assert_eq!(tree.find("/a/x", |number| number == 1), Some(1));
        assert_eq!(tree.find("/a/x", |_| true), Some(0));
        assert_eq!(tree.find("/a/x", |_| false), Some(0));
        assert_eq!(tree.find("/a/own", |number| number == 1), Some(2));
    }
}
