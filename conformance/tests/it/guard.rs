//! Without leave to write, nothing but safe methods goes out.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use conformance::mock::{Server, Settings, Twin};
use conformance::rule::Rule;
use conformance::run::Writes;

use generator::contract::OperationId;

use crate::checked::{Told, check_with, findings, line};
use crate::sixth;

#[tokio::test]
async fn only_safe_methods_are_sent_without_leave() {
    for (writes, expected) in [
        (Writes::Forbidden, &["GET"][..]),
        (Writes::Allowed, &["DELETE", "GET", "PATCH", "POST", "PUT"][..]),
    ] {
        let read = sixth::harbour();
        let workflows = sixth::workflows(&read.api);
        let twin = Twin::new(&read.api, read.trees.clone(), Settings::default());
        let seen = Arc::new(Mutex::new(BTreeSet::new()));
        let noted = Arc::clone(&seen);
        let server = Server::altered(twin, move |request, answer| {
            noted.lock().unwrap().insert(request.method().to_string());
            answer
        })
        .await;
        let (url, credentials) = (server.url(), server.credentials());
        let parameters = &[("quay", "N7")];
        let told = Told { url: &url, credentials, parameters, workflows: &workflows, seed: 1 };
        let record = check_with(&read, told, writes).await;
        assert_eq!(seen.lock().unwrap().iter().collect::<Vec<_>>(), expected, "{writes:?}");
        if writes == Writes::Forbidden {
            // wiremock sends every stream with its length.
            let found = findings(&record).into_iter();
            let found = found.filter(|found| found.rule != Rule::FrameUnbounded);
            let found: Vec<_> = found.map(line).collect();
            assert!(found.is_empty(), "{found:?}");
            let tried = |id: &str| record.is_proven(&OperationId(id.to_owned()));
            assert_eq!((tried("cranesBySheet"), tried("announceCall")), (Some(true), None));
        }
    }
}
