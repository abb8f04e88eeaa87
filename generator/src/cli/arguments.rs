//! The arguments.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// What is asked of codegen.
#[derive(Clone, Debug, Default, Args)]
pub struct Arguments {
    /// A document. May be repeated: the crate then has a module and a feature for each, named after its file, or after
    /// its folder where the file is called openapi, swagger or the like.
    #[arg(long = "spec", value_name = "FILE", requires = "out")]
    pub specs: Vec<PathBuf>,
    /// The folder of the crate to write.
    #[arg(long, value_name = "DIR", requires = "specs")]
    pub out: Option<PathBuf>,
    /// An overlay to lay over the document, in the OpenAPI Overlay 1.0 format. May be repeated; applied in order. With
    /// one document alone.
    #[arg(long = "overlay", value_name = "FILE", requires = "specs")]
    pub overlays: Vec<PathBuf>,
    /// The name of the package; by default the folder's.
    #[arg(long, value_name = "NAME", requires = "specs")]
    pub name: Option<String>,
    /// Write nothing; list what is stale, missing and stray, with a diff and a summary of what changed for callers of
    /// the API. Exit code 1 if anything is.
    #[arg(long)]
    pub check: bool,
    /// A part alone: the models, all of them; or the server, with the models that its operations reach.
    #[arg(long, value_name = "PART", requires = "specs")]
    pub only: Option<Only>,
    /// Give the crate a feature for each tag, by which operations and what they lead to can be left out when it is
    /// compiled; all are on by default. An operation belongs to its first tag.
    #[arg(long, requires = "specs")]
    pub tag_features: bool,
    /// Only operations with this tag, and what they reach. May be repeated.
    #[arg(long = "include-tag", value_name = "TAG", requires = "specs")]
    pub include_tags: Vec<String>,
    /// No operation with this tag. May be repeated.
    #[arg(long = "exclude-tag", value_name = "TAG", requires = "specs")]
    pub exclude_tags: Vec<String>,
    /// Only this operation, by its id or as in 'GET /things/{id}', beside those of included tags. May be repeated.
    #[arg(long = "include-operation", value_name = "ID", requires = "specs")]
    pub include_operations: Vec<String>,
    /// Not this operation. May be repeated.
    #[arg(long = "exclude-operation", value_name = "ID", requires = "specs")]
    pub exclude_operations: Vec<String>,
    /// Write what became of each operation and why, as JSON.
    #[arg(long, value_name = "FILE", requires = "specs")]
    pub report: Option<PathBuf>,
    /// Warnings that are expected, by their codes, with commas between: they are not printed. A code that no warning
    /// has is told.
    #[arg(long = "allow", value_name = "CODE", value_delimiter = ',', requires = "specs")]
    pub allowed: Vec<String>,
    /// Take a warning that is not allowed, and an allowed code that no warning has, for an error.
    #[arg(long, requires = "specs")]
    pub strict: bool,
}

/// A part of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Only {
    /// Models of every schema.
    Models,
    /// The server, and the models that it needs.
    Server,
}
