//! One construct a file: what it means, and what is said when it is wrong.

use std::path::{Path, PathBuf};

use generator::contract::Api;
use generator::diagnostic::{Colour, render};
use generator::source::{Load, Source};
use generator::{Limits, Reading, read};

/// Files next to the fixture.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Load for Folder {
    fn load(&self, name: &str) -> Result<String, String> {
        std::fs::read_to_string(self.0.join(name)).map_err(|_| "there is no such file".to_owned())
    }
}

/// Reads a fixture under its name relative to the folder it stands in.
fn reading(path: &Path) -> (Source, Reading) {
    let text = std::fs::read_to_string(path).unwrap();
    let source = Source::new(path.file_name().unwrap().to_str().unwrap(), text);
    let folder = Folder(path.parent().unwrap().to_owned());
    let reading = read(&source, &folder, &Limits::default());
    (source, reading)
}

#[test]
fn constructs_become_contract() {
    insta::glob!("../data/lower", "ok/*.yaml", |path| {
        let (source, reading) = reading(path);
        let problems = render(&reading.diagnostics, [&source], Colour::Never);
        assert_eq!(problems, "", "{}", path.display());
        insta::assert_yaml_snapshot!(super::contract::terse(&reading.api.unwrap()));
    });
}

#[test]
fn problems_are_located_and_cost_only_themselves() {
    insta::glob!("../data/lower", "err/*.yaml", |path| {
        let (source, reading) = reading(path);
        let documents = reading.documents.as_ref().unwrap();
        let others: Vec<_> = documents.iter().skip(1).map(|other| other.source()).collect();
        let problems =
            render(&reading.diagnostics, std::iter::once(&source).chain(others), Colour::Never);
        let api = reading.api.unwrap();
        insta::assert_snapshot!(format!("{problems}\n{}", kept(&api)));
    });
}

/// What is left, in a line each.
fn kept(api: &Api) -> String {
    let operations = api.operations.iter().map(|operation| {
        let statuses: Vec<_> =
            operation.responses.iter().map(|(status, _)| status.to_string()).collect();
        let parameters: Vec<_> =
            operation.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        format!("kept: {}({}) -> {}\n", operation.id, parameters.join(", "), statuses.join(" | "))
    });
    let schemas = api.schemas.iter().filter_map(|(_, schema)| {
        let name = schema.name.as_ref()?;
        let shape = serde_json::to_string(&schema.shape).unwrap();
        let start: String = shape.chars().take(60).collect();
        Some(format!("kept: {name} {start}\n"))
    });
    operations.chain(schemas).collect()
}
