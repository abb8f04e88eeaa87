//! The words and signs of a label selector.

/// A word, a sign, or the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    Sign(&'static str),
    End,
}

/// All signs; of two that begin alike the longer stands first.
const SIGNS: [&str; 9] = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];

impl Token {
    /// As it stands in the text; the end is nothing.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Word(word) => word,
            Self::Sign(sign) => sign,
            Self::End => "",
        }
    }

    /// Whether it is this sign.
    pub(super) fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Sign(sign) if *sign == wanted)
    }
}

/// Cuts a text into tokens; space separates words and is otherwise nothing.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let sign = SIGNS.iter().find_map(|sign| Some((*sign, rest.strip_prefix(*sign)?)));
        let after = match sign {
            Some((sign, after)) => {
                tokens.push(Token::Sign(sign));
                after
            }
            None => {
                let (word, after) = word(rest);
                tokens.push(Token::Word(word.to_owned()));
                after
            }
        };
        rest = after.trim_start();
    }
    tokens
}

/// The characters up to the next space or sign, and what follows.
fn word(text: &str) -> (&str, &str) {
    let ends = |c: char| c.is_whitespace() || "=!(),><".contains(c);
    text.split_at(text.find(ends).unwrap_or(text.len()))
}
