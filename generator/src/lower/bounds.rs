//! Bounds of numbers and counts: which of two is tighter, and whether anything is left between them.

use std::cmp::Ordering;

use serde_json::Number;

use crate::contract::{Bound, Length};

/// Both lengths at once.
pub(super) fn both(a: Length, b: Length) -> Length {
    let maximum = match (a.maximum, b.maximum) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    Length { minimum: a.minimum.max(b.minimum), maximum }
}

/// Whether no count is within the bounds.
pub(super) fn is_empty(length: Length) -> bool {
    matches!((length.minimum, length.maximum), (Some(low), Some(high)) if low > high)
}

/// The greater of two lower bounds.
pub(super) fn higher(a: Option<Bound>, b: Option<Bound>) -> Option<Bound> {
    tighter(a, b, Ordering::Greater)
}

/// The smaller of two upper bounds.
pub(super) fn lower(a: Option<Bound>, b: Option<Bound>) -> Option<Bound> {
    tighter(a, b, Ordering::Less)
}

fn tighter(a: Option<Bound>, b: Option<Bound>, wanted: Ordering) -> Option<Bound> {
    match (a, b) {
        (Some(a), Some(b)) => match compare(&a.value, &b.value) {
            Ordering::Equal => Some(Bound { exclusive: a.exclusive || b.exclusive, ..a }),
            order if order == wanted => Some(a),
            _ => Some(b),
        },
        (a, b) => a.or(b),
    }
}

/// Whether no number is within the bounds.
pub(super) fn is_void(minimum: Option<&Bound>, maximum: Option<&Bound>) -> bool {
    let (Some(low), Some(high)) = (minimum, maximum) else { return false };
    match compare(&low.value, &high.value) {
        Ordering::Less => false,
        Ordering::Equal => low.exclusive || high.exclusive,
        Ordering::Greater => true,
    }
}

/// Whether `number` is within the bounds.
pub(super) fn holds(number: &Number, minimum: Option<&Bound>, maximum: Option<&Bound>) -> bool {
    let above = |low: &Bound| match compare(number, &low.value) {
        Ordering::Greater => true,
        Ordering::Equal => !low.exclusive,
        Ordering::Less => false,
    };
    let below = |high: &Bound| match compare(number, &high.value) {
        Ordering::Less => true,
        Ordering::Equal => !high.exclusive,
        Ordering::Greater => false,
    };
    minimum.is_none_or(above) && maximum.is_none_or(below)
}

/// The order of two numbers; exact for integers, that of the nearest doubles otherwise.
pub(super) fn compare(a: &Number, b: &Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => {
            let (a, b) = (a.as_f64().unwrap_or_default(), b.as_f64().unwrap_or_default());
            a.partial_cmp(&b).unwrap_or(Ordering::Equal)
        }
    }
}

/// Whether `number` is a whole multiple of `divisor`.
pub(super) fn divides(divisor: &Number, number: &Number) -> bool {
    match (divisor.as_i128(), number.as_i128()) {
        (Some(0), _) => true,
        (Some(divisor), Some(number)) => number % divisor == 0,
        _ => {
            let quotient = number.as_f64().unwrap_or_default() / divisor.as_f64().unwrap_or(1.0);
            (quotient - quotient.round()).abs() <= f64::EPSILON * quotient.abs().max(1.0)
        }
    }
}

/// A bound of whole numbers that says the same as `bound`: `1.0` is `1`, at least `1.5` is at least `2`.
pub(super) fn whole(bound: Bound, round: fn(f64) -> f64) -> Bound {
    if bound.value.as_i128().is_some() {
        return bound;
    }
    let exact = bound.value.as_f64().unwrap_or_default();
    let rounded = round(exact);
    match integer(rounded) {
        Some(value) => {
            let exclusive = bound.exclusive && (rounded - exact).abs() < f64::EPSILON;
            Bound { value, exclusive }
        }
        None => bound,
    }
}

/// The integer that a double is, while doubles are still exact.
pub(super) fn integer(value: f64) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() != 0.0 || value.abs() > EXACT {
        return None;
    }
    format!("{value:.0}").parse::<i64>().ok().map(Number::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound(value: f64, exclusive: bool) -> Bound {
        Bound { value: Number::from_f64(value).unwrap(), exclusive }
    }

    #[test]
    fn the_tighter_bound_wins() {
        let low = higher(Some(bound(1.0, false)), Some(bound(2.0, true))).unwrap();
        assert_eq!(low, bound(2.0, true));
        let high = lower(Some(bound(5.0, false)), Some(bound(5.0, true))).unwrap();
        assert_eq!(high, bound(5.0, true));
        assert!(is_void(Some(&bound(5.0, false)), Some(&high)));
        assert!(!is_void(Some(&low), Some(&high)));
    }

    #[test]
    fn bounds_of_integers_are_integers() {
        assert_eq!(whole(bound(1.5, true), f64::ceil), Bound { value: 2.into(), exclusive: false });
        assert_eq!(whole(bound(3.0, true), f64::floor), Bound { value: 3.into(), exclusive: true });
    }

    #[test]
    fn counts_are_intersected() {
        let a = Length { minimum: Some(1), maximum: None };
        let b = Length { minimum: None, maximum: Some(0) };
        assert_eq!(both(a, b), Length { minimum: Some(1), maximum: Some(0) });
        assert!(is_empty(both(a, b)));
    }

    #[test]
    fn multiples_are_exact_for_integers() {
        assert!(divides(&3.into(), &9.into()));
        assert!(!divides(&3.into(), &10.into()));
        assert!(divides(&Number::from_f64(0.1).unwrap(), &Number::from_f64(0.3).unwrap()));
    }
}
