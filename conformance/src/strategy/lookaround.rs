//! Patterns without what they only look at. Knows no strategy.

/// The expression without its groups that look ahead or behind; `None` where it has none. It matches at least what the
/// whole one matches, and mostly more.
pub(super) fn without_lookaround(expression: &str) -> Option<String> {
    let (mut rest, mut bare, mut in_class) = (expression, String::new(), false);
    // How many groups are open of what is left out.
    let mut depth = 0_usize;
    while let Some(char) = rest.chars().next() {
        let (this, after) = rest.split_at_checked(atom(rest))?;
        let is_left_out = depth > 0 || !in_class && LOOKS.iter().any(|it| rest.starts_with(it));
        match char {
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if is_left_out && !in_class => depth += 1,
            ')' if is_left_out && !in_class => depth -= 1,
            _ => {}
        }
        if !is_left_out {
            bare.push_str(this);
        }
        rest = after;
    }
    (depth == 0 && bare.len() < expression.len()).then_some(bare)
}

/// How a group begins that only looks.
const LOOKS: [&str; 4] = ["(?=", "(?!", "(?<=", "(?<!"];

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
