//! What `x-watch` names: parameters.

use crate::contract::{Operation, Watch};
use crate::lower::context::Lowering;

impl Lowering<'_, '_> {
    /// The declaration without what it names in vain.
    pub(super) fn checked_watch(&mut self, own: &Operation, mut watch: Watch) -> Watch {
        let place = watch.place.clone();
        for (key, parameter) in [
            ("resume", &mut watch.resume),
            ("timeout", &mut watch.timeout),
            ("bookmarks", &mut watch.bookmarks),
        ] {
            let name = parameter.take();
            *parameter = name.filter(|name| self.has_parameter(own, name, &place, &[key]));
        }
        watch
    }
}
