//! `oneOf` and `anyOf`: variants, `null` folded out of them, and the member that tells them apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openapiv3::Discriminator as Spelled;

use crate::contract::{Discriminator, Place, Pointer, SchemaId, Shape, Union, UnionKind};
use crate::document::{Scalar, Value};
use crate::resolve::Cursor;

use super::context::Lowering;
use super::draft::{Choice, Draft, Kind};
use super::schema::{Origin, component_name};

/// No more choices of one variant are folded into one another.
const MOST_FOLDS: usize = 16;

impl<'d> Lowering<'d, '_> {
    /// Another schema under a further name: a union of one.
    pub(super) fn alias(&mut self, inner: &Cursor<'d>) -> Shape {
        let variants = vec![self.schema_id(inner)];
        Shape::Union(Union { kind: UnionKind::AnyOf, variants, discriminator: None })
    }

    /// The shape of a choice, everything else in the draft counting for each variant, and whether one of the
    /// variants was `null` alone. `None` when the choice is no choice.
    pub(super) fn choice(
        &mut self,
        draft: &Draft<'d>,
        choice: &Choice<'d>,
    ) -> Option<(Shape, bool)> {
        let mut variants = Vec::new();
        let mut takes_null = false;
        for variant in &choice.variants {
            let target = self.follow_schema(variant).unwrap_or_else(|| variant.clone());
            let key = (Arc::clone(target.source()), target.pointer().clone());
            if draft.met.contains_key(&key) {
                self.error(
                    "union-cycle",
                    &variant.place(),
                    "the variant contains the choice that it is a variant of",
                    "take the choice out of what the variants share",
                );
                return None;
            }
            if is_null_alone(&target) {
                takes_null = true;
            } else {
                variants.push((variant, target));
            }
        }
        Some((self.variants(draft, choice, &variants), takes_null))
    }

    fn variants(
        &mut self,
        draft: &Draft<'d>,
        choice: &Choice<'d>,
        variants: &[(&Cursor<'d>, Cursor<'d>)],
    ) -> Shape {
        let base = base_of(draft, choice);
        let is_plain = draft.choices.len() == 1 && draft.kinds.is_none() && says_nothing(draft);
        if let [(variant, target)] = variants
            && variant.get("$ref").is_none()
            && self.folds < MOST_FOLDS
        {
            return self.folded(base, target, &choice.place);
        }
        if !self.spend(base.len().saturating_mul(variants.len()), &choice.place) {
            return Shape::Any;
        }
        // Values of the choice must fit more than the definition that it is written in.
        let is_product = draft.choices.len() > 1 || draft.parts.len() > 1;
        let mut ids = Vec::new();
        for (variant, target) in variants {
            let is_implied = draft.choices.len() == 1
                && says_nothing(draft)
                && is_of_kind(target, draft.kinds.as_deref());
            let id = if is_plain || is_implied {
                self.schema_id(variant)
            } else {
                let mut origins = base.clone();
                origins.push(Origin::whole(target.clone()));
                let id = self.intern(origins);
                if is_product {
                    self.combined.insert(id);
                }
                id
            };
            ids.push((target.clone(), id));
        }
        if ids.is_empty() {
            return Shape::Never;
        }
        let discriminator = self.discriminator(choice, &ids);
        let mut variants: Vec<_> = ids.into_iter().map(|(_, id)| id).collect();
        if choice.kind == UnionKind::AnyOf {
            let mut seen = BTreeSet::new();
            variants.retain(|id| seen.insert(*id));
        }
        Shape::Union(Union { kind: choice.kind, variants, discriminator })
    }

    /// The only variant that is left, in place of the choice.
    fn folded(&mut self, base: Vec<Origin<'d>>, target: &Cursor<'d>, place: &Place) -> Shape {
        let mut origins = base;
        origins.push(Origin::whole(target.clone()));
        let merged = self.gather(&origins);
        self.folds += 1;
        let (shape, _) = self.shape(&merged, place);
        self.folds -= 1;
        shape
    }

    fn discriminator(
        &mut self,
        choice: &Choice<'d>,
        variants: &[(Cursor<'d>, SchemaId)],
    ) -> Option<Discriminator> {
        let cursor = choice.discriminator.as_ref()?;
        let spelled: Spelled = self.piece(cursor, "a discriminator", &[])?;
        let known = Variants::new(variants);
        let mut mapping = Vec::new();
        for (value, target) in &spelled.mapping {
            let place = cursor.get("mapping").and_then(|map| map.get(value));
            let place = place.unwrap_or_else(|| cursor.clone());
            match self.mapped(&place, target, &known) {
                Some(id) => mapping.push((value.clone(), id)),
                None => self.error(
                    "unknown-variant",
                    &place.place(),
                    format_args!("`{target}` is not a variant of this union"),
                    "name a schema that is listed in the union",
                ),
            }
        }
        let mapped: BTreeSet<_> = mapping.iter().map(|(_, id)| *id).collect();
        for (target, id) in variants.iter().filter(|(_, id)| !mapped.contains(id)) {
            match component_name(target) {
                Some(name) => mapping.push((name, *id)),
                None => self.warning(
                    "unnamed-variant",
                    &target.place(),
                    "no value of the discriminator leads to this variant",
                    "move the variant to `components/schemas`",
                ),
            }
        }
        Some(Discriminator { property: spelled.property_name, mapping })
    }

    /// The variant that a value of a mapping means: the name of a component, or a reference.
    fn mapped(&mut self, place: &Cursor<'d>, target: &str, known: &Variants) -> Option<SchemaId> {
        let is_name = !target.contains(['/', '#']);
        if let Some(id) = known.by_name.get(target).filter(|_| is_name) {
            return Some(*id);
        }
        let found = self.resolver.find(place, target)?;
        let found = self.follow_schema(&found)?;
        let key = (Arc::clone(found.source()), found.pointer().clone());
        known.by_place.get(&key).copied()
    }
}

/// The variants of a union by what may name them.
struct Variants {
    by_name: BTreeMap<String, SchemaId>,
    by_place: BTreeMap<(Arc<str>, Pointer), SchemaId>,
}

impl Variants {
    fn new(variants: &[(Cursor<'_>, SchemaId)]) -> Self {
        let named = variants.iter().filter_map(|(cursor, id)| Some((component_name(cursor)?, *id)));
        let placed = variants
            .iter()
            .map(|(cursor, id)| ((Arc::clone(cursor.source()), cursor.pointer().clone()), *id));
        Self { by_name: named.collect(), by_place: placed.collect() }
    }
}

/// Everything of the draft but that choice.
fn base_of<'d>(draft: &Draft<'d>, choice: &Choice<'d>) -> Vec<Origin<'d>> {
    let mut parts = draft.parts.clone();
    for part in &mut parts {
        let owner = (part.cursor.source(), part.cursor.pointer());
        if owner == (&choice.owner.0, &choice.owner.1) {
            match choice.kind {
                UnionKind::OneOf => part.without.one_of = true,
                UnionKind::AnyOf => part.without.any_of = true,
            }
        }
    }
    parts
}

/// Whether nothing but a type and choices is said.
fn says_nothing(draft: &Draft<'_>) -> bool {
    draft.has_only_kind()
}

/// Whether a definition states just one of those types.
fn is_of_kind(target: &Cursor<'_>, kinds: Option<&[Kind]>) -> bool {
    let stated = target.text("type").and_then(Kind::parse);
    stated.is_some_and(|stated| kinds.is_some_and(|kinds| kinds.contains(&stated)))
}

/// Whether `null` is the only value.
fn is_null_alone(target: &Cursor<'_>) -> bool {
    if target.text("type") == Some("null") {
        return true;
    }
    let is_null = |value: &Value| matches!(value, Value::Scalar(Scalar::Null));
    let listed = target.node().get("enum").and_then(|values| values.sequence());
    listed.is_some_and(|values| {
        !values.is_empty() && values.iter().all(|value| is_null(&value.value))
    })
}
