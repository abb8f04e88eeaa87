//! Values of several shapes: tries alternatives and tells which fit.

use serde_json::{Number, Value};

use super::decode::{Faults, Path, Tree, wrong_type};

/// One alternative of a union.
#[derive(Clone, Copy, Debug)]
pub struct Alternative<T> {
    name: &'static str,
    decode: fn(&Tree<'_>, &Path<'_>, &mut Faults) -> Option<T>,
}

impl<T> Alternative<T> {
    /// An alternative by its name, or by the value of the member that chooses it.
    pub const fn new(
        name: &'static str,
        decode: fn(&Tree<'_>, &Path<'_>, &mut Faults) -> Option<T>,
    ) -> Self {
        Self { name, decode }
    }
}

/// The one alternative that fits; several are a fault (`oneOf`).
pub fn exactly_one<T>(
    value: &Tree<'_>,
    at: &Path<'_>,
    faults: &mut Faults,
    alternatives: &[Alternative<T>],
) -> Option<T> {
    let mut tried = Tried::new(faults, at);
    let mut fitting = None;
    for alternative in alternatives {
        let Some(decoded) = tried.attempt(alternative, value)? else { continue };
        if let Some((other, _)) = fitting {
            let message = format_args!("fits both {other} and {}", alternative.name);
            tried.faults.add(at, "oneOf", message);
            return None;
        }
        fitting = Some((alternative.name, decoded));
    }
    match fitting {
        Some((_, decoded)) => Some(decoded),
        None => tried.fits_none("oneOf", alternatives),
    }
}

/// The first alternative that fits (`anyOf`).
pub fn at_least_one<T>(
    value: &Tree<'_>,
    at: &Path<'_>,
    faults: &mut Faults,
    alternatives: &[Alternative<T>],
) -> Option<T> {
    let mut tried = Tried::new(faults, at);
    for alternative in alternatives {
        if let Some(decoded) = tried.attempt(alternative, value)? {
            return Some(decoded);
        }
    }
    tried.fits_none("anyOf", alternatives)
}

/// The alternative that the member `tag` names (`discriminator`).
pub fn tagged<T>(
    value: &Tree<'_>,
    at: &Path<'_>,
    faults: &mut Faults,
    tag: &str,
    alternatives: &[Alternative<T>],
) -> Option<T> {
    if !matches!(value, Tree::Object(_)) {
        return wrong_type(value, "an object", at, faults);
    }
    let tag_at = Path::Member(at, tag);
    let name = match value.get(tag) {
        Some(Tree::String(name)) => *name,
        Some(other) => return wrong_type(other, "a string", &tag_at, faults),
        None => {
            faults.add(&tag_at, "required", "is missing");
            return None;
        }
    };
    match alternatives.iter().find(|alternative| alternative.name == name) {
        Some(alternative) => (alternative.decode)(value, at, faults),
        None => {
            faults.add(
                &tag_at,
                "discriminator",
                format_args!("is none of {}", names(alternatives)),
            );
            None
        }
    }
}

/// The one of `listed` that is that word (`enum`).
pub fn worded<T: Copy>(
    value: &Tree<'_>,
    at: &Path<'_>,
    faults: &mut Faults,
    listed: &[T],
    word: impl Fn(T) -> &'static str,
) -> Option<T> {
    let Tree::String(text) = value else { return wrong_type(value, "a string", at, faults) };
    let found = listed.iter().copied().find(|item| word(*item) == *text);
    if found.is_none() {
        faults.add(at, "enum", "is none of the listed values");
    }
    found
}

/// The one of `listed` that has that value (`enum`); numbers are compared by what they are worth.
pub fn listed<T: Copy>(
    value: &Tree<'_>,
    at: &Path<'_>,
    faults: &mut Faults,
    listed: &[T],
    worth: impl Fn(T) -> Value,
) -> Option<T> {
    let found = listed.iter().copied().find(|item| same(value, &worth(*item)));
    if found.is_none() {
        faults.add(at, "enum", "is none of the listed values");
    }
    found
}

/// Whether a value is worth the same as another.
fn same(value: &Tree<'_>, other: &Value) -> bool {
    match (value, other) {
        (Tree::Negative(_) | Tree::Whole(_) | Tree::Float(_), Value::Number(other)) => {
            same_number(value, other)
        }
        (Tree::Array(items), Value::Array(others)) => {
            items.len() == others.len()
                && items.iter().zip(others).all(|(item, other)| same(item, other))
        }
        (Tree::Object(members), Value::Object(others)) => {
            let mut members = members.iter();
            members.len() == others.len()
                && members.all(|(name, member)| {
                    others.get(*name).is_some_and(|other| same(member, other))
                })
        }
        _ => value.to_value() == *other,
    }
}

/// Whole numbers are compared exactly.
fn same_number(value: &Tree<'_>, other: &Number) -> bool {
    match (value, other.as_i64(), other.as_u64()) {
        (Tree::Negative(number), Some(other), _) => *number == other,
        (Tree::Whole(number), _, Some(other)) => *number == other,
        _ => {
            let is_float = other.is_f64() || matches!(value, Tree::Float(_));
            is_float && value.as_f64() == other.as_f64()
        }
    }
}

fn names<T>(alternatives: &[Alternative<T>]) -> String {
    let names: Vec<&str> = alternatives.iter().map(|alternative| alternative.name).collect();
    names.join(", ")
}

/// What trying has shown so far: the faults of the alternative that came closest.
struct Tried<'t, 'p> {
    faults: &'t mut Faults,
    at: &'p Path<'p>,
    closest: Option<(bool, Faults)>,
}

impl<'t, 'p> Tried<'t, 'p> {
    fn new(faults: &'t mut Faults, at: &'p Path<'p>) -> Self {
        Self { faults, at, closest: None }
    }

    /// What came of it; `None` when no attempt is left.
    fn attempt<T>(&mut self, alternative: &Alternative<T>, value: &Tree<'_>) -> Option<Option<T>> {
        if !self.faults.attempt() {
            self.faults.add(self.at, "attempts", "has too many alternatives inside alternatives");
            return None;
        }
        let mut trial = self.faults.trial();
        let decoded = (alternative.decode)(value, self.at, &mut trial);
        self.faults.end_trial(&trial);
        if decoded.is_none() {
            self.keep(trial);
        }
        Some(decoded)
    }

    /// An alternative of the right type comes closer than any of a wrong one, then fewer faults do.
    fn keep(&mut self, trial: Faults) {
        let here = self.at.to_string();
        let wrong_type = trial.iter().any(|fault| fault.rule == "type" && fault.pointer == here);
        let closer = match &self.closest {
            None => true,
            Some((other_wrong, other)) => (wrong_type, trial.len()) < (*other_wrong, other.len()),
        };
        if closer {
            self.closest = Some((wrong_type, trial));
        }
    }

    fn fits_none<T>(self, rule: &'static str, alternatives: &[Alternative<T>]) -> Option<T> {
        self.faults.add(self.at, rule, format_args!("fits none of {}", names(alternatives)));
        if let Some((false, closest)) = self.closest {
            self.faults.extend(closest);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;
    use serde_json::json;

    use super::super::decode::{Decode, from_value};
    use super::super::tree::view;
    use super::*;

    /// What emitted unions look like.
    #[derive(Debug, PartialEq)]
    enum Shape {
        Leaf(i64),
        Two(Vec<Shape>),
        Also(Vec<Shape>),
    }

    impl Decode for Shape {
        fn decode(value: &Tree<'_>, at: &Path<'_>, faults: &mut Faults) -> Option<Self> {
            exactly_one(
                value,
                at,
                faults,
                &[
                    Alternative::new("Leaf", |value, at, faults| {
                        Decode::decode(value, at, faults).map(Self::Leaf)
                    }),
                    Alternative::new("Two", |value, at, faults| {
                        Decode::decode(value, at, faults).map(Self::Two)
                    }),
                    Alternative::new("Also", |value, at, faults| {
                        let items: Option<Vec<Self>> = Decode::decode(value, at, faults);
                        let items = items?;
                        if items.len() == 2 {
                            return Some(Self::Also(items));
                        }
                        faults.add(at, "minItems", "has fewer than 2 items");
                        None
                    }),
                ],
            )
        }
    }

    fn told(value: &Value) -> String {
        from_value::<Shape>(value).unwrap_err().to_string()
    }

    #[test]
    fn exactly_one_alternative_fits() {
        assert_eq!(from_value(&json!(7)), Ok(Shape::Leaf(7)));
        assert_eq!(from_value(&json!([7])), Ok(Shape::Two(vec![Shape::Leaf(7)])));
        assert_eq!(told(&json!([1, 2])), "the document fits both Two and Also");
        assert_eq!(told(&json!(true)), "the document fits none of Leaf, Two, Also");
    }

    #[test]
    fn the_closest_alternative_tells_its_faults() {
        let expected = "the document fits none of Leaf, Two, Also; \
                        /0 fits none of Leaf, Two, Also";
        assert_eq!(told(&json!(["x"])), expected);
    }

    #[test]
    fn alternatives_inside_alternatives_do_not_explode() {
        let deep = (0..100).fold(json!("x"), |inner, _| json!([inner]));
        let text = deep.to_string();
        let faults = super::super::decode::from_slice::<Shape>(text.as_bytes()).unwrap_err();
        assert!(faults.iter().any(|fault| fault.rule == "attempts"));
    }

    #[test]
    fn a_tag_chooses() {
        let decode = |value: &Value| {
            let mut faults = Faults::new();
            let alternatives = [
                Alternative::new("a", |value, at, faults| {
                    bool::decode(value.get("x")?, at, faults)
                }),
                Alternative::new("b", |_, _, _| Some(false)),
            ];
            let chosen =
                tagged(&view(&Bump::new(), value), &Path::Root, &mut faults, "t", &alternatives);
            (chosen, faults.to_string())
        };
        assert_eq!(decode(&json!({ "t": "b" })), (Some(false), String::new()));
        assert_eq!(decode(&json!({ "t": "a", "x": true })), (Some(true), String::new()));
        assert_eq!(decode(&json!({ "t": "c" })), (None, "/t is none of a, b".to_owned()));
        assert_eq!(decode(&json!({ "t": 1 })), (None, "/t is a number, not a string".to_owned()));
        assert_eq!(decode(&json!({})), (None, "/t is missing".to_owned()));
    }

    #[test]
    fn listed_numbers_are_compared_by_worth() {
        let find = |value: Value| {
            let worth = |item: u8| if item == 0 { json!(1) } else { json!({ "a": [2.5] }) };
            listed(&view(&Bump::new(), &value), &Path::Root, &mut Faults::new(), &[0, 1], worth)
        };
        assert_eq!(find(json!(1.0)), Some(0));
        assert_eq!(find(json!({ "a": [2.5] })), Some(1));
        assert_eq!(find(json!("1")), None);
    }
}
