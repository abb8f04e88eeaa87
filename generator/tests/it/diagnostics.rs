//! Fixtures in `tests/data/document`: those in `err` with the text of their problems beside them, those in `ok`
//! without any in their structure. A folder holds what the documents beside it refer to.

use std::path::Path;

use generator::diagnostic::{Colour, Diagnostics, render};
use generator::document::{self, Limits, check_structure, dialect};
use generator::source::{Load, Source};

/// Reads files beside a fixture.
struct Beside<'p>(&'p Path);

impl Load for Beside<'_> {
    fn load(&self, name: &str) -> Result<String, String> {
        std::fs::read_to_string(self.0.join(name)).map_err(|error| error.kind().to_string())
    }
}

fn source(path: &Path) -> Source {
    let name = path.file_name().unwrap().to_str().unwrap();
    Source::new(name, std::fs::read_to_string(path).unwrap())
}

/// Everything that a user reads about the document at `path`.
fn problems(path: &Path) -> String {
    let source = source(path);
    let load = Beside(path.parent().unwrap());
    let reading = generator::read(&source, &load, &generator::Limits::default());
    let others = reading.documents.iter().flat_map(|documents| documents.iter().skip(1));
    let sources = std::iter::once(&source).chain(others.map(|other| other.source()));
    render(&reading.diagnostics, sources, Colour::Never)
}

/// What the structural pass says about the document at `path`.
fn structural_problems(path: &Path) -> String {
    let source = source(path);
    let mut diagnostics = Diagnostics::default();
    let root = document::read(&source, &Limits::default(), &mut diagnostics).unwrap();
    let dialect = dialect(&root, &source, &mut diagnostics).unwrap();
    check_structure(&root, dialect, &source, &mut diagnostics);
    render(&diagnostics, [&source], Colour::Never)
}

#[test]
fn every_problem_is_shown_with_its_place() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../data/document/err");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("../data/document/err", "*.{yaml,json}", |path| {
            let shown = problems(path);
            assert!(!shown.is_empty(), "{} has no problem", path.display());
            insta::assert_snapshot!("problems", shown);
        });
    });
}

#[test]
fn a_good_document_has_no_problem() {
    insta::glob!("../data/document/ok", "*.yaml", |path| {
        assert_eq!(structural_problems(path), "", "{}", path.display());
        let shown = problems(path);
        assert!(!shown.contains("error["), "{shown}");
    });
}

#[test]
fn shipped_specs_have_no_problem() {
    insta::glob!("../../../specs", "*/openapi.yaml", |path| {
        assert_eq!(structural_problems(path), "", "{}", path.display());
    });
}
