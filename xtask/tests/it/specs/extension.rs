//! Every extension in a document and its workflows against `specs/extensions.schema.json`.

use jsonschema::Validator;
use serde_json::Value;

use super::folder::Folder;
use crate::tree;

/// What the schema says against the extensions of a folder, and the `x-` members it does not know.
pub(super) fn check(folder: &Folder) -> Vec<String> {
    over(std::iter::once(&folder.document).chain(&folder.workflows))
}

/// The same of the files that a folder refers to.
pub(super) fn others(folder: &Folder) -> Vec<String> {
    over(folder.others.values())
}

fn over<'d>(documents: impl Iterator<Item = &'d Value>) -> Vec<String> {
    let schema = schema();
    let validator = jsonschema::options().offline().build(&schema).unwrap();
    documents.flat_map(|document| within(&schema, &validator, document)).collect()
}

fn schema() -> Value {
    let path = tree::root().join("specs/extensions.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn within(schema: &Value, validator: &Validator, document: &Value) -> Vec<String> {
    let faults = validator.iter_errors(document);
    let mut complaints: Vec<_> =
        faults.map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    unknown(schema, document, "", &mut complaints);
    complaints
}

fn unknown(schema: &Value, value: &Value, at: &str, complaints: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                if key.starts_with("x-") && schema["$defs"].get(key).is_none() {
                    complaints.push(format!("{at}: {key} is no extension"));
                }
                let segment = key.replace('~', "~0").replace('/', "~1");
                unknown(schema, inner, &format!("{at}/{segment}"), complaints);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                unknown(schema, item, &format!("{at}/{index}"), complaints);
            }
        }
        _ => {}
    }
}
