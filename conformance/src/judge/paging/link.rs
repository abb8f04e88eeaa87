//! The `Link` header field of a page, as far as it leads to the next one (RFC 8288 §3).

use crate::probe::Header;
use crate::transcript::Transcript;

/// The target of the first link to the next page, as the answer writes it.
pub(super) fn next(transcript: &Transcript) -> Option<String> {
    let fields = transcript.headers("link");
    fields
        .filter_map(Header::text)
        .flat_map(links)
        .find(|link| link.leads_on())
        .map(|link| link.target.to_owned())
}

struct Link<'a> {
    target: &'a str,
    parameters: &'a str,
}

impl Link<'_> {
    /// Relation types are words without case, several of which may stand in one text (RFC 8288 §3.3).
    fn leads_on(&self) -> bool {
        parts(self.parameters, ';').any(|parameter| {
            let Some((name, value)) = parameter.split_once('=') else { return false };
            let words = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel")
                && words.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next"))
        })
    }
}

/// The links of a field; what is none is passed over.
fn links(field: &str) -> impl Iterator<Item = Link<'_>> {
    parts(field, ',').filter_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        Some(Link { target: target.trim(), parameters })
    })
}

/// The parts of a text between separators that stand neither in a quoted text nor in a target.
fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut inside, mut escaped) = (false, false, false);
    text.split(move |letter| {
        match letter {
            _ if escaped => {}
            '"' if !inside => quoted = !quoted,
            '<' if !quoted => inside = true,
            '>' if !quoted => inside = false,
            _ => {}
        }
        escaped = quoted && letter == '\\' && !escaped;
        letter == separator && !quoted && !inside
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(field: &str) -> Option<&str> {
        links(field).find(Link::leads_on).map(|link| link.target)
    }

    #[test]
    fn the_next_page_is_found() {
        let table = [
            (r#"</things?page=2>; rel="next""#, Some("/things?page=2")),
            ("<?page=2>; rel=next", Some("?page=2")),
            (r#"</a>; rel="prev", </b>; rel="next"; title="x, y""#, Some("/b")),
            (r#"</a,b;c>; title="rel=\"next"; REL="first NEXT""#, Some("/a,b;c")),
            (r#"</a>; rel="prev""#, None),
            ("</a>", None),
            ("/a; rel=next", None),
            ("", None),
        ];
        for (field, target) in table {
            assert_eq!(leads(field), target, "{field}");
        }
    }
}
