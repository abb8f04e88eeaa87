//! Rules on walks made by hand: of each, one that keeps it and one that breaks it.

mod answers;
mod filters;
mod hand;
mod walks;
