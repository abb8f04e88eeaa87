//! Quantities of resources: a number with a suffix, as `100m`, `1.5`, `2Gi`, `1e3`.

/// What each suffix multiplies by, or divides by.
const SUFFIXES: [(&str, f64, bool); 15] = [
    ("n", 1e9, false),
    ("u", 1e6, false),
    ("m", 1e3, false),
    ("", 1.0, true),
    ("k", 1e3, true),
    ("M", 1e6, true),
    ("G", 1e9, true),
    ("T", 1e12, true),
    ("P", 1e15, true),
    ("E", 1e18, true),
    ("Ki", 1024.0, true),
    ("Mi", 1_048_576.0, true),
    ("Gi", 1_073_741_824.0, true),
    ("Ti", 1_099_511_627_776.0, true),
    ("Pi", 1_125_899_906_842_624.0, true),
];

/// The value of a quantity, if it is one.
pub(super) fn parse(text: &str) -> Option<f64> {
    let digits = |c: char| c.is_ascii_digit() || c == '.';
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let end = unsigned.find(|c| !digits(c)).unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let number: f64 = number.parse().ok()?;
    let value = match suffix.strip_prefix(['e', 'E']).filter(|exponent| !exponent.is_empty()) {
        Some(exponent) => number * 10_f64.powi(exponent.parse::<i8>().ok()?.into()),
        None => {
            let (_, factor, multiplies) = SUFFIXES.iter().find(|(known, ..)| *known == suffix)?;
            // Dividing rounds once, so that 700m is exactly 0.7.
            if *multiplies { number * factor } else { number / factor }
        }
    };
    Some(if text.starts_with('-') { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_have_their_values() {
        for (text, value) in [
            ("1", Some(1.0)),
            ("700m", Some(0.7)),
            ("0.5", Some(0.5)),
            ("-1", Some(-1.0)),
            ("1e3", Some(1000.0)),
            ("2E", Some(2e18)),
            ("1Ki", Some(1024.0)),
            ("abc", None),
            ("", None),
            ("1x", None),
            ("1.2.3", None),
        ] {
            assert_eq!(parse(text), value, "{text}");
        }
    }
}
