//! Label and field selectors as tables of texts.

use reference::cluster::selector::{FIELDS, FieldSelector, LabelSelector};
use serde_json::json;

#[test]
fn labels_are_selected() {
    let object =
        json!({ "metadata": { "labels": { "app": "web", "n": "5", "empty": "", "x.y/z": "1" } } });
    for (text, selected) in [
        ("", true),
        ("app=web", true),
        ("app==web", true),
        (" app = web ", true),
        ("app=api", false),
        ("app!=web", false),
        ("app!=api", true),
        ("other!=web", true),
        ("app in (api,web)", true),
        ("app in (api)", false),
        ("app notin (api)", true),
        ("other notin (api)", true),
        ("app notin (web, api)", false),
        ("app", true),
        ("!app", false),
        ("other", false),
        ("! other", true),
        ("empty=", true),
        ("empty in (,a)", true),
        ("app=", false),
        ("app=,n=5", false),
        ("x.y/z=1", true),
        ("app=web,n=5,!other", true),
        ("app=web,n=6", false),
        ("n>4", true),
        ("n>5", false),
        ("n<6", true),
        ("app>1", false),
        ("in in (in)", false),
    ] {
        assert_eq!(LabelSelector::parse(text).unwrap().selects(&object), selected, "{text}");
    }
}

#[test]
fn malformed_label_selectors_say_where() {
    for (text, message) in [
        ("===", "found '==', expected: !, identifier, or 'end of string'"),
        ("a=b=c", "found '=', expected: ',' or 'end of string'"),
        ("a=b,", "found '', expected: identifier after ','"),
        ("a=b,=", "found '=', expected: identifier after ','"),
        ("!", "found '', expected: identifier"),
        ("a b", "found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("a in b", "found 'b' expected: '('"),
        ("a in (b", "found '', expected: ',' or ')'"),
        ("a in (b c)", "found 'c', expected: ',' or ')'"),
        ("a in (=)", "found '=', expected: ',', ')' or identifier"),
        ("a=(", "found '(', expected: identifier"),
        (",", "found ',', expected: !, identifier, or 'end of string'"),
    ] {
        assert_eq!(LabelSelector::parse(text).unwrap_err(), message, "{text}");
    }
    for text in ["-a=b", "a=-b", "a>x", "a/b/c", "/a", &"a".repeat(64)] {
        let message = LabelSelector::parse(text).unwrap_err();
        assert!(message.starts_with("unable to parse requirement: "), "{text}: {message}");
    }
}

#[test]
fn fields_are_selected() {
    let object = json!({
        "metadata": { "name": "a,b", "namespace": "default" },
        "spec": { "nodeName": "n1", "hostNetwork": true, "restartPolicy": "Never" },
        "status": { "phase": "Running", "podIP": "10.0.0.1", "podIPs": [{ "ip": "10.0.0.1" }] },
    });
    for (text, selected) in [
        ("", true),
        (",", true),
        ("metadata.name=a\\,b", true),
        ("metadata.name=a", false),
        ("metadata.namespace==default,spec.nodeName=n1", true),
        ("spec.nodeName!=n1", false),
        ("spec.nodeName!=", true),
        ("spec.hostNetwork=true", true),
        ("spec.hostNetwork=false", false),
        ("spec.restartPolicy=Never,status.phase!=Failed", true),
        ("spec.schedulerName=", true),
        ("spec.serviceAccountName=x", false),
        ("status.podIP=10.0.0.1,status.podIPs=10.0.0.1", true),
        ("status.nominatedNodeName=", true),
    ] {
        assert_eq!(FieldSelector::parse(text).unwrap().selects(&object), selected, "{text}");
    }
}

#[test]
fn malformed_field_selectors_say_why() {
    for (text, message) in [
        ("a", "invalid selector: 'a'; can't understand 'a'"),
        ("metadata.name=x,a", "invalid selector: 'metadata.name=x,a'; can't understand 'a'"),
        (
            "metadata.name=a=b",
            "invalid selector: 'metadata.name=a=b'; can't understand 'metadata.name=a=b'",
        ),
        (
            "metadata.name=\\x",
            "invalid selector: 'metadata.name=\\x'; can't understand 'metadata.name=\\x'",
        ),
        ("spec.bogus=1", "field label not supported: spec.bogus"),
        ("metadata.labels.a=1", "field label not supported: metadata.labels.a"),
    ] {
        assert_eq!(FieldSelector::parse(text).unwrap_err(), message, "{text}");
    }
    for field in FIELDS {
        assert!(FieldSelector::parse(&format!("{field}=x")).is_ok());
    }
}

proptest::proptest! {
    #[test]
    fn nothing_makes_a_selector_panic(text in "[a-z=!(),<>\\\\ ./é-]{0,24}") {
        let object = json!({ "metadata": { "labels": { "a": "b" } } });
        for selects in [
            LabelSelector::parse(&text).map(|it| it.selects(&object)),
            FieldSelector::parse(&text).map(|it| it.selects(&object)),
        ] {
            if let Err(message) = selects {
                assert!(!message.is_empty());
            }
        }
    }
}
