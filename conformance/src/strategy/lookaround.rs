//! Patterns without what they only look at. Knows no strategy.

/// The expression without its groups that look ahead or behind; `None` where it has none. It matches at least what the
/// whole one matches, and mostly more.
pub(super) fn without_lookaround(expression: &str) -> Option<String> {
    let (mut rest, mut bare, mut in_class) = (expression, String::new(), false);
    while let Some(char) = rest.chars().next() {
        let looks = ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|start| rest.starts_with(start));
        if looks && !in_class {
            rest = rest.get(group(rest)?..)?;
            continue;
        }
        let length = atom(rest);
        match char {
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        bare.push_str(rest.get(..length)?);
        rest = rest.get(length..)?;
    }
    (bare.len() < expression.len()).then_some(bare)
}

/// How long the group is that stands at the start.
fn group(expression: &str) -> Option<usize> {
    let (mut at, mut depth, mut in_class) = (0, 0_usize, false);
    loop {
        let rest = expression.get(at..)?;
        match rest.chars().next()? {
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => depth += 1,
            ')' if !in_class => depth -= 1,
            _ => {}
        }
        at += atom(rest);
        if depth == 0 {
            return Some(at);
        }
    }
}

/// How long the character is that stands at the start, with what escapes it.
fn atom(expression: &str) -> usize {
    let escaped = usize::from(expression.starts_with('\\'));
    expression.chars().take(1 + escaped).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_look_are_left_out() {
        let cases = [
            ("^(?!a(b)c$)^x", Some("^^x")),
            ("(?=[)(]\\)é)(?<!y)z(?<=z)", Some("z")),
            ("[(?=]", None),
            ("\\(?=a", None),
            ("(?:a)(?<name>b)", None),
            ("(?=a", None),
        ];
        for (expression, expected) in cases {
            assert_eq!(without_lookaround(expression).as_deref(), expected, "{expression}");
        }
    }
}
