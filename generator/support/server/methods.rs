//! What serves the methods of one path.

use axum::routing::{MethodFilter, MethodRouter};
use http::Method;

use super::endpoint::{Endpoint, Service, handle, wrong_method};

/// The operations of one path, and the answer to every other method.
#[derive(Debug)]
pub struct Methods<A> {
    pub(super) router: MethodRouter<Service<A>>,
    known: Vec<Method>,
}

impl<A: Send + Sync + 'static> Methods<A> {
    /// One operation, which also answers other methods.
    #[must_use]
    pub fn of<E: Endpoint<A> + 'static>() -> Self {
        let router = MethodRouter::new().fallback(wrong_method::<A, E>);
        Self { router, known: Vec::new() }.and::<E>()
    }

    /// The same with one more operation.
    #[must_use]
    pub fn and<E: Endpoint<A> + 'static>(mut self) -> Self {
        let Ok(method) = Method::from_bytes(E::OPERATION.method.as_bytes()) else { return self };
        let Ok(filter) = MethodFilter::try_from(method.clone()) else { return self };
        self.known.push(method);
        Self { router: self.router.on(filter, handle::<A, E>), known: self.known }
    }

    /// As a router takes it.
    pub fn router(self) -> MethodRouter<Service<A>> {
        self.router
    }

    /// Whether there is an operation for that method; one for `GET` is one for `HEAD` (RFC 9110 §9.3.2).
    pub(super) fn have(&self, method: &Method) -> bool {
        let is_it =
            |known: &Method| known == method || (*known == Method::GET && *method == Method::HEAD);
        self.known.iter().any(is_it)
    }
}
