//! The items of a printed text against the planned ones: nothing that a document says becomes an item.

use quote::ToTokens;

use super::LayoutError;
use crate::emit::{ItemKind, Planned};

/// Checks that `file` holds exactly the planned items, in order.
pub(super) fn check<'p>(
    file: &syn::File,
    planned: impl Iterator<Item = &'p Planned>,
) -> Result<(), LayoutError> {
    let found: Vec<Option<Planned>> = file.items.iter().map(describe).collect();
    let planned: Vec<Option<Planned>> = planned.cloned().map(Some).collect();
    if found == planned {
        return Ok(());
    }
    let differs = found.iter().zip(&planned).find(|(found, planned)| found != planned);
    let text = |item: Option<&Option<Planned>>| match item {
        Some(Some(item)) => item.to_string(),
        Some(None) => "an item of another kind".to_owned(),
        None => "nothing".to_owned(),
    };
    let shorter = found.len().min(planned.len());
    let (found, planned) = match differs {
        Some((found, planned)) => (Some(found), Some(planned)),
        None => (found.get(shorter), planned.get(shorter)),
    };
    Err(LayoutError::Skeleton(format!("{} instead of {}", text(found), text(planned))))
}

fn describe(item: &syn::Item) -> Option<Planned> {
    let (kind, name) = match item {
        syn::Item::Const(item) => (ItemKind::Constant, item.ident.to_string()),
        syn::Item::Enum(item) => (ItemKind::Enum, item.ident.to_string()),
        syn::Item::Fn(item) => (ItemKind::Function, item.sig.ident.to_string()),
        syn::Item::Impl(item) => (ItemKind::Impl, describe_block(item)),
        syn::Item::Mod(item) => (ItemKind::Module, item.ident.to_string()),
        syn::Item::Static(item) => (ItemKind::Static, item.ident.to_string()),
        syn::Item::Struct(item) => (ItemKind::Struct, item.ident.to_string()),
        syn::Item::Trait(item) => (ItemKind::Trait, item.ident.to_string()),
        syn::Item::Type(item) => (ItemKind::Type, item.ident.to_string()),
        syn::Item::Use(item) => (ItemKind::Use, describe_use(&item.tree)),
        _ => return None,
    };
    Some(Planned { kind, name })
}

fn describe_block(item: &syn::ItemImpl) -> String {
    let own = match &*item.self_ty {
        syn::Type::Path(path) => last_segment(&path.path),
        other => other.to_token_stream().to_string(),
    };
    match &item.trait_ {
        Some((path, _)) => format!("{} for {own}", last_segment(path)),
        None => own,
    }
}

fn last_segment(path: &syn::Path) -> String {
    path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

fn describe_use(tree: &syn::UseTree) -> String {
    match tree {
        syn::UseTree::Path(path) => match &*path.tree {
            inner @ syn::UseTree::Path(_) => format!("{}::{}", path.ident, describe_use(inner)),
            _ => path.ident.to_string(),
        },
        _ => String::new(),
    }
}
