//! What names, labels and their values may look like, with the sentences that say so.
//!
//! The rules are those of RFC 1123 and of the label syntax; nothing here knows which field has which of them.

/// The most bytes of a label (RFC 1123, and the name part of a label key).
const LABEL: usize = 63;

/// The most bytes of a subdomain (RFC 1123).
pub const SUBDOMAIN: usize = 253;

/// What is wrong with a DNS label (RFC 1123), if anything.
#[must_use]
pub fn label_fault(text: &str) -> Option<String> {
    if text.len() > LABEL {
        return Some(too_long(LABEL));
    }
    (!is_label(text)).then(|| {
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', \
         and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', \
         regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
            .to_owned()
    })
}

/// What is wrong with a DNS subdomain (RFC 1123), if anything.
#[must_use]
pub fn subdomain_fault(text: &str) -> Option<String> {
    if text.len() > SUBDOMAIN {
        return Some(too_long(SUBDOMAIN));
    }
    (!text.split('.').all(is_label)).then(|| {
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', \
         and must start and end with an alphanumeric character (e.g. 'example.com', \
         regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
            .to_owned()
    })
}

/// What is wrong with the key of a label or annotation: a name, with a subdomain and `/` before it or not.
#[must_use]
pub fn key_fault(text: &str) -> Option<String> {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    if name.contains('/') {
        return Some(
            "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end \
             with an alphanumeric character with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
                .to_owned(),
        );
    }
    if let Some(prefix) = prefix {
        if prefix.is_empty() {
            return Some("prefix part must be non-empty".to_owned());
        }
        if let Some(fault) = subdomain_fault(prefix) {
            return Some(format!("prefix part {fault}"));
        }
    }
    if name.is_empty() {
        return Some("name part must be non-empty".to_owned());
    }
    if name.len() > LABEL {
        return Some(format!("name part {}", too_long(LABEL)));
    }
    (!is_word(name)).then(|| {
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
         alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', \
         regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
            .to_owned()
    })
}

/// What is wrong with the value of a label, if anything.
#[must_use]
pub fn value_fault(text: &str) -> Option<String> {
    if text.len() > LABEL {
        return Some(too_long(LABEL));
    }
    (!text.is_empty() && !is_word(text)).then(|| {
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', \
         and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', \
         regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
            .to_owned()
    })
}

fn too_long(most: usize) -> String {
    format!("must be no more than {most} bytes")
}

/// Lower case letters, digits and `-`, neither first nor last a `-`; never empty.
fn is_label(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.bytes().all(|byte| plain(byte) || byte == b'-') && has_ends(text, plain)
}

/// Letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; never empty.
fn is_word(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes().all(|byte| plain(byte) || b"-_.".contains(&byte)) && has_ends(text, plain)
}

fn has_ends(text: &str, plain: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|first| plain(*first))
        && bytes.last().is_some_and(|last| plain(*last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_their_form() {
        let long = "a".repeat(64);
        let very_long = "a.".repeat(127);
        type Fault = fn(&str) -> Option<String>;
        let cases: [(Fault, &[&str], &[&str]); 4] = [
            (label_fault, &["a", "0", "a-b", "a--b"], &["", "-a", "a-", "A", "a.b", "a_b", &long]),
            (
                subdomain_fault,
                &["a", "a.b", "a-b.c-d"],
                &["", ".a", "a.", "a..b", "A.b", "a.-b", &very_long],
            ),
            (
                key_fault,
                &["a", "A_b.c", "example.com/name", "x/y"],
                &["", "/a", "a/", "a/b/c", "A.com/x", "a b", "-a", &long],
            ),
            (value_fault, &["", "a", "A_b.c-d"], &["a b", "-a", "a-", "a/b", &long]),
        ];
        for (fault, good, bad) in cases {
            for text in good {
                assert_eq!(fault(text), None, "{text}");
            }
            for text in bad {
                assert!(fault(text).is_some(), "{text}");
            }
        }
    }
}
