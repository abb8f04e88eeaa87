//! The search language, as far as pods need it: `Field:value+Field:one,other`.
//!
//! Fields that nothing knows are passed over, as the API documents; so is what is no term at all.

use generated::stackrox::models::StoragePod;

/// A field of the search vocabulary that pods have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    PodId,
    PodName,
    DeploymentId,
    Namespace,
    ClusterId,
    ContainerName,
}

const FIELDS: [(&str, Field); 6] = [
    ("Pod ID", Field::PodId),
    ("Pod Name", Field::PodName),
    ("Deployment ID", Field::DeploymentId),
    ("Namespace", Field::Namespace),
    ("Cluster ID", Field::ClusterId),
    ("Container Name", Field::ContainerName),
];

impl Field {
    /// The field of that name, without regard to case.
    pub(super) fn named(name: &str) -> Option<Self> {
        let known = FIELDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim()));
        known.map(|(_, field)| *field)
    }

    /// The values that a pod has.
    pub(super) fn of(self, pod: &StoragePod) -> Vec<&str> {
        let single = match self {
            Self::PodId => &pod.id,
            Self::PodName => &pod.name,
            Self::DeploymentId => &pod.deployment_id,
            Self::Namespace => &pod.namespace,
            Self::ClusterId => &pod.cluster_id,
            Self::ContainerName => {
                let live = pod.live_instances.iter().flatten();
                return live.filter_map(|instance| instance.container_name.as_deref()).collect();
            }
        };
        single.as_deref().into_iter().collect()
    }
}

/// What is searched for: all terms must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    terms: Vec<Term>,
}

/// One of the values must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    field: Field,
    values: Vec<Value>,
}

/// A value is looked for at the beginning of a member, or as the whole of it if it is quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Prefix(String),
    Whole(String),
}

impl Search {
    /// Reads a search.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self { terms: text.split('+').filter_map(Term::parse).collect() }
    }

    /// Whether a pod is found.
    #[must_use]
    pub fn finds(&self, pod: &StoragePod) -> bool {
        self.terms.iter().all(|term| term.holds(pod))
    }
}

impl Term {
    fn parse(text: &str) -> Option<Self> {
        let (field, values) = text.split_once(':')?;
        let values: Vec<_> = values.split(',').filter_map(Value::parse).collect();
        let field = Field::named(field).filter(|_| !values.is_empty())?;
        Some(Self { field, values })
    }

    fn holds(&self, pod: &StoragePod) -> bool {
        let found = self.field.of(pod);
        self.values.iter().any(|value| found.iter().any(|text| value.holds(text)))
    }
}

impl Value {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match quoted {
            Some(whole) => Some(Self::Whole(whole.to_lowercase())),
            None if text.is_empty() => None,
            None => Some(Self::Prefix(text.to_lowercase())),
        }
    }

    fn holds(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        match self {
            Self::Prefix(prefix) => text.starts_with(prefix),
            Self::Whole(whole) => text == *whole,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> usize {
        let search = Search::parse(query);
        super::super::content::pods().iter().filter(|pod| search.finds(pod)).count()
    }

    #[test]
    fn terms_narrow_and_values_widen() {
        let (shop, system) = (found("Namespace:shop"), found("Namespace:kube-system"));
        assert!(shop > system && system > 0);
        assert_eq!(found("namespace:shop,kube-system"), shop + system);
        assert!(found("Namespace:shop+Container Name:web") < shop);
        assert_eq!(found("Namespace:\"sho\""), 0);
        assert_eq!(found("Namespace:sho"), shop);
    }

    #[test]
    fn what_nothing_knows_is_passed_over() {
        for query in ["", "Namespace:", "Severity:HIGH", "no term", "+++"] {
            assert_eq!(found(query), 23, "{query:?}");
        }
    }
}
