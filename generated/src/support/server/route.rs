//! Routing to the operations whose path templates axum cannot hold. Everything else is routed by axum itself.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;
use axum::routing::MethodRouter;

use super::endpoint::{Service, unknown_path};
use super::methods::Methods;
use super::operation::Answer;
use super::template::{Template, Tree};

/// Paths with their methods.
#[derive(Debug)]
pub struct Routes<A> {
    tree: Tree,
    methods: Vec<Methods<A>>,
}

impl<A> Default for Routes<A> {
    fn default() -> Self {
        Self { tree: Tree::default(), methods: Vec::new() }
    }
}

impl<A: Send + Sync + 'static> Routes<A> {
    /// The same with one more path.
    #[must_use]
    pub fn route(mut self, template: Template, methods: Methods<A>) -> Self {
        self.tree.insert(template, self.methods.len());
        self.methods.push(methods);
        self
    }

    /// What serves each request to one of these paths, and answers every other as one to a path that the API does not
    /// have.
    pub fn or_unknown(
        self,
        service: Service<A>,
        answer: &'static Answer,
    ) -> impl FnOnce(Request) -> Pin<Box<dyn Future<Output = Response> + Send>>
    + Clone
    + Send
    + Sync
    + 'static {
        let routes = Arc::new(self);
        move |request| match routes.find(&request) {
            Some(methods) => Box::pin(Handler::call(methods, request, service)),
            None => Box::pin(std::future::ready(unknown_path(&service, answer))),
        }
    }

    fn find(&self, request: &Request) -> Option<MethodRouter<Service<A>>> {
        let serves = |number: usize| {
            self.methods.get(number).is_some_and(|methods| methods.have(request.method()))
        };
        let methods = self.methods.get(self.tree.find(request.uri().path(), serves)?)?;
        Some(methods.router.clone())
    }
}
