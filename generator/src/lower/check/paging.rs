//! What `x-pagination` and `x-equivalent` name: parameters, lists, members of items.

use crate::contract::{
    Equivalent, Filter, Operation, Paging, Place, Pointer, SchemaId, Schemas, Sort,
};
use crate::lower::context::Lowering;

use super::seek::{self, Found};
use super::{Scene, document_of};

/// The items of all lists of a page.
enum Items {
    /// They are values of these schemas.
    Of(Vec<SchemaId>),
    /// Of at least one list nothing is said.
    Anything,
}

impl Lowering<'_, '_> {
    /// The declaration without what it names in vain; `None` where the list could not be walked without that.
    pub(super) fn checked_paging(
        &mut self,
        scene: &Scene<'_>,
        own: &Operation,
        mut paging: Paging,
    ) -> Option<Paging> {
        let place = paging.place.clone();
        let named = [
            ("limit", paging.limit.clone()),
            ("offset", paging.offset.clone()),
            ("cursor", paging.cursor.clone()),
            ("page", paging.page.clone()),
            ("not-when", paging.not_when.as_ref().map(|(name, _)| name.clone())),
        ];
        let mut usable = true;
        for (key, name) in named {
            usable &= name.is_none_or(|name| self.has_parameter(own, &name, &place, &[key]));
        }
        let body = self.page_schema(own, &place)?;
        let items = self.items_of_page(scene.schemas, body, &paging.items, &place)?;
        for (key, member) in [
            ("total", &mut paging.total),
            ("next", &mut paging.next),
            ("more", &mut paging.more),
            ("remaining", &mut paging.remaining),
        ] {
            let kept = member.take();
            *member = kept.filter(|pointer| {
                self.leads_somewhere(scene.schemas, &[body], pointer, &place, &[key])
            });
        }
        paging.sort =
            paging.sort.take().and_then(|sort| self.checked_sort(scene, own, sort, &items, &place));
        let filters = std::mem::take(&mut paging.filters);
        paging.filters = self.checked_filters(scene, own, filters, &items, &place);
        let after = paging.after.take();
        paging.after = after
            .filter(|pointer| self.is_member(scene.schemas, pointer, &items, &place, &["after"]));
        let identity = std::mem::take(&mut paging.identity);
        paging.identity = self.members(scene.schemas, identity, &items, &place, "identity");
        usable.then_some(paging)
    }

    fn page_schema(&mut self, own: &Operation, place: &Place) -> Option<SchemaId> {
        let schema = own.responses.get(200).and_then(|(_, response)| document_of(response));
        if schema.is_none() {
            self.error(
                "no-list",
                place,
                "the response 200 has no schema of a JSON body to find a list in",
                "describe the body of the response 200",
            );
        }
        schema
    }

    fn items_of_page(
        &mut self,
        schemas: &Schemas,
        body: SchemaId,
        lists: &[Pointer],
        place: &Place,
    ) -> Option<Items> {
        let mut all = Vec::new();
        let mut is_open = false;
        for (index, pointer) in lists.iter().enumerate() {
            let items = match seek::seek(schemas, &[body], pointer) {
                Found::Anything => {
                    is_open = true;
                    continue;
                }
                Found::At(ids) => seek::items(schemas, &ids),
                Found::Nowhere => Vec::new(),
            };
            if items.is_empty() {
                self.error(
                    "not-a-list",
                    &self.below(place, &["items", &index.to_string()]),
                    format_args!("the schema describes no list at `{pointer}`"),
                    "name a member that is an array",
                );
                return None;
            }
            all.extend(items);
        }
        Some(if is_open { Items::Anything } else { Items::Of(all) })
    }

    fn checked_sort(
        &mut self,
        scene: &Scene<'_>,
        own: &Operation,
        mut sort: Sort,
        items: &Items,
        place: &Place,
    ) -> Option<Sort> {
        let place = self.below(place, &["sort"]);
        let named = self.has_parameter(own, &sort.parameter, &place, &["param"]);
        let reversed = sort.reversed.take();
        sort.reversed =
            reversed.filter(|name| self.has_parameter(own, name, &place, &["reversed"]));
        let field = sort.field.take();
        sort.field =
            field.filter(|field| self.is_member(scene.schemas, field, items, &place, &["field"]));
        named.then_some(sort)
    }

    fn checked_filters(
        &mut self,
        scene: &Scene<'_>,
        own: &Operation,
        filters: Vec<Filter>,
        items: &Items,
        place: &Place,
    ) -> Vec<Filter> {
        let mut kept = Vec::new();
        for (index, filter) in filters.into_iter().enumerate() {
            let place = self.below(place, &["filters", &index.to_string()]);
            let named = self.has_parameter(own, &filter.parameter, &place, &["param"]);
            let field = filter.field.as_ref();
            let is_there = field.is_none_or(|field| {
                self.is_member(scene.schemas, field, items, &place, &["field"])
            });
            if named && is_there {
                kept.push(filter);
            }
        }
        kept
    }

    fn members(
        &mut self,
        schemas: &Schemas,
        mut pointers: Vec<Pointer>,
        items: &Items,
        place: &Place,
        key: &str,
    ) -> Vec<Pointer> {
        let mut index = 0..;
        pointers.retain(|pointer| {
            let index = index.next().unwrap_or_default().to_string();
            self.is_member(schemas, pointer, items, place, &[key, &index])
        });
        pointers
    }

    /// Whether some item has that member.
    fn is_member(
        &mut self,
        schemas: &Schemas,
        pointer: &Pointer,
        items: &Items,
        place: &Place,
        keys: &[&str],
    ) -> bool {
        match items {
            Items::Anything => true,
            Items::Of(ids) => self.leads_somewhere(schemas, ids, pointer, place, keys),
        }
    }

    /// Whether the other operation and the members named by `x-equivalent` are there.
    pub(super) fn is_equivalent(
        &mut self,
        scene: &Scene<'_>,
        own: &Operation,
        claim: &Equivalent,
    ) -> bool {
        let Some(other) = scene.operation(&claim.operation) else {
            self.error(
                "unknown-operation",
                &self.below(&claim.place, &["operation"]),
                format_args!("there is no usable operation `{}`", claim.operation),
                "name the operationId of another operation",
            );
            return false;
        };
        let Some(body) = self.page_schema(other, &claim.place) else { return false };
        let items = [claim.items.clone()];
        let listed = self.items_of_page(scene.schemas, body, &items, &claim.place).is_some();
        let own_items = super::frames::items_of_streams(own);
        let each = own_items.is_empty()
            || self.leads_somewhere(
                scene.schemas,
                &own_items,
                &claim.each,
                &claim.place,
                &["each"],
            );
        listed && each
    }
}
