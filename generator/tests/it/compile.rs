//! The output of every document in one crate of its own: it compiles with warnings denied,
//! and the tests under `tests/behave` run against it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use generator::Output;

use crate::fixture;

/// What the manifest of the crate gets beside what is emitted: the lints of this workspace, as errors.
const LINTS: &str = "
[lints.rust]
elided_lifetimes_in_paths = \"deny\"
missing_docs = \"deny\"
unreachable_pub = \"deny\"
unsafe_code = \"forbid\"
unused_qualifications = \"deny\"
warnings = \"deny\"

[profile.dev]
debug = \"line-tables-only\"
";

#[test]
fn output_compiles_and_behaves() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let root = target.join("emitted");
    let tree = fixture::tree(fixture::all(), &Output::Crate { package: "emitted".to_owned() });
    for (path, text) in tree.iter() {
        let text = if path == "Cargo.toml" { format!("{text}{LINTS}") } else { text.to_owned() };
        write(&root.join(path), &text);
    }
    let behave = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/behave");
    copy(&behave, &root.join("tests"));
    write(&root.join("Cargo.lock"), &fs::read_to_string(workspace().join("Cargo.lock")).unwrap());
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--quiet", "--offline"])
            .current_dir(&root)
            .env("CARGO_TARGET_DIR", target)
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (said, told) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{arguments:?}\n{said}\n{told}");
    };
    run(&["test"]);
    // Models of one document alone, with what it shares, and its server.
    for features in ["shared-one", "shared-other,server"] {
        run(&["check", "--lib", "--no-default-features", "--features", features]);
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            write(&to, &fs::read_to_string(&path).unwrap());
        }
    }
}

/// Leaves a file alone that holds the text already, so that cargo sees what changed.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}
