//! Blank lines between items and between the members of blocks. Touches no line that is there.

use std::collections::BTreeSet;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::emit::path_rank;

/// `text`, in which `file` was read, with a blank line before every item that something stands before.
pub(super) fn separate(text: &str, file: &syn::File) -> String {
    let mut starts = Starts::default();
    starts.items(&file.items, !file.attrs.is_empty());
    starts.visit_file(file);
    let mut spaced = String::with_capacity(text.len() + starts.0.len());
    for (number, line) in (1..).zip(text.lines()) {
        if starts.0.contains(&number) {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
    }
    spaced
}

/// Lines that want a blank one before them, counted from 1.
#[derive(Default)]
struct Starts(BTreeSet<usize>);

impl Starts {
    fn items(&mut self, items: &[syn::Item], after_attributes: bool) {
        if let Some(first) = items.first().filter(|_| after_attributes) {
            self.before(first);
        }
        for (before, item) in items.iter().zip(items.iter().skip(1)) {
            if !stand_together(before, item) {
                self.before(item);
            }
        }
    }

    fn before(&mut self, item: &impl Spanned) {
        self.0.insert(item.span().start().line);
    }
}

impl<'ast> Visit<'ast> for Starts {
    fn visit_item_impl(&mut self, block: &'ast syn::ItemImpl) {
        block.items.iter().skip(1).for_each(|item| self.before(item));
        visit::visit_item_impl(self, block);
    }

    fn visit_item_trait(&mut self, block: &'ast syn::ItemTrait) {
        block.items.iter().skip(1).for_each(|item| self.before(item));
        visit::visit_item_trait(self, block);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if let Some((_, items)) = &module.content {
            self.items(items, false);
        }
        visit::visit_item_mod(self, module);
    }
}

/// Imports of one group, and modules without a doc comment, stand without a line between.
fn stand_together(before: &syn::Item, item: &syn::Item) -> bool {
    match (before, item) {
        (syn::Item::Use(before), syn::Item::Use(item)) => {
            use_rank(before) == use_rank(item) && is_public(before) == is_public(item)
        }
        (syn::Item::Mod(_), syn::Item::Mod(item)) => item.attrs.is_empty(),
        _ => false,
    }
}

fn use_rank(item: &syn::ItemUse) -> Option<u8> {
    match &item.tree {
        syn::UseTree::Path(path) => Some(path_rank(&path.ident.to_string())),
        _ => None,
    }
}

fn is_public(item: &syn::ItemUse) -> bool {
    matches!(item.vis, syn::Visibility::Public(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stand_apart() {
        let text = "//! A.\nuse std::fmt;\nuse serde::Serialize;\nmod a;\nmod b;\n/// S.\nstruct S;\nimpl S {\n    fn a() {}\n    /// B.\n    fn b() {}\n}\n";
        let expected = "//! A.\n\nuse std::fmt;\n\nuse serde::Serialize;\n\nmod a;\nmod b;\n\n/// S.\nstruct S;\n\nimpl S {\n    fn a() {}\n\n    /// B.\n    fn b() {}\n}\n";
        assert_eq!(separate(text, &syn::parse_file(text).unwrap()), expected);
    }
}
