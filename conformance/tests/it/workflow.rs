//! Workflows: what is shipped can be read and fits its document.

use conformance::workflow;
use generator::diagnostic::{Colour, Diagnostics, render};
use generator::source::Source;

use crate::specs;

#[test]
fn shipped_workflows_fit_their_documents() {
    let files = specs::below(&specs::root().join("specs"), "workflows.arazzo.yaml");
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let source = Source::new(file.display().to_string(), text);
        let mut diagnostics = Diagnostics::default();
        let workflows = workflow::read(&source, &mut diagnostics);
        let spec = specs::read(&file.with_file_name("openapi.yaml")).unwrap();
        workflow::check(&workflows, &spec.api, &mut diagnostics);
        let problems = render(&diagnostics, &[source], Colour::Never);
        assert!(problems.is_empty(), "{problems}");
        assert!(!workflows.is_empty());
    }
}
