//! Fixtures in `tests/data/document`: those in `err` with the text of their problems beside them, those in `ok` without any.

use std::path::Path;

use generator::diagnostic::{Colour, Diagnostics, render};
use generator::document::{Limits, agree, check_structure, parse};
use generator::source::Source;

/// Everything that reading says about the text at `path`, plain.
fn problems(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let source = Source::new(path.file_name().unwrap().to_str().unwrap(), text);
    let mut diagnostics = Diagnostics::default();
    if let Some(root) = parse(&source, &Limits::default(), &mut diagnostics) {
        agree(&source, &root, &mut diagnostics);
        check_structure(&root, &source, &mut diagnostics);
    }
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
        assert_eq!(problems(path), "", "{}", path.display());
    });
}

#[test]
fn shipped_specs_have_no_problem() {
    insta::glob!("../../../specs", "*/openapi.yaml", |path| {
        assert_eq!(problems(path), "", "{}", path.display());
    });
}
