//! Features: what of the output is compiled when.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

/// The feature of everything that listens or reads and writes streams.
pub const SERVER: &str = "server";

/// The features of which one must be on; with none of them there is no gate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate(BTreeSet<String>);

impl Gate {
    /// A gate that each of these opens.
    #[must_use]
    pub fn of(features: impl IntoIterator<Item = String>) -> Self {
        Self(features.into_iter().collect())
    }

    /// The attribute of an item behind the gate.
    #[must_use]
    pub(super) fn attribute(&self) -> TokenStream {
        let features: Vec<&String> = self.0.iter().collect();
        match features.as_slice() {
            [] => quote! {},
            [only] => quote! { #[cfg(feature = #only)] },
            several => quote! { #[cfg(any(#(feature = #several),*))] },
        }
    }
}
