//! Decoding and encoding a list of a thousand pods: the emitted models beside those of `k8s-openapi`.
//!
//! The emitted ones hold every value to its bounds and keep members that they do not know; the others do neither.

mod pairs;

use std::hint::black_box;

use generated::kubernetes::models::PodList;
use generated::support::decode::from_slice;
use k8s_openapi::List;
use k8s_openapi::api::core::v1::Pod;
use serde_json::{Value, json};

/// A pod as a real server answered with it.
const CREATED: &str = include_str!("../tests/it/cluster/created.json");

fn list() -> anyhow::Result<Vec<u8>> {
    let created: Value = serde_json::from_str(CREATED)?;
    let pods = (0..1000).map(|number| {
        let mut pod = created["answer"].clone();
        pod["metadata"]["name"] = format!("pod-{number:04}").into();
        pod
    });
    let items: Vec<_> = pods.collect();
    let list = json!({ "apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": items });
    Ok(serde_json::to_vec(&list)?)
}

fn main() -> anyhow::Result<()> {
    let text = list()?;
    println!("a list of 1000 pods, {} kB", text.len() / 1000);
    let own: PodList = from_slice(&text).map_err(|faults| anyhow::anyhow!("{faults}"))?;
    let other: List<Pod> = serde_json::from_slice(&text)?;
    let decoded = || {
        let list = from_slice::<PodList>(black_box(&text));
        drop(black_box(list.map_err(|faults| anyhow::anyhow!("{faults}"))?));
        Ok(())
    };
    pairs::pair("decode", decoded, || {
        drop(black_box(serde_json::from_slice::<List<Pod>>(black_box(&text))?));
        Ok(())
    })?;
    pairs::pair("decode, theirs with nothing but a tree", decoded, || {
        drop(black_box(serde_json::from_slice::<Value>(black_box(&text))?));
        Ok(())
    })?;
    let encoded = || {
        drop(black_box(serde_json::to_vec(black_box(&own))?));
        Ok(())
    };
    pairs::pair("encode", encoded, || {
        drop(black_box(serde_json::to_vec(black_box(&other))?));
        Ok(())
    })
}
