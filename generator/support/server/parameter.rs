//! One parameter: where it travels and how it is written (OpenAPI 3.0.3, parameter styles).
//!
//! Delimiters are looked for before percent-decoding, so that an encoded delimiter is part of a value.

use http::HeaderMap;
use serde_json::Value;

use super::cookie::cookies;
use super::fault::Part;
use super::form::{Form, Members};
use super::query::{Pair, decode, decode_query, pairs};
use super::template::{self, Segment};

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    pub(super) name: &'static str,
    pub(super) part: Part,
    pub(super) default: Option<&'static str>,
    same_as_absent: &'static [&'static str],
    segment: usize,
    is_rest: bool,
    followed_by: Option<usize>,
    within: Option<(Segment, usize)>,
    style: Style,
    explode: bool,
    form: Form,
}

impl Parameter {
    /// A path parameter in the style `simple`, in the segment of that number, counted from 0.
    #[must_use]
    pub const fn path(name: &'static str, segment: usize, form: Form) -> Self {
        Self { segment, ..Self::new(name, Part::Path, Style::Simple, false, form) }
    }

    /// A path parameter that is all of the path from the segment of that number, slashes included, to the end or what
    /// it is [followed by](Self::followed_by). Each slash of the path is one of the value, and so is each encoded one;
    /// what is percent-encoded is decoded once.
    #[must_use]
    pub const fn rest(name: &'static str, segment: usize, form: Form) -> Self {
        Self { is_rest: true, ..Self::path(name, segment, form) }
    }

    /// The same before so many last segments of the path, where the number of those before it is not known, or not
    /// how many segments it spans.
    #[must_use]
    pub const fn followed_by(self, segments: usize) -> Self {
        Self { followed_by: Some(segments), ..self }
    }

    /// The same as the value of that number, counted from 0, within its segment.
    #[must_use]
    pub const fn within(self, segment: Segment, number: usize) -> Self {
        Self { within: Some((segment, number)), ..self }
    }

    /// A query parameter in the style `form`, exploded.
    #[must_use]
    pub const fn query(name: &'static str, form: Form) -> Self {
        Self::new(name, Part::Query, Style::Form, true, form)
    }

    /// A header field in the style `simple`.
    #[must_use]
    pub const fn header(name: &'static str, form: Form) -> Self {
        Self::new(name, Part::Header, Style::Simple, false, form)
    }

    /// A cookie in the style `form`, exploded.
    #[must_use]
    pub const fn cookie(name: &'static str, form: Form) -> Self {
        Self::new(name, Part::Cookie, Style::Form, true, form)
    }

    /// The same, written in another way.
    #[must_use]
    pub const fn style(self, style: Style, explode: bool) -> Self {
        Self { style, explode, ..self }
    }

    /// The same with what stands for an absent one, as JSON.
    #[must_use]
    pub const fn default(self, json: &'static str) -> Self {
        Self { default: Some(json), ..self }
    }

    /// The same with values, as JSON, that mean the same as leaving it out.
    #[must_use]
    pub const fn same_as_absent(self, json: &'static [&'static str]) -> Self {
        Self { same_as_absent: json, ..self }
    }

    const fn new(name: &'static str, part: Part, style: Style, explode: bool, form: Form) -> Self {
        Self {
            name,
            part,
            default: None,
            same_as_absent: &[],
            segment: 0,
            is_rest: false,
            followed_by: None,
            within: None,
            style,
            explode,
            form,
        }
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `value`
    Simple,
    /// `.value`
    Label,
    /// `;name=value`
    Matrix,
    /// `name=value`
    Form,
    /// `a b`
    SpaceDelimited,
    /// `a|b`
    PipeDelimited,
    /// `name[member]=value`
    DeepObject,
}

/// The parts of a request in which parameters travel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carrier<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
}

impl Parameter {
    /// Its value, `None` where the request has none, or one that means the same.
    ///
    /// # Errors
    /// What is wrong with the way it is written.
    pub(super) fn read(&self, carrier: &Carrier<'_>) -> Result<Option<Value>, String> {
        let means_nothing = |value: &Value| {
            let same =
                |json: &&str| serde_json::from_str::<Value>(json).is_ok_and(|it| it == *value);
            self.same_as_absent.iter().any(same)
        };
        Ok(self.written(carrier)?.filter(|value| !means_nothing(value)))
    }

    fn written(&self, carrier: &Carrier<'_>) -> Result<Option<Value>, String> {
        match self.part {
            Part::Path => self.in_path(carrier.path).transpose(),
            Part::Query => self.in_pairs(&pairs(carrier.query), decode_query),
            Part::Header => self.in_headers(carrier.headers).transpose(),
            Part::Cookie => {
                let pair = |(name, value): (&str, _)| Pair { name: name.to_owned(), value };
                let pairs = cookies(carrier.headers).map(pair).collect::<Vec<_>>();
                self.in_pairs(&pairs, decode)
            }
            Part::Body | Part::Request => Ok(None),
        }
    }

    fn in_path(&self, path: &str) -> Option<Result<Value, String>> {
        if self.is_rest {
            let text = self.rest_of(path)?;
            return Some(decode(text).and_then(|text| self.form.scalar(&text)));
        }
        let text = match self.followed_by {
            Some(segments) => path.rsplit('/').nth(segments)?,
            None => path.split('/').nth(self.segment + 1)?,
        };
        let text = match self.within {
            Some((segment, number)) => template::value(segment, number, text)?,
            None => Some(text).filter(|text| !text.is_empty())?,
        };
        Some(match self.style {
            Style::Label => {
                let separator = if self.explode { '.' } else { ',' };
                let text = text.strip_prefix('.').ok_or_else(|| "has no leading dot".to_owned());
                text.and_then(|text| self.unfold(text, separator, decode))
            }
            Style::Matrix => self.matrix(text),
            _ => self.unfold(text, ',', decode),
        })
    }

    fn rest_of<'p>(&self, path: &'p str) -> Option<&'p str> {
        let text = path.splitn(self.segment.saturating_add(2), '/').nth(self.segment + 1)?;
        let cut = |text: &'p str, _| text.rsplit_once('/').map(|(before, _)| before);
        (0..self.followed_by.unwrap_or_default()).try_fold(text, cut)
    }

    fn matrix(&self, text: &str) -> Result<Value, String> {
        let text = text.strip_prefix(';').ok_or_else(|| "has no leading semicolon".to_owned())?;
        if let (Form::Object(_), true) = (self.form, self.explode) {
            return self.unfold(text, ';', decode);
        }
        let own = |text: &str| {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            if name == self.name {
                Ok(value.to_owned())
            } else {
                Err(format!("is written under the name {name}"))
            }
        };
        if self.explode {
            let values = text.split(';').map(own).collect::<Result<Vec<_>, _>>()?;
            return self.unfold(&values.join(";"), ';', decode);
        }
        self.unfold(&own(text)?, ',', decode)
    }

    fn in_headers(&self, headers: &HeaderMap) -> Option<Result<Value, String>> {
        let fields = headers.get_all(self.name).into_iter();
        let texts = fields.map(|field| str::from_utf8(field.as_bytes()));
        let texts = match texts.collect::<Result<Vec<_>, _>>() {
            Ok(texts) if texts.is_empty() => return None,
            Ok(texts) => texts,
            Err(_) => return Some(Err("is not UTF-8".to_owned())),
        };
        let may_repeat = matches!(self.form, Form::List(_) | Form::Object(_) | Form::Either(..));
        if texts.len() > 1 && !may_repeat {
            return Some(Err("is given twice".to_owned()));
        }
        Some(self.unfold(texts.join(",").trim(), ',', |text| Ok(text.trim().to_owned())))
    }

    fn in_pairs(&self, pairs: &[Pair<'_>], decode: Decoding) -> Result<Option<Value>, String> {
        match (self.form, self.style) {
            (Form::Object(members), Style::DeepObject) => deep(self.name, members, pairs, decode),
            (Form::Object(members), Style::Form) if self.explode => {
                // With members of any name, whatever the query has is one.
                let own = |name: &str| {
                    let is_known = members.known.iter().any(|(known, _)| *known == name);
                    (is_known || members.others.is_some()).then(|| name.to_owned())
                };
                gather(members, pairs, own, decode)
            }
            // Members are written under another name than a single value.
            (Form::Either(_, other @ Form::Object(_)), _)
                if pairs.iter().all(|pair| pair.name != self.name) =>
            {
                Self { form: *other, ..*self }.in_pairs(pairs, decode)
            }
            (form @ (Form::List(_) | Form::Either(..)), _) if self.explode => {
                let own = pairs.iter().filter(|pair| pair.name == self.name);
                let texts = own.map(|pair| decode(pair.value)).collect::<Result<Vec<_>, _>>()?;
                if texts.is_empty() { Ok(None) } else { form.all(&texts).map(Some) }
            }
            _ => self.only(pairs, decode).transpose(),
        }
    }

    fn only(&self, pairs: &[Pair<'_>], decode: Decoding) -> Option<Result<Value, String>> {
        let mut own = pairs.iter().filter(|pair| pair.name == self.name);
        let text = own.next()?.value;
        if own.next().is_some() {
            return Some(Err("is given twice".to_owned()));
        }
        Some(match self.style {
            Style::SpaceDelimited => {
                self.unfold(&text.replace("%20", " ").replace('+', " "), ' ', decode)
            }
            Style::PipeDelimited => {
                self.unfold(&text.replace("%7C", "|").replace("%7c", "|"), '|', decode)
            }
            _ => self.unfold(text, ',', decode),
        })
    }

    /// The value of a text in which items or members stand between separators.
    fn unfold(&self, text: &str, separator: char, decode: Decoding) -> Result<Value, String> {
        let parts = || text.split(separator).filter(|_| !text.is_empty());
        match self.form {
            Form::List(item) => item.list(&parts().map(decode).collect::<Result<Vec<_>, _>>()?),
            form @ Form::Either(_, Form::List(_)) if !text.is_empty() => {
                form.all(&parts().map(decode).collect::<Result<Vec<_>, _>>()?)
            }
            Form::Object(members) if self.explode => {
                let pair = |part: &str| {
                    let (name, value) =
                        part.split_once('=').ok_or("has a member without a value")?;
                    Ok::<_, String>((decode(name)?, decode(value)?))
                };
                members.object(&parts().map(pair).collect::<Result<Vec<_>, _>>()?)
            }
            Form::Object(members) => {
                let texts = parts().map(decode).collect::<Result<Vec<_>, _>>()?;
                let (pairs, rest) = texts.as_chunks::<2>();
                if !rest.is_empty() {
                    return Err("has a member without a value".to_owned());
                }
                members.object(
                    &pairs.iter().cloned().map(<(String, String)>::from).collect::<Vec<_>>(),
                )
            }
            scalar => scalar.scalar(&decode(text)?),
        }
    }
}

type Decoding = fn(&str) -> Result<String, String>;

/// The members written `name[member]=value`.
fn deep(
    name: &str,
    members: Members,
    pairs: &[Pair<'_>],
    decode: Decoding,
) -> Result<Option<Value>, String> {
    let own = |found: &str| {
        let member = found.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?;
        Some(member.to_owned())
    };
    gather(members, pairs, own, decode)
}

/// The members under the names that `own` takes, and how it calls them.
fn gather(
    members: Members,
    pairs: &[Pair<'_>],
    own: impl Fn(&str) -> Option<String>,
    decode: Decoding,
) -> Result<Option<Value>, String> {
    let found = pairs.iter().filter_map(|pair| Some((own(&pair.name)?, pair.value)));
    let found = found.map(|(name, value)| Ok((name, decode(value)?)));
    let found = found.collect::<Result<Vec<_>, String>>()?;
    if found.is_empty() { Ok(None) } else { members.object(&found).map(Some) }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::json;

    use super::*;

    const LIST: Form = Form::List(&Form::Integer);
    const OBJECT: Form = Form::Object(Members {
        known: &[("r", Form::Integer), ("g", Form::List(&Form::Integer))],
        others: None,
    });

    const OPEN: Form =
        Form::Object(Members { known: &[("r", Form::Integer)], others: Some(&Form::Text) });

    fn read(part: Part, style: Style, explode: bool, form: Form, text: &str) -> Option<Value> {
        let mut headers = HeaderMap::new();
        headers.append("c", HeaderValue::from_str(text).unwrap());
        headers.append("cookie", HeaderValue::from_str(text).unwrap());
        let parameter = Parameter { segment: 1, ..Parameter::new("c", part, style, explode, form) };
        let path = format!("/x/{text}/y");
        parameter
            .read(&Carrier { path: &path, query: text, headers: &headers })
            .unwrap_or_else(|message| Some(json!({ "refused": message })))
    }

    #[test]
    fn path_styles() {
        let path = |style, explode, form, text| read(Part::Path, style, explode, form, text);
        let cases = [
            (Style::Simple, false, Form::Text, "a%2Fb", json!("a/b")),
            (Style::Simple, false, LIST, "1,2", json!([1, 2])),
            (Style::Simple, false, OBJECT, "r,1,g,2", json!({ "r": 1, "g": [2] })),
            (Style::Simple, true, OBJECT, "r=1,g=2", json!({ "r": 1, "g": [2] })),
            (Style::Label, false, Form::Integer, ".5", json!(5)),
            (Style::Label, false, LIST, ".1,2", json!([1, 2])),
            (Style::Label, true, LIST, ".1.2", json!([1, 2])),
            (Style::Label, true, OBJECT, ".r=1.g=2", json!({ "r": 1, "g": [2] })),
            (Style::Matrix, false, Form::Integer, ";c=5", json!(5)),
            (Style::Matrix, false, LIST, ";c=1,2", json!([1, 2])),
            (Style::Matrix, true, LIST, ";c=1;c=2", json!([1, 2])),
            (Style::Matrix, false, OBJECT, ";c=r,1,g,2", json!({ "r": 1, "g": [2] })),
            (Style::Matrix, true, OBJECT, ";r=1;g=2", json!({ "r": 1, "g": [2] })),
            (
                Style::Matrix,
                false,
                Form::Text,
                "c=5",
                json!({ "refused": "has no leading semicolon" }),
            ),
            (
                Style::Simple,
                false,
                Form::Text,
                "%zz",
                json!({ "refused": "has malformed percent-encoding" }),
            ),
        ];
        for (style, explode, form, text, expected) in cases {
            assert_eq!(path(style, explode, form, text), Some(expected), "{style:?} {text}");
        }
    }

    #[test]
    fn the_rest_of_a_path_keeps_its_slashes() {
        let read = |path| {
            let carrier = Carrier { path, query: "", headers: &HeaderMap::new() };
            Parameter::rest("p", 1, Form::Text).read(&carrier)
        };
        assert_eq!(read("/x/a/b%20c//%2Fd/"), Ok(Some(json!("a/b c///d/"))));
        assert_eq!(read("/x/a"), Ok(Some(json!("a"))));
        assert_eq!(read("/x/"), Ok(Some(json!(""))));
        assert_eq!(read("/x"), Ok(None));
        assert_eq!(read("/x/%zz"), Err("has malformed percent-encoding".to_owned()));
    }

    #[test]
    fn values_are_found_around_one_that_spans_segments() {
        const FILE: Parameter = Parameter::path("f", 0, Form::Text).followed_by(1);
        let read = |parameter: Parameter, path| {
            let carrier = Carrier { path, query: "", headers: &HeaderMap::new() };
            parameter.read(&carrier)
        };
        let rest = Parameter::rest("p", 1, Form::Text).followed_by(2);
        assert_eq!(read(rest, "/x/a/b%2Fc/d.txt/raw"), Ok(Some(json!("a/b/c"))));
        assert_eq!(read(rest, "/x//d.txt/raw"), Ok(Some(json!(""))));
        assert_eq!(read(FILE, "/x/a/b/d.txt/raw"), Ok(Some(json!("d.txt"))));
        assert_eq!(
            read(FILE.within(&["", ".", ""], 1), "/x/a/b/d.t%20t/raw"),
            Ok(Some(json!("t t")))
        );
        assert_eq!(
            read(FILE.within(&["", ".", ""], 0), "/x/a/b/d.t%20t/raw"),
            Ok(Some(json!("d")))
        );
    }

    #[test]
    fn query_styles() {
        let query = |style, explode, form, text| read(Part::Query, style, explode, form, text);
        let cases = [
            (Style::Form, true, Form::Text, "c=a+b%2B&x=1", json!("a b+")),
            (Style::Form, true, Form::Text, "c=1&c=2", json!({ "refused": "is given twice" })),
            (Style::Form, true, LIST, "c=1&x=9&c=2", json!([1, 2])),
            (Style::Form, false, LIST, "c=1,2", json!([1, 2])),
            (Style::Form, false, Form::List(&Form::Text), "c=a%2Cb,c", json!(["a,b", "c"])),
            (Style::Form, false, LIST, "c=", json!([])),
            (Style::Form, true, OBJECT, "r=1&g=2&g=3", json!({ "r": 1, "g": [2, 3] })),
            (Style::Form, true, OPEN, "r=1&c=x", json!({ "r": 1, "c": "x" })),
            (Style::Form, false, OBJECT, "c=r,1", json!({ "r": 1 })),
            (Style::SpaceDelimited, false, LIST, "c=1%202+3", json!([1, 2, 3])),
            (Style::PipeDelimited, false, LIST, "c=1|2%7C3", json!([1, 2, 3])),
            (Style::DeepObject, true, OBJECT, "c[r]=1&c%5Bg%5D=2", json!({ "r": 1, "g": [2] })),
            (Style::Form, true, Form::Integer, "c=x", json!({ "refused": "is not an integer" })),
        ];
        for (style, explode, form, text, expected) in cases {
            assert_eq!(query(style, explode, form, text), Some(expected), "{style:?} {text}");
        }
        assert_eq!(query(Style::Form, true, LIST, "d=1"), None);
        assert_eq!(query(Style::DeepObject, true, OBJECT, "c=1"), None);
    }

    #[test]
    fn some_values_mean_nothing() {
        let parameter = Parameter::query("c", Form::Integer).same_as_absent(&["0", "-1"]);
        let read = |query| {
            parameter.read(&Carrier { path: "", query, headers: &HeaderMap::new() }).unwrap()
        };
        assert_eq!([read("c=0"), read("c=-1"), read("c=1")], [None, None, Some(json!(1))]);
    }

    #[test]
    fn headers_and_cookies() {
        let header = |form, text| read(Part::Header, Style::Simple, false, form, text);
        assert_eq!(header(Form::Text, " a%20b "), Some(json!("a%20b")));
        assert_eq!(header(LIST, "1, 2"), Some(json!([1, 2])));
        let cookie = |explode, form, text| read(Part::Cookie, Style::Form, explode, form, text);
        assert_eq!(cookie(true, Form::Integer, "a=1; c=2"), Some(json!(2)));
        assert_eq!(cookie(false, LIST, "c=1,2"), Some(json!([1, 2])));
        assert_eq!(cookie(true, Form::Text, "a=1"), None);
    }
}
