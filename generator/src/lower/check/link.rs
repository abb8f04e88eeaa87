//! What links name: parameters of the operation they lead to, and where the values come from.

use crate::contract::{Link, LinkValue, Location, Operation, Place, Response};
use crate::lower::context::Lowering;

use super::seek::{self, Found};
use super::{Scene, document_of};

impl Lowering<'_, '_> {
    /// Takes out of a link what names nothing.
    pub(super) fn check_link(
        &mut self,
        scene: &Scene<'_>,
        own: &Operation,
        response: &Response,
        link: &mut Link,
    ) {
        let Some(target) = scene.operation(&link.operation) else { return };
        let place = self.below(&link.place, &["parameters"]);
        link.parameters.retain(|name, value| {
            self.is_target_parameter(target, name, &place)
                && self.is_source(scene, own, response, value, &place, name)
        });
        let place = link.place.clone();
        let body = link.body.take();
        link.body =
            body.filter(|value| self.is_source(scene, own, response, value, &place, "requestBody"));
    }

    /// Whether the operation has a parameter of that name, which may be qualified as in `path.id`.
    fn is_target_parameter(&mut self, target: &Operation, name: &str, place: &Place) -> bool {
        let qualified = name.split_once('.').and_then(|(location, rest)| {
            let location = match location {
                "path" => Location::Path,
                "query" => Location::Query,
                "header" => Location::Header,
                "cookie" => Location::Cookie,
                _ => return None,
            };
            Some((location, rest))
        });
        let found = target.parameters.iter().any(|parameter| {
            parameter.name == name || qualified == Some((parameter.location, &parameter.name))
        });
        if !found {
            self.error(
                "unknown-parameter",
                &self.below(place, &[name]),
                format_args!("`{}` has no parameter `{name}`", target.id),
                "name a parameter of the operation that the link leads to",
            );
        }
        found
    }

    fn is_source(
        &mut self,
        scene: &Scene<'_>,
        own: &Operation,
        response: &Response,
        value: &LinkValue,
        place: &Place,
        key: &str,
    ) -> bool {
        let own_parameter = |location, name: &str| {
            own.parameters.iter().any(|known| known.location == location && known.name == name)
        };
        let found = match value {
            LinkValue::Constant(_) => true,
            LinkValue::ResponseBody(pointer) => {
                let Some(schema) = document_of(response) else { return true };
                seek::seek(scene.schemas, &[schema], pointer) != Found::Nowhere
            }
            LinkValue::RequestBody(pointer) => {
                let content = own.body.iter().flat_map(|body| &body.content);
                let schemas: Vec<_> = content.filter_map(|content| content.schema).collect();
                seek::seek(scene.schemas, &schemas, pointer) != Found::Nowhere
            }
            LinkValue::ResponseHeader(name) => {
                response.headers.iter().any(|header| header.name.eq_ignore_ascii_case(name))
            }
            LinkValue::RequestPath(name) => own_parameter(Location::Path, name),
            LinkValue::RequestQuery(name) => own_parameter(Location::Query, name),
            LinkValue::RequestHeader(name) => own.parameters.iter().any(|known| {
                known.location == Location::Header && known.name.eq_ignore_ascii_case(name)
            }),
        };
        if !found {
            self.warning(
                "unknown-source",
                &self.below(place, &[key]),
                "the expression names something that this operation does not describe",
                "name a parameter of the request, or something that the response describes",
            );
        }
        found
    }
}
