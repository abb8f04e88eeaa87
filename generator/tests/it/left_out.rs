//! What a document asks for and is not emitted is told with its place, and the rest is emitted.

use std::fs;

use generator::diagnostic::{Colour, Diagnostics, render};
use generator::source::{NoFiles, Source};
use generator::{Limits, Module, Output, generate, read};

use crate::fixture;

#[test]
fn what_is_left_out_is_told() {
    let folder = fixture::data().join("left-out");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let source = Source::new(format!("{name}.yaml"), fs::read_to_string(&path).unwrap());
        let reading = read(&source, &NoFiles, &Limits::default());
        assert_eq!(reading.diagnostics.iter().count(), 0, "{:?}", reading.diagnostics);
        let api = reading.api.unwrap();
        let module = Module { name, source: source.name(), api: &api };
        let (tree, diagnostics) = generate(&[module], &Output::InTree);
        insta::assert_snapshot!(format!("left_out_{name}"), told(&diagnostics, &source));
        let router = tree.get(&format!("{name}/server/mod.rs")).unwrap();
        let routes: String = router.lines().filter(|line| line.contains("\"/")).collect();
        insta::assert_snapshot!(format!("left_out_{name}_routes"), routes);
    }
}

fn told(diagnostics: &Diagnostics, source: &Source) -> String {
    render(diagnostics, [source], Colour::Never)
}
