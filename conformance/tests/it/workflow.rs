//! Workflows: what is shipped can be read.

use std::path::Path;

use conformance::workflow;
use generator::diagnostic::{Colour, Diagnostics, render};
use generator::source::Source;

#[test]
fn shipped_workflows_are_read_without_a_problem() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let folders = std::fs::read_dir(specs).unwrap().map(|folder| folder.unwrap().path());
    let files = folders.map(|folder| folder.join("workflows.arazzo.yaml"));
    let files: Vec<_> = files.filter(|file| file.exists()).collect();
    assert!(!files.is_empty());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let source = Source::new(file.display().to_string(), text);
        let mut diagnostics = Diagnostics::default();
        let workflows = workflow::read(&source, &mut diagnostics);
        let problems = render(&diagnostics, &[source], Colour::Never);
        assert!(problems.is_empty(), "{problems}");
        assert!(!workflows.is_empty());
    }
}
