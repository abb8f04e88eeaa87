//! Who is known by a token, and what each may do.

use generated::support::server::{Access, Bearer, Fault, Outcome, Refused};

use crate::cluster::status::Status;

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Right {
    Everything,
    Reading,
    Nothing,
}

/// The tokens with whom they stand for.
const USERS: [(&str, &str, Right); 3] = [
    ("reference-token", "reference", Right::Everything),
    ("reader-token", "reader", Right::Reading),
    ("powerless-token", "powerless", Right::Nothing),
];

/// The first words of operations, and the verbs that they are.
const VERBS: [(&str, &str); 8] = [
    ("list", "list"),
    ("read", "get"),
    ("create", "create"),
    ("replace", "update"),
    ("patch", "patch"),
    ("deleteCoreV1Collection", "deletecollection"),
    ("delete", "delete"),
    ("connect", "create"),
];

/// Whether the bearer of a token may use an operation.
///
/// # Errors
/// The token is unknown, or its bearer may not.
pub(crate) fn admit(credential: &Bearer, access: &Access) -> Outcome<()> {
    let known = USERS.iter().find(|(token, ..)| *token == credential.reveal());
    let Some((_, user, right)) = known else {
        return Err(Refused::new(Fault::Unauthenticated, "Unauthorized"));
    };
    let id = access.operation.id;
    let verb = VERBS.iter().find(|(start, _)| id.starts_with(start)).map_or("", |(_, verb)| verb);
    let may = match right {
        Right::Everything => true,
        Right::Reading => ["list", "get"].contains(&verb),
        Right::Nothing => false,
    };
    if may {
        return Ok(());
    }
    let resource = resource(access.operation.path);
    let message = Status::forbidden(user, verb, &resource, None, "").message;
    Err(Refused::new(Fault::Forbidden, message))
}

/// The resource of a path, with the part of it that is meant: `pods`, `pods/log`.
fn resource(path: &str) -> String {
    let part = path.split_once("{name}/").and_then(|(_, rest)| rest.split('/').next());
    part.map_or_else(|| "pods".to_owned(), |part| format!("pods/{part}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_named_with_its_part() {
        assert_eq!(resource("/api/v1/pods"), "pods");
        assert_eq!(resource("/api/v1/namespaces/{namespace}/pods/{name}"), "pods");
        assert_eq!(
            resource("/api/v1/namespaces/{namespace}/pods/{name}/proxy/{path}"),
            "pods/proxy"
        );
    }
}
