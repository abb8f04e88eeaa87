//! The head of a message as lines, to be changed into what no HTTP library would send.

/// A head is no longer, in bytes.
pub(super) const LONGEST: usize = 256 * 1024;
/// The end of a head.
const END: &[u8] = b"\r\n\r\n";

/// The head of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The first line.
    pub(super) first: String,
    /// The fields, as they are written.
    pub(super) fields: Vec<String>,
    /// What each line ends in.
    pub(super) line_end: &'static str,
    /// What is sent in the same breath, before anything else.
    pub(super) surplus: &'static [u8],
}

/// The length of the head that some bytes begin with, if they hold all of it.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(END.len()).position(|window| window == END)?;
    Some(end + END.len())
}

impl Head {
    /// Reads a head; none of what is no text.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?.strip_suffix("\r\n\r\n")?;
        let mut lines = text.split("\r\n").map(str::to_owned);
        let first = lines.next()?;
        Some(Self { first, fields: lines.collect(), line_end: "\r\n", surplus: b"" })
    }

    /// The status of an answer.
    pub(super) fn status(&self) -> Option<u16> {
        self.first.split(' ').nth(1)?.parse().ok()
    }

    /// Gives an answer another status.
    pub(super) fn set_status(&mut self, line: &str) {
        self.first = format!("HTTP/1.1 {line}");
    }

    /// The value of a field.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find_map(|field| value_of(field, name))
    }

    /// Adds a field.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.fields.push(format!("{name}: {value}"));
    }

    /// Takes a field away.
    pub(super) fn remove(&mut self, name: &str) {
        self.fields.retain(|field| value_of(field, name).is_none());
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut text = self.first.clone();
        for field in &self.fields {
            text.push_str(self.line_end);
            text.push_str(field);
        }
        text.push_str(self.line_end);
        text.push_str(self.line_end);
        [text.as_bytes(), self.surplus].concat()
    }
}

fn value_of<'f>(field: &'f str, name: &str) -> Option<&'f str> {
    let (known, value) = field.split_once(':')?;
    known.eq_ignore_ascii_case(name).then(|| value.trim())
}

/// Whether a request starts a stream.
fn starts(request: &str) -> bool {
    request.starts_with("POST ")
        && request.lines().next().is_some_and(|line| line.contains("/start"))
}

pub(super) fn line_feeds_alone(_: &str, head: &mut Head) {
    head.line_end = "\n";
}

/// A refusal says twice how long it is.
pub(super) fn two_framings(_: &str, head: &mut Head) {
    if head.status() == Some(404) && head.value("content-length").is_some() {
        head.add("Transfer-Encoding", "chunked");
    }
}

pub(super) fn no_content_with_content(_: &str, head: &mut Head) {
    if head.status() == Some(204) {
        head.surplus = b"{}";
    }
}

/// The request asks for an upgrade that its client did not offer.
pub(super) fn offer_made_up(head: &mut Head) {
    if starts(&head.first) && head.value("upgrade").is_none() {
        head.remove("connection");
        head.add("Connection", "Upgrade");
        head.add("Upgrade", "tcp");
    }
}

pub(super) fn switch_without_protocol(_: &str, head: &mut Head) {
    if head.status() == Some(101) {
        head.remove("upgrade");
    }
}

pub(super) fn switch_to_another_protocol(_: &str, head: &mut Head) {
    if head.status() == Some(101) {
        head.remove("upgrade");
        head.add("Upgrade", "websocket");
    }
}

/// An offer to upgrade is taken also where nothing is there that could be started; it has nothing to say then.
pub(super) fn switch_for_what_is_missing(request: &str, head: &mut Head) {
    let offers = request.to_ascii_lowercase().contains("\r\nupgrade:");
    if starts(request) && offers && head.status() == Some(404) {
        head.set_status("101 Switching Protocols");
        head.fields.clear();
        head.add("Connection", "Upgrade");
        head.add("Upgrade", "tcp");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_and_written_back() {
        let bytes = b"HTTP/1.1 204 No Content\r\nA: b\r\nX-Y:  z \r\n\r\n";
        assert_eq!(length(&[bytes.as_slice(), b"more"].concat()), Some(bytes.len()));
        let mut head = Head::read(bytes).unwrap();
        assert_eq!(head.write(), bytes);
        assert_eq!((head.status(), head.value("x-y")), (Some(204), Some("z")));
        head.remove("a");
        no_content_with_content("", &mut head);
        assert_eq!(head.write(), b"HTTP/1.1 204 No Content\r\nX-Y:  z \r\n\r\n{}");
    }
}
