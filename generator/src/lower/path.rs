//! Path templates: text and placeholders. Does not judge whether a router can take them.

use crate::contract::{PathPart, PathSegment, PathTemplate};

/// Reads a key of `paths`.
///
/// # Errors
/// A sentence fragment: why it is no path template.
pub(super) fn parse(text: &str) -> Result<PathTemplate, String> {
    let Some(rest) = text.strip_prefix('/') else {
        return Err("a path begins with a slash".to_owned());
    };
    let segments = rest.split('/').map(segment).collect::<Result<Vec<_>, _>>()?;
    let template = PathTemplate { segments };
    let mut names: Vec<_> = template.parameters().collect();
    names.sort_unstable();
    match names.windows(2).find_map(|pair| pair.first().filter(|first| pair.last() == Some(first)))
    {
        Some(name) => Err(format!("the placeholder `{{{name}}}` stands there twice")),
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

fn segment(text: &str) -> Result<PathSegment, String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((literal, tail)) = rest.split_once('{') {
        let Some((name, after)) = tail.split_once('}') else {
            return Err("a brace is not closed".to_owned());
        };
        if name.is_empty() || name.contains('{') || literal.contains('}') {
            return Err("braces hold one name each".to_owned());
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
        return Err("a brace is not opened".to_owned());
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
