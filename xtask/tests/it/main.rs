//! What must hold of the workspace as a whole.

// So that the linter counts the helpers as tests.
#![cfg(test)]

// Which crate may depend on which.
mod arrows;
// Code written for copies of the specs.
mod codegen;
// Manifests inherit what the workspace says.
mod manifests;
// No name of an API in the tool.
mod names;
// The order of the rooms of a crate.
mod rooms;
// Specs against the documents beside them.
mod specs;
// Files, functions and attributes.
mod style;
// Walking the tree.
mod tree;
