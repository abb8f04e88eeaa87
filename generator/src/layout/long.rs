//! Functions that are long because the document lists much. They do one thing a line and say so
//! to the linter; whether one is long is found by the rule of `clippy::too_many_lines`.

use proc_macro2::Span;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};

/// The threshold in `clippy.toml`, in lines of code.
const LONGEST: usize = 60;

/// `text`, parsed, with the expectation on every function that is longer; `None` when none is.
pub(super) fn expect_long_functions(text: &str) -> syn::Result<Option<syn::File>> {
    let lines: Vec<&str> = text.lines().collect();
    if lines.len() <= LONGEST {
        return Ok(None);
    }
    let mut file = syn::parse_file(text)?;
    let mut expectations = Expectations { lines, added: false };
    expectations.visit_file_mut(&mut file);
    Ok(expectations.added.then_some(file))
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
            let file = expect_long_functions(&function(lines)).unwrap();
            file.is_some_and(|file| prettyplease::unparse(&file).contains("too_many_lines"))
        };
        assert!(!says_so(60));
        assert!(says_so(61));
    }
}
