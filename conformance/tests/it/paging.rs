//! The chapter `paging`: every rule on walks made by hand, and whole runs against servers with one fault each.

mod judge;
mod parcels;
mod run;
mod server;
