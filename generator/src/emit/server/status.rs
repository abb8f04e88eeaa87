//! Statuses that the document leaves open → types that cannot hold the others.

use proc_macro2::Literal;
use quote::quote;

use super::stub::Stub;
use crate::contract::{Response, StatusKey};
use crate::emit::{Item, ItemKind, doc};
use crate::name::{Name, status_name};

/// A type for the statuses that a variant leaves open.
pub(super) struct StatusType {
    /// What it is called.
    pub(super) name: Name,
    about: String,
    /// Statuses with an answer of their own, or that the answer cannot have.
    taken: Vec<u16>,
    /// Classes with an answer of their own.
    classes: Vec<u8>,
    first: u16,
    last: u16,
}

/// The type for an entry that is about more than one status.
pub(super) fn status_type(
    stub: &Stub<'_>,
    status: StatusKey,
    response: &Response,
) -> Option<StatusType> {
    let documented = stub.operation.responses.0.keys();
    let mut taken: Vec<u16> = documented
        .clone()
        .filter_map(|key| if let StatusKey::Code(code) = key { Some(*code) } else { None })
        .collect();
    if !response.content.is_empty() {
        taken.extend([204, 205, 304]);
    }
    let (first, last, classes, about) = match status {
        StatusKey::Code(_) => return None,
        StatusKey::Range(class) => {
            let first = u16::from(class) * 100;
            (first, first + 99, Vec::new(), format!("A status of class {class}XX"))
        }
        StatusKey::Default => {
            let classes = documented.filter_map(|key| {
                if let StatusKey::Range(class) = key { Some(*class) } else { None }
            });
            (200, 599, classes.collect(), "A status".to_owned())
        }
    };
    taken.retain(|code| {
        (first..=last).contains(code) && !classes.iter().any(|it| u16::from(*it) == code / 100)
    });
    taken.sort_unstable();
    taken.dedup();
    let name = stub.named(&format!("{} status", status_name(status)));
    Some(StatusType { name, about, taken, classes, first, last })
}

impl StatusType {
    /// The type and its constructor.
    pub(super) fn items(&self) -> Vec<Item> {
        let name = &self.name;
        let outer = doc::outer(&format!("{} that has no answer of its own.", self.about));
        let declaration = quote! {
            #outer
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            pub struct #name(u16);
        };
        let (first, last) =
            (Literal::u16_unsuffixed(self.first), Literal::u16_unsuffixed(self.last));
        let codes = self.taken.iter().map(|code| Literal::u16_unsuffixed(*code));
        let classes = self.classes.iter().map(|class| {
            let first = u16::from(*class) * 100;
            let (first, last) =
                (Literal::u16_unsuffixed(first), Literal::u16_unsuffixed(first + 99));
            quote! { || (#first..=#last).contains(&status) }
        });
        let is_own = quote! { [#(#codes),*].contains(&status) #(#classes)* };
        let block = quote! {
            impl #name {
                /// That status; `None` where it has an answer of its own, or can have none.
                #[must_use]
                pub fn new(status: u16) -> Option<Self> {
                    let is_own = #is_own;
                    ((#first..=#last).contains(&status) && !is_own).then_some(Self(status))
                }

                /// The number.
                #[must_use]
                pub fn get(self) -> u16 {
                    self.0
                }
            }
        };
        vec![Item::new(ItemKind::Struct, name, declaration), Item::block(name, block)]
    }
}
