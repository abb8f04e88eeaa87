//! The APIs that can be served, by the name of their spec's folder.

use std::fmt;
use std::str::FromStr;

use axum::Router;

use crate::{huawei_hss, kubernetes, machinery, openshift, pi, stackrox};

/// An API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Api {
    /// Huawei Cloud HSS.
    HuaweiHss,
    /// StackRox PodService.
    Stackrox,
    /// hyper.sh Pi.
    Pi,
    /// Kubernetes.
    Kubernetes,
    /// OpenShift.
    Openshift,
}

/// There is no API of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no API {0:?}; there are huawei-hss, stackrox, pi, kubernetes and openshift")]
pub struct UnknownApi(String);

impl Api {
    /// Every API.
    pub const ALL: [Self; 5] =
        [Self::HuaweiHss, Self::Stackrox, Self::Pi, Self::Kubernetes, Self::Openshift];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HuaweiHss => "huawei-hss",
            Self::Stackrox => "stackrox",
            Self::Pi => "pi",
            Self::Kubernetes => "kubernetes",
            Self::Openshift => "openshift",
        }
    }

    /// An honest server that has seen nothing yet, on the current tokio runtime.
    pub fn router(self) -> Router {
        match self {
            Self::HuaweiHss => huawei_hss::router(),
            Self::Stackrox => stackrox::router(),
            Self::Pi => pi::router(),
            Self::Kubernetes => kubernetes::router(),
            Self::Openshift => openshift::router(),
        }
    }

    /// The file of credentials that clients of this API read, if they read one, as YAML: for a server at that URL with
    /// that authority (PEM).
    pub(crate) fn kubeconfig(self, url: &str, authority: &str) -> Option<String> {
        match self {
            Self::Kubernetes | Self::Openshift => {
                let file = machinery::kubeconfig(self.name(), url, authority);
                serde_saphyr::to_string(&file).ok()
            }
            Self::HuaweiHss | Self::Stackrox | Self::Pi => None,
        }
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Api {
    type Err = UnknownApi;

    fn from_str(text: &str) -> Result<Self, UnknownApi> {
        let known = Self::ALL.into_iter().find(|api| api.name() == text);
        known.ok_or_else(|| UnknownApi(text.to_owned()))
    }
}
