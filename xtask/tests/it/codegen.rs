//! `cargo xtask codegen` on copies of the workspace: the same bytes everywhere, and nothing out of line goes unseen.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use tempfile::TempDir;

use crate::tree;

/// A copy of some specs at a place of its own, where code is written for them.
struct Clone {
    root: PathBuf,
    variables: &'static [(&'static str, &'static str)],
}

impl Clone {
    fn new(root: PathBuf, specs: &str, variables: &'static [(&'static str, &'static str)]) -> Self {
        for (path, text) in tree::files(&tree::root().join(specs), ".yaml") {
            let copy = root.join(path.strip_prefix(tree::root()).unwrap());
            fs::create_dir_all(copy.parent().unwrap()).unwrap();
            fs::write(copy, text).unwrap();
        }
        Self { root, variables }
    }

    fn codegen(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("codegen")
            .args(arguments)
            .env("CARGO_MANIFEST_DIR", self.root.join("xtask"))
            .envs(self.variables.iter().copied())
            .current_dir(&self.root)
            .output()
            .unwrap()
    }

    fn source(&self) -> PathBuf {
        self.root.join("generated/src")
    }

    fn code(&self) -> BTreeMap<PathBuf, String> {
        code(&self.source())
    }
}

fn code(folder: &Path) -> BTreeMap<PathBuf, String> {
    let files = tree::files(folder, "").into_iter();
    files.map(|(path, text)| (path.strip_prefix(folder).unwrap().to_path_buf(), text)).collect()
}

fn written(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let files = tree::files(folder, "").into_iter();
    files
        .map(|(path, _)| (path.clone(), fs::metadata(&path).unwrap().modified().unwrap()))
        .collect()
}

fn said(output: &Output) -> String {
    let texts = [&output.stdout, &output.stderr];
    texts.map(|text| String::from_utf8_lossy(text).into_owned()).concat()
}

#[test]
fn two_clones_are_written_alike() {
    let folder = TempDir::new().unwrap();
    let north = Clone::new(
        folder.path().join("north"),
        "specs",
        &[("HOME", "/"), ("TZ", "Pacific/Kiritimati"), ("LC_ALL", "C")],
    );
    let south = Clone::new(
        folder.path().join("a rather/long way/south"),
        "specs",
        &[("HOME", "/nonexistent"), ("TZ", "America/St_Johns"), ("LC_ALL", "tr_TR.UTF-8")],
    );
    for clone in [&north, &south] {
        let output = clone.codegen(&[]);
        assert!(output.status.success(), "{}", said(&output));
    }
    assert!(!north.code().is_empty());
    assert_eq!(north.code(), south.code());
    assert_eq!(north.code(), code(&tree::root().join("generated/src")), "`generated` is stale");
}

#[test]
fn what_is_out_of_line_is_told_and_mended() {
    let folder = TempDir::new().unwrap();
    let clone = Clone::new(folder.path().to_path_buf(), "specs/huawei-hss", &[]);
    assert!(clone.codegen(&[]).status.success());
    assert!(clone.codegen(&["--check"]).status.success());

    let [edited, missing, ..] = &clone.code().into_keys().collect::<Vec<_>>()[..] else { panic!() };
    let path = clone.source().join(edited);
    fs::write(&path, fs::read_to_string(&path).unwrap() + "// By hand.\n").unwrap();
    fs::remove_file(clone.source().join(missing)).unwrap();
    let stray = Path::new("left/over.rs");
    fs::create_dir_all(clone.source().join("left")).unwrap();
    fs::write(clone.source().join(stray), "").unwrap();
    let before = written(&clone.source());

    let output = clone.codegen(&["--check"]);
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for (word, file) in [("stale", edited.as_path()), ("missing", missing), ("stray", stray)] {
        assert!(told.contains(&format!("{word} {}\n", file.display())), "{told}");
    }
    assert!(told.contains("-// By hand."), "{told}");
    assert!(told.contains("3 files differ; mend them with `cargo xtask codegen`"), "{told}");
    assert_eq!(written(&clone.source()), before, "a check writes nothing");

    assert!(clone.codegen(&[]).status.success());
    assert!(clone.codegen(&["--check"]).status.success());
    assert!(!clone.source().join("left").exists());
    let mut kept = written(&clone.source());
    kept.retain(|path, _| ![edited, missing].iter().any(|file| path.ends_with(file)));
    for (path, time) in kept {
        assert_eq!(before.get(&path), Some(&time), "{} was written anew", path.display());
    }
}
