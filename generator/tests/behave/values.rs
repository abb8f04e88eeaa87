//! Scalars, lists and listed values: what is refused at construction and at decode.

use std::str::FromStr;

use emitted::enumerations::models::{Code, Holder, HolderInline, Mixed, Twice, Word};
use emitted::lists::models::{Endless, Holder as Lists, HolderFew};
use emitted::scalars::models::{Offset, Page, Price, Scalars, ScalarsHuge, ScalarsOdd, Slug};
use emitted::support::decode::{Decode, from_value};
use serde_json::{Value, json};

fn told<T: Decode + std::fmt::Debug>(value: Value) -> String {
    from_value::<T>(&value).unwrap_err().to_string()
}

#[test]
fn a_value_out_of_bounds_cannot_be_made() {
    assert_eq!(Page::new(10).unwrap().get(), 10);
    for refused in [9, 201, 12] {
        assert!(Page::new(refused).is_err(), "{refused}");
        assert!(from_value::<Page>(&json!(refused)).is_err(), "{refused}");
    }
    assert_eq!(
        told::<Page>(json!(7)),
        "the document is less than 10; the document is no multiple of 5"
    );
    assert_eq!(
        told::<Page>(json!(3_000_000_000_u64)),
        "the document is not a 32-bit signed integer"
    );
    assert!(Price::new(0.07).is_ok() && Price::new(0.075).is_err() && Price::new(-0.01).is_err());
    assert!(
        ScalarsOdd::new(-4).is_ok() && ScalarsOdd::new(-5).is_err() && ScalarsOdd::new(5).is_err()
    );
    assert_eq!(ScalarsHuge::new(u64::MAX).unwrap().get(), u64::MAX);
}

#[test]
fn texts_keep_length_and_pattern() {
    assert_eq!(Slug::from_str("a-b_1").unwrap().as_str(), "a-b_1");
    for refused in ["", "-a", "toolongtext", "é", "a b"] {
        assert!(Slug::new(refused).is_err(), "{refused:?}");
    }
}

#[test]
fn defaults_are_told_and_not_written() {
    assert_eq!((Page::default().get(), Offset::default().get()), (10, 0));
    assert_eq!(Slug::default().as_str(), "a-b");
    let scalars: Scalars = from_value(&json!({})).unwrap();
    assert_eq!(scalars.color_or_default(), "red");
    assert!(scalars.enabled_or_default());
    assert_eq!((scalars.retries_or_default(), scalars.weight_or_default()), (3, -1.5));
    assert_eq!(scalars.page_or_default().get(), 10);
    assert_eq!(serde_json::to_value(scalars).unwrap(), json!({}));
    let set: Scalars = from_value(&json!({ "color": "blue", "page": 15 })).unwrap();
    assert_eq!((set.color_or_default(), set.page_or_default().get()), ("blue", 15));
    let holder = Holder::new(Word::One);
    assert_eq!(
        (holder.inline_or_default(), holder.preset_or_default()),
        (HolderInline::Y, Word::One)
    );
}

#[test]
fn faults_of_scalars_have_their_place() {
    let value = json!({
        "small": 2_147_483_648_u32, "number": "1", "bytes": "%", "day": "2024-13-01", "time": "noon",
        "id": "x", "page": 1000, "ratio": 0, "short": "AAAAAAAA", "enabled": 1,
    });
    let faults = from_value::<Scalars>(&value).unwrap_err();
    let mut pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    pointers.sort_unstable();
    let mut expected: Vec<String> =
        value.as_object().unwrap().keys().map(|key| format!("/{key}")).collect();
    expected.sort_unstable();
    assert_eq!(pointers, expected);
}

#[test]
fn listed_values_only() {
    assert_eq!(Word::ALL.len(), 13);
    for word in Word::ALL {
        assert_eq!(Word::from_str(word.as_str()), Ok(word));
    }
    assert_eq!(Word::default(), Word::Two);
    assert_eq!(told::<Word>(json!("three")), "the document is none of the listed values");
    assert_eq!(told::<Word>(json!(1)), "the document is a number, not a string");
    assert_eq!(from_value(&json!(9_000_000_000_i64)), Ok(Code::Value9000000000));
    assert_eq!(Code::Minus2.as_i64(), -2);
    for mixed in Mixed::ALL {
        assert_eq!(from_value(&mixed.to_value()), Ok(mixed));
        assert_eq!(serde_json::to_value(mixed).unwrap(), mixed.to_value());
    }
    assert_eq!(from_value(&json!(1.0)), Ok(Mixed::ALL[0]));
    assert_eq!(Twice::ALL.len(), 2);
}

#[test]
fn lists_keep_their_bounds() {
    assert!(HolderFew::new(vec!["a".to_owned()]).is_ok());
    assert!(HolderFew::new(Vec::new()).is_err());
    let value =
        json!({ "few": ["a", "b", "c"], "distinct": [1, [2], 1], "table": [[1, null], [true]] });
    let expected = "/few has more than 2 items; /distinct/2 is there already; /table/1/0 is a boolean, not an integer";
    assert_eq!(told::<Lists>(value), expected);
    let endless: Endless = from_value(&json!([[], [[]]])).unwrap();
    assert_eq!(serde_json::to_value(endless).unwrap(), json!([[], [[]]]));
}

#[test]
fn other_formats_go_through_the_same_checks() {
    let page: Result<Page, _> = serde_json::from_str("5");
    assert_eq!(page.unwrap_err().to_string(), "the document is less than 10");
    let holder: Holder = serde_json::from_str(r#"{"word":"one","orNull":null}"#).unwrap();
    assert!(holder.or_null.is_null());
}
