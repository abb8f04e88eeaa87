//! The items of lists: documented ones first, then made ones that can be told apart, narrowed and put in order.

use std::collections::BTreeMap;

use generator::contract::{
    Api, Filter, FilterMatch, Operation, OperationId, Paging, Pointer, SchemaId, Shape,
    StringFormat,
};
use serde_json::{Value, json};

use super::made::{Made, put};
use super::{preferred, refusal};

/// Into how many groups the members that items share divide a list.
const GROUPS: usize = 3;

/// The lists of every operation that has some.
pub(super) fn lists(
    api: &Api,
    made: &Made,
    count: usize,
) -> BTreeMap<OperationId, Vec<Vec<Value>>> {
    let operations =
        api.operations.iter().filter_map(|operation| Some((operation, operation.paging.as_ref()?)));
    operations
        .map(|(operation, paging)| {
            let all =
                paging.items.iter().map(|pointer| list(made, operation, paging, pointer, count));
            (operation.id.clone(), all.collect())
        })
        .collect()
}

fn list(
    made: &Made,
    operation: &Operation,
    paging: &Paging,
    pointer: &Pointer,
    count: usize,
) -> Vec<Value> {
    let Some(content) = refusal::success(operation).and_then(|(_, response)| preferred(response))
    else {
        return Vec::new();
    };
    let examples =
        content.examples.iter().filter_map(|example| pointer.get(&example.value)?.as_array());
    let mut items: Vec<Value> = Vec::new();
    for item in examples.flatten() {
        if !items.iter().any(|known| identity(paging, known) == identity(paging, item)) {
            items.push(item.clone());
        }
    }
    let list = content.schema.and_then(|id| made.schema_at(id, pointer));
    let Some(Shape::Array { items: id, .. }) =
        list.and_then(|id| made.schemas().get(id)).map(|schema| &schema.shape)
    else {
        return items;
    };
    let name = format!("{}{pointer}", operation.id);
    for value in made.many(*id, &name, count.saturating_sub(items.len())) {
        let number = items.len();
        let telling = telling(made, *id, paging, &value, number);
        items.push(if made.is_valid(*id, &telling) { telling } else { value });
    }
    items
}

/// What makes two items the same item.
pub(super) fn identity(paging: &Paging, item: &Value) -> Vec<Option<Value>> {
    paging.identity.iter().map(|pointer| pointer.get(item).cloned()).collect()
}

/// An item with everything in it that a walk, a sort or a filter looks at. The first part of its identity is its own,
/// the others are shared with some items, as the members that a filter looks at are.
fn telling(made: &Made, id: SchemaId, paging: &Paging, item: &Value, number: usize) -> Value {
    let mut item = item.clone();
    let settable = |pointer: &&Pointer| made.schema_at(id, pointer).is_some();
    for (index, pointer) in paging.identity.iter().filter(settable).enumerate() {
        let part = if index == 0 { number } else { number % GROUPS };
        set(made, id, &mut item, pointer, part);
    }
    let sorted = paging.sort.iter().filter_map(|sort| sort.field.as_ref());
    for pointer in sorted.filter(|pointer| !paging.identity.contains(pointer)) {
        set(made, id, &mut item, pointer, number);
    }
    for filter in paging.filters.iter() {
        narrowed(made, id, &mut item, filter, number);
    }
    item
}

fn narrowed(made: &Made, id: SchemaId, item: &mut Value, filter: &Filter, number: usize) {
    let Some(pointer) = &filter.field else { return };
    if filter.matches == FilterMatch::LabelSelector {
        let labels = json!({ "group": format!("group-{}", number % GROUPS), "kind": format!("kind-{}", number % 2) });
        put(item, pointer, labels);
    } else if pointer.get(item).is_none_or(Value::is_null) {
        set(made, id, item, pointer, number % GROUPS);
    }
}

/// Sets a member to the value of that number.
fn set(made: &Made, id: SchemaId, item: &mut Value, pointer: &Pointer, number: usize) {
    let Some(schema) = made.schema_at(id, pointer).and_then(|id| made.schemas().get(id)) else {
        return;
    };
    let name = pointer.segments().last().map(String::as_str).unwrap_or_default();
    let value = match &schema.shape {
        Shape::String { format: StringFormat::Unsaid, length, pattern: None } => {
            let word: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            let text = format!("{}-{number:04}", word.to_ascii_lowercase());
            let most = length.maximum.and_then(|most| usize::try_from(most).ok()).unwrap_or(64);
            let start = text.len().saturating_sub(most);
            Value::from(text.get(start..).unwrap_or_default())
        }
        Shape::Integer { minimum, .. } => {
            let least = minimum.as_ref().and_then(|bound| bound.value.as_u64()).unwrap_or(0);
            Value::from(least + u64::try_from(number).unwrap_or_default() + 1)
        }
        Shape::Enumeration(values) if !values.is_empty() => {
            values.get(number % values.len()).cloned().unwrap_or_default()
        }
        _ => return,
    };
    put(item, pointer, value);
}
