//! The program `codegen`, run as a user runs it, in folders of its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::fixture::data;

/// A folder with the documents of `tests/data/cli`.
struct Place(TempDir);

/// What a run came to.
struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Place {
    fn new() -> Self {
        let place = Self(TempDir::new().unwrap());
        for file in fs::read_dir(data().join("cli")).unwrap() {
            let file = file.unwrap().path();
            fs::copy(&file, place.path(file.file_name().unwrap().to_str().unwrap())).unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, line: &str) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_codegen"));
        command.args(line.split_whitespace()).current_dir(self.0.path());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran {
            code: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    fn done(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {}{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).unwrap()
    }

    /// Every file below a folder.
    fn files(&self, folder: &str) -> BTreeMap<String, String> {
        let (root, mut found) = (self.path(folder), BTreeMap::new());
        let mut waiting = vec![root.clone()];
        while let Some(next) = waiting.pop() {
            for entry in fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                    found.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        found
    }
}

#[test]
fn a_crate_is_written_checked_and_mended() {
    let place = Place::new();
    let line = "--spec ferry.yaml --out ferry";
    assert_eq!(place.run(&format!("{line} --check")).code, 1);
    assert!(!place.path("ferry").exists(), "a check writes nothing");
    assert!(place.done(line).contains("added src/api/models/trip.rs\n"));
    assert_eq!(place.done(line), "", "a second run writes nothing");
    assert_eq!(place.done(&format!("{line} --check")), "");

    let trip = place.text("ferry/src/api/models/trip.rs");
    place.write("ferry/src/api/models/trip.rs", &format!("{trip}// By hand.\n"));
    fs::remove_file(place.path("ferry/src/api/models/cabin.rs")).unwrap();
    let told = place.run(&format!("{line} --check"));
    assert_eq!(told.code, 1);
    for said in [
        "stale src/api/models/trip.rs\n",
        "-// By hand.",
        "missing src/api/models/cabin.rs\n",
        "2 files differ; mend them with `codegen --spec ferry.yaml --out ferry`\n",
    ] {
        assert!(told.stdout.contains(said), "{}", told.stdout);
    }
    let mended = "changed src/api/models/trip.rs\nadded src/api/models/cabin.rs\n";
    let told = place.done(line);
    assert!(mended.lines().all(|line| told.contains(line)), "{told}");
    assert_eq!(place.text("ferry/src/api/models/trip.rs"), trip);
}

#[test]
fn what_others_made_stays() {
    let place = Place::new();
    place.write("ferry/Cargo.toml", "[package]\nname = \"mine\"\nversion = \"2.0.0\" # ours\n");
    place.write("ferry/src/bin/tool.rs", "fn main() {}\n");
    place.write("ferry/target/debug/big", "x");
    place.done("--spec ferry.yaml --out ferry");
    place.write("ferry/tests/own.rs", "");
    // What is no longer wanted goes, and nothing else.
    place.done("--spec ferry.yaml --out ferry --exclude-tag bookings");
    assert!(!place.path("ferry/src/api/models/booking.rs").exists());
    let manifest = place.text("ferry/Cargo.toml");
    assert!(manifest.starts_with("[package]\nname = \"mine\"\nversion = \"2.0.0\" # ours\n"));
    assert!(manifest.contains("[dependencies.serde]"), "{manifest}");
    for kept in ["src/bin/tool.rs", "target/debug/big", "tests/own.rs"] {
        assert!(place.files("ferry").contains_key(kept), "{kept}");
    }
}

#[test]
fn what_is_in_the_way_is_not_touched() {
    let place = Place::new();
    place.write("ferry/src/lib.rs", "//! Mine.\n");
    place.write("ferry/src/support/mod.rs", "//! Mine as well.\n");
    let before = place.files("ferry");
    for line in ["--spec ferry.yaml --out ferry", "--spec ferry.yaml --out ferry --check"] {
        let ran = place.run(line);
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        for path in ["ferry/src/lib.rs", "ferry/src/support/mod.rs"] {
            let told = format!("error: {path} is in the way and was not made by codegen");
            assert!(ran.stderr.contains(&told), "{}", ran.stderr);
        }
        assert_eq!(place.files("ferry"), before);
    }
    // A record that names files elsewhere is not believed.
    let place = Place::new();
    place.done("--spec ferry.yaml --out ferry");
    let mut record = place.json("ferry/codegen.json");
    let files = record["files"].as_array_mut().unwrap();
    for path in ["../outside.rs", "/outside.rs", "src/../../outside.rs", "tests/outside.rs"] {
        files.push(path.into());
    }
    place.write("outside.rs", "");
    place.write("ferry/tests/outside.rs", "");
    place.write("ferry/codegen.json", &record.to_string());
    place.done("--spec ferry.yaml --out ferry");
    assert!(place.path("outside.rs").exists() && place.path("ferry/tests/outside.rs").exists());
    place.write("ferry/codegen.json", "{}");
    let ran = place.run("--spec ferry.yaml --out ferry");
    assert!(
        ran.code == 2 && ran.stderr.contains("ferry/codegen.json was not made"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_check_sums_up_what_changes_for_callers() {
    let place = Place::new();
    place.done("--spec ferry.yaml --out ferry");
    fs::copy(place.path("ferry_next.yaml"), place.path("ferry.yaml")).unwrap();
    let ran = place.run("--spec ferry.yaml --out ferry --check");
    assert_eq!(ran.code, 1);
    let start = ran.stdout.find("API changes: ").unwrap();
    let end = ran.stdout.rfind(" files differ").unwrap();
    let end = ran.stdout[..end].rfind('\n').unwrap();
    insta::assert_snapshot!("check_summary", &ran.stdout[start..end]);
    let done = place.done("--spec ferry.yaml --out ferry");
    assert!(done.contains(&ran.stdout[start..end]), "{done}");
    assert_eq!(place.done("--spec ferry.yaml --out ferry --check"), "");
}

#[test]
fn parts_are_written_alone() {
    let place = Place::new();
    place.done("--spec ferry.yaml --out models --only models");
    let models = place.files("models");
    assert!(models.contains_key("src/api/models/unused.rs"));
    assert!(!models.keys().any(|path| path.contains("server") || path.contains("stream")));
    assert!(!models["src/support/mod.rs"].contains("server"));
    assert!(!models["Cargo.toml"].contains("axum") && !models["Cargo.toml"].contains("dep:"));

    place.done("--spec ferry.yaml --out server --only server");
    let server = place.files("server");
    assert!(server.contains_key("src/api/server/list_trips.rs"));
    assert!(server.contains_key("src/api/models/trip.rs"));
    assert!(!server.contains_key("src/api/models/unused.rs"));
}

#[test]
fn several_documents_are_modules_of_one_crate() {
    let place = Place::new();
    for folder in ["north", "south"] {
        place.write(&format!("{folder}/openapi.yaml"), &place.text("ferry.yaml"));
    }
    place.done(
        "--spec north/openapi.yaml --spec south/openapi.yaml --spec ferry_next.yaml --out all",
    );
    let files = place.files("all");
    for module in ["north", "south", "ferry_next"] {
        assert!(files.contains_key(&format!("src/{module}/models/trip.rs")), "{module}");
    }
    assert!(files["Cargo.toml"].contains("ferry-next = []"), "{}", files["Cargo.toml"]);
}

#[test]
fn a_report_says_what_became_of_each_operation() {
    let place = Place::new();
    place.done("--spec downgraded.yaml --overlay downgraded.overlay.yaml --out out --report made/report.json --exclude-tag internal --allow not-carried");
    let report = serde_json::to_string_pretty(&place.json("made/report.json")).unwrap();
    insta::assert_snapshot!("report", report);
}

#[test]
fn warnings_are_allowed_by_their_codes() {
    let place = Place::new();
    let line = "--spec downgraded.yaml --out out";
    let plain = place.run(line);
    assert!(plain.code == 0 && plain.stderr.contains("warning[not-carried]"), "{}", plain.stderr);
    let codes = "not-carried,not-generated,contradiction";
    let quiet = place.run(&format!("{line} --strict --allow {codes}"));
    assert_eq!((quiet.code, quiet.stderr.as_str()), (0, ""));
    let strict = place.run(&format!("{line} --strict --allow not-carried,not-generated"));
    assert!(strict.code == 2 && strict.stderr.contains("contradiction"), "{}", strict.stderr);
    let needless = place.run(&format!("{line} --allow {codes},bad-key"));
    let told = "warning: no warning has the code `bad-key`";
    assert!(needless.code == 0 && needless.stderr.contains(told), "{}", needless.stderr);
    assert_eq!(place.run(&format!("{line} --strict --allow {codes},bad-key")).code, 2);
}

#[test]
fn what_cannot_be_used_is_told_with_code_2() {
    let place = Place::new();
    place
        .write("broken.yaml", "openapi: 3.0.3\ninfo: { title: t, version: v }\npaths: { /a: 7 }\n");
    place.write("odd/Cargo.toml", "a = ");
    let table = [
        ("", "--spec <FILE>"),
        ("--spec ferry.yaml", "--out <DIR>"),
        ("--out ferry", "--spec <FILE>"),
        ("--check", "--out <DIR>"),
        ("--spec none.yaml --out ferry", "none.yaml: "),
        ("--spec ferry.yaml --out ferry --only clients", "possible values: models, server"),
        (
            "--spec ferry.yaml --out ferry --include-tag trip",
            "no tag `trip`; did you mean `trips`?",
        ),
        ("--spec ferry.yaml --out ferry --exclude-operation x", "no operation `x`"),
        ("--spec ferry.yaml --out ferry --overlay none.yaml", "none.yaml: "),
        ("--spec ferry.yaml --out ferry --overlay idle.overlay.yaml", "error[no-match]"),
        ("--spec ferry.yaml --spec ferry_next.yaml --out a --overlay x", "a single --spec"),
        ("--spec ferry.yaml --spec ./ferry.yaml --out ferry", "two documents would be the module"),
        ("--spec broken.yaml --out ferry --report broken.json", "broken.yaml cannot be used"),
        ("--spec ferry.yaml --out odd", "odd/Cargo.toml cannot be read"),
    ];
    for (line, why) in table {
        let ran = place.run(line);
        assert_eq!(ran.code, 2, "{line}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(why), "{line}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{line}");
    }
    assert!(!place.path("ferry").exists());
    assert_eq!(place.json("broken.json")["totals"]["errors"], 1);
}

#[test]
fn help_says_what_the_exit_codes_mean() {
    let ran = Place::new().run("--help");
    assert_eq!(ran.code, 0);
    for said in [
        "Exit codes: 0 done",
        "--spec <FILE>",
        "--exclude-operation <ID>",
        "Possible values:\n          - models: ",
    ] {
        assert!(ran.stdout.contains(said), "{said}: {}", ran.stdout);
    }
}

#[test]
fn tags_are_features_that_only_add() {
    let place = Place::new();
    place.done("--spec ferry.yaml --out tags --tag-features");
    let files = place.files("tags");
    insta::assert_snapshot!(
        "tag_features_manifest",
        files["Cargo.toml"].split("[dep").next().unwrap()
    );
    insta::assert_snapshot!("tag_features_models", files["src/api/models/mod.rs"]);
    insta::assert_snapshot!("tag_features_server", files["src/api/server/mod.rs"]);
    place.done("--spec ferry.yaml --spec ferry_next.yaml --out two --tag-features");
    let manifest = &place.files("two")["Cargo.toml"];
    assert!(manifest.contains("ferry-next-harbours = [\"ferry-next\"]"), "{manifest}");
}

/// What is written compiles, with features as asked.
#[test]
fn parts_compile() {
    let place = Place::new();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("Cargo.lock");
    for (options, features) in
        [("--only models", ""), ("--only server --exclude-tag trips", "server")]
    {
        place.done(&format!("--spec ferry.yaml --out part --name ferry-part {options}"));
        place.write("part/Cargo.lock", &fs::read_to_string(&lock).unwrap());
        let output = Command::new(env!("CARGO"))
            .args(["check", "--lib", "--quiet", "--offline", "--no-default-features"])
            .args(["--features", features])
            .current_dir(place.path("part"))
            .env("CARGO_TARGET_DIR", target)
            .env_remove("RUSTFLAGS")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && told.is_empty(), "{options}: {told}");
    }
}
