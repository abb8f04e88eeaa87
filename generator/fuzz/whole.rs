//! Any text as a document, all the way: read, lowered, printed. A fuzzer and a normal test do the same.

use generator::source::{NoFiles, Source};
use generator::{Limits, Module, Output, generate, read};

/// Whether the text was a document that something could be made of.
pub(crate) fn whole(text: &str) -> bool {
    let mut limits = Limits { schemas: 2_000, ..Limits::default() };
    limits.document.bytes = 1 << 20;
    let reading = read(&Source::new("any.yaml", text), &NoFiles, &limits);
    let Some(api) = &reading.api else { return false };
    let module = Module { name: "any", source: "any.yaml", api };
    let (tree, diagnostics) = generate(&[module], &Output::Crate { package: "any".to_owned() });
    tree.iter().next().is_some() && !diagnostics.has_errors()
}
