//! Tokens → lines. Whatever fits on one line stands on one; what does not is broken at its groups, the last one first.

use proc_macro2::Delimiter;

use super::item::{self, stand_together};
use super::lint;
use super::shape::{Content, Shape};
use super::token::{Kind, Tokens};
use crate::emit::ItemKind;

/// Lines are at most that wide, in characters, where there is a place to break them.
const WIDTH: usize = 100;

/// A step to the right.
const STEP: usize = 4;

/// Parts that are not wider share lines.
const NARROW: usize = 40;

/// The text of items, which `tokens` are.
pub(super) fn print(tokens: &Tokens) -> String {
    let shape = Shape::of(tokens);
    let mut printer = Printer { tokens, shape, out: String::new(), line: 0, is_demanded: false };
    printer.parts(0, tokens.len(), Content::Items, 0);
    printer.out.push('\n');
    printer.out
}

struct Printer<'t> {
    tokens: &'t Tokens,
    shape: Shape,
    out: String,
    /// Where the line begins.
    line: usize,
    /// Whether a trait says how what is printed must be.
    is_demanded: bool,
}

/// Tokens from one to before another.
#[derive(Clone, Copy)]
struct Range {
    from: usize,
    to: usize,
}

impl Printer<'_> {
    fn column(&self) -> usize {
        let line = self.out.get(self.line..).unwrap_or_default();
        if line.is_ascii() { line.len() } else { line.chars().count() }
    }

    fn new_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.line = self.out.len();
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn token(&mut self, index: usize) {
        match self.tokens.at(index).kind {
            Kind::Doc { inner: true } => self.out.push_str("//!"),
            Kind::Doc { inner: false } => self.out.push_str("///"),
            _ => {}
        }
        self.out.push_str(self.tokens.text(index));
    }

    /// On one line, without the space before it.
    fn flat(&mut self, range: Range) {
        for index in range.from..range.to {
            if index > range.from && self.shape.space(index) {
                self.out.push(' ');
            }
            self.token(index);
        }
    }

    /// The parts of a group.
    fn split(&self, from: usize, to: usize) -> Vec<Range> {
        let mut parts: Vec<Range> = Vec::new();
        let mut index = from;
        while index < to {
            match parts.last_mut() {
                Some(part) if !self.shape.starts(index) => part.to = self.tokens.after(index),
                _ => parts.push(Range { from: index, to: self.tokens.after(index) }),
            }
            index = self.tokens.after(index);
        }
        parts
    }

    /// Each part on a line of its own, the first where the text ends.
    fn parts(&mut self, from: usize, to: usize, content: Content, indent: usize) {
        let parts = self.split(from, to);
        let ends_with_comma = to > from && self.tokens.is_mark(to - 1, ',');
        for (number, part) in parts.iter().enumerate() {
            let before = number.checked_sub(1).and_then(|number| parts.get(number));
            if let Some(before) = before {
                let apart = !stand_together(self.tokens, before.from, part.from);
                if content == Content::Items && apart {
                    self.out.push('\n');
                }
                self.new_line(indent);
            }
            self.part(*part, content, indent);
        }
        let rests = parts.last().is_some_and(|part| self.tokens.is_mark(part.from, '.'));
        let ends_with_block = to > from && self.tokens.is_close(to - 1, Delimiter::Brace);
        let separates = match content {
            Content::List => parts.len() > 1 && !rests,
            Content::Fields => true,
            Content::Arms => !ends_with_block,
            Content::Block | Content::Items => false,
        };
        if separates && !ends_with_comma {
            self.out.push(',');
        }
    }

    /// Docs and attributes, each on its line, and what they are of.
    fn part(&mut self, part: Range, content: Content, indent: usize) {
        let mut index = part.from;
        loop {
            let end = match self.tokens.at(index).kind {
                Kind::Doc { .. } => index + 1,
                Kind::Mark('#') if content != Content::List => {
                    self.tokens.attribute(index).unwrap_or(index)
                }
                _ => index,
            };
            if end == index || end >= part.to {
                // Nothing, or what stands for itself, such as the docs of a file.
                self.flat(Range { from: index, to: end });
                index = end;
                break;
            }
            self.run(Range { from: index, to: end }, indent, 0);
            let is_inner = |at: usize| self.tokens.at(at).kind == Kind::Doc { inner: true };
            if is_inner(index) && !is_inner(end) {
                self.out.push('\n');
            }
            self.new_line(indent);
            index = end;
        }
        let at = self.out.len();
        let outer = self.is_demanded;
        self.is_demanded |= self.tokens.is_word(index, "impl")
            && (index..part.to)
                .take_while(|at| self.shape.content(*at) == Content::List)
                .any(|at| self.tokens.is_word(at, "for"));
        self.run(
            Range { from: index, to: part.to },
            indent,
            usize::from(content == Content::Fields),
        );
        self.is_demanded = outer;
        self.note(at, Range { from: index, to: part.to }, content, indent);
    }

    /// Says to the linter, before what was printed from `at` on, what it would complain of.
    fn note(&mut self, at: usize, part: Range, content: Content, indent: usize) {
        let is_function = content != Content::List
            && item::head(self.tokens, part.from).kind == Some(ItemKind::Function);
        let is_long = is_function && lint::is_long(self.out.get(at..).unwrap_or_default());
        // What a trait demands is told where the trait is.
        let is_complex =
            !self.is_demanded && lint::is_complex(self.tokens, part.from, part.to, content);
        for (applies, note) in [(is_long, lint::LONG), (is_complex, lint::COMPLEX)] {
            if applies {
                let note = format!("{note}\n{}", " ".repeat(indent));
                self.out.insert_str(at, &note);
                self.line += note.len();
            }
        }
    }

    /// A run of tokens from where the text ends, with `tail` characters to follow on its last line.
    fn run(&mut self, run: Range, indent: usize, tail: usize) {
        let width = self.shape.width(run.from, run.to);
        let fits = self.column() + width + tail <= WIDTH;
        if fits && !self.shape.breaks(run.from, run.to) {
            return self.flat(run);
        }
        let calls = self.chain(run);
        if !calls.is_empty() {
            return self.calls(run, &calls, indent, tail);
        }
        let mut index = run.from;
        while index < run.to {
            if index > run.from && self.shape.space(index) {
                if self.should_break_before(index, run) {
                    self.new_line(indent + STEP);
                } else {
                    self.out.push(' ');
                }
            }
            let next = self.tokens.after(index);
            if next == index + 1 {
                self.token(index);
            } else if self.breaks_group(index, run, tail) {
                self.group(index, indent, tail);
            } else {
                self.flat(Range { from: index, to: next });
            }
            index = next;
        }
    }

    /// Bounds and the second half of the head of an implementation go to the next line where they do not fit.
    fn should_break_before(&self, index: usize, run: Range) -> bool {
        let is_bound = self.tokens.is_mark(index, '+');
        let is_head = self.tokens.is_word(index, "for") && self.tokens.is_word(run.from, "impl");
        let mut end = index + 1;
        while (is_bound || is_head) && end < run.to {
            let stops = self.tokens.is_mark(end, '+') || self.shape.content(end) != Content::List;
            if stops {
                break;
            }
            end = self.tokens.after(end);
        }
        (is_bound || is_head) && self.column() + 3 + self.shape.width(index, end) > WIDTH
    }

    /// Whether the group at `open` must go over several lines.
    fn breaks_group(&self, open: usize, run: Range, tail: usize) -> bool {
        let next = self.tokens.after(open);
        if next == open + 2 {
            return false;
        }
        if self.shape.breaks(open, next) {
            return true;
        }
        // The arguments of a function go before what it returns.
        if open > 1 && self.tokens.is_word(open - 2, "fn") {
            return self.column() + self.shape.width(open, self.end_of_head(next, run)) + tail
                > WIDTH;
        }
        // Up to where the line can be broken without this group.
        let mut end = next;
        while end < run.to {
            let after = self.tokens.after(end);
            if after > end + 2 {
                let column = self.column() + self.shape.width(open, end + 1);
                if column <= WIDTH || self.shape.breaks(end, after) {
                    return column > WIDTH;
                }
            }
            end = after;
        }
        self.column() + self.shape.width(open, run.to) + tail > WIDTH
    }

    /// Where the body of a function begins, its brace included.
    fn end_of_head(&self, from: usize, run: Range) -> usize {
        let mut end = from;
        while end < run.to && self.shape.content(end) == Content::List {
            end = self.tokens.after(end);
        }
        run.to.min(end + 1)
    }

    /// The dots before the calls of a chain that goes over several lines; none where it does not.
    fn chain(&self, run: Range) -> Vec<usize> {
        let mut dots = Vec::new();
        let mut last = Range { from: run.from, to: run.from };
        let mut index = run.from;
        while index < run.to {
            let after = self.tokens.after(index);
            if self.tokens.is_mark(index, '.') && !self.tokens.at(index).joint {
                last.from = index;
            }
            let is_call = after > index + 1 && last.from > last.to;
            if is_call && self.shape.content(index) == Content::List && index > last.from + 1 {
                dots.push(last.from);
                last.to = index;
            } else if self.shape.content(index) != Content::List {
                return Vec::new();
            }
            index = after;
        }
        let head = self.column() + self.shape.width(run.from, last.to + 1);
        let is_easy = !self.shape.breaks(run.from, last.to) && head <= WIDTH;
        if dots.len() < 2 || dots.len() == 2 && is_easy { Vec::new() } else { dots }
    }

    fn calls(&mut self, run: Range, dots: &[usize], indent: usize, tail: usize) {
        let ends = dots.iter().skip(1).copied().chain([run.to]);
        let head = Range { from: run.from, to: dots.first().copied().unwrap_or(run.to) };
        self.run(head, indent, 0);
        for (from, to) in dots.iter().copied().zip(ends) {
            self.new_line(indent + STEP);
            self.run(Range { from, to }, indent + STEP, tail);
        }
    }

    /// A group over several lines.
    fn group(&mut self, open: usize, indent: usize, tail: usize) {
        let mate = self.tokens.at(open).mate;
        let (inside, content) = (Range { from: open + 1, to: mate }, self.shape.content(open));
        self.token(open);
        if content == Content::List {
            let parts = self.split(inside.from, inside.to);
            if self.hugs(&parts) {
                self.hugged(&parts, indent, tail);
                return self.token(mate);
            }
            self.new_line(indent + STEP);
            let is_call = self.tokens.is_close(mate, Delimiter::Parenthesis);
            if !is_call && parts.iter().all(|part| self.is_narrow(*part)) {
                self.filled(&parts, indent + STEP);
            } else {
                self.parts(inside.from, inside.to, content, indent + STEP);
            }
        } else {
            self.new_line(indent + STEP);
            self.parts(inside.from, inside.to, content, indent + STEP);
        }
        self.new_line(indent);
        self.token(mate);
    }

    /// Whether the last part goes over several lines and the others stand before it on the first.
    fn hugs(&self, parts: &[Range]) -> bool {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
        let mut open = last.from;
        while self.tokens.after(open) < last.to {
            open = self.tokens.after(open);
        }
        let ends_with_group = self.tokens.after(open) > open + 2;
        let others_fit = !self.shape.breaks(first.from, open)
            && self.column() + self.shape.width(first.from, open + 1) <= WIDTH;
        let must = parts.len() == 1 || self.shape.breaks(last.from, last.to);
        ends_with_group && others_fit && must && self.chain(*last).is_empty()
    }

    fn hugged(&mut self, parts: &[Range], indent: usize, tail: usize) {
        for (number, part) in parts.iter().enumerate() {
            if number > 0 {
                self.out.push(' ');
            }
            self.run(*part, indent, tail + 1);
        }
    }

    fn is_narrow(&self, part: Range) -> bool {
        let has_groups = (part.from..part.to).any(|at| self.tokens.after(at) != at + 1);
        !has_groups
            && self.shape.width(part.from, part.to) <= NARROW
            && !self.shape.breaks(part.from, part.to)
    }

    /// As many parts on a line as it holds.
    fn filled(&mut self, parts: &[Range], indent: usize) {
        for (number, part) in parts.iter().enumerate() {
            let width = self.shape.width(part.from, part.to) + 1;
            if number > 0 && self.column() + 1 + width > WIDTH {
                self.new_line(indent);
            } else if number > 0 {
                self.out.push(' ');
            }
            self.flat(*part);
        }
        let ends_with_comma =
            parts.last().is_some_and(|part| self.tokens.is_mark(part.to - 1, ','));
        if parts.len() > 1 && !ends_with_comma {
            self.out.push(',');
        }
    }
}
