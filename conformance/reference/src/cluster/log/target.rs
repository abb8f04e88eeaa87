//! Which container a request means, and whether it can have anything to say.

use serde_json::Value;

use crate::cluster::{object, status::Status};

/// The lists of containers in a spec, and those of their states in a status.
const LISTS: [(&str, &str); 3] = [
    ("/spec/containers", "/status/containerStatuses"),
    ("/spec/initContainers", "/status/initContainerStatuses"),
    ("/spec/ephemeralContainers", "/status/ephemeralContainerStatuses"),
];

/// What a request for a log means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The pod is on no node yet: there is nothing, and nothing wrong (204).
    Nothing,
    /// The log of a container's current run.
    Current(String),
    /// The log of the run before it.
    Previous(String),
}

/// Which container of a pod is meant: the named one, or the only one.
///
/// # Errors
/// 400 when it has no such container, or several and none is named.
pub fn container_of(pod: &Value, named: Option<&str>) -> Result<String, Status> {
    let name = object::name(pod);
    let names = |list: &str| -> Vec<&str> {
        object::list(pod, list).iter().map(|container| object::text(container, "/name")).collect()
    };
    let main = names("/spec/containers");
    let Some(asked) = named.filter(|name| !name.is_empty()) else {
        return match main.as_slice() {
            [only] => Ok((*only).to_owned()),
            several => {
                let mut message = format!(
                    "a container name must be specified for pod {name}, choose one of: [{}]",
                    several.join(" ")
                );
                let init = names("/spec/initContainers");
                if !init.is_empty() {
                    message
                        .push_str(&format!(" or one of the init containers: [{}]", init.join(" ")));
                }
                Err(Status::bad_request(message))
            }
        };
    };
    if LISTS.iter().any(|(list, _)| names(list).contains(&asked)) {
        return Ok(asked.to_owned());
    }
    Err(Status::bad_request(format!("container {asked} is not valid for pod {name}")))
}

/// What a request for a log means, by what the pod says of itself.
///
/// # Errors
/// 400 without such a container, while it waits to start, or without a run before; 404 when `node` is not the pod's.
pub fn target(
    pod: &Value,
    named: Option<&str>,
    previous: bool,
    node: &str,
) -> Result<Target, Status> {
    let container = container_of(pod, named)?;
    let name = object::name(pod);
    match object::text(pod, "/spec/nodeName") {
        "" => return Ok(Target::Nothing),
        own if own != node => return Err(Status::not_found("pods", own)),
        _ => {}
    }
    let state = LISTS
        .iter()
        .flat_map(|(_, states)| object::list(pod, states))
        .find(|state| object::text(state, "/name") == container)
        .unwrap_or(&Value::Null);
    if previous {
        return if state.pointer("/lastState/terminated").is_some() {
            Ok(Target::Previous(container))
        } else {
            Err(Status::bad_request(format!(
                "previous terminated container {container:?} in pod {name:?} not found"
            )))
        };
    }
    let ran = ["/state/running", "/state/terminated", "/lastState/terminated"];
    if ran.iter().any(|pointer| state.pointer(pointer).is_some()) {
        return Ok(Target::Current(container));
    }
    let why = match object::text(state, "/state/waiting/reason") {
        "" => "ContainerCreating",
        reason => reason,
    };
    Err(Status::bad_request(format!(
        "container {container:?} in pod {name:?} is waiting to start: {why}"
    )))
}
