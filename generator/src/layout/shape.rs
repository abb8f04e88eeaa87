//! What the groups of a list of tokens are to a reader: blocks, lists, fields; where their parts begin; and how wide
//! everything is on one line. Goes over each token once and writes nothing.

use proc_macro2::Delimiter;

use super::space::Spaces;
use super::token::{Kind, Tokens};

/// What a group holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Content {
    /// Parts with commas between them.
    #[default]
    List,
    /// The fields or variants of a definition, each on a line of its own.
    Fields,
    /// The arms of a `match`.
    Arms,
    /// Statements.
    Block,
    /// Items.
    Items,
}

/// What is known of each token.
#[derive(Clone, Copy, Debug, Default)]
struct Fact {
    /// Whether a part of its group begins with it.
    starts: bool,
    /// Whether a space stands before it.
    space: bool,
    /// What it holds, if it begins a group.
    content: Content,
    /// The width of everything before it.
    column: usize,
    /// How many tokens before it end a line.
    breaks: usize,
}

/// The shape of a list of tokens.
#[derive(Debug)]
pub(super) struct Shape {
    facts: Vec<Fact>,
}

impl Shape {
    /// The shape of items.
    pub(super) fn of(tokens: &Tokens) -> Self {
        let mut shape = Self { facts: vec![Fact::default(); tokens.len() + 1] };
        shape.group(tokens, 0, tokens.len(), Content::Items);
        shape.measure(tokens);
        shape
    }

    /// Whether a part of its group begins with that token.
    pub(super) fn starts(&self, index: usize) -> bool {
        self.fact(index).starts
    }

    /// Whether a space stands before it.
    pub(super) fn space(&self, index: usize) -> bool {
        self.fact(index).space
    }

    /// What it holds.
    pub(super) fn content(&self, index: usize) -> Content {
        self.fact(index).content
    }

    /// The width on one line.
    pub(super) fn width(&self, from: usize, to: usize) -> usize {
        let space = usize::from(self.space(from));
        self.fact(to).column.saturating_sub(self.fact(from).column + space)
    }

    /// Whether it takes several lines, however short it is.
    pub(super) fn breaks(&self, from: usize, to: usize) -> bool {
        self.fact(to).breaks > self.fact(from).breaks
    }

    fn fact(&self, index: usize) -> Fact {
        self.facts.get(index).copied().unwrap_or_default()
    }

    fn set(&mut self, index: usize, change: impl FnOnce(&mut Fact)) {
        if let Some(fact) = self.facts.get_mut(index) {
            change(fact);
        }
    }

    fn group(&mut self, tokens: &Tokens, from: usize, to: usize, content: Content) {
        let mut spaces = Spaces::new(tokens);
        let mut part = Part::new(content);
        let mut index = from;
        while index < to {
            let (space, length) = spaces.step(index);
            self.set(index, |fact| (fact.space, fact.starts) = (space, part.is_new));
            part.is_new = false;
            if let Kind::Open(delimiter) = tokens.at(index).kind {
                let inner = part.content(tokens, index, delimiter);
                let mate = tokens.at(index).mate;
                self.set(index, |fact| fact.content = inner);
                self.group(tokens, index + 1, mate, inner);
                if delimiter == Delimiter::Brace && mate > index + 1 {
                    self.pad(tokens, index, mate);
                }
            } else {
                part.step(tokens, index);
            }
            let next = tokens.after(index + length - 1);
            if part.ends(tokens, index, next) {
                part = Part::new(content);
            }
            index = next;
        }
    }

    /// Braces of values have spaces inside, those of imports have none.
    fn pad(&mut self, tokens: &Tokens, open: usize, mate: usize) {
        let imports = open > 0 && tokens.is_mark(open - 1, ':');
        self.set(open + 1, |fact| fact.space = !imports);
        self.set(mate, |fact| fact.space = !imports);
    }

    fn measure(&mut self, tokens: &Tokens) {
        let (mut column, mut breaks) = (0, 0);
        for (index, fact) in self.facts.iter_mut().enumerate() {
            (fact.column, fact.breaks) = (column, breaks);
            let token = tokens.at(index);
            let text = tokens.text(index);
            column += usize::from(fact.space);
            column += if text.is_ascii() { text.len() } else { text.chars().count() };
            let is_block = fact.content != Content::List && token.mate > index + 1;
            breaks += usize::from(is_block || matches!(token.kind, Kind::Doc { .. }));
        }
    }
}

/// The part of a group that is being gone over.
struct Part {
    within: Content,
    is_new: bool,
    /// Whether only attributes and the like have been seen.
    is_head: bool,
    /// Whether a group in braces ends it.
    ends_with_braces: bool,
    /// What the next braces hold.
    next_braces: Option<Content>,
    angles: usize,
}

impl Part {
    fn new(within: Content) -> Self {
        Self {
            within,
            is_new: true,
            is_head: true,
            ends_with_braces: false,
            next_braces: None,
            angles: 0,
        }
    }

    fn has_statements(&self) -> bool {
        matches!(self.within, Content::Items | Content::Block)
    }

    fn step(&mut self, tokens: &Tokens, index: usize) {
        match tokens.at(index).kind {
            Kind::Word => self.word(tokens.text(index)),
            Kind::Mark('#') | Kind::Doc { .. } => {}
            Kind::Mark('<') => self.angles += 1,
            Kind::Mark('>') => self.angles = self.angles.saturating_sub(1),
            Kind::Literal | Kind::Mark(_) => self.is_head = false,
            Kind::Open(_) | Kind::Close(_) | Kind::End => {}
        }
    }

    fn word(&mut self, word: &str) {
        let is_head = self.is_head && self.has_statements();
        let (content, ends) = match word {
            "pub" | "const" | "extern" if is_head => return,
            "fn" if is_head => (Content::Block, true),
            "impl" | "trait" | "mod" if is_head => (Content::Items, true),
            "struct" | "enum" if is_head => (Content::Fields, true),
            "match" => (Content::Arms, is_head),
            "if" | "while" | "for" | "loop" | "unsafe" => (Content::Block, is_head),
            "else" => (Content::Block, false),
            "async" if is_head => return,
            "async" => (Content::Block, false),
            _ => {
                self.is_head = false;
                return;
            }
        };
        if self.next_braces.is_none() {
            self.next_braces = Some(content);
        }
        self.ends_with_braces |= ends;
        self.is_head = false;
    }

    /// What the group that begins there holds.
    fn content(&mut self, tokens: &Tokens, open: usize, delimiter: Delimiter) -> Content {
        if delimiter != Delimiter::Brace {
            return Content::List;
        }
        if let Some(content) = self.next_braces.take() {
            return content;
        }
        let follows_name = open > 0
            && match tokens.at(open - 1).kind {
                Kind::Word => tokens.text(open - 1) != "move",
                Kind::Mark(':') => true,
                Kind::Mark('>') => !tokens.is_mark(open - 2, '='),
                _ => false,
            };
        match (follows_name, self.within) {
            (true, Content::Fields) => Content::Fields,
            (true, _) => Content::List,
            (false, _) => Content::Block,
        }
    }

    /// Whether it ends before `next`.
    fn ends(&self, tokens: &Tokens, index: usize, next: usize) -> bool {
        let goes_on = || {
            tokens.is_word(next, "else")
                || ['.', '?', ','].iter().any(|mark| tokens.is_mark(next, *mark))
        };
        match (tokens.at(index).kind, self.within) {
            (Kind::Mark(';'), Content::Items | Content::Block) => true,
            (Kind::Mark(','), Content::List | Content::Fields | Content::Arms) => self.angles == 0,
            (Kind::Open(Delimiter::Brace), Content::Items | Content::Block) => {
                self.ends_with_braces && self.next_braces.is_none() && !goes_on()
            }
            (Kind::Open(Delimiter::Brace), Content::Arms) => {
                index > 1
                    && tokens.is_mark(index - 1, '>')
                    && tokens.is_mark(index - 2, '=')
                    && !goes_on()
            }
            _ => false,
        }
    }
}
