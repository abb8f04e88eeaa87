//! The shipped specs, as the contract has them: a change of meaning shows here before it shows in code.

use generator::contract::Api;
use generator::diagnostic::{Colour, render};
use generator::source::Source;
use generator::{Limits, read};
use serde_json::Value;

use super::lowering::Folder;

#[test]
fn shipped_specs_mean_what_they_meant() {
    insta::glob!("../../../specs", "*/openapi.yaml", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let source = Source::new("openapi.yaml", text);
        let folder = Folder(path.parent().unwrap().to_owned());
        let reading = read(&source, &folder, &Limits::default());
        let problems = render(&reading.diagnostics, [&source], Colour::Never);
        assert_eq!(problems, "", "{}", path.display());
        let name = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        insta::with_settings!({ snapshot_suffix => name }, {
            insta::assert_yaml_snapshot!("contract", terse(&reading.api.unwrap()));
        });
    });
}

/// Flags that are off as a rule.
const FLAGS: [&str; 11] = [
    "allow_reserved",
    "deprecated",
    "inferred",
    "known",
    "last",
    "multi_segment",
    "nullable",
    "read_only",
    "unsupported",
    "write_only",
    "zero_is_absent",
];

/// What holds values of the API itself, in which everything counts.
const SAMPLES: [&str; 4] = ["default", "equals", "same_as_absent", "value"];

/// The contract without what is absent, empty or off.
pub(crate) fn terse(api: &Api) -> Value {
    stripped(serde_json::to_value(api).unwrap())
}

fn stripped(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().map(|(key, value)| {
                // A response may be called `default` as well; it has a place.
                let is_sample = SAMPLES.contains(&&*key) && value.get("place").is_none();
                let value = if is_sample { value } else { stripped(value) };
                (key, value)
            });
            kept.filter(|(key, value)| !is_nothing(key, value)).collect()
        }
        Value::Array(items) => items.into_iter().map(stripped).collect(),
        scalar => scalar,
    }
}

fn is_nothing(key: &str, value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(false) => FLAGS.contains(&key),
        _ => false,
    }
}
