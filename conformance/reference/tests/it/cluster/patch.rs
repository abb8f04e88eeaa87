//! Patches as tables of objects, patches and results.

use reference::cluster::patch::{
    MergeTable, PatchKind, json_patched, merge_patched, strategic_patched,
};
use serde_json::{Value, json};

use super::tools::told;

#[test]
fn media_types_name_the_kind() {
    for (media_type, kind) in [
        ("application/json-patch+json", Some(PatchKind::Json)),
        ("application/merge-patch+json; charset=utf-8", Some(PatchKind::Merge)),
        ("application/strategic-merge-patch+json", Some(PatchKind::Strategic)),
        ("application/apply-patch+yaml", Some(PatchKind::Apply)),
        ("application/json", None),
        ("APPLICATION/MERGE-PATCH+JSON", None),
        ("", None),
    ] {
        let found = PatchKind::of_media_type(media_type);
        assert_eq!(found.as_ref().ok(), kind.as_ref(), "{media_type}");
        assert!(found.is_ok() || found.unwrap_err().code == 415);
    }
}

#[test]
fn json_patches_are_applied_whole_or_refused() {
    let object = json!({ "a": { "b": "1" }, "l": [1, 2] });
    for (patch, result) in [
        (json!([]), Ok(object.clone())),
        (
            json!([{ "op": "add", "path": "/a/c", "value": "2" }, { "op": "remove", "path": "/l" }]),
            Ok(json!({ "a": { "b": "1", "c": "2" } })),
        ),
        (
            json!([{ "op": "test", "path": "/a/b", "value": "1" }, { "op": "replace", "path": "/a/b", "value": "3" }]),
            Ok(json!({ "a": { "b": "3" }, "l": [1, 2] })),
        ),
        (
            json!([{ "op": "remove", "path": "/l" }, { "op": "test", "path": "/a/b", "value": "2" }]),
            Err((422, "the server rejected our request due to an error in our request")),
        ),
        (
            json!([{ "op": "remove", "path": "/zzz" }]),
            Err((422, "the server rejected our request due to an error in our request")),
        ),
        (
            json!([{ "op": "frob", "path": "/x" }]),
            Err((422, "the server rejected our request due to an error in our request")),
        ),
        (
            json!({ "a": 1 }),
            Err((
                400,
                "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
            )),
        ),
    ] {
        let found = json_patched(&object, &patch);
        let found = found.as_ref().map_err(|status| (status.code, status.message.as_str()));
        assert_eq!(found, result.as_ref().map_err(|refusal| *refusal), "{patch}");
    }
    let many = vec![json!({ "op": "remove", "path": "/l" }); 10_001];
    assert_eq!(json_patched(&object, &json!(many)).unwrap_err().code, 413);
}

#[test]
fn merge_patches_set_and_delete() {
    let object = json!({ "a": { "b": "1", "c": "2" }, "l": [1, 2] });
    let patched =
        merge_patched(&object, &json!({ "a": { "b": null, "d": "3" }, "l": [3] })).unwrap();
    assert_eq!(patched, json!({ "a": { "c": "2", "d": "3" }, "l": [3] }));
    assert_eq!(
        told(&merge_patched(&object, &json!([1])).unwrap_err()),
        (
            400,
            "BadRequest",
            "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
        )
    );
}

/// A pod with two containers.
fn pod() -> Value {
    json!({
        "metadata": { "labels": { "a": "1" }, "finalizers": ["x"] },
        "spec": {
            "containers": [
                { "name": "c", "image": "bb:1", "env": [{ "name": "A", "value": "1" }], "args": ["1", "2"] },
                { "name": "d", "image": "bb:1" },
            ],
            "tolerations": [{ "key": "k" }],
            "volumes": [{ "name": "v", "emptyDir": { "medium": "Memory" } }],
        },
    })
}

/// What a strategic patch makes of one field of the pod.
fn strategic(patch: &Value, pointer: &str) -> Value {
    let patched = strategic_patched(&pod(), patch, &MergeTable::pod()).unwrap();
    patched.pointer(pointer).cloned().unwrap_or_default()
}

#[test]
fn lists_are_merged_by_their_keys() {
    let cases = [
        (
            json!({ "spec": { "containers": [{ "name": "d", "image": "bb:2" }] } }),
            "/spec/containers/1",
            json!({ "name": "d", "image": "bb:2" }),
        ),
        (
            json!({ "spec": { "containers": [{ "name": "c", "env": [{ "name": "B", "value": "2" }], "args": ["3"] }] } }),
            "/spec/containers/0",
            json!({
                "name": "c", "image": "bb:1", "args": ["3"],
                "env": [{ "name": "B", "value": "2" }, { "name": "A", "value": "1" }],
            }),
        ),
        (
            json!({ "spec": { "containers": [{ "name": "c", "$patch": "delete" }] } }),
            "/spec/containers",
            json!([{ "name": "d", "image": "bb:1" }]),
        ),
        (
            json!({ "spec": { "containers": [{ "$patch": "replace" }, { "name": "e" }] } }),
            "/spec/containers",
            json!([{ "name": "e" }]),
        ),
        (
            json!({ "spec": { "tolerations": [{ "key": "l" }] } }),
            "/spec/tolerations",
            json!([{ "key": "l" }]),
        ),
        (
            json!({ "metadata": { "finalizers": ["y", "x"] } }),
            "/metadata/finalizers",
            json!(["x", "y"]),
        ),
    ];
    for (patch, pointer, result) in cases {
        assert_eq!(strategic(&patch, pointer), result, "{patch}");
    }
}

#[test]
fn directives_say_otherwise() {
    let cases = [
        (
            json!({ "metadata": { "$deleteFromPrimitiveList/finalizers": ["x"] } }),
            "/metadata/finalizers",
            json!([]),
        ),
        (
            json!({ "metadata": { "labels": { "a": null, "b": "2" } } }),
            "/metadata/labels",
            json!({ "b": "2" }),
        ),
        (
            json!({ "metadata": { "labels": { "$patch": "replace", "b": "2" } } }),
            "/metadata/labels",
            json!({ "b": "2" }),
        ),
        (
            json!({ "metadata": { "labels": { "$patch": "delete" } } }),
            "/metadata/labels",
            Value::Null,
        ),
        (
            json!({ "spec": { "volumes": [{ "name": "v", "$retainKeys": ["name", "hostPath"], "hostPath": { "path": "/" } }] } }),
            "/spec/volumes/0",
            json!({ "name": "v", "hostPath": { "path": "/" } }),
        ),
    ];
    for (patch, pointer, result) in cases {
        assert_eq!(strategic(&patch, pointer), result, "{patch}");
    }
}

#[test]
fn an_order_can_be_asked_for() {
    let names = |patch: &Value| {
        let containers = strategic(patch, "/spec/containers");
        containers
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let order = json!([{ "name": "d" }, { "name": "c" }]);
    assert_eq!(names(&json!({ "spec": { "$setElementOrder/containers": order } })), ["d", "c"]);
    let order = json!([{ "name": "d" }, { "name": "e" }, { "name": "c" }]);
    let patch = json!({ "spec": { "$setElementOrder/containers": order, "containers": [{ "name": "e" }] } });
    assert_eq!(names(&patch), ["d", "e", "c"]);
    assert_eq!(names(&json!({ "spec": { "containers": [{ "name": "e" }] } })), ["e", "c", "d"]);
}

#[test]
fn strategic_patches_that_are_none_are_refused() {
    for (patch, code) in [
        (json!([1]), 400),
        (json!({ "metadata": { "$patch": "frob" } }), 400),
        (json!({ "spec": { "containers": [{ "image": "x" }] } }), 422),
        (json!({ "spec": { "containers": ["x"] } }), 422),
        (json!({ "spec": { "$retainKeys": "x" } }), 400),
        (json!({ "metadata": { "$deleteFromPrimitiveList/finalizers": "x" } }), 400),
    ] {
        let status = strategic_patched(&pod(), &patch, &MergeTable::pod()).unwrap_err();
        assert_eq!(status.code, code, "{patch}");
    }
}

#[test]
fn another_table_merges_other_lists() {
    let table = MergeTable::new([("rows", &["id"][..])]);
    let object = json!({ "rows": [{ "id": 1, "a": 1 }] });
    let patched =
        strategic_patched(&object, &json!({ "rows": [{ "id": 1, "b": 2 }] }), &table).unwrap();
    assert_eq!(patched, json!({ "rows": [{ "id": 1, "a": 1, "b": 2 }] }));
}
