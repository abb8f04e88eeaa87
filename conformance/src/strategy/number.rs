//! Numbers within bounds.

use generator::contract::{Bound, NumberFormat};
use proptest::prelude::*;
use serde_json::{Number, Value};

/// The inclusive range that bounds and format leave to integers.
pub(super) fn integer_range(
    format: NumberFormat,
    minimum: Option<&Bound>,
    maximum: Option<&Bound>,
) -> (i128, i128) {
    let (least, most) = match format {
        NumberFormat::Int32 => (i128::from(i32::MIN), i128::from(i32::MAX)),
        _ => (i128::from(i64::MIN), i128::from(i64::MAX)),
    };
    let low = minimum.map(|bound| whole(bound, true));
    let high = maximum.map(|bound| whole(bound, false));
    match format {
        // Nothing but the stated bounds limits a number without a format.
        NumberFormat::Int32 | NumberFormat::Int64 => {
            (low.map_or(least, |low| low.max(least)), high.map_or(most, |high| high.min(most)))
        }
        _ => (
            low.unwrap_or_else(|| high.map_or(least, |high| least.min(high))),
            high.unwrap_or_else(|| low.map_or(most, |low| most.max(low))),
        ),
    }
}

/// The integer `step` steps beyond an edge, upwards or downwards; where such a number would be rounded onto the edge,
/// one that is far enough.
pub(super) fn beyond(edge: i128, upwards: bool, step: i128) -> Value {
    let exact = i128::from(i64::MIN)..=i128::from(u64::MAX);
    let sign = if upwards { 1 } else { -1 };
    let near = edge.saturating_add(sign * step);
    let far = edge.saturating_add(sign.saturating_mul(edge.saturating_abs().max(1 << 63)));
    whole_number(if exact.contains(&near) { near } else { far })
}

/// The outermost integer that a bound lets through.
fn whole(bound: &Bound, lower: bool) -> i128 {
    let value = &bound.value;
    let exact = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let (integer, is_whole) = exact.map_or_else(
        || {
            let float = value.as_f64().unwrap_or_default();
            #[expect(
                clippy::cast_possible_truncation,
                reason = "saturates, and the range is clipped to 64 bits anyway"
            )]
            let rounded = if lower { float.ceil() as i128 } else { float.floor() as i128 };
            (rounded, float.fract() == 0.0)
        },
        |integer| (integer, true),
    );
    match (bound.exclusive && is_whole, lower) {
        (true, true) => integer.saturating_add(1),
        (true, false) => integer.saturating_sub(1),
        (false, _) => integer,
    }
}

/// Integers within those bounds; `null` if there is none.
pub(super) fn integer(
    format: NumberFormat,
    minimum: Option<&Bound>,
    maximum: Option<&Bound>,
    multiple_of: Option<&Number>,
) -> BoxedStrategy<Value> {
    let (low, high) = integer_range(format, minimum, maximum);
    let step = multiple_of.and_then(Number::as_i64).map_or(1, |step| i128::from(step).max(1));
    let (first, last) =
        (low.div_euclid(step) + i128::from(low.rem_euclid(step) != 0), high.div_euclid(step));
    if first > last {
        return Just(Value::Null).boxed();
    }
    // Small magnitudes find more than uniform ones: most are near zero, some anywhere.
    let near = (first.max(-100).min(last), last.min(100).max(first));
    prop_oneof![3 => near.0..=near.1, 1 => first..=last]
        .prop_map(move |count| whole_number(count.saturating_mul(step)))
        .boxed()
}

/// An integer as JSON has it.
pub(super) fn whole_number(value: i128) -> Value {
    i64::try_from(value)
        .map(Value::from)
        .or_else(|_| u64::try_from(value).map(Value::from))
        .unwrap_or_else(|_| Number::from_f64(to_float(value)).map_or(Value::Null, Value::Number))
}

#[expect(clippy::cast_precision_loss, reason = "beyond 64 bits JSON numbers are floats")]
fn to_float(value: i128) -> f64 {
    value as f64
}

/// Numbers within those bounds.
pub(super) fn number(
    minimum: Option<&Bound>,
    maximum: Option<&Bound>,
    multiple_of: Option<&Number>,
) -> BoxedStrategy<Value> {
    let float = |bound: &Bound| bound.value.as_f64().unwrap_or_default();
    let low = minimum.map_or(-1.0e6, float);
    let high = maximum.map_or(low.abs().mul_add(2.0, 1.0e6), float);
    let open = minimum.is_some_and(|bound| bound.exclusive)
        || maximum.is_some_and(|bound| bound.exclusive);
    let step = multiple_of.and_then(Number::as_f64).filter(|step| *step > 0.0);
    (0u32..=1000)
        .prop_map(move |part| {
            // An open bound keeps its own value out, so the outermost parts are drawn in.
            let part = if open { part.clamp(1, 999) } else { part };
            let value = (high - low).mul_add(f64::from(part) / 1000.0, low);
            let value = step.map_or(value, |step| multiple(value, step, low));
            Number::from_f64(value).map_or(Value::Null, Value::Number)
        })
        .boxed()
}

/// The multiple of `step` just below `value`, or the next one where that is below `low`.
fn multiple(value: f64, step: f64, low: f64) -> f64 {
    let count = (value / step).floor();
    if count * step < low { (count + 1.0) * step } else { count * step }
}
