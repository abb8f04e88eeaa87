//! Values that look random and are the same in every run.

/// A number that depends on `seed` alone (splitmix64).
pub(crate) fn number(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A UUID of version 5's form (RFC 9562 §5.5).
pub(crate) fn uuid(seed: u64) -> String {
    let (high, low) = (number(seed), number(seed ^ u64::MAX));
    format!(
        "{:08x}-{:04x}-5{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | (low >> 48) & 0x3fff,
        low & 0xffff_ffff_ffff,
    )
}

/// So many hexadecimal digits.
pub(crate) fn hex(seed: u64, digits: usize) -> String {
    let words = (0..).map(|index| format!("{:016x}", number(seed.wrapping_mul(31) ^ index)));
    let text: String = words.take(digits.div_ceil(16)).collect();
    text.chars().take(digits).collect()
}

/// The value at `index`, going round; none of nothing.
pub(crate) fn pick<T: Copy>(values: &[T], index: usize) -> Option<T> {
    values.get(index.checked_rem(values.len())?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_form() {
        assert_eq!(uuid(1), uuid(1));
        assert_ne!(uuid(1), uuid(2));
        let lengths: Vec<_> = uuid(7).split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(hex(3, 40).len(), 40);
        assert_eq!(hex(3, 5), hex(3, 40)[..5]);
    }
}
