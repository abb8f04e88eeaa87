//! What the servers of the two large APIs have in common: their cluster in the words of the models, who may do what, and
//! how refusals are written.
//!
//! Everything that a pod does is the business of `cluster`; which paths there are is that of each server.

mod access;
mod answer;
mod content;
mod discovery;
mod document;
mod kubeconfig;
mod lenient;
mod pods;
mod present;
mod reach;
mod refuse;
mod request;
mod serve;
mod since;
mod state;
mod tables;

pub(crate) use access::admit;
pub(crate) use answer::{Refusing, answer, refusing};
pub(crate) use document::{Document, PatchDocument, documents, from_model, patches};
pub(crate) use kubeconfig::kubeconfig;
pub(crate) use pods::pods;
pub(crate) use reach::{Proxied, port};
pub(crate) use refuse::Statuses;
pub(crate) use request::{log_query, place, removal, selection, writing};
pub(crate) use serve::{MAX_BODY, served};
pub(crate) use since::since_time;
pub(crate) use state::{Cluster, Look, Place, Removal, Writing};
pub(crate) use tables::tables;
