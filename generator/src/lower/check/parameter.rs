//! Parameters whose text does not tell which of several alternatives it is.

use crate::contract::{Operation, Schema, SchemaId, Schemas, Shape, Union};
use crate::lower::context::Lowering;

impl Lowering<'_, '_> {
    /// In a parameter, little tells an object from a scalar or a list, and nothing a list of one from its item.
    pub(super) fn check_parameters(&mut self, schemas: &Schemas, own: &Operation) {
        for parameter in own.parameters.iter().filter(|parameter| parameter.content.is_none()) {
            let Some(Schema { shape: Shape::Union(union), .. }) = schemas.get(parameter.schema)
            else {
                continue;
            };
            let Some((torn, help)) = torn(schemas, union, parameter.tells_objects()) else {
                continue;
            };
            self.warning(
                "ambiguous-parameter",
                &parameter.place,
                format_args!("the parameter `{}` may be {torn}", parameter.name),
                format_args!("state one of them, or a media type under `content`; {help}"),
            );
        }
    }
}

/// Between what a value is torn, and what it is taken for.
fn torn(
    schemas: &Schemas,
    union: &Union,
    tells_objects: bool,
) -> Option<(&'static str, &'static str)> {
    let shape = |id: &SchemaId| schemas.get(*id).map(|schema| &schema.shape);
    let (mut objects, mut lists, mut singles) = (false, Vec::new(), Vec::new());
    for shape in union.variants.iter().filter_map(shape) {
        match shape {
            Shape::Object { .. } => objects = true,
            Shape::Array { items, .. } => lists.extend(schemas.get(*items)),
            single => singles.push(single),
        }
    }
    let may_be_item = |single: &&Shape| lists.iter().any(|item| may_be(single, &item.shape));
    if objects && (!lists.is_empty() || !singles.is_empty() && !tells_objects) {
        let torn = "an object or something else, and its text does not tell which";
        return Some((torn, "it is read as an object"));
    }
    singles.iter().any(may_be_item).then_some((
        "a list or a single value, and a list of one is written like its item",
        "what stands alone is read as the single value",
    ))
}

/// Whether a text may be an item as well as a single value. Listed texts are told from others by what they are.
fn may_be(single: &Shape, item: &Shape) -> bool {
    let is_text = matches!(item, Shape::String { .. });
    match single {
        Shape::String { .. } => true,
        Shape::Integer { .. } | Shape::Number { .. } => {
            is_text || matches!(item, Shape::Integer { .. } | Shape::Number { .. })
        }
        Shape::Boolean => is_text || *item == Shape::Boolean,
        _ => false,
    }
}
