//! Takes credentials out of what is kept: whatever is reported goes through here first.
//!
//! A server may send back what it was sent, whole or in part, and written in another way. It does not look for what is
//! encrypted, compressed or hashed.

use std::rc::Rc;

use bytes::Bytes;

use super::secret::Secrets;
use crate::call::Credentials;
use crate::probe::{Header, Probe, Step};
use crate::transcript::{Chunk, End, Head, Irregularity, Transcript};

/// What stands for bytes that hold a credential.
const HIDDEN: &str = "(not shown: the bytes hold a credential)";

/// The name that stands for the value of a header field, as a shell would have it.
#[must_use]
pub fn placeholder(header: &str) -> String {
    let name: String = header
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' })
        .collect();
    format!("${{{name}}}")
}

/// The same transcript with every value of those header fields replaced by its name.
#[must_use]
pub fn redacted(transcript: &Transcript, credentials: &Credentials) -> Transcript {
    let secrets = Secrets::of(credentials);
    let mut clean = transcript.clone();
    clean.request_head = head(&clean.request_head, credentials, &secrets);
    clean.probe = cleaned(clean.probe, credentials, &secrets);
    clean.head.iter_mut().chain(&mut clean.interim).for_each(|head| answer(head, &secrets));
    clean.body.trailers.iter_mut().for_each(|field| header(field, &secrets));
    clean.surplus = bytes(&clean.surplus, &secrets);
    chunks(&mut clean.body.chunks, &secrets);
    chunks(&mut clean.sent, &secrets);
    clean.irregularities.iter_mut().for_each(|it| irregularity(it, &secrets));
    if let End::Unreachable(why) = &mut clean.end {
        *why = secrets.text(why);
    }
    clean
}

/// The same text with every value of those header fields replaced by its name.
#[must_use]
pub fn text(text: &str, credentials: &Credentials) -> String {
    Secrets::of(credentials).text(text)
}

/// The same probe with every value of those header fields replaced by its name.
#[must_use]
pub fn probe(probe: Probe, credentials: &Credentials) -> Probe {
    cleaned(probe, credentials, &Secrets::of(credentials))
}

/// A drawing of the bytes of exchanges: none at all where they hold a credential, which a drawing breaks into pieces.
#[must_use]
pub fn dump(drawn: &str, evidence: &[Rc<Transcript>], credentials: &Credentials) -> String {
    let secrets = Secrets::of(credentials);
    let holds = |transcript: &Rc<Transcript>| {
        secrets.clean(&transcript.body()).or_else(|| secrets.clean(&transcript.surplus)).is_some()
    };
    if evidence.iter().any(holds) { HIDDEN.to_owned() } else { secrets.text(drawn) }
}

fn cleaned(mut probe: Probe, credentials: &Credentials, secrets: &Secrets) -> Probe {
    for field in &mut probe.request.headers {
        match credentials.headers.iter().find(|(name, value)| is_given(field, name, value)) {
            Some((name, _)) => *field = Header::new(field.name.clone(), placeholder(name)),
            None => header(field, secrets),
        }
    }
    probe.request.target = secrets.text(&probe.request.target);
    probe.request.body = probe.request.body.map(|body| bytes(&body, secrets));
    for step in &mut probe.steps {
        if let Step::Send(sent) = step {
            *sent = bytes(sent, secrets);
        }
    }
    probe
}

/// Whether a field has the value that was given for it, however short.
fn is_given(field: &Header, name: &str, value: &str) -> bool {
    field.is(name) && !value.is_empty() && field.value == value.as_bytes()
}

/// A head as it was written, with the given fields by their names.
fn head(written: &Bytes, credentials: &Credentials, secrets: &Secrets) -> Bytes {
    let lines = written.split_inclusive(|byte| *byte == b'\n');
    let cleaned = lines.flat_map(|line| {
        let (bare, end) = line.split_at(line.trim_ascii_end().len());
        let field = bare.split(|byte| *byte == b':').next().unwrap_or_default();
        let value = bare.get(field.len() + 1..).unwrap_or_default().trim_ascii_start();
        let known = credentials.headers.iter().find(|(name, given)| {
            name.as_bytes().eq_ignore_ascii_case(field)
                && !given.is_empty()
                && given.as_bytes() == value
        });
        let clean = match known {
            Some((name, _)) => [field, b": ", placeholder(name).as_bytes()].concat(),
            None => secrets.clean(bare).unwrap_or_else(|| bare.to_vec()),
        };
        [&clean, end].concat()
    });
    cleaned.collect::<Vec<_>>().into()
}

fn answer(head: &mut Head, secrets: &Secrets) {
    head.reason = secrets.text(&head.reason);
    head.headers.iter_mut().for_each(|field| header(field, secrets));
}

fn header(field: &mut Header, secrets: &Secrets) {
    field.name = secrets.text(&field.name);
    field.value = bytes(&field.value, secrets);
}

fn bytes(dirty: &Bytes, secrets: &Secrets) -> Bytes {
    secrets.clean(dirty).map_or_else(|| dirty.clone(), Bytes::from)
}

/// A secret may lie across chunks: then they become one.
fn chunks(chunks: &mut Vec<Chunk>, secrets: &Secrets) {
    let whole: Vec<u8> = chunks.iter().flat_map(|chunk| chunk.bytes.iter().copied()).collect();
    let Some(clean) = secrets.clean(&whole) else { return };
    let at = chunks.first().map(|chunk| chunk.at).unwrap_or_default();
    *chunks = vec![Chunk { at, bytes: clean.into() }];
}

fn irregularity(found: &mut Irregularity, secrets: &Secrets) {
    match found {
        Irregularity::MalformedHead(text)
        | Irregularity::BadContentLength(text)
        | Irregularity::BadTransferEncoding(text)
        | Irregularity::FramingWithoutBody(text) => *text = secrets.text(text),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::Request;

    fn credentials() -> Credentials {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Credentials { headers: vec![field("X-Key", "s3cret-key"), field("X-Short", "no")] }
    }

    #[test]
    fn a_probe_keeps_no_given_value_and_every_other() {
        let request = Request::new("GET", "/a?key=s3cret-key")
            .header("x-key", "s3cret-key")
            .header("X-Short", "no")
            .header("X-Other", "no");
        let clean = probe(Probe::new(request), &credentials()).request;
        assert_eq!(clean.target, "/a?key=${X_KEY}");
        let values: Vec<_> = clean.headers.iter().filter_map(Header::text).collect();
        assert_eq!(values, ["${X_KEY}", "${X_SHORT}", "no"]);
        let wrong = Request::new("GET", "/").header("X-Key", "not-a-credential");
        let clean = probe(Probe::new(wrong), &credentials()).request;
        assert_eq!(clean.headers.first().and_then(Header::text), Some("not-a-credential"));
    }

    #[test]
    fn a_written_head_keeps_no_given_value() {
        let written =
            Bytes::from("GET / HTTP/1.1\r\nX-Short: no\r\nX-Key: s3cret-key\r\nA: no\r\n\r\n");
        assert_eq!(
            head(&written, &credentials(), &Secrets::of(&credentials())),
            "GET / HTTP/1.1\r\nX-Short: ${X_SHORT}\r\nX-Key: ${X_KEY}\r\nA: no\r\n\r\n"
        );
    }

    #[test]
    fn every_part_of_an_answer_is_cleaned() {
        let field = || Header::new("Echo", "s3cret-key");
        let head = Head {
            minor_version: 1,
            status: 200,
            reason: "s3cret-key".to_owned(),
            headers: vec![field(), Header::new("s3cret-key", "")],
            at: Default::default(),
        };
        let mut dirty = Transcript::unreachable(
            "http://localhost:1",
            Probe::new(Request::new("GET", "/")),
            "s3cret-key",
        );
        dirty.interim = vec![head.clone()];
        dirty.head = Some(head);
        dirty.surplus = "s3cret-key".into();
        dirty.body.trailers = vec![field()];
        dirty.irregularities = vec![Irregularity::MalformedHead("s3cret-key".to_owned())];
        dirty.body.chunks = ["s3cr", "et-key"]
            .map(|bytes| Chunk { at: Default::default(), bytes: bytes.into() })
            .to_vec();
        let drawn = dump("73 33 63 72 65 74", &[Rc::new(dirty.clone())], &credentials());
        assert_eq!(drawn, HIDDEN);
        let clean = serde_json::to_string(&redacted(&dirty, &credentials())).unwrap();
        assert!(!clean.contains("s3cr"), "{clean}");
        assert_eq!(clean.matches("${X_KEY}").count(), 11, "{clean}");
    }
}
