//! A summary as JUnit XML: a suite a subject, a case a rule.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::curl::command;
use super::summary::Summary;
use crate::run::Verdict;
use crate::verdict::Outcome;

/// The whole summary as JUnit XML.
///
/// # Errors
/// What the XML writer says.
pub fn junit(summary: &Summary) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new(format!("{} at {}", summary.facts.title, summary.facts.target));
    let mut subjects: Vec<_> = summary.verdicts.iter().map(|verdict| &verdict.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    for subject in subjects {
        let mut suite = TestSuite::new(subject.as_str());
        let mut verdicts: Vec<_> =
            summary.verdicts.iter().filter(|verdict| verdict.subject == *subject).collect();
        verdicts.sort_by_key(|verdict| verdict.rule);
        suite.add_test_cases(verdicts.into_iter().map(case));
        report.add_test_suite(suite);
    }
    report.to_string()
}

fn case(verdict: &Verdict) -> TestCase {
    let mut status = match verdict.outcome {
        Outcome::Pass | Outcome::Warn | Outcome::Flaky => TestCaseStatus::success(),
        Outcome::Skip | Outcome::Inconclusive => TestCaseStatus::skipped(),
        Outcome::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Error => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    let told = told(verdict);
    if let Some(first) = verdict.findings.first() {
        status.set_message(format!("{}: {}", verdict.outcome.word(), first.judgement.message));
    }
    if verdict.outcome == Outcome::Fail {
        status.set_description(told.clone());
    }
    let mut case = TestCase::new(verdict.rule.id(), status);
    case.set_classname(verdict.subject.as_str());
    if verdict.outcome != Outcome::Pass {
        case.set_system_out(told);
    }
    case
}

fn told(verdict: &Verdict) -> String {
    let mut lines =
        vec![format!("{} {}", verdict.rule.entry().level, verdict.rule.entry().sentence)];
    for finding in &verdict.findings {
        lines.push(finding.judgement.message.clone());
        lines.extend(finding.judgement.place.as_ref().map(ToString::to_string));
        lines.extend(finding.evidence.last().map(|transcript| command(transcript)));
        lines.extend(finding.judgement.dump.clone());
    }
    lines.join("\n")
}
