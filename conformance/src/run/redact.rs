//! Takes credentials out of what is kept: whatever is reported goes through here first.

use bytes::Bytes;

use crate::call::Credentials;
use crate::probe::{Header, Probe};
use crate::transcript::{Chunk, Transcript};

/// A secret shorter than this is taken out of its own header field only: it could be anywhere by chance.
const SHORTEST: usize = 4;

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
    let mut clean = transcript.clone();
    for (name, secret) in &credentials.headers {
        clean.probe = named(clean.probe, name);
        clean.request_head = without(&clean.request_head, secret, name);
        if secret.len() < SHORTEST {
            continue;
        }
        if let Some(head) = &mut clean.head {
            for header in &mut head.headers {
                header.value = without(&header.value, secret, name);
            }
        }
        clean.surplus = without(&clean.surplus, secret, name);
        clean.probe.request.target = text_without(&clean.probe.request.target, secret, name);
        clean.probe.request.body =
            clean.probe.request.body.map(|body| without(&body, secret, name));
        chunks_without(&mut clean.body.chunks, secret, name);
    }
    clean
}

/// The same text with every value of those header fields replaced by its name.
#[must_use]
pub fn text(text: &str, credentials: &Credentials) -> String {
    let long = credentials.headers.iter().filter(|(_, secret)| secret.len() >= SHORTEST);
    long.fold(text.to_owned(), |text, (name, secret)| text_without(&text, secret, name))
}

/// The same probe with every value of those header fields replaced by its name.
#[must_use]
pub fn probe(probe: Probe, credentials: &Credentials) -> Probe {
    credentials.headers.iter().fold(probe, |probe, (name, _)| named(probe, name))
}

fn text_without(text: &str, secret: &str, name: &str) -> String {
    text.replace(secret, &placeholder(name))
}

/// The field of that name holds its name instead of its value, whatever the value.
fn named(mut probe: Probe, name: &str) -> Probe {
    for header in &mut probe.request.headers {
        if header.is(name) && !header.value.is_empty() {
            *header = Header::new(header.name.clone(), placeholder(name));
        }
    }
    probe
}

fn without(bytes: &Bytes, secret: &str, name: &str) -> Bytes {
    let Some(first) = find(bytes, secret.as_bytes()) else { return bytes.clone() };
    let mut clean = Vec::new();
    let (mut rest, mut at) = (&bytes[..], Some(first));
    while let Some(found) = at {
        let (before, after) = rest.split_at(found);
        clean.extend_from_slice(before);
        clean.extend_from_slice(placeholder(name).as_bytes());
        rest = after.get(secret.len()..).unwrap_or_default();
        at = find(rest, secret.as_bytes());
    }
    clean.extend_from_slice(rest);
    clean.into()
}

fn find(bytes: &[u8], secret: &[u8]) -> Option<usize> {
    if secret.is_empty() {
        return None;
    }
    bytes.windows(secret.len()).position(|window| window == secret)
}

/// A secret may lie across chunks: then they become one.
fn chunks_without(chunks: &mut Vec<Chunk>, secret: &str, name: &str) {
    let whole: Bytes = chunks.iter().flat_map(|chunk| chunk.bytes.iter().copied()).collect();
    if find(&whole, secret.as_bytes()).is_none() {
        return;
    }
    let at = chunks.first().map(|chunk| chunk.at).unwrap_or_default();
    *chunks = vec![Chunk { at, bytes: without(&whole, secret, name) }];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_replaced_wherever_it_stands() {
        let secret = Bytes::from_static(b"a s3cret b s3cret");
        assert_eq!(without(&secret, "s3cret", "X-Key"), "a ${X_KEY} b ${X_KEY}");
        let mut chunks = vec![
            Chunk { at: Default::default(), bytes: Bytes::from_static(b"s3c") },
            Chunk { at: Default::default(), bytes: Bytes::from_static(b"ret") },
        ];
        chunks_without(&mut chunks, "s3cret", "X-Key");
        assert_eq!(chunks.len(), 1);
        assert_eq!(chunks[0].bytes, "${X_KEY}");
    }
}
