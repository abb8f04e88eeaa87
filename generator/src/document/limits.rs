//! How much of a document is read at all. Texts are untrusted, so everything that can grow has an end.

/// Upper bounds for one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Mappings and sequences inside one another.
    pub depth: usize,
    /// Nodes of the tree, copies made by aliases included.
    pub nodes: usize,
    /// Bytes of one key.
    pub key_bytes: usize,
    /// Bytes, about, that anchors and the aliases to them may add to the tree.
    pub alias_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 100,
            nodes: 4_000_000,
            key_bytes: 1024,
            alias_bytes: 16 << 20,
        }
    }
}
