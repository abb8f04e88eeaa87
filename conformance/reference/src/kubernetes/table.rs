//! Which status is which answer, and which body holds what.

crate::machinery::tables! { kubernetes }
