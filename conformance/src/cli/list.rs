//! `conformance list`.

use super::arguments::ListArguments;
use super::files;
use crate::rule::applicable;

/// Prints the operations and the rules that apply to each.
pub(super) fn list(asked: &ListArguments) -> Result<u8, String> {
    let document = files::read(&asked.spec)?;
    for operation in &document.api.operations {
        println!("{} ({} {})", operation.id, operation.method, operation.path);
        for rule in applicable(&document.api, operation) {
            println!("  {:<40} {:<6} {}", rule.id(), rule.entry().level, rule.entry().sentence);
        }
    }
    Ok(0)
}
