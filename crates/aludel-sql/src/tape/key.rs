//! What is hashed and compared when a statement is looked up.

use std::any::TypeId;
use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use crate::schema::StaticColumn;

/// A statement's key, borrowed from its tape.
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    hash: u64,
    ops: &'a [u8],
    refs: &'a [&'static StaticColumn],
    types: &'a [TypeId],
}

/// A statement's key, kept in a cache.
#[derive(Clone, Debug)]
pub struct OwnedKey {
    hash: u64,
    ops: Box<[u8]>,
    refs: Box<[&'static StaticColumn]>,
    types: Box<[TypeId]>,
}

impl<'a> Key<'a> {
    pub(super) fn new(ops: &'a [u8], refs: &'a [&'static StaticColumn], types: &'a [TypeId]) -> Self {
        Self { hash: hash(ops, refs), ops, refs, types }
    }

    /// A hash of the key. Equal keys have equal hashes; the reverse is never relied on.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// How much memory the key takes, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.ops.len() + size_of_val(self.refs) + size_of_val(self.types)
    }

    /// The key as a cache keeps it.
    #[must_use]
    pub fn to_owned(&self) -> OwnedKey {
        OwnedKey { hash: self.hash, ops: self.ops.into(), refs: self.refs.into(), types: self.types.into() }
    }
}

impl OwnedKey {
    /// A hash of the key.
    #[must_use]
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// Whether both are the same statement: every byte, every column and every custom type is compared.
    #[must_use]
    pub fn matches(&self, key: &Key<'_>) -> bool {
        self.hash == key.hash
            && *self.ops == *key.ops
            && self.refs.len() == key.refs.len()
            && self.refs.iter().zip(key.refs).all(|(a, b)| std::ptr::eq(*a, *b))
            && *self.types == *key.types
    }

    /// The key, borrowed.
    #[must_use]
    pub fn as_key(&self) -> Key<'_> {
        Key { hash: self.hash, ops: &self.ops, refs: &self.refs, types: &self.types }
    }
}

impl PartialEq for OwnedKey {
    fn eq(&self, other: &Self) -> bool {
        self.matches(&other.as_key())
    }
}

impl Eq for OwnedKey {}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
            && self.ops == other.ops
            && self.refs.len() == other.refs.len()
            && self.refs.iter().zip(other.refs).all(|(a, b)| std::ptr::eq(*a, *b))
            && self.types == other.types
    }
}

fn hash(ops: &[u8], refs: &[&'static StaticColumn]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(ops);
    for column in refs {
        hasher.write_usize(std::ptr::from_ref(*column).addr());
    }
    hasher.finish()
}
