//! A server that sends back what it was sent, in every way: no report, replay or line of progress has the credential.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use conformance::mock::{Server, Settings, Twin};
use http::{HeaderValue, Request, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::command::{Ran, conformance, data};
use crate::specs;

/// Every character that some encoding escapes and a header field may hold.
const SECRET: &str = "s3cr+t/k&y%7<=z";

/// The operations and the field that each takes its credential from.
const WAYS: [(&str, &str); 4] = [
    ("keyed", "X-Api-Key"),
    ("session", "Cookie"),
    ("bearer", "Authorization"),
    ("log", "Authorization"),
];

#[test]
fn no_output_has_a_credential() {
    let spec = data("secrets/openapi.yaml");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let read = specs::read(spec.as_ref()).unwrap();
    let settings = Settings { secret: SECRET.to_owned(), ..Settings::default() };
    let twin = Twin::new(&read.api, read.trees, settings);
    let server = runtime.block_on(Server::altered(twin, echo));
    for (operation, field) in WAYS {
        let (_, value) =
            server.credentials().headers.iter().find(|(name, _)| name == field).unwrap();
        assert!(value.ends_with(SECRET));
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name).display().to_string();
        let (json, junit) = (file("report.json"), file("report.xml"));
        let header = format!("{field}: {value}");
        let (to_json, to_junit) = (format!("json={json}"), format!("junit={junit}"));
        let filter = format!("{operation}/*");
        let url = server.url();
        let ran = conformance(&[
            "run", "--spec", &spec, "--target", &url, "--header", &header, "--filter", &filter,
            "--report", &to_json, "--report", &to_junit, "--cases", "4",
        ]);
        assert_eq!(ran.code, 1, "{operation}: {}", ran.stdout);
        let json_report = std::fs::read_to_string(&json).unwrap();
        let variable = format!("${{{}}}", field.to_ascii_uppercase().replace('-', "_"));
        let counted = json_report.matches(&variable).count();
        assert!(counted > 5, "{operation}: only {counted} times in {json_report}");
        let again = conformance(&["replay", &json, "--header", &header]);
        assert_eq!(again.code, 0, "{}", again.stderr);
        assert!(again.stdout.contains("now:  < HTTP/1.1 200"), "{}", again.stdout);
        assert_clean(operation, &ran);
        assert_clean(operation, &again);
        assert_secret_free(operation, &json_report);
        assert_secret_free(operation, &bytes_of(&serde_json::from_str(&json_report).unwrap()));
        assert_secret_free(operation, &std::fs::read_to_string(&junit).unwrap());
    }
}

/// Sends back what credential came, as a field and in the body.
fn echo(request: &Request<Bytes>, mut answer: Response<Bytes>) -> Response<Bytes> {
    let fields = ["x-api-key", "cookie", "authorization"];
    let Some(value) = fields.iter().find_map(|name| request.headers().get(*name)) else {
        return answer;
    };
    answer.headers_mut().insert("echo", value.clone());
    let Ok(value) = value.to_str() else { return answer };
    answer.headers_mut().insert("echo-encoded", HeaderValue::from_str(&percent(value)).unwrap());
    let bare = value.trim_start_matches("Bearer ").trim_start_matches("sid=");
    let ways = [value, bare].map(|text| {
        let of_all = STANDARD.encode(format!("{{\"{text}\"}}"));
        json!([text, percent(text), STANDARD.encode(text), URL_SAFE_NO_PAD.encode(text), of_all])
    });
    // Wherever a message is cut, it is in the middle of one of them.
    let padded: Vec<_> = (0..24).map(|length| format!("{}{bare}", "x".repeat(length))).collect();
    *answer.body_mut() = if request.uri().path() == "/log" {
        [json!([ways, padded]).to_string().as_bytes(), b"\xff not a line\n"].concat().into()
    } else {
        json!({ "ok": bare, "echo": { "ways": ways, "padded": padded } }).to_string().into()
    };
    answer
}

fn percent(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn assert_clean(operation: &str, ran: &Ran) {
    assert_secret_free(operation, &ran.stdout);
    assert_secret_free(operation, &ran.stderr);
}

fn assert_secret_free(operation: &str, text: &str) {
    let lower = text.to_lowercase();
    // The start is in every escaping that JSON and XML know, too, and so is what a cut leaves.
    for part in ["s3cr+t", "s3cr%2bt", "%73", "7<=z", "7&lt;=z", "%37%3c", "733363722b74"] {
        let at = lower.find(part);
        assert!(at.is_none(), "{operation}: {part} in …{}", around(&lower, at.unwrap_or(0)));
    }
    for whole in [SECRET.to_owned(), format!("Bearer {SECRET}"), format!("sid={SECRET}")] {
        for part in [STANDARD.encode(&whole), URL_SAFE_NO_PAD.encode(&whole)] {
            let at = text.find(&part[..12]);
            assert!(at.is_none(), "{operation}: {part} in …{}", around(text, at.unwrap_or(0)));
        }
    }
}

fn around(text: &str, at: usize) -> String {
    String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(80)..]).chars().take(200).collect()
}

/// Bytes that are no text stand in Base64 in a report.
fn bytes_of(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(bytes_of).collect(),
        Value::Object(members) => match members.get("base64").and_then(Value::as_str) {
            Some(text) => String::from_utf8_lossy(&STANDARD.decode(text).unwrap()).into_owned(),
            None => members.values().map(bytes_of).collect(),
        },
        _ => String::new(),
    }
}
