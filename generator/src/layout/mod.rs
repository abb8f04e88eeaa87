//! Planned files → text that reads well and is what was planned. Knows no contract.
//!
//! Printing is checked, not trusted: the printed text parses to the planned items,
//! blank lines change no token, and printing the text again gives the same text.

mod blank;
mod long;
mod skeleton;

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::{Item, PlannedFile, doc};

/// Why a file could not be printed. Each of them is a fault of an emitter, never of a document;
/// it is told rather than written, because a document might be made to provoke it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// The tokens of an emitter are no Rust.
    #[error("the tokens do not parse: {0}")]
    Syntax(String),
    /// The text holds other items than planned.
    #[error("the text is not what was planned: {0}")]
    Skeleton(String),
    /// Blank lines changed the meaning.
    #[error("blank lines changed a token")]
    Tokens,
    /// Printing again gives another text.
    #[error("printing twice gives two texts")]
    Unstable,
}

/// The text of `file`, under a first line that says where it is from.
///
/// # Errors
/// When the text would not be what was planned.
pub fn render(file: &PlannedFile, banner: &str) -> Result<String, LayoutError> {
    let imports = file.imports.items();
    let items: Vec<&Item> = imports.iter().chain(&file.items).collect();
    let body = print(tokens(&file.doc, &items))?;
    skeleton::check(&body, items.iter().map(|item| &item.planned))?;
    if print(parse(&body)?)? != body {
        return Err(LayoutError::Unstable);
    }
    Ok(format!("// {banner}\n{body}"))
}

fn tokens(doc: &str, items: &[&Item]) -> TokenStream {
    let doc = doc::inner(doc);
    let items = items.iter().map(|item| &item.tokens);
    quote! { #doc #(#items)* }
}

fn print(tokens: TokenStream) -> Result<String, LayoutError> {
    let syntax = |error: syn::Error| LayoutError::Syntax(error.to_string());
    let file = syn::parse2(tokens).map_err(syntax)?;
    let plain = prettyplease::unparse(&file);
    let plain = prettyplease::unparse(&long::expect_long_functions(&plain).map_err(syntax)?);
    let spaced = blank::separate(&plain).map_err(syntax)?;
    if parse(&plain)?.to_string() != parse(&spaced)?.to_string() {
        return Err(LayoutError::Tokens);
    }
    Ok(spaced)
}

fn parse(text: &str) -> Result<TokenStream, LayoutError> {
    text.parse().map_err(|error: proc_macro2::LexError| LayoutError::Syntax(error.to_string()))
}
