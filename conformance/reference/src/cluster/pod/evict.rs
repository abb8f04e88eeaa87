//! Evicting a pod, as far as disruption budgets allow.

use serde_json::Value;

use super::{Pods, Surroundings, shape};
use crate::cluster::{
    object,
    options::DeleteOptions,
    selector::LabelSelector,
    status::Status,
    store::{Key, Scope},
};

/// The versions that an eviction is written in.
const VERSIONS: [&str; 3] = ["policy/v1", "policy/v1beta1", "v1"];

/// How many pods of a namespace must stay healthy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisruptionBudget {
    /// Which pods, as a label selector.
    pub selector: String,
    /// How many of them must be healthy after an eviction.
    pub min_available: usize,
    /// Whether nobody has looked at the budget yet; then nothing is evicted, and it is worth trying again.
    pub unprocessed: bool,
}

/// A budget with its selector read.
#[derive(Debug)]
pub(super) struct Budget {
    selector: LabelSelector,
    min_available: usize,
    unprocessed: bool,
}

impl Pods {
    /// Sets the budget of this name in a namespace.
    ///
    /// # Errors
    /// What is wrong with its selector.
    pub fn set_budget(
        &self,
        namespace: &str,
        name: &str,
        budget: &DisruptionBudget,
    ) -> Result<(), String> {
        let selector = LabelSelector::parse(&budget.selector)?;
        let DisruptionBudget { min_available, unprocessed, .. } = *budget;
        let budget = Budget { selector, min_available, unprocessed };
        self.surroundings().budgets.insert(Key::new(namespace, name), budget);
        Ok(())
    }

    /// Takes a budget away.
    pub fn remove_budget(&self, namespace: &str, name: &str) {
        self.surroundings().budgets.remove(&Key::new(namespace, name));
    }

    /// Evicts a pod: deletes it unless a budget forbids. A dry run may be asked for by the query or by the body.
    ///
    /// # Errors
    /// 400 for another kind, name or namespace, 404 without the pod, 409 when it is not as the preconditions say, 429 when
    /// a budget has nothing left, 500 when the pod is in several budgets.
    pub fn evict(
        &self,
        namespace: &str,
        name: &str,
        body: &Value,
        dry_run: bool,
    ) -> Result<Status, Status> {
        shape::check_kind(body, "Eviction", &VERSIONS)?;
        shape::check_namespace(body, namespace)?;
        if object::name(body) != name {
            return Err(Status::bad_request("name in URL does not match name in Eviction object"));
        }
        let mut options = match body.get("deleteOptions") {
            None | Some(Value::Null) => DeleteOptions::default(),
            Some(sent) => DeleteOptions::from_body(sent)?,
        };
        options.dry_run |= dry_run;
        let pod = self.find(namespace, name)?;
        options.preconditions.check(&pod)?;
        let phase = object::text(&pod, "/status/phase");
        let counts = phase == "Running" && !object::is_terminating(&pod);
        // Held until the pod is deleted, so that no two evictions spend the same budget.
        let surroundings = self.surroundings();
        if counts {
            self.check_budgets(&surroundings, namespace, &pod)?;
        }
        self.delete(namespace, name, &options)?;
        Ok(Status::success(201))
    }

    fn check_budgets(
        &self,
        surroundings: &Surroundings,
        namespace: &str,
        pod: &Value,
    ) -> Result<(), Status> {
        let mut budgets = surroundings
            .budgets
            .iter()
            .filter(|(key, budget)| key.namespace() == namespace && budget.selector.selects(pod));
        let Some((key, budget)) = budgets.next() else { return Ok(()) };
        if budgets.next().is_some() {
            return Err(Status::unexplained(
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
            ));
        }
        let name = key.name();
        if budget.unprocessed {
            let why =
                format!("The disruption budget {name} is still being processed by the server.");
            return Err(Status::disruption(&why, Some(10)));
        }
        let healthy = self.healthy(namespace, &budget.selector);
        if healthy > budget.min_available {
            return Ok(());
        }
        let why = format!(
            "The disruption budget {name} needs {} healthy pods and has {healthy} currently",
            budget.min_available
        );
        Err(Status::disruption(&why, None))
    }

    /// How many selected pods run and are to stay.
    fn healthy(&self, namespace: &str, selector: &LabelSelector) -> usize {
        let running = |pod: &Value| object::text(pod, "/status/phase") == "Running";
        let snapshot = self.store.current(&Scope::namespace(namespace));
        let healthy = snapshot.objects().filter(|(_, pod)| {
            selector.selects(pod) && running(pod) && !object::is_terminating(pod)
        });
        healthy.count()
    }
}
