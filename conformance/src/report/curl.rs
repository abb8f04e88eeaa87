//! The command that sends a request again: `curl` where it can, else the raw bytes.

use std::fmt::Write as _;

use crate::probe::{Probe, Request};
use crate::transcript::Transcript;

/// The longest body that is written out.
const LONGEST_BODY: usize = 2000;

/// A command that sends the request of an exchange again. Credentials stand as shell variables.
#[must_use]
pub fn command(transcript: &Transcript) -> String {
    of(&transcript.target, &transcript.probe)
}

/// The same for a probe that was not sent.
#[must_use]
pub fn of(target: &str, probe: &Probe) -> String {
    let request = &probe.request;
    match request.body.as_deref().map(std::str::from_utf8) {
        Some(Err(_)) => piped(target, request),
        body => {
            with_body(target, request, body.and_then(Result::ok).map(|body| quoted(&cut(body))))
        }
    }
}

fn with_body(target: &str, request: &Request, body: Option<String>) -> String {
    let mut line = "curl -i".to_owned();
    if request.method == "HEAD" {
        line.push_str(" --head");
    } else if request.method != "GET" || body.is_some() {
        let _ = write!(line, " -X {}", request.method);
    }
    if request.has("Upgrade") {
        line.push_str(" --no-buffer --http1.1");
    }
    for header in &request.headers {
        // An empty field is written with a semicolon, or curl drops it.
        let text = header.text().unwrap_or_default();
        let field = if text.is_empty() {
            format!("{};", header.name)
        } else {
            format!("{}: {text}", header.name)
        };
        let _ = write!(line, " -H {}", quoted(&field));
    }
    if let Some(body) = body {
        let _ = write!(line, " --data-binary {body}");
    }
    let _ = write!(line, " {}", quoted(&url(target, &request.target)));
    line
}

/// A request whose body is no text: curl reads it from a pipe.
fn piped(target: &str, request: &Request) -> String {
    let body = request.body.as_deref().unwrap_or_default();
    let escaped: String =
        body.iter().take(LONGEST_BODY).map(|byte| format!("\\{byte:03o}")).collect();
    format!("printf '{escaped}' | {}", with_body(target, request, Some("@-".to_owned())))
}

fn url(target: &str, path: &str) -> String {
    format!("{}{path}", target.trim_end_matches('/'))
}

fn cut(body: &str) -> String {
    if body.len() <= LONGEST_BODY {
        return body.to_owned();
    }
    let head: String = body.chars().take(LONGEST_BODY).collect();
    format!("{head}… ({} bytes)", body.len())
}

/// A word of a shell: in single quotes, or in double ones where a variable stands in it.
fn quoted(word: &str) -> String {
    if word.contains("${") {
        format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"").replace('`', "\\`"))
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The exchange as it went over the wire, cut to a few lines.
#[must_use]
pub fn raw(transcript: &Transcript) -> String {
    let Some(head) = &transcript.head else { return format!("< no answer: {}", transcript.end) };
    let mut text = format!("< HTTP/1.{} {} {}\n", head.minor_version, head.status, head.reason);
    for header in &head.headers {
        let _ = writeln!(text, "< {}: {}", header.name, String::from_utf8_lossy(&header.value));
    }
    let body = transcript.body();
    if !body.is_empty() {
        let shown: String = String::from_utf8_lossy(&body)
            .chars()
            .filter(|c| !c.is_control() || *c == '\n')
            .take(600)
            .collect();
        let _ = writeln!(text, "<\n< {}", shown.trim_end().replace('\n', "\n< "));
        if body.len() > shown.len() {
            let _ = writeln!(text, "< … ({} bytes in all)", body.len());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_quotes_what_a_shell_would_eat() {
        let request = Request::new("POST", "/a?b=c%20d")
            .header("X-Key", "${X_KEY}")
            .header("Empty", "")
            .body("it's");
        let line = of("http://localhost:1/", &Probe::new(request));
        assert_eq!(
            line,
            r#"curl -i -X POST -H "X-Key: ${X_KEY}" -H 'Empty;' --data-binary 'it'\''s' 'http://localhost:1/a?b=c%20d'"#
        );
    }

    #[test]
    fn bytes_come_through_a_pipe() {
        let line =
            of("http://localhost:1", &Probe::new(Request::new("POST", "/").body(&b"\xff\0"[..])));
        assert_eq!(
            line,
            r"printf '\377\000' | curl -i -X POST --data-binary @- 'http://localhost:1/'"
        );
    }
}
