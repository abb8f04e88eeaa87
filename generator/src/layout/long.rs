//! Functions that are long because the document lists much. They do one thing a line and say so
//! to the linter; whether one is long is found by the rule of `clippy::too_many_lines`.

use proc_macro2::Span;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};

/// The threshold in `clippy.toml`, in lines of code.
const LONGEST: usize = 60;

/// Puts the expectation on every function of `file` that is longer in the `text` it was read in, and tells whether
/// there is one.
pub(super) fn expect_long_functions(text: &str, file: &mut syn::File) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= LONGEST {
        return false;
    }
    let mut expectations = Expectations { lines, added: false };
    expectations.visit_file_mut(file);
    expectations.added
}

struct Expectations<'t> {
    lines: Vec<&'t str>,
    added: bool,
}

impl Expectations<'_> {
    fn add(&mut self, attributes: &mut Vec<syn::Attribute>, block: &syn::Block) {
        let known = attributes.iter().any(|attribute| {
            attribute.path().is_ident("expect")
                && attribute.meta.to_token_stream().to_string().contains("too_many_lines")
        });
        if !known
            && self.length(block.brace_token.span.open(), block.brace_token.span.close()) > LONGEST
        {
            self.added = true;
            attributes.push(syn::parse_quote! {
                #[expect(clippy::too_many_lines, reason = "one step for each thing that the document lists")]
            });
        }
    }

    /// Lines of code between the braces: neither blank nor a comment.
    fn length(&self, open: Span, close: Span) -> usize {
        let (first, last) = (open.start().line, close.start().line);
        let inside = self.lines.iter().take(last.saturating_sub(1)).skip(first);
        inside
            .map(|line| line.trim())
            .filter(|line| !line.is_empty() && !line.starts_with("//"))
            .count()
    }
}

impl VisitMut for Expectations<'_> {
    fn visit_item_fn_mut(&mut self, function: &mut syn::ItemFn) {
        self.add(&mut function.attrs, &function.block);
        visit_mut::visit_item_fn_mut(self, function);
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        self.add(&mut function.attrs, &function.block);
        visit_mut::visit_impl_item_fn_mut(self, function);
    }

    fn visit_trait_item_fn_mut(&mut self, function: &mut syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&mut function.attrs, block);
        }
        visit_mut::visit_trait_item_fn_mut(self, function);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_function_says_so() {
        let function =
            |lines: usize| format!("fn f() {{\n{}}}\n", "    g();\n\n    // h\n".repeat(lines));
        let says_so = |lines| {
            let text = function(lines);
            let mut file = syn::parse_file(&text).unwrap();
            let added = expect_long_functions(&text, &mut file);
            assert_eq!(added, prettyplease::unparse(&file).contains("too_many_lines"));
            added
        };
        assert!(!says_so(60));
        assert!(says_so(61));
    }
}
