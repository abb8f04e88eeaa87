//! `conformance list`.

use super::arguments::ListArguments;
use super::files;
use crate::judge::Inferred;
use crate::rule::{Level, Rule, applicable};
use crate::workflow::rules;

/// Prints the operations and the workflows, and the rules that apply to each.
pub(super) fn list(asked: &ListArguments) -> Result<u8, String> {
    let document = files::read(&asked.spec, &asked.overlays)?;
    let workflows = files::workflows(asked.workflows.as_deref(), &asked.spec, &document.api)?;
    let inferred = Inferred::of(&document.api);
    for operation in &document.api.operations {
        println!("{} ({} {})", operation.id, operation.method, operation.path);
        for rule in applicable(&document.api, operation) {
            let id = &operation.id.0;
            let note = if inferred.is(id, rule) { " (inferred)" } else { "" };
            print(rule, inferred.level(id, rule), note);
        }
    }
    for workflow in &workflows {
        println!("{} (workflow, {})", workflow.id, workflow.level);
        for rule in rules(workflow) {
            // The weaker of the two binds.
            print(rule, rule.entry().level.max(workflow.level), "");
        }
    }
    Ok(0)
}

fn print(rule: Rule, level: Level, note: &str) {
    println!("  {:<40} {level:<6} {}{note}", rule.id(), rule.entry().sentence);
}
