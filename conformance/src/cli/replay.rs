//! `conformance replay`: the requests of a report, sent again.

use std::path::Path;

use serde::Deserialize;

use super::arguments::{ReplayArguments, header};
use super::reach::{bytes, secured};
use crate::call::Credentials;
use crate::probe::{Header, Probe};
use crate::report;
use crate::run::redact::{self, placeholder};
use crate::transcript::Transcript;
use crate::wire::{Limits, Target, TlsSettings, Wire};

/// What a replay reads of a report.
#[derive(Deserialize)]
struct Report {
    facts: Facts,
    verdicts: Vec<Verdict>,
}

#[derive(Deserialize)]
struct Facts {
    target: String,
}

#[derive(Deserialize)]
struct Verdict {
    subject: String,
    rule: String,
    outcome: String,
    findings: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    message: String,
    evidence: Vec<Transcript>,
}

/// Sends every request of every finding again and prints both answers.
pub(super) fn replay(asked: &ReplayArguments) -> Result<u8, String> {
    let report = read(&asked.file)?;
    let target = asked.target.as_ref().unwrap_or(&report.facts.target);
    let target: Target = target.parse().map_err(|error| format!("{target}: {error}"))?;
    let headers = asked.headers.iter().map(|text| header(text)).collect::<Result<_, _>>()?;
    let credentials = Credentials { headers };
    let settings = TlsSettings {
        authorities: asked.ca_file.as_deref().map(bytes).transpose()?,
        insecure: asked.insecure,
        ..TlsSettings::default()
    };
    let wire = match secured(&target, &settings)? {
        Some(tls) => Wire::secured(target.clone(), Limits::default(), tls),
        None => Wire::new(target.clone(), Limits::default()),
    };
    let may_write = asked.allow_writes || target.is_loopback();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?
        .block_on(sent_again(&report, &wire, &credentials, may_write));
    Ok(0)
}

fn read(path: &Path) -> Result<Report, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

async fn sent_again(report: &Report, wire: &Wire, credentials: &Credentials, may_write: bool) {
    let findings = report
        .verdicts
        .iter()
        .flat_map(|verdict| verdict.findings.iter().map(move |finding| (verdict, finding)));
    for (verdict, finding) in findings {
        println!(
            "{} {} on {}: {}",
            verdict.outcome, verdict.rule, verdict.subject, finding.message
        );
        for old in &finding.evidence {
            if !may_write && !old.probe.request.is_safe() {
                println!("  not sent without --allow-writes: {}", report::command(old));
                continue;
            }
            let new = wire.exchange(&restored(&old.probe, credentials)).await;
            let new = redact::redacted(&new, credentials);
            println!("  {}\n  then: {}  now:  {}", report::command(old), told(old), told(&new));
        }
    }
}

fn told(transcript: &Transcript) -> String {
    report::raw(transcript).trim_end().replace('\n', "\n  ") + "\n"
}

/// The probe with the credentials back in their places.
fn restored(probe: &Probe, credentials: &Credentials) -> Probe {
    let mut probe = probe.clone();
    for field in &mut probe.request.headers {
        let known = credentials
            .headers
            .iter()
            .find(|(name, _)| field.is(name) && field.text() == Some(&placeholder(name)));
        if let Some((_, value)) = known {
            *field = Header::new(field.name.clone(), value.clone());
        }
    }
    probe
}
