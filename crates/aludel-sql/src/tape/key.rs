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
            && same_columns(&self.refs, key.refs)
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
            && same_columns(self.refs, other.refs)
            && self.types == other.types
    }
}

/// Whether both are the same columns, by address. Keys with one hash nearly always are, so all are compared at once: that
/// can be done several at a time, where stopping at the first difference can't.
fn same_columns(a: &[&'static StaticColumn], b: &[&'static StaticColumn]) -> bool {
    let differences = a.iter().zip(b).fold(0, |all, (a, b)| all | (address(a) ^ address(b)));
    a.len() == b.len() && differences == 0
}

/// Hashes the bytes eight at a time and the addresses two at a time, by multiplying and folding.
///
/// Nobody outside chooses what is hashed, and keys are compared in full: speed is all that counts here.
fn hash(ops: &[u8], refs: &[&'static StaticColumn]) -> u64 {
    let mut hash = fold(SEED ^ ops.len() as u64, SEED_2 ^ refs.len() as u64);
    for word in ops.as_chunks().0 {
        hash = fold(hash ^ u64::from_le_bytes(*word), SEED);
    }
    // The bytes behind the last whole word, with some before them: that makes them a whole word too.
    let last = ops.last_chunk().copied().unwrap_or_else(|| {
        let mut last = [0; 8];
        last.iter_mut().zip(ops).for_each(|(to, from)| *to = *from);
        last
    });
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

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use aludel_core::Held;

    use super::*;
    use crate::schema::Table;

    static TABLE: Table = Table {
        name: Cow::Borrowed("t"),
        schema: None,
        columns: Held::Static(&[]),
        primary_key: Held::Static(&[]),
        foreign_keys: Held::Static(&[]),
        uniques: Held::Static(&[]),
        checks: Held::Static(&[]),
        indexes: Held::Static(&[]),
        comment: None,
        options: Held::Static(&[]),
    };
    // Of equal content, at different addresses.
    static COLUMNS: [StaticColumn; 2] = [StaticColumn::new(&TABLE, 0), StaticColumn::new(&TABLE, 0)];

    #[test]
    fn keys_of_one_hash_are_compared_in_full() {
        let [a, b] = &COLUMNS;
        let types = [TypeId::of::<u8>(), TypeId::of::<u16>()];
        let lanes: [(&[u8], &[&'static StaticColumn], &[TypeId]); 8] = [
            (&[1], &[], &[]),
            (&[2], &[], &[]),
            (&[1, 0], &[], &[]),
            (&[1], &[a], &[]),
            (&[1], &[b], &[]),
            (&[1], &[a, a], &[]),
            (&[1], &[], &types[..1]),
            (&[1], &[], &types[1..]),
        ];
        let keys = lanes.map(|(ops, refs, types)| Key { hash: 0, ops, refs, types });
        for (index, key) in keys.iter().enumerate() {
            for (other_index, other) in keys.iter().enumerate() {
                assert_eq!(key == other, index == other_index, "{index} and {other_index}");
                assert_eq!(key.to_owned().matches(other), index == other_index, "{index} and {other_index}");
            }
        }
    }

    #[test]
    fn every_byte_and_every_column_is_in_the_hash() {
        let [a, b] = &COLUMNS;
        for length in 0..40 {
            let (ops, refs) = (vec![7; length], vec![a; length]);
            let whole = hash(&ops, &refs);
            for index in 0..length {
                let (mut other_ops, mut other_refs) = (ops.clone(), refs.clone());
                other_ops[index] = 8;
                other_refs[index] = b;
                assert_ne!(whole, hash(&other_ops, &refs), "byte {index} of {length}");
                assert_ne!(whole, hash(&ops, &other_refs), "column {index} of {length}");
            }
        }
    }
}
