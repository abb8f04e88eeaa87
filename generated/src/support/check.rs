//! Bounds of values, and how a value is held to them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::decode::{Decode, Faults, Path, Tree};
use super::pattern::Pattern;
use super::scalar::{Base64, Date, DateTime, Ipv4, Ipv6, Uuid};

mod decimal;

/// Bounds of a `T`.
pub trait Bounds<T> {
    /// Notes every bound that `value` breaks.
    fn check(&self, value: &T, at: &Path<'_>, faults: &mut Faults);
}

/// `value`, if it is within `bounds`.
///
/// # Errors
/// Every bound that it breaks.
pub fn admit<T>(bounds: &impl Bounds<T>, value: T) -> Result<T, Faults> {
    let mut faults = Faults::new();
    bounds.check(&value, &Path::Root, &mut faults);
    if faults.is_empty() { Ok(value) } else { Err(faults) }
}

/// Decodes a value that has to be within `bounds`.
pub fn decode<T: Decode>(
    bounds: &impl Bounds<T>,
    value: &Tree<'_>,
    at: &Path<'_>,
    faults: &mut Faults,
) -> Option<T> {
    let before = faults.len();
    let decoded = T::decode(value, at, faults)?;
    bounds.check(&decoded, at, faults);
    (faults.len() == before).then_some(decoded)
}

/// Bounds of a count, both inclusive.
#[derive(Clone, Copy, Debug, Default)]
pub struct Size {
    /// At least.
    pub minimum: Option<u64>,
    /// At most.
    pub maximum: Option<u64>,
}

impl Size {
    /// Whether an object may have that many members.
    pub fn admits(&self, count: usize, at: &Path<'_>, faults: &mut Faults) -> bool {
        let rules = Counted { few: "minProperties", many: "maxProperties", what: "members" };
        self.check(count, &rules, at, faults)
    }

    fn check(&self, count: usize, rules: &Counted, at: &Path<'_>, faults: &mut Faults) -> bool {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let Counted { few, many, what } = rules;
        let short = self.minimum.filter(|minimum| count < *minimum);
        let long = self.maximum.filter(|maximum| *maximum < count);
        if let Some(minimum) = short {
            faults.add(at, few, format_args!("has fewer than {minimum} {what}"));
        }
        if let Some(maximum) = long {
            faults.add(at, many, format_args!("has more than {maximum} {what}"));
        }
        short.is_none() && long.is_none()
    }
}

/// What is counted, and under which rules.
struct Counted {
    few: &'static str,
    many: &'static str,
    what: &'static str,
}

impl<T> Bounds<BTreeMap<String, T>> for Size {
    fn check(&self, value: &BTreeMap<String, T>, at: &Path<'_>, faults: &mut Faults) {
        self.admits(value.len(), at, faults);
    }
}

/// Bounds of a text.
#[derive(Debug, Default)]
pub struct Text {
    /// How long, in Unicode code points.
    pub length: Size,
    /// What matches somewhere in it.
    pub pattern: Option<Pattern>,
}

impl Text {
    fn check_text(&self, text: &str, at: &Path<'_>, faults: &mut Faults) {
        let rules = Counted { few: "minLength", many: "maxLength", what: "characters" };
        self.length.check(text.chars().count(), &rules, at, faults);
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(text)) {
            faults.add(at, "pattern", "does not match the pattern");
        }
    }
}

/// The texts that are held to bounds, by what spells them.
macro_rules! texts {
    ($spelled:ident: $($name:ident),*) => {$(
        impl Bounds<$name> for Text {
            fn check(&self, value: &$name, at: &Path<'_>, faults: &mut Faults) {
                self.check_text(value.$spelled().as_ref(), at, faults);
            }
        }
    )*};
}

texts!(as_str: String, Date, DateTime, Uuid, Ipv6);
texts!(to_string: Base64, Ipv4);

/// Bounds of a whole number, both inclusive.
#[derive(Clone, Copy, Debug, Default)]
pub struct Integer {
    /// At least.
    pub minimum: Option<i128>,
    /// At most.
    pub maximum: Option<i128>,
    /// A divisor, as a decimal.
    pub multiple_of: Option<&'static str>,
}

impl Integer {
    fn check_wide(&self, value: i128, at: &Path<'_>, faults: &mut Faults) {
        if let Some(minimum) = self.minimum.filter(|minimum| value < *minimum) {
            faults.add(at, "minimum", format_args!("is less than {minimum}"));
        }
        if let Some(maximum) = self.maximum.filter(|maximum| *maximum < value) {
            faults.add(at, "maximum", format_args!("is more than {maximum}"));
        }
        check_multiple(&value.to_string(), self.multiple_of, at, faults);
    }
}

impl Bounds<i32> for Integer {
    fn check(&self, value: &i32, at: &Path<'_>, faults: &mut Faults) {
        self.check_wide(i128::from(*value), at, faults);
    }
}

impl Bounds<i64> for Integer {
    fn check(&self, value: &i64, at: &Path<'_>, faults: &mut Faults) {
        self.check_wide(i128::from(*value), at, faults);
    }
}

impl Bounds<u64> for Integer {
    fn check(&self, value: &u64, at: &Path<'_>, faults: &mut Faults) {
        self.check_wide(i128::from(*value), at, faults);
    }
}

/// Bounds of a number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Number {
    /// At least.
    pub minimum: Option<Limit>,
    /// At most.
    pub maximum: Option<Limit>,
    /// A divisor, as a decimal.
    pub multiple_of: Option<&'static str>,
}

/// A bound of a number.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// The bound.
    pub value: f64,
    /// Whether the bound itself is outside.
    pub exclusive: bool,
}

impl Bounds<f64> for Number {
    fn check(&self, value: &f64, at: &Path<'_>, faults: &mut Faults) {
        if let Some(minimum) = self.minimum {
            let outside = *value < minimum.value || minimum.exclusive && *value == minimum.value;
            let equal = if minimum.exclusive { " or equal to" } else { "" };
            if outside {
                faults.add(at, "minimum", format_args!("is less than{equal} {}", minimum.value));
            }
        }
        if let Some(maximum) = self.maximum {
            let outside = maximum.value < *value || maximum.exclusive && *value == maximum.value;
            let equal = if maximum.exclusive { " or equal to" } else { "" };
            if outside {
                faults.add(at, "maximum", format_args!("is more than{equal} {}", maximum.value));
            }
        }
        check_multiple(&value.to_string(), self.multiple_of, at, faults);
    }
}

fn check_multiple(value: &str, divisor: Option<&str>, at: &Path<'_>, faults: &mut Faults) {
    let broken = divisor.filter(|divisor| !decimal::is_multiple(value, divisor));
    if let Some(divisor) = broken {
        faults.add(at, "multipleOf", format_args!("is no multiple of {divisor}"));
    }
}

/// Bounds of a list.
#[derive(Clone, Copy, Debug, Default)]
pub struct List {
    /// How many items.
    pub length: Size,
    /// Whether no two items are alike.
    pub unique: bool,
}

impl<T: Serialize> Bounds<Vec<T>> for List {
    fn check(&self, value: &Vec<T>, at: &Path<'_>, faults: &mut Faults) {
        let rules = Counted { few: "minItems", many: "maxItems", what: "items" };
        self.length.check(value.len(), &rules, at, faults);
        let mut seen = BTreeSet::new();
        let items = value.iter().enumerate().filter(|_| self.unique);
        for (index, item) in items {
            let fresh = serde_json::to_value(item).is_ok_and(|item| seen.insert(canonical(item)));
            if !fresh {
                faults.add(&Path::Item(at, index), "uniqueItems", "is there already");
            }
        }
    }
}

/// One text for all values that are equal: whole numbers without a fraction, members sorted.
fn canonical(value: Value) -> String {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        Value::Array(items) => {
            let items: Vec<String> = items.into_iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(members) => {
            let members: BTreeMap<String, String> = members
                .into_iter()
                .map(|(name, member)| (Value::String(name).to_string(), canonical(member)))
                .collect();
            let members: Vec<String> =
                members.into_iter().map(|(name, member)| format!("{name}:{member}")).collect();
            format!("{{{}}}", members.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rules(faults: Result<(), Faults>) -> Vec<&'static str> {
        faults.err().iter().flat_map(Faults::iter).map(|fault| fault.rule).collect()
    }

    #[test]
    fn texts_are_counted_in_code_points() {
        let length = Size { minimum: Some(2), maximum: Some(3) };
        let bounds = Text { length, pattern: Some(Pattern::new("^[a-z😀]*$")) };
        let check = |text: &str| rules(admit(&bounds, text.to_owned()).map(drop));
        assert_eq!(check("😀😀"), Vec::<&str>::new());
        assert_eq!(check("a"), ["minLength"]);
        assert_eq!(check("ABCD"), ["maxLength", "pattern"]);
    }

    #[test]
    fn numbers_keep_their_bounds() {
        let bounds = Integer { minimum: Some(-1), maximum: Some(8), multiple_of: Some("3") };
        let check = |value: i64| rules(admit(&bounds, value).map(drop));
        assert_eq!(check(0), Vec::<&str>::new());
        assert_eq!(check(-3), ["minimum"]);
        assert_eq!(check(10), ["maximum", "multipleOf"]);
        let limit = |value, exclusive| Some(Limit { value, exclusive });
        let bounds =
            Number { minimum: limit(0.5, true), maximum: limit(2.0, false), multiple_of: None };
        let check = |value: f64| rules(admit(&bounds, value).map(drop));
        assert_eq!(check(0.5), ["minimum"]);
        assert_eq!(check(2.0), Vec::<&str>::new());
        assert_eq!(check(2.1), ["maximum"]);
    }

    #[test]
    fn items_are_alike_when_they_are_worth_the_same() {
        let bounds = List { length: Size::default(), unique: true };
        let check = |items: Value| {
            let Value::Array(items) = items else { return Vec::new() };
            let faults = admit(&bounds, items).map(drop).err();
            faults.iter().flat_map(Faults::iter).map(|fault| fault.pointer.clone()).collect()
        };
        assert_eq!(check(json!([1, "1", true, null, [1], { "a": 1 }])), Vec::<String>::new());
        assert_eq!(check(json!([1, 2, 1.0])), ["/2"]);
        assert_eq!(check(json!([{ "a": 1, "b": 2 }, { "b": 2, "a": 1 }])), ["/1"]);
    }

    #[test]
    fn decoding_checks_bounds_in_place() {
        let bounds = List { length: Size { minimum: Some(1), maximum: None }, unique: false };
        let mut faults = Faults::new();
        let at = Path::Member(&Path::Root, "list");
        assert_eq!(decode::<Vec<bool>>(&bounds, &Tree::Array(&[]), &at, &mut faults), None);
        assert_eq!(faults.to_string(), "/list has fewer than 1 items");
    }
}
