//! Workflows: what is shipped can be read and fits its document.

use std::path::Path;

use conformance::workflow;
use generator::Limits;
use generator::diagnostic::{Colour, Diagnostics, render};
use generator::source::{NoFiles, Source};

#[test]
fn shipped_workflows_fit_their_documents() {
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
        let spec = file.with_file_name("openapi.yaml");
        let text = std::fs::read_to_string(&spec).unwrap();
        let spec = Source::new(spec.display().to_string(), text);
        let reading = generator::read(&spec, &NoFiles, &Limits::default());
        workflow::check(&workflows, &reading.api.unwrap(), &mut diagnostics);
        let problems = render(&diagnostics, &[source], Colour::Never);
        assert!(problems.is_empty(), "{problems}");
        assert!(!workflows.is_empty());
    }
}
