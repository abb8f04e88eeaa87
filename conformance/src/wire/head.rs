//! Heads of answers, and what they say about the body (RFC 9112 §6.3). Reads bytes, wherever they come from.

use std::time::Duration;

use bytes::Bytes;

use super::limits::Limits;
use crate::probe::Header;
use crate::transcript::{BodyFraming, Head, Irregularity};

/// What the first bytes of an answer are.
pub(super) enum Parsed {
    /// A head, and how many bytes it takes.
    Head(Head, usize),
    /// The beginning of one.
    Incomplete,
    /// None.
    Broken(Irregularity),
}

/// Reads one head from the start of `bytes`.
pub(super) fn parse(bytes: &[u8], at: Duration, limits: &Limits) -> Parsed {
    let mut fields = vec![httparse::EMPTY_HEADER; limits.header_count];
    let mut response = httparse::Response::new(&mut fields);
    match response.parse(bytes) {
        Ok(httparse::Status::Complete(length)) if length <= limits.head_bytes => {
            Parsed::Head(to_head(&response, at), length)
        }
        Ok(httparse::Status::Partial) if bytes.len() < limits.head_bytes => Parsed::Incomplete,
        Ok(_) => Parsed::Broken(Irregularity::OversizeHead(limits.head_bytes)),
        Err(httparse::Error::TooManyHeaders) => {
            Parsed::Broken(Irregularity::TooManyHeaders(limits.header_count))
        }
        Err(error) => Parsed::Broken(Irregularity::MalformedHead(error.to_string())),
    }
}

/// Breaches that a readable head holds in itself.
pub(super) fn irregularities(head: &Head, bytes: &[u8]) -> Vec<Irregularity> {
    let mut found = Vec::new();
    if has_bare_line_feed(bytes) {
        found.push(Irregularity::BareLineFeed);
    }
    if !(100..600).contains(&head.status) {
        found.push(Irregularity::StatusOutOfRange(head.status));
    }
    if head.status < 200 || head.status == 204 {
        let framing = ["Content-Length", "Transfer-Encoding"].into_iter();
        found.extend(
            framing
                .filter(|name| head.fields(name).next().is_some())
                .map(|name| Irregularity::FramingWithoutBody(name.to_owned())),
        );
    }
    found
}

/// How the end of the body is told, with the breaches found on the way. `None` where it cannot be told.
pub(super) fn framing(
    head: &Head,
    to_head_request: bool,
) -> (Option<BodyFraming>, Vec<Irregularity>) {
    let mut found = Vec::new();
    if to_head_request || matches!(head.status, 100..200 | 204 | 304) {
        return (Some(BodyFraming::None), found);
    }
    let codings: Vec<&str> = head.members("Transfer-Encoding").collect();
    let lengths: Vec<&Header> = head.fields("Content-Length").collect();
    if codings.is_empty() {
        let framing = by_length(&lengths, &mut found);
        return (framing, found);
    }
    if head.minor_version == 0 {
        found.push(Irregularity::TransferEncodingInOldVersion);
    }
    if !lengths.is_empty() {
        found.push(Irregularity::TwoFramings);
    }
    let is_chunked = |coding: &&str| coding.eq_ignore_ascii_case("chunked");
    if !matches!(codings.as_slice(), [only] if is_chunked(only)) {
        found.push(Irregularity::BadTransferEncoding(codings.join(", ")));
    }
    match codings.last() {
        Some(last) if is_chunked(last) => (Some(BodyFraming::Chunked { ended: false }), found),
        _ => (Some(BodyFraming::UntilClose), found),
    }
}

/// Several equal lengths are a breach that can still be read; others cannot (RFC 9112 §6.3).
fn by_length(fields: &[&Header], found: &mut Vec<Irregularity>) -> Option<BodyFraming> {
    if fields.is_empty() {
        return Some(BodyFraming::UntilClose);
    }
    let all: Vec<String> =
        fields.iter().map(|field| String::from_utf8_lossy(&field.value).into_owned()).collect();
    let all = all.join(", ");
    let members: Vec<Option<u64>> = all.split(',').map(|member| digits(member.trim())).collect();
    if members.len() > 1 || members.contains(&None) {
        found.push(Irregularity::BadContentLength(all));
    }
    let first = members.first().copied().flatten()?;
    members.iter().all(|member| *member == Some(first)).then_some(BodyFraming::ContentLength(first))
}

/// Digits alone; a sign is no part of a length (RFC 9110 §8.6).
fn digits(text: &str) -> Option<u64> {
    let all_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}

fn to_head(response: &httparse::Response<'_, '_>, at: Duration) -> Head {
    Head {
        minor_version: response.version.unwrap_or_default(),
        status: response.code.unwrap_or_default(),
        reason: response.reason.unwrap_or_default().to_owned(),
        headers: to_headers(response.headers),
        at,
    }
}

/// Header fields out of the buffer they were read from.
pub(super) fn to_headers(fields: &[httparse::Header<'_>]) -> Vec<Header> {
    fields
        .iter()
        .map(|field| Header::new(field.name, Bytes::copy_from_slice(field.value)))
        .collect()
}

fn has_bare_line_feed(bytes: &[u8]) -> bool {
    let mut previous = b'\n';
    bytes.iter().any(|&byte| std::mem::replace(&mut previous, byte) != b'\r' && byte == b'\n')
}
