//! Schedules what is sent: one seed, every chapter in its order, shrinking, cleaning up.
//!
//! Judges nothing: chapters ask `judge`, and what it says is recorded here.

mod auth;
mod change;
mod clock;
mod conversation;
mod ending;
mod feed;
mod lasting;
mod lifecycle;
mod log;
mod paging;
mod plain;
mod provide;
mod record;
pub mod redact;
mod removal;
mod routing;
mod script;
mod secret;
mod session;
mod settings;
mod socket;
mod stream;
mod success;
mod thing;
mod upgrade;
mod validation;
mod walk;
mod walked;
mod watch;
mod workflow;

use std::time::Duration;

use generator::contract::{Method, Operation};

use crate::rule::{Rule, applicable};
use crate::verdict::{Judgement, Outcome};
use crate::workflow::Workflow;

pub use provide::{Provider, Unprovided};
pub use record::{Cell, Finding, Record, Verdict};
pub use removal::Removal;
pub use session::{Exchange, Session};
pub use settings::{Settings, Writes};

/// Told of what a run is about to do.
pub trait Observer {
    /// A subject is begun: its number, how many there are, and its name.
    fn began(&self, number: usize, of: usize, subject: &str);
}

/// What was created and could not be removed again.
#[derive(Clone, Debug)]
pub struct Leftover {
    /// The removal that did not succeed.
    pub removal: Removal,
    /// What it was answered with.
    pub answer: String,
}

/// Runs every chapter on every operation that the filter lets through, and every workflow, then removes what was
/// created.
pub async fn run(
    session: &Session<'_>,
    workflows: &[Workflow],
    observer: &dyn Observer,
) -> Vec<Leftover> {
    let provider = Provider::default();
    let operations: Vec<_> =
        session.api.operations.iter().filter(|operation| is_wanted(session, operation)).collect();
    for (index, operation) in operations.iter().enumerate() {
        if session.is_stopped() {
            break;
        }
        observer.began(index + 1, operations.len(), &operation.id.0);
        // Both are long and would be as large as all they hold at once, wherever they are moved.
        Box::pin(every_chapter(session, &provider, operation)).await;
        if empties_a_list(session, operation) {
            session.pause(GRACE).await;
        }
    }
    Box::pin(workflow::all(session, workflows, observer)).await;
    clean_up(session).await
}

/// What a list had may take so long to go once it is removed; until then the list cannot be looked at.
const GRACE: Duration = Duration::from_secs(2);

/// Whether an operation removes what is listed on its path, and has done so.
fn empties_a_list(session: &Session<'_>, operation: &Operation) -> bool {
    let is_list =
        |other: &Operation| other.paging.is_some() && other.path.is_same_as(&operation.path);
    operation.method == Method::Delete
        && session.api.operations.iter().any(is_list)
        && session.with_record(|record| {
            record
                .verdict(&operation.id.0, Rule::StatusSuccess)
                .is_some_and(|verdict| verdict.outcome == Outcome::Pass)
        })
}

/// Whether the filter lets any rule of that operation through.
fn is_wanted(session: &Session<'_>, operation: &Operation) -> bool {
    Rule::TABLE.iter().any(|entry| session.covers(&operation.id.0, entry.rule))
}

async fn every_chapter(session: &Session<'_>, provider: &Provider, operation: &Operation) {
    lifecycle::missing(session, operation).await;
    routing::unknown_path(session, operation).await;
    routing::unknown_methods(session, provider, operation).await;
    upgrade::required(session, provider, operation).await;
    if upgrade::is_foreign(session, operation) {
        return;
    }
    if !success::baseline(session, provider, operation).await {
        let why = "no valid request reached a documented success";
        let waiting = applicable(session.api, operation).into_iter();
        let waiting = waiting.filter(|rule| rule.entry().needs.contains(&Rule::StatusSuccess));
        let skipped = waiting.map(|rule| Judgement::skip(rule, why)).collect();
        session.judge(&operation.id.0, skipped, &[]);
        return;
    }
    success::documented(session, provider, operation).await;
    success::generated(session, provider, operation).await;
    success::name_unmatched(session, operation);
    validation::near_misses(session, provider, operation).await;
    validation::bodies(session, provider, operation).await;
    validation::unknown_parameter(session, provider, operation).await;
    validation::robust(session, provider, operation).await;
    auth::credentials(session, provider, operation).await;
    upgrade::offered(session, provider, operation).await;
    lifecycle::safe(session, provider, operation).await;
    lifecycle::created(session, provider, operation).await;
    change::run(session, provider, operation).await;
    paging::run(session, provider, operation).await;
    watch::run(session, provider, operation).await;
    log::run(session, provider, operation).await;
}

/// Removes what was created, the last first.
async fn clean_up(session: &Session<'_>) -> Vec<Leftover> {
    let mut left = Vec::new();
    for removal in session.to_remove() {
        let Some(operation) = session.api.operation(&removal.operation) else { continue };
        let exchange = session.attempt(operation, &removal.call).await;
        let status = exchange.transcript.status();
        let is_gone = status.is_some_and(|status| {
            crate::judge::acceptable(operation, generator::contract::Fault::Missing, status)
        });
        if !exchange.succeeded() && !is_gone {
            let answer = status
                .map_or_else(|| exchange.transcript.end.to_string(), |status| status.to_string());
            left.push(Leftover { removal, answer });
        }
    }
    left
}
