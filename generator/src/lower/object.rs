//! Members of objects: what several definitions say of one member, and of those that none of them names.

use std::collections::BTreeSet;

use crate::contract::{Additional, Property, Shape};
use crate::resolve::Cursor;

use super::context::Lowering;
use super::draft::{Draft, Others};

/// What the definitions together say of one member.
enum Member<'d> {
    /// It satisfies all of these.
    Of(Vec<Cursor<'d>>),
    /// One of them has no place for it.
    Refused(Cursor<'d>),
}

impl<'d> Lowering<'d, '_> {
    /// The shape of objects of that draft.
    pub(super) fn object(&mut self, draft: &Draft<'d>) -> Shape {
        let mut properties = Vec::new();
        for (name, first) in names(draft) {
            let is_required = draft.required.contains_key(name);
            match member(draft, name) {
                Member::Of(cursors) => {
                    properties.push(self.property(name, is_required, &first, &cursors));
                }
                Member::Refused(at) if is_required => {
                    let message =
                        format!("`{name}` is required, and refused by `additionalProperties`");
                    self.contradiction(&at.place(), &message);
                    return Shape::Never;
                }
                Member::Refused(at) => self.warning(
                    "impossible-property",
                    &at.place(),
                    format_args!(
                        "`{name}` is refused by the `additionalProperties` of another part"
                    ),
                    "state `additionalProperties` only beside all properties",
                ),
            }
        }
        Shape::Object { properties, additional: self.additional(draft), size: draft.size }
    }

    fn property(
        &mut self,
        name: &str,
        required: bool,
        first: &Cursor<'d>,
        cursors: &[Cursor<'d>],
    ) -> Property {
        let place = first.place();
        if cursors.is_empty() {
            let schema = self.anything(&place);
            let name = name.to_owned();
            return Property {
                name,
                required,
                schema,
                description: None,
                default: None,
                unsupported: false,
                merge: None,
                place,
            };
        }
        let used = self.conjunction(cursors);
        Property {
            name: name.to_owned(),
            required,
            schema: used.id,
            description: used.description,
            default: used.default,
            unsupported: used.unsupported,
            merge: self.merge(first),
            place,
        }
    }

    fn additional(&mut self, draft: &Draft<'d>) -> Additional {
        let others = || draft.objects.iter().map(|part| &part.others);
        if draft.closed || others().any(|others| matches!(others, Others::Refused)) {
            return Additional::Refused;
        }
        let schemas: Vec<_> = others()
            .filter_map(|others| match others {
                Others::Of(cursor) => Some(cursor.clone()),
                _ => None,
            })
            .collect();
        if !schemas.is_empty() {
            return Additional::Of(self.conjunction(&schemas).id);
        }
        if others().any(|others| matches!(others, Others::Any)) {
            return Additional::Any;
        }
        Additional::Unsaid
    }
}

/// Every member that is named, where it is first: declared ones, then those that are only required.
fn names<'d>(draft: &Draft<'d>) -> Vec<(&'d str, Cursor<'d>)> {
    let mut names = Vec::new();
    let mut seen = BTreeSet::new();
    let declared = draft.objects.iter().filter_map(|part| part.properties.as_ref());
    let declared = declared.flat_map(Cursor::entries);
    let required = draft.required.iter().map(|(name, cursor)| (*name, cursor.clone()));
    for (name, cursor) in declared.chain(required) {
        if seen.insert(name) {
            names.push((name, cursor));
        }
    }
    names
}

fn member<'d>(draft: &Draft<'d>, name: &str) -> Member<'d> {
    let mut cursors = Vec::new();
    for part in &draft.objects {
        let declared = part.properties.as_ref().and_then(|properties| properties.get(name));
        match (declared, &part.others) {
            (Some(cursor), _) => cursors.push(cursor),
            (None, Others::Of(cursor)) => cursors.push(cursor.clone()),
            (None, Others::Refused) => return Member::Refused(part.cursor.clone()),
            (None, Others::Any | Others::Unsaid) => {}
        }
    }
    Member::Of(cursors)
}
