//! Regular expressions of ECMA 262, which documents are written in, → the syntax of Rust's engines, with the same
//! meaning.

use std::iter::Peekable;
use std::str::Chars;

/// The pattern for `fancy_regex`, if it compiles there; one that looks neither ahead nor back is read by `regex` too.
///
/// # Errors
/// Why it does not.
pub fn translate(ecma: &str) -> Result<String, String> {
    compile(ecma).map(|regex| regex.as_str().to_owned())
}

/// The expression that matches what the pattern matches.
///
/// # Errors
/// Why there is none.
pub fn compile(ecma: &str) -> Result<fancy_regex::Regex, String> {
    let mut translation = Translation { rest: ecma.chars().peekable(), out: String::new() };
    while let Some(char) = translation.rest.next() {
        translation.atom(char);
    }
    fancy_regex::Regex::new(&translation.out)
        .map_err(|error| error.to_string().lines().last().unwrap_or_default().to_owned())
}

const DIGIT: &str = "0-9";
const WORD: &str = "A-Za-z0-9_";
const SPACE: &str = r"\t\n\x0B\x0C\r \x{A0}\x{FEFF}\x{2028}\x{2029}\p{Zs}";
const LINE_END: &str = r"\n\r\x{2028}\x{2029}";

struct Translation<'t> {
    rest: Peekable<Chars<'t>>,
    out: String,
}

impl Translation<'_> {
    fn atom(&mut self, char: char) {
        match char {
            '\\' => self.escape(false),
            '[' => self.class(),
            '.' => self.out.push_str(&format!("[^{LINE_END}]")),
            '{' if !self.is_quantifier() => self.out.push_str(r"\{"),
            other => self.out.push(other),
        }
    }

    /// A brace that repeats nothing is a brace.
    fn is_quantifier(&self) -> bool {
        let inside: String = self.rest.clone().take_while(|char| *char != '}').collect();
        let closed = self.rest.clone().any(|char| char == '}');
        let (least, most) = inside.split_once(',').unwrap_or((&inside, ""));
        let digits = |text: &str| text.chars().all(|char| char.is_ascii_digit());
        closed && !least.is_empty() && digits(least) && digits(most)
    }

    fn class(&mut self) {
        let negated = self.rest.next_if_eq(&'^').is_some();
        if self.rest.next_if_eq(&']').is_some() {
            self.out.push_str(if negated { r"[\s\S]" } else { r"[^\s\S]" });
            return;
        }
        self.out.push_str(if negated { "[^" } else { "[" });
        while let Some(char) = self.rest.next() {
            match char {
                ']' => {
                    self.out.push(']');
                    return;
                }
                '\\' => self.escape(true),
                '[' | '&' | '~' => self.out.extend(['\\', char]),
                '-' if self.rest.peek() == Some(&'-') => self.out.push_str(r"\-"),
                other => self.out.push(other),
            }
        }
    }

    fn escape(&mut self, in_class: bool) {
        let Some(char) = self.rest.next() else {
            self.out.push('\\');
            return;
        };
        match char {
            'd' => self.set(in_class, DIGIT, false),
            'D' => self.set(in_class, DIGIT, true),
            'w' => self.set(in_class, WORD, false),
            'W' => self.set(in_class, WORD, true),
            's' => self.set(in_class, SPACE, false),
            'S' => self.set(in_class, SPACE, true),
            'b' if in_class => self.out.push_str(r"\x08"),
            'c' => self.control(),
            'x' => self.hexadecimal(2),
            'u' => self.unicode(),
            '0' => self.out.push_str(r"\x00"),
            'b' | 'B' | 'n' | 'r' | 't' | 'f' | 'v' | 'p' | 'P' | 'k' | '1'..='9' => {
                self.out.extend(['\\', char]);
            }
            other if other.is_ascii_punctuation() => self.out.extend(['\\', other]),
            other => self.out.push(other),
        }
    }

    fn set(&mut self, in_class: bool, members: &str, negated: bool) {
        let text = match (in_class, negated) {
            (true, false) => members.to_owned(),
            (_, true) => format!("[^{members}]"),
            (false, false) => format!("[{members}]"),
        };
        self.out.push_str(&text);
    }

    fn control(&mut self) {
        match self.rest.next_if(char::is_ascii_alphabetic) {
            Some(letter) => self.code(u32::from(letter) % 32),
            None => self.out.push_str(r"\\c"),
        }
    }

    fn unicode(&mut self) {
        if self.rest.peek() != Some(&'{') {
            return self.hexadecimal(4);
        }
        let inside: String = self.rest.by_ref().skip(1).take_while(|char| *char != '}').collect();
        self.code(u32::from_str_radix(&inside, 16).unwrap_or_default());
    }

    /// Exactly that many digits, else the letter stands for itself. Halves of a pair are put together.
    fn hexadecimal(&mut self, count: usize) {
        let letter = if count == 2 { 'x' } else { 'u' };
        match self.digits(count) {
            None => self.out.push(letter),
            Some(high @ 0xD800..=0xDBFF) => {
                let mut after = self.rest.clone();
                let low = (after.next() == Some('\\') && after.next() == Some('u'))
                    .then(|| after.take(4).collect::<String>());
                let low = low.and_then(|low| u32::from_str_radix(&low, 16).ok());
                let low = low.filter(|low| (0xDC00..=0xDFFF).contains(low));
                if let Some(low) = low {
                    self.rest.by_ref().take(6).for_each(drop);
                    self.code(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00));
                } else {
                    self.code(high);
                }
            }
            Some(code) => self.code(code),
        }
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let digits: String = self.rest.clone().take(count).collect();
        let complete = digits.len() == count && digits.chars().all(|char| char.is_ascii_hexdigit());
        let code = u32::from_str_radix(&digits, 16).ok().filter(|_| complete)?;
        self.rest.by_ref().take(count).for_each(drop);
        Some(code)
    }

    fn code(&mut self, code: u32) {
        self.out.push_str(&format!(r"\x{{{code:X}}}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_they_mean_in_ecma_script() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            (r"^\d+$", &["12"], &["١٢", "12\n", "x"]),
            (r"^[\w-]+$", &["a-b_1"], &["é", ""]),
            (r"^\S+$", &["ab"], &["a\u{a0}b", "a b"]),
            (r"^(?!-)[a-z-]+(?<!-)$", &["a-b"], &["-a", "a-"]),
            (r"^a/b\/c$", &["a/b/c"], &["a/b"]),
            (r"^\u0041\x42\u{43}\cJ$", &["ABC\n"], &["ABC"]),
            (r"^\ud83d\ude00$", &["😀"], &["x"]),
            (r"^[^]$", &["\n", "x"], &["xx"]),
            (r"^{a}$", &["{a}"], &["a"]),
            (r"^[a&&b[]$", &["&", "["], &["c"]),
            (r"^(a)\1$", &["aa"], &["a"]),
            (r"^.$", &["x"], &["\r", "\n"]),
            (r"^\_\-\:\@$", &["_-:@"], &["x"]),
            (r"b", &["abc"], &["ac"]),
            ("^[\"']$", &["\"", "'"], &["x"]),
        ];
        for (pattern, matching, others) in cases {
            let translated = translate(pattern).unwrap();
            let regex = fancy_regex::Regex::new(&translated).unwrap();
            for text in *matching {
                assert!(regex.is_match(text).unwrap(), "{pattern} ({translated}) on {text:?}");
            }
            for text in *others {
                assert!(!regex.is_match(text).unwrap(), "{pattern} ({translated}) on {text:?}");
            }
        }
    }

    #[test]
    fn a_broken_pattern_is_told() {
        for pattern in ["(", "[a", "*", r"\u{110000}", r"\ud800"] {
            assert!(translate(pattern).is_err(), "{pattern}");
        }
    }
}
