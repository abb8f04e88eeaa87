//! Names and identities that the server makes up.

use rand::RngExt;
use uuid::Uuid;

/// The letters of a made up ending: none that makes a word, or looks like another.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// How many letters are made up.
const ENDING: usize = 5;

/// How many bytes of a prefix are kept.
const PREFIX: usize = 58;

/// A name with this prefix and a made up ending.
pub(super) fn name(prefix: &str) -> String {
    let mut random = rand::rng();
    let end =
        prefix.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= PREFIX);
    let kept = end.last().and_then(|end| prefix.get(..end)).unwrap_or_default();
    let letter = |index: usize| LETTERS.get(index).copied().map_or('x', char::from);
    let ending: String =
        (0..ENDING).map(|_| letter(random.random_range(0..LETTERS.len()))).collect();
    format!("{kept}{ending}")
}

/// A new identity.
pub(super) fn uid() -> String {
    Uuid::new_v4().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_their_prefix_and_five_letters() {
        let made = name("gen-");
        assert_eq!(made.len(), 9);
        let ending = made.strip_prefix("gen-").unwrap();
        assert!(ending.bytes().all(|byte| LETTERS.contains(&byte)));
        assert_eq!(name(&"a".repeat(80)).len(), 63);
        assert_eq!(uid().len(), 36);
    }
}
