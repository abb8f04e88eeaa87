//! The one-construct documents under `tests/data/emit`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use generator::contract::Api;
use generator::diagnostic::Severity;
use generator::source::Source;
use generator::tree::FileTree;
use generator::{Limits, Module, Output, generate, read};

use super::lowering::Folder;

/// A document and what was read of it.
pub(crate) struct Fixture {
    pub(crate) name: String,
    pub(crate) api: Api,
}

/// Every document, by name, read once.
pub(crate) fn all() -> &'static [Fixture] {
    static ALL: LazyLock<Vec<Fixture>> = LazyLock::new(read_all);
    &ALL
}

/// What every document becomes, made once.
pub(crate) fn in_tree() -> &'static FileTree {
    static TREE: LazyLock<FileTree> = LazyLock::new(|| tree(all(), &Output::InTree));
    &TREE
}

/// Every document, by name, read anew.
pub(crate) fn read_all() -> Vec<Fixture> {
    let mut paths: Vec<PathBuf> = fs::read_dir(data().join("emit"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    paths.sort();
    paths.iter().map(|path| Fixture::load(path)).collect()
}

/// The crate of all documents; nothing goes wrong on the way.
pub(crate) fn tree(fixtures: &[Fixture], shape: &Output) -> FileTree {
    let sources: Vec<String> =
        fixtures.iter().map(|fixture| format!("{}.yaml", fixture.name)).collect();
    let modules: Vec<Module<'_>> = fixtures
        .iter()
        .zip(&sources)
        .map(|(fixture, source)| Module { name: &fixture.name, source, api: &fixture.api })
        .collect();
    let (tree, diagnostics) = generate(&modules, shape);
    let errors: Vec<_> = diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
    assert!(errors.is_empty(), "{errors:?}");
    tree
}

/// Where test data is.
pub(crate) fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

impl Fixture {
    fn load(path: &Path) -> Self {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let source = Source::new(format!("{name}.yaml"), fs::read_to_string(path).unwrap());
        let folder = Folder(path.parent().unwrap().to_owned());
        let reading = read(&source, &folder, &Limits::default());
        // Bad names are told when they are read; that they do no harm further on does not rest on that.
        let mut errors =
            reading.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        assert!(errors.all(|error| error.code == "bad-key"), "{name}: {:?}", reading.diagnostics);
        Self { api: reading.api.unwrap(), name }
    }
}
