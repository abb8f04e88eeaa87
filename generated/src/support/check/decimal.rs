//! Exact division of decimals: whether one is a multiple of another, without rounding.

/// Whether `value` is a whole multiple of `divisor`, both decimals such as `0.07`, `-3` or `1e-2`.
/// A text that is no decimal, or has more digits than fit, is a multiple of nothing.
pub(super) fn is_multiple(value: &str, divisor: &str) -> bool {
    let (Some(value), Some(divisor)) = (Decimal::parse(value), Decimal::parse(divisor)) else {
        return false;
    };
    match (value.digits, divisor.digits) {
        (_, 0) => false,
        (0, _) => true,
        (digits, modulus) => remainder_is_zero(digits, value.exponent - divisor.exponent, modulus),
    }
}

/// No exponent of a double is farther from zero.
const FARTHEST: i64 = 400;

/// `digits` times ten to the power of `exponent`, without its sign.
struct Decimal {
    digits: u128,
    exponent: i64,
}

impl Decimal {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('-');
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        if FARTHEST < exponent.abs() {
            return None;
        }
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let fraction = fraction.trim_end_matches('0');
        let all = format!("{whole}{fraction}");
        let significant = all.trim_end_matches('0');
        let zeros = i64::try_from(all.len() - significant.len()).ok()?;
        let digits = if significant.is_empty() { 0 } else { significant.parse().ok()? };
        let scale = i64::try_from(fraction.len()).ok()?;
        Some(Self { digits, exponent: exponent - scale + zeros })
    }
}

/// Whether `digits` times ten to the power of `exponent` divides by `modulus`.
fn remainder_is_zero(digits: u128, exponent: i64, modulus: u128) -> bool {
    if exponent < 0 {
        // The digits have no trailing zero, so a divisor that is ten times as coarse leaves a rest.
        let power = u32::try_from(-exponent).ok().and_then(|power| 10_u128.checked_pow(power));
        let coarse = power.and_then(|power| modulus.checked_mul(power));
        return coarse.is_some_and(|coarse| digits.is_multiple_of(coarse));
    }
    let mut rest = digits % modulus;
    for _ in 0..exponent {
        match rest.checked_mul(10) {
            Some(_) if rest == 0 => return true,
            Some(next) => rest = next % modulus,
            None => return false,
        }
    }
    rest == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_is_exact() {
        let multiples = [
            ("0.07", "0.01"),
            ("1.1", "0.1"),
            ("-3", "1.5"),
            ("0", "7"),
            ("1e300", "4e-2"),
            ("10000000000000000000000", "8"),
            ("1e-7", "1e-9"),
            ("300", "1e2"),
        ];
        for (value, divisor) in multiples {
            assert!(is_multiple(value, divisor), "{value} / {divisor}");
        }
        let others = [
            ("0.075", "0.01"),
            ("1", "0"),
            ("1e300", "7"),
            ("0.1", "1"),
            ("250", "1e2"),
            ("NaN", "1"),
            ("1", "1e-99999999999"),
            ("1", "1e400000000"),
        ];
        for (value, divisor) in others {
            assert!(!is_multiple(value, divisor), "{value} / {divisor}");
        }
    }
}
