//! The reference server: a stateful, honest implementation of the shipped APIs.
//!
//! ```text
//! pipe → tty → process → exec → cluster → machinery
//!          sample → huawei_hss, stackrox, pi, kubernetes, openshift → api → fault, tls → server
//! ```
//! A process runs inside the server over bounded pipes in memory, and nothing of the host (process, file, environment) is
//! ever touched. `fault` breaks one thing at a time around the honest server; no handler knows of it.

pub mod pipe;
pub mod tty;

pub mod process;

pub mod exec;

pub mod cluster;

mod sample;

mod machinery;

pub mod huawei_hss;
mod kubernetes;
mod openshift;
pub mod pi;
pub mod stackrox;

mod api;
mod fault;
mod server;
mod tls;

pub use api::{Api, UnknownApi};
pub use fault::Fault;
pub use server::{Server, serve};
pub use tls::{Identity, IdentityError, WriteError, url};
