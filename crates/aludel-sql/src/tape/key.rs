//! What is hashed and compared when a statement is looked up.

use std::any::TypeId;

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

/// Hashes the bytes eight at a time and the addresses two at a time, by multiplying and folding.
///
/// Nobody outside chooses what is hashed, and keys are compared in full: speed is all that counts here.
fn hash(ops: &[u8], refs: &[&'static StaticColumn]) -> u64 {
    let (words, rest) = ops.as_chunks::<8>();
    let mut hash = fold(SEED ^ ops.len() as u64, SEED_2 ^ refs.len() as u64);
    for word in words {
        hash = fold(hash ^ u64::from_le_bytes(*word), SEED);
    }
    let mut last = [0; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    hash = fold(hash ^ u64::from_le_bytes(last), SEED_2);
    let (pairs, single) = refs.as_chunks::<2>();
    for [first, second] in pairs {
        hash = fold(hash ^ address(first), SEED ^ address(second));
    }
    single.iter().fold(hash, |hash, column| fold(hash ^ address(column), SEED))
}

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const SEED_2: u64 = 0xd1b5_4a32_d192_ed03;

fn address(column: &'static StaticColumn) -> u64 {
    std::ptr::from_ref(column).addr() as u64
}

#[allow(clippy::cast_possible_truncation, reason = "both halves of the product are used")]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ (product >> 64) as u64
}
