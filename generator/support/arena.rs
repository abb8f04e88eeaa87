//! Where a document stands while something is made of it: memory that a thread keeps for its next document.

use std::cell::Cell;

use bumpalo::Bump;

/// A thread keeps no more than that, in bytes: what most documents take. What a larger one took is given back.
const MOST_KEPT: usize = 1 << 23;

thread_local! {
    static KEPT: Cell<Bump> = Cell::default();
}

/// Does what needs an arena; it is empty before and after.
pub(super) fn with<R>(work: impl FnOnce(&Bump) -> R) -> R {
    // Within `work` there may be another document. It finds nothing kept and makes an arena of its own.
    let mut arena = KEPT.try_with(Cell::take).unwrap_or_default();
    let result = work(&arena);
    if arena.allocated_bytes() <= MOST_KEPT {
        arena.reset();
        // A thread that ends keeps nothing.
        let _ = KEPT.try_with(|kept| kept.set(arena));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> usize {
        let arena = KEPT.take();
        let bytes = arena.allocated_bytes();
        KEPT.set(arena);
        bytes
    }

    #[test]
    fn memory_is_kept_up_to_a_bound() {
        assert_eq!(with(|arena| arena.alloc_slice_fill_copy(10_000, 1_u8).len()), 10_000);
        let small = kept();
        assert!((10_000..MOST_KEPT).contains(&small), "{small}");
        with(|arena| assert_eq!(arena.allocated_bytes(), small));
        with(|arena| arena.alloc_slice_fill_copy(MOST_KEPT, 1_u8).len());
        assert_eq!(kept(), 0);
    }

    #[test]
    fn one_document_may_stand_within_another() {
        let texts = with(|outer| {
            let one = outer.alloc_str("one");
            let other = with(|inner| inner.alloc_str("other").to_owned());
            format!("{one} {other}")
        });
        assert_eq!(texts, "one other");
    }
}
