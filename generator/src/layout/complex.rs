//! Types that are deep because the document nests lists and maps. They say so to the linter;
//! whether one is too deep is found by the rule of `clippy::type_complexity`.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};

/// The threshold that clippy has by default.
const MOST: usize = 250;

/// Puts the expectation on every field and function with such a type.
pub(super) fn expect_complex_types(file: &mut syn::File) {
    Expectations.visit_file_mut(file);
}

struct Expectations;

impl Expectations {
    fn add<'t>(
        attributes: &mut Vec<syn::Attribute>,
        mut types: impl Iterator<Item = &'t syn::Type>,
    ) {
        if types.any(|each| MOST < score(each)) {
            attributes.push(syn::parse_quote! {
                #[expect(clippy::type_complexity, reason = "the document nests it so")]
            });
        }
    }
}

impl VisitMut for Expectations {
    fn visit_field_mut(&mut self, field: &mut syn::Field) {
        Self::add(&mut field.attrs, std::iter::once(&field.ty));
        visit_mut::visit_field_mut(self, field);
    }

    fn visit_item_impl_mut(&mut self, block: &mut syn::ItemImpl) {
        // What a trait demands is told where the trait is.
        if block.trait_.is_none() {
            visit_mut::visit_item_impl_mut(self, block);
        }
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        Self::add(&mut function.attrs, types(&function.sig));
    }

    fn visit_trait_item_fn_mut(&mut self, function: &mut syn::TraitItemFn) {
        Self::add(&mut function.attrs, types(&function.sig));
    }

    fn visit_item_fn_mut(&mut self, function: &mut syn::ItemFn) {
        Self::add(&mut function.attrs, types(&function.sig));
    }
}

fn types(signature: &syn::Signature) -> impl Iterator<Item = &syn::Type> {
    let inputs = signature.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => Some(&*typed.ty),
        syn::FnArg::Receiver(_) => None,
    });
    let output = match &signature.output {
        syn::ReturnType::Type(_, output) => Some(&**output),
        syn::ReturnType::Default => None,
    };
    inputs.chain(output)
}

fn score(of: &syn::Type) -> usize {
    let mut score = Score { sum: 0, nest: 1 };
    score.visit_type(of);
    score.sum
}

struct Score {
    sum: usize,
    nest: usize,
}

impl<'ast> Visit<'ast> for Score {
    fn visit_type(&mut self, part: &'ast syn::Type) {
        let (weight, deeper) = match part {
            syn::Type::Reference(_) | syn::Type::Ptr(_) => (1, 0),
            syn::Type::Path(_)
            | syn::Type::Slice(_)
            | syn::Type::Tuple(_)
            | syn::Type::Array(_) => (10, 1),
            syn::Type::FnPtr(_) => (50, 1),
            syn::Type::TraitObject(_) => (20, 0),
            _ => (0, 0),
        };
        self.sum += weight * self.nest;
        self.nest += deeper;
        visit::visit_type(self, part);
        self.nest -= deeper;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_complex_type_says_so() {
        let says_so = |of: &str| {
            let mut file = syn::parse_file(&format!("struct S {{ f: {of} }}")).unwrap();
            expect_complex_types(&mut file);
            prettyplease::unparse(&file).contains("type_complexity")
        };
        assert!(!says_so("Option<BTreeMap<String, BTreeMap<String, Vec<u8>>>>"));
        assert!(says_so("Option<BTreeMap<String, BTreeMap<String, BTreeMap<String, u8>>>>"));
    }
}
