//! Paths that axum cannot hold: values beside text in one segment, and values over several segments.

mod connection;

use connection::Server;
use emitted::support::server::Outcome;
use emitted::templates::server::*;

struct Workshop;

macro_rules! tells {
    ($($method:ident($module:ident::$request:ident) -> $response:ident { $($field:ident),* })*) => {
        impl Api for Workshop {
            $(async fn $method(&self, request: $module::$request) -> Outcome<$module::$response> {
                let _ = &request;
                let told: Vec<String> = vec![stringify!($method).to_owned(), $(format!("{:?}", request.$field)),*];
                Ok($module::$response::Ok(told.join(" ")))
            })*
        }
    };
}

tells! {
    get_job(get_job::GetJobRequest) -> GetJobResponse { id }
    cancel_job(cancel_job::CancelJobRequest) -> CancelJobResponse { id }
    get_job_as_json(get_job_as_json::GetJobAsJsonRequest) -> GetJobAsJsonResponse { id }
    get_jobs(get_jobs::GetJobsRequest) -> GetJobsResponse { }
    get_steps(get_steps::GetStepsRequest) -> GetStepsResponse { id }
    add_step(add_step::AddStepRequest) -> AddStepResponse { job }
    compare(compare::CompareRequest) -> CompareResponse { base, head }
    point(point::PointRequest) -> PointResponse { x, y, names }
    leaf(leaf::LeafRequest) -> LeafResponse { path, leaf, kind }
    tree(tree::TreeRequest) -> TreeResponse { path }
    root(root::RootRequest) -> RootResponse { tree }
    version(version::VersionRequest) -> VersionResponse { }
}

#[tokio::test]
async fn every_template_routes() {
    let server = Server::start(router(Workshop)).await;
    let cases = [
        ("GET /jobs/7", "get_job \"7\""),
        ("GET /jobs/7%3Acancel", "get_job \"7:cancel\""),
        ("POST /jobs/7:cancel", "cancel_job \"7\""),
        ("POST /jobs/a%2Fb:c:cancel", "cancel_job \"a/b:c\""),
        ("GET /jobs/a.b.json", "get_job_as_json \"a.b\""),
        ("GET /jobs/all.json", "get_jobs"),
        ("GET /jobs/7/steps", "get_steps \"7\""),
        ("POST /jobs/7/steps", "add_step 7"),
        ("GET /compare/main...feature", "compare \"main\" CompareHead(\"feature\")"),
        ("GET /compare/v1..2...v1...3", "compare \"v1..2\" CompareHead(\"v1...3\")"),
        ("GET /points/p12@a,b%2Cc", "point 1 2 [\"a\", \"b,c\"]"),
        ("GET /points/p1234@a", "point 1 234 [\"a\"]"),
        ("GET /trees/a/b/leaves/c.d.png", "400"),
        ("GET /trees/a/b/leaves/c%2Ed.png", "leaf \"a/b\" \"c.d\" Png"),
        ("GET /trees/a/b/leaves/c.svg?x=.png", "leaf \"a/b\" \"c\" Svg"),
        ("GET /trees/a/b/leaves", "tree \"a/b/leaves\""),
        ("GET /trees/", "tree \"\""),
        ("GET /trees/a/root", "root \"a\""),
        ("GET /trees/a/b/root", "tree \"a/b/root\""),
        ("GET /:version", "version"),
    ];
    for (line, told) in cases {
        let answer = server.ask(&format!("{line} HTTP/1.1"), b"").await;
        if told == "400" {
            assert_eq!(answer.status, 400, "{line}");
            continue;
        }
        assert_eq!((answer.status, answer.json().as_str()), (200, Some(told)), "{line}");
    }
}

#[tokio::test]
async fn paths_and_methods_that_are_not_there_are_refused() {
    let server = Server::start(router(Workshop)).await;
    let cases = [
        ("GET /jobs/7:cancel", 405, Some("POST")),
        ("POST /jobs/7", 405, Some("GET,HEAD")),
        ("DELETE /jobs/7/steps", 405, Some("GET,HEAD,POST")),
        ("POST /compare/a...b", 405, Some("GET,HEAD")),
        ("GET /jobs/", 404, None),
        ("GET /jobs/7:cancel/", 404, None),
        ("GET /compare/...b", 404, None),
        ("GET /compare/a..b", 404, None),
        ("GET /points/p1@a", 404, None),
        ("GET /trees", 404, None),
        ("GET /jobs/%zz", 400, None),
        ("GET /points/pxy@a", 400, None),
        ("GET /compare/a...much-too-long", 400, None),
        ("HEAD /compare/a...b", 200, None),
    ];
    for (line, status, allow) in cases {
        let answer = server.ask(&format!("{line} HTTP/1.1"), b"").await;
        assert_eq!((answer.status, answer.header("allow")), (status, allow), "{line}");
    }
}
