//! Several media types each way, and parameters that hold slashes, are lists, or are called alike.

mod connection;

use connection::Server;
use emitted::media::models::Crate;
use emitted::media::server::patch_crate::{
    PatchCrateBody, PatchCrateMediaType, PatchCrateRequest, PatchCrateResponse,
};
use emitted::media::server::read_file::{ReadFileRequest, ReadFileResponse};
use emitted::media::server::read_files::{ReadFilesRequest, ReadFilesResponse};
use emitted::media::server::{Api, router};
use emitted::support::decode::from_value;
use emitted::support::server::Outcome;
use serde_json::json;

struct Depot;

impl Api for Depot {
    async fn patch_crate(&self, request: PatchCrateRequest) -> Outcome<PatchCrateResponse> {
        let told = match &request.body {
            PatchCrateBody::JsonPatch(steps) => format!("{} steps", steps.len()),
            PatchCrateBody::MergePatch(members) => format!("{} members", members.len()),
            PatchCrateBody::StrategicMergePatch(members) => format!("{} merged", members.len()),
            PatchCrateBody::Apply(whole) => return Ok(PatchCrateResponse::OkYaml(whole.clone())),
        };
        let told = Box::new(from_value::<Crate>(&json!({ "name": told })).unwrap());
        Ok(match request.wanted {
            PatchCrateMediaType::Json => PatchCrateResponse::OkJson(told),
            PatchCrateMediaType::Yaml => PatchCrateResponse::OkYaml(told),
        })
    }

    async fn read_files(&self, _request: ReadFilesRequest) -> Outcome<ReadFilesResponse> {
        Ok(ReadFilesResponse::NoContent)
    }

    async fn read_file(&self, request: ReadFileRequest) -> Outcome<ReadFileResponse> {
        let told = format!("{:?} {:?} {:?}", request.path.to_string(), request.query_path, request.tag);
        Ok(ReadFileResponse::Ok(told))
    }
}

async fn patched(headers: &str, body: &str) -> (u16, String) {
    let server = Server::start(router(Depot)).await;
    let answer = server.ask(&format!("PATCH /crates/a HTTP/1.1\n{headers}"), body.as_bytes()).await;
    (answer.status, String::from_utf8(answer.body).unwrap())
}

async fn read(path: &str) -> (u16, String) {
    let server = Server::start(router(Depot)).await;
    let answer = server.send(&format!("GET {path} HTTP/1.1\nAccept: */*"), b"").await;
    (answer.status, String::from_utf8(answer.body).unwrap())
}

#[tokio::test]
async fn each_media_type_is_a_variant() {
    let cases = [
        ("application/json-patch+json", "[{}, {}]", 200, "{\"name\":\"2 steps\"}"),
        ("application/merge-patch+json", "{\"a\":1}", 200, "{\"name\":\"1 members\"}"),
        ("application/strategic-merge-patch+json", "{}", 200, "{\"name\":\"0 merged\"}"),
    ];
    for (media_type, body, status, expected) in cases {
        let found = patched(&format!("Content-Type: {media_type}"), body).await;
        assert_eq!(found, (status, expected.to_owned()));
    }
    assert_eq!(patched("Content-Type: application/json", "{}").await.0, 415);
    let server = Server::start(router(Depot)).await;
    let head = "PATCH /crates/a HTTP/1.1\nContent-Type: application/json-patch+json";
    assert_eq!(server.ask(head, b"[]").await.json(), json!({ "name": "0 steps" }));
}

#[tokio::test]
async fn yaml_is_read_by_the_same_rules() {
    let text = "name: a # b\nport: 80\nlimits:\n  cpu: 100m\n  memory: 1.5\nmore: [1]\n";
    let (status, body) = patched("Content-Type: application/apply-patch+yaml", text).await;
    assert_eq!(status, 200);
    for line in ["name: a", "port: 80", "cpu: 100m", "memory: 1.5", "more:"] {
        assert!(body.contains(line), "{line} in {body}");
    }
    let json = "{\"name\": \"a\", \"limits\": {\"cpu\": \"1\"}}";
    assert_eq!(patched("Content-Type: application/apply-patch+yaml", json).await.0, 200);
    assert_eq!(patched("Content-Type: application/apply-patch+yaml", "port: 80").await.0, 422);
    assert_eq!(patched("Content-Type: application/apply-patch+yaml", "a: [").await.0, 400);
}

#[tokio::test]
async fn what_cannot_be_had_is_refused() {
    let merge = "Content-Type: application/merge-patch+json";
    let status = async |accept: &str| patched(&format!("{merge}\nAccept: {accept}"), "{}").await.0;
    assert_eq!(status("image/png").await, 406);
    assert_eq!(status("image/png, application/*;q=0.5").await, 200);
    assert_eq!(status("application/json;as=Table;v=v1, application/json").await, 200);
    assert_eq!(status("*/*;q=0").await, 406);
    let (_, yaml) = patched(&format!("{merge}\nAccept: application/json;q=0.5, application/yaml"), "{}").await;
    assert_eq!(yaml, "name: 0 members\n");
}

#[tokio::test]
async fn the_rest_of_a_path_is_one_parameter() {
    let told = |path: &str| (200, format!("\"{path}\" None None"));
    assert_eq!(read("/crates/a/files/b/c%20d/e").await, told("b/c d/e"));
    assert_eq!(read("/crates/a/files/").await, told(""));
    assert_eq!(read("/crates/a/files/%2F").await, told("/"));
    assert_eq!(read("/crates/a/files").await.0, 204);
    assert_eq!(read("/crates/a/files/much/too/long/a/path").await.0, 422);
    assert_eq!(read("/crates/a/files/%zz").await.0, 422);
}

#[tokio::test]
async fn parameters_of_one_name_keep_apart() {
    let expected = "\"b\" Some(\"c\") Some([\"x\", \"y,z\"])";
    assert_eq!(read("/crates/a/files/b?path=c&tag=x&tag=y,z").await, (200, expected.to_owned()));
}
