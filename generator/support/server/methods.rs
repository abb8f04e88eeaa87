//! What serves the methods of one path.

use axum::routing::{MethodFilter, MethodRouter};
use http::Method;

use super::endpoint::{Endpoint, Service, handle, wrong_method};

/// The operations of one path, and the answer to every other method.
#[derive(Debug)]
pub struct Methods<A>(MethodRouter<Service<A>>);

impl<A: Send + Sync + 'static> Methods<A> {
    /// One operation, which also answers other methods.
    #[must_use]
    pub fn of<E: Endpoint<A> + 'static>() -> Self {
        Self(MethodRouter::new().fallback(wrong_method::<A, E>)).and::<E>()
    }

    /// The same with one more operation.
    #[must_use]
    pub fn and<E: Endpoint<A> + 'static>(self) -> Self {
        let method = Method::from_bytes(E::OPERATION.method.as_bytes()).ok();
        match method.and_then(|method| MethodFilter::try_from(method).ok()) {
            Some(method) => Self(self.0.on(method, handle::<A, E>)),
            None => self,
        }
    }

    /// As a router takes it.
    pub fn router(self) -> MethodRouter<Service<A>> {
        self.0
    }
}
