//! The lanes of bytes and of column references: inline up to what everyday statements need, on the heap beyond.
//!
//! They are written to several dozen times for a statement, so a write must be a bounds check and a store. A general
//! small vector copies two or three bytes by a call of `memcpy`.

use std::borrow::Cow;

use aludel_core::Held;

use crate::schema::{StaticColumn, Table};

const INLINE_OPS: usize = 120;
const INLINE_REFS: usize = 28;

/// The length of a lane that lies on the heap: longer than any that lies inline, so that one comparison tells both
/// whether it does and whether there is room.
const ON_HEAP: usize = usize::MAX;

/// Operation bytes.
#[derive(Clone)]
pub(super) struct Ops {
    /// How many bytes lie inline, or [`ON_HEAP`].
    length: usize,
    inline: [u8; INLINE_OPS],
    /// All the bytes, once they are too many for `inline`.
    heap: Vec<u8>,
}

/// References to columns.
#[derive(Clone)]
pub(super) struct Refs {
    /// How many references lie inline, or [`ON_HEAP`].
    length: usize,
    inline: [&'static StaticColumn; INLINE_REFS],
    /// All the references, once they are too many for `inline`.
    heap: Vec<&'static StaticColumn>,
}

impl Default for Ops {
    fn default() -> Self {
        Self { length: 0, inline: [0; INLINE_OPS], heap: Vec::new() }
    }
}

impl Ops {
    /// Appends the first `count` of four bytes.
    #[inline]
    pub(super) fn push(&mut self, bytes: [u8; 4], count: usize) {
        if self.length <= INLINE_OPS - bytes.len() {
            self.inline[self.length..self.length + bytes.len()].copy_from_slice(&bytes);
            self.length += count;
        } else {
            self.push_slowly(u32::from_le_bytes(bytes), count);
        }
    }

    /// The bytes come as one number, which needs no place in memory.
    #[cold]
    #[inline(never)]
    fn push_slowly(&mut self, bytes: u32, count: usize) {
        self.extend(bytes.to_le_bytes().get(..count).unwrap_or_default());
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        let place = self.inline.get_mut(self.length..).and_then(|rest| rest.get_mut(..bytes.len()));
        if let Some(place) = place {
            place.copy_from_slice(bytes);
            self.length += bytes.len();
        } else {
            self.extend_heap(bytes);
        }
    }

    #[cold]
    fn extend_heap(&mut self, bytes: &[u8]) {
        if let Some(inline) = self.inline.get(..self.length) {
            self.heap.reserve(INLINE_OPS * 2 + bytes.len());
            self.heap.extend_from_slice(inline);
            self.length = ON_HEAP;
        }
        self.heap.extend_from_slice(bytes);
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        self.inline.get(..self.length).unwrap_or(&self.heap)
    }
}

/// Fills places that no reference has been written to.
static NO_COLUMN: StaticColumn = StaticColumn::new(&NO_TABLE, 0);
static NO_TABLE: Table = Table {
    name: Cow::Borrowed(""),
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

impl Default for Refs {
    fn default() -> Self {
        Self { length: 0, inline: [&NO_COLUMN; INLINE_REFS], heap: Vec::new() }
    }
}

impl Refs {
    #[inline]
    pub(super) fn push(&mut self, column: &'static StaticColumn) {
        if let Some(place) = self.inline.get_mut(self.length) {
            *place = column;
            self.length += 1;
        } else {
            self.push_slowly(column);
        }
    }

    #[cold]
    #[inline(never)]
    fn push_slowly(&mut self, column: &'static StaticColumn) {
        self.extend(&[column]);
    }

    pub(super) fn extend(&mut self, columns: &[&'static StaticColumn]) {
        let place = self.inline.get_mut(self.length..).and_then(|rest| rest.get_mut(..columns.len()));
        if let Some(place) = place {
            place.copy_from_slice(columns);
            self.length += columns.len();
        } else {
            self.extend_heap(columns);
        }
    }

    #[cold]
    fn extend_heap(&mut self, columns: &[&'static StaticColumn]) {
        if let Some(inline) = self.inline.get(..self.length) {
            self.heap.reserve(INLINE_REFS * 2 + columns.len());
            self.heap.extend_from_slice(inline);
            self.length = ON_HEAP;
        }
        self.heap.extend_from_slice(columns);
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[&'static StaticColumn] {
        self.inline.get(..self.length).unwrap_or(&self.heap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_their_order_when_they_move_to_the_heap() {
        let mut ops = Ops::default();
        let mut expected = Vec::new();
        for byte in 0..=255_u8 {
            let count = usize::from(byte % 4) + 1;
            ops.push([byte; 4], count);
            expected.extend(std::iter::repeat_n(byte, count));
            ops.extend(&[7, 8, 9]);
            expected.extend([7, 8, 9]);
            assert_eq!(ops.as_slice(), expected);
        }
    }

    #[test]
    fn references_keep_their_order_when_they_move_to_the_heap() {
        let mut refs = Refs::default();
        for count in 1..100 {
            refs.push(&NO_COLUMN);
            assert_eq!(refs.as_slice().len(), count);
        }
    }
}
