//! Path templates: text and placeholders. Does not judge whether a router can take them.

use crate::contract::{PathPart, PathSegment, PathTemplate};

/// Why a key of `paths` cannot be used.
#[derive(Debug)]
pub(super) enum BadPath {
    /// The placeholder of that name stands there twice.
    Repeated(String),
    /// It is no template, as a sentence fragment says.
    Malformed(&'static str),
}

/// Reads a key of `paths`.
pub(super) fn parse(text: &str) -> Result<PathTemplate, BadPath> {
    let Some(rest) = text.strip_prefix('/') else {
        return Err(BadPath::Malformed("a path begins with a slash"));
    };
    let segments = rest.split('/').map(segment).collect::<Result<Vec<_>, _>>();
    let segments = segments.map_err(BadPath::Malformed)?;
    let template = PathTemplate { segments };
    let mut names: Vec<_> = template.parameters().collect();
    names.sort_unstable();
    match names.windows(2).find_map(|pair| pair.first().filter(|first| pair.last() == Some(first)))
    {
        Some(name) => Err(BadPath::Repeated((*name).to_owned())),
        None => Ok(template),
    }
}

/// The template with its placeholders' names taken away: two templates with the same one match the same paths.
pub(super) fn anonymous(template: &PathTemplate) -> String {
    let parts = |segment: &PathSegment| -> String {
        let part = |part: &PathPart| match part {
            PathPart::Literal(text) => text.clone(),
            PathPart::Parameter(_) => "{}".to_owned(),
        };
        segment.0.iter().map(part).collect()
    };
    template.segments.iter().flat_map(|segment| ["/".to_owned(), parts(segment)]).collect()
}

fn segment(text: &str) -> Result<PathSegment, &'static str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((literal, tail)) = rest.split_once('{') {
        let Some((name, after)) = tail.split_once('}') else {
            return Err("a brace is not closed");
        };
        if name.is_empty() || name.contains('{') || literal.contains('}') {
            return Err("braces hold one name each");
        }
        parts.extend(
            Some(literal)
                .filter(|text| !text.is_empty())
                .map(|text| PathPart::Literal(text.to_owned())),
        );
        parts.push(PathPart::Parameter(name.to_owned()));
        rest = after;
    }
    if rest.contains('}') {
        return Err("a brace is not opened");
    }
    if !rest.is_empty() {
        parts.push(PathPart::Literal(rest.to_owned()));
    }
    Ok(PathSegment(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_read_back_as_they_are_written() {
        for text in ["/", "/a", "/a/", "/{x}", "/a/{x}.{y}/b", "/a/{x}:verb"] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn broken_templates_are_refused() {
        for text in ["", "a", "/{", "/}", "/{}", "/{a", "/a}", "/{a{b}}", "/{a}/{a}"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names_of_placeholders_tell_no_paths_apart() {
        let anonymous_of = |text| anonymous(&parse(text).unwrap());
        assert_eq!(anonymous_of("/a/{x}"), anonymous_of("/a/{y}"));
        assert_ne!(anonymous_of("/a/{x}"), anonymous_of("/a/x"));
    }
}
