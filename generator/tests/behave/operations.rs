//! Operations over a real connection: routing, reading, credentials, answers and refusals.

mod connection;

use std::sync::Arc;
use std::time::Duration;

use connection::{Answer, Server};
use emitted::operations::models::Book;
use emitted::operations::server::add_book::{
    AddBookBody, AddBookClientErrorStatus, AddBookDefaultStatus, AddBookRequest, AddBookResponse,
};
use emitted::operations::server::find_shelf::{FindShelfRequest, FindShelfResponse};
use emitted::operations::server::get_book::{GetBookRequest, GetBookResponse};
use emitted::operations::server::lend::{LendCredential, LendRequest, LendResponse};
use emitted::operations::server::list_books::{ListBooksRequest, ListBooksResponse};
use emitted::operations::server::read_loans::{ReadLoansRequest, ReadLoansResponse};
use emitted::operations::server::remove_book::{RemoveBookRequest, RemoveBookResponse};
use emitted::operations::server::{Api, Authenticate, Books, Loans, router, router_with};
use emitted::support::server::{
    Access, ApiKey, Basic, Fault, Options, Outcome, Refusal, Refuse, Refused,
};
use serde_json::{Value, json};

struct Library;

fn known(key: &ApiKey) -> Outcome<()> {
    match key.reveal() {
        "good" => Ok(()),
        "poor" => Err(Refused::new(Fault::Forbidden, "not this one")),
        _ => Err(Refused::new(Fault::Unauthenticated, "unknown")),
    }
}

impl Authenticate for Library {
    async fn card(&self, credential: &ApiKey, _access: &Access) -> Outcome<()> {
        known(credential)
    }

    async fn pin(&self, credential: &ApiKey, _access: &Access) -> Outcome<()> {
        known(credential)
    }

    async fn staff(&self, credential: &Basic, access: &Access) -> Outcome<()> {
        assert_eq!(access.scopes, ["lend"]);
        match (credential.user.as_str(), credential.reveal()) {
            ("ann", "secret") => Ok(()),
            _ => Err(Refused::new(Fault::Unauthenticated, "unknown")),
        }
    }
}

fn book(title: &str) -> Box<Book> {
    let book = emitted::support::decode::from_value(&json!({ "title": title }));
    Box::new(book.unwrap())
}

impl Books for Library {
    async fn list_books(&self, request: ListBooksRequest) -> Outcome<ListBooksResponse> {
        assert!(request.skip.is_none());
        let asked = serde_json::to_value((
            request.limit,
            request.subjects.clone(),
            request.sort,
            request.x_branch,
            request.reading_room,
        ));
        let title = asked.unwrap().to_string();
        Ok(ListBooksResponse::Ok {
            x_total: 1,
            x_subjects: request.subjects,
            body: vec![*book(&title)],
        })
    }

    async fn add_book(&self, request: AddBookRequest) -> Outcome<AddBookResponse> {
        let location = "/books/7".to_owned();
        match request.body {
            AddBookBody::Json(body) => Ok(AddBookResponse::CreatedJson { location, body }),
            AddBookBody::Star(text) if text.to_string() == "broken" => {
                Ok(AddBookResponse::CreatedText {
                    location: "a\nb".to_owned(),
                    body: String::new(),
                })
            }
            AddBookBody::Star(text) => {
                Ok(AddBookResponse::CreatedText { location, body: text.to_string() })
            }
            AddBookBody::Bytes(bytes) if bytes.is_empty() => Err(Refused::not_implemented()),
            AddBookBody::Bytes(bytes) => match u16::from(bytes[0]) + 300 {
                status @ 300..=399 => Ok(AddBookResponse::Default {
                    status: AddBookDefaultStatus::new(status).unwrap(),
                    body: Box::new(
                        emitted::support::decode::from_value(&json!({ "code": "", "text": "" }))
                            .unwrap(),
                    ),
                }),
                status => {
                    Ok(AddBookResponse::ClientError(AddBookClientErrorStatus::new(status).unwrap()))
                }
            },
        }
    }

    async fn get_book(&self, request: GetBookRequest) -> Outcome<GetBookResponse> {
        match request.id.get() {
            7 => Ok(GetBookResponse::Ok(book("Seven"))),
            id => Err(Refused::new(Fault::Missing, format!("no book {id}"))),
        }
    }

    async fn remove_book(&self, _request: RemoveBookRequest) -> Outcome<RemoveBookResponse> {
        Ok(RemoveBookResponse::NoContent)
    }
}

impl Loans for Library {
    async fn lend(&self, request: LendRequest) -> Outcome<LendResponse> {
        match (&request.credential, &request.body) {
            (LendCredential::Anonymous, _) => Err(Refused::new(Fault::Forbidden, "no one may")),
            (_, Some(body)) => Ok(LendResponse::Ok(body.book == 7)),
            (_, None) => Ok(LendResponse::Ok(false)),
        }
    }

    async fn read_loans(&self, request: ReadLoansRequest) -> Outcome<ReadLoansResponse> {
        let text = if request.credential.is_some() { "yours" } else { "all" };
        Ok(ReadLoansResponse::Ok(text.into()))
    }
}

impl Api for Library {}

async fn ask(head: &str, body: &str) -> Answer {
    Server::start(router(Library)).await.ask(head, body.as_bytes()).await
}

#[tokio::test]
async fn parameters_arrive_typed() {
    let answer = ask(
        "GET /books?skip=-1&subjects=a%2Cb,c&sort[by]=year&sort%5Bdescending%5D=true&unknown=1 HTTP/1.1\n\
         X-Card: good\nX-Branch: north\nCookie: a=b; reading-room=true",
        "",
    );
    let answer = answer.await;
    assert_eq!(answer.status, 200, "{}", answer.body.escape_ascii());
    assert_eq!(answer.header("x-total"), Some("1"));
    assert_eq!(answer.header("x-subjects"), Some("a,b,c"));
    let titles = answer.json();
    let asked: Value = serde_json::from_str(titles[0]["title"].as_str().unwrap()).unwrap();
    let sort = json!({ "by": "year", "descending": true });
    assert_eq!(asked, json!([10, ["a,b", "c"], sort, "north", true]));
}

#[tokio::test]
async fn every_problem_is_told_at_once() {
    let answer =
        ask("GET /books?limit=51&sort[by]=size&limit2=1 HTTP/1.1\nX-Card: good\nX-Branch: n", "");
    let answer = answer.await;
    assert_eq!((answer.status, answer.header("content-type")), (400, Some("application/json")));
    let body = answer.json();
    assert_eq!(body["code"], "E1");
    let text = body["text"].as_str().unwrap();
    assert!(text.starts_with("query limit ") && text.len() <= 60, "{text}");
    let twice = ask("GET /books?limit=20&limit=30 HTTP/1.1\nX-Card: good", "").await;
    assert_eq!(twice.json()["text"], "query limit is given twice");
}

#[tokio::test]
async fn credentials_are_checked_first() {
    for (card, status, number) in
        [("", 401, 9), ("bad-one", 401, 9), ("poor", 403, 9), ("far-too-long", 401, 9)]
    {
        let answer = ask(&format!("GET /books?limit=x HTTP/1.1\nX-Card: {card}"), "").await;
        assert_eq!((answer.status, &answer.json()["number"]), (status, &json!(number)), "{card}");
        assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
    }
    assert_eq!(ask("GET /books/7 HTTP/1.1", "").await.status, 200);
}

#[tokio::test]
async fn alternatives_of_credentials_are_tried_in_turn() {
    let form = "Content-Type: application/x-www-form-urlencoded";
    let cases = [
        ("/loans", "Authorization: Basic YW5uOnNlY3JldA==", 200),
        ("/loans", "Authorization: Basic YW5uOndyb25n", 401),
        ("/loans?pin=good", "X-Card: good", 200),
        ("/loans?pin=poor", "X-Card: good", 403),
        ("/loans?pin=good", "A: b", 401),
        ("/loans", "A: b", 403),
    ];
    for (path, header, status) in cases {
        let head = format!("POST {path} HTTP/1.1\n{header}\n{form}");
        let answer = ask(&head, "book=7&notes=a&notes=b").await;
        assert_eq!(answer.status, status, "{path} {header}");
    }
    assert_eq!(ask("GET /loans?pin=good HTTP/1.1", "").await.body, b"yours");
    assert_eq!(ask("GET /loans HTTP/1.1", "").await.body, b"all");
    assert_eq!(ask("GET /loans?pin=bad1 HTTP/1.1", "").await.status, 401);
}

#[tokio::test]
async fn bodies_are_read_by_their_media_type() {
    let add = |media: &'static str, body: &'static str| async move {
        ask(&format!("POST /books HTTP/1.1\nX-Card: good\nContent-Type: {media}"), body).await
    };
    let json = add("application/JSON; charset=utf-8", r#"{"title":"One"}"#).await;
    assert_eq!((json.status, json.header("location")), (201, Some("/books/7")));
    assert_eq!(json.json(), json!({ "title": "One" }));
    let text = add("text/markdown", "Two").await;
    assert_eq!((text.status, text.header("content-type")), (201, Some("text/plain")));
    assert_eq!(text.body, b"Two");
    assert_eq!(add("text/plain", "longer than twenty letters").await.status, 400);
    assert_eq!(add("application/json", "{\"title\":").await.status, 400);
    assert_eq!(add("application/json", "").await.json()["text"], "body is missing");
    let fault = add("application/json", r#"{"title":"","year":1}"#).await.json();
    assert!(fault["text"].as_str().unwrap().starts_with("body /title "), "{fault}");
    assert_eq!(add("image/png", "x").await.status, 415);
    assert_eq!(add("application/octet-stream", "g").await.status, 403);
    assert_eq!(add("application/octet-stream", "\x0b").await.status, 311);
    assert_eq!(add("text/plain", "broken").await.status, 500);
}

#[tokio::test]
async fn statuses_that_are_documented_cannot_be_taken_for_others() {
    assert!(
        [201, 204, 400, 404, 499, 199, 600]
            .iter()
            .all(|it| AddBookDefaultStatus::new(*it).is_none())
    );
    assert!([200, 302, 500].iter().all(|it| AddBookDefaultStatus::new(*it).is_some()));
    assert!(
        AddBookClientErrorStatus::new(400).is_none()
            && AddBookClientErrorStatus::new(500).is_none()
    );
    assert_eq!(AddBookClientErrorStatus::new(404).map(AddBookClientErrorStatus::get), Some(404));
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_the_words_of_the_api() {
    let unknown = ask("GET /nothing HTTP/1.1", "").await;
    assert_eq!((unknown.status, &unknown.json()["code"]), (404, &json!("E1")));
    let method = ask("PUT /books HTTP/1.1", "").await;
    assert_eq!((method.status, method.json()["number"].clone()), (405, json!(9)));
    assert_eq!(method.header("allow"), Some("GET,HEAD,POST"));
    let missing = ask("GET /books/8 HTTP/1.1", "").await;
    assert_eq!((missing.status, &missing.json()["text"]), (404, &json!("no book 8")));
    assert_eq!(ask("GET /books/x HTTP/1.1", "").await.status, 400);
    assert_eq!(ask("GET /books/ HTTP/1.1", "").await.status, 404);
    let gone = ask("DELETE /books/8 HTTP/1.1\nX-Card: good", "").await;
    assert_eq!((gone.status, gone.body.len(), gone.header("content-length")), (204, 0, None));
    let head = ask("HEAD /books/7 HTTP/1.1", "").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[tokio::test]
async fn what_is_not_implemented_says_so() {
    let answer = ask("GET /shelves/.a/cells/;cell=1;cell=2?body=x&cell=y HTTP/1.1", "").await;
    assert_eq!((answer.status, answer.json()["number"].clone()), (501, json!(7)));
    let request = ask("GET /shelves/a/cells/;cell=1 HTTP/1.1", "").await;
    assert_eq!(request.json()["text"], "path row has no leading dot");
}

#[tokio::test]
async fn bodies_have_a_bound_and_refusals_a_writer() {
    struct Terse;

    impl Refuse for Terse {
        fn refuse(&self, refusal: &Refusal<'_>) -> axum::response::Response {
            let mut response = refusal.response();
            *response.body_mut() = format!("{:?}", refusal.fault).into();
            response
        }
    }

    let options =
        Options { max_body: 8, body_deadline: Duration::from_millis(200), refuse: Arc::new(Terse) };
    let server = Server::start(router_with(Library, options)).await;
    let head = "POST /books HTTP/1.1\nX-Card: good\nContent-Type: text/plain";
    assert_eq!(server.ask(head, b"12345678").await.status, 201);
    let refused = server.ask(head, b"123456789").await;
    assert_eq!((refused.status, refused.body.as_slice()), (413, &b"TooLarge"[..]));
    let chunked = format!("{head}\nTransfer-Encoding: chunked");
    let refused = server.send(&chunked, b"5\r\n12345\r\n5\r\n12345\r\n0\r\n\r\n").await;
    assert_eq!((refused.status, refused.body.as_slice()), (413, &b"TooLarge"[..]));
    let slow = server.send(&format!("{head}\nContent-Length: 8"), b"1234").await;
    assert_eq!((slow.status, slow.body.as_slice()), (400, &b"Malformed"[..]));
}

/// Types that only have to exist.
#[test]
fn what_nobody_implements_is_still_typed() {
    fn is_request<T: std::fmt::Debug + Send>() {}
    is_request::<FindShelfRequest>();
    is_request::<FindShelfResponse>();
}
