//! The lanes of bytes and of column references: inline up to what everyday statements need, on the heap beyond.
//!
//! They are written to several dozen times for a statement, so a write must be a bounds check and a store. A general
//! small vector copies two or three bytes by a call of `memcpy`.

use std::borrow::Cow;

use aludel_core::Held;

use crate::schema::{StaticColumn, Table};

const INLINE_OPS: usize = 120;
const INLINE_REFS: usize = 28;

/// Operation bytes.
#[derive(Clone)]
pub(super) struct Ops {
    length: usize,
    inline: [u8; INLINE_OPS],
    /// All the bytes, once they are too many for `inline`.
    heap: Vec<u8>,
}

/// References to columns.
#[derive(Clone)]
pub(super) struct Refs {
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
        if let Some(place) = self.inline.get_mut(self.length..).and_then(<[u8]>::first_chunk_mut)
            && self.heap.is_empty()
        {
            *place = bytes;
            self.length += count;
        } else {
            self.extend(bytes.get(..count).unwrap_or_default());
        }
    }

    pub(super) fn extend(&mut self, bytes: &[u8]) {
        if self.heap.is_empty() {
            if let Some(place) = self.inline.get_mut(self.length..self.length + bytes.len()) {
                place.copy_from_slice(bytes);
                self.length += bytes.len();
                return;
            }
            self.heap.reserve(INLINE_OPS * 2 + bytes.len());
            self.heap.extend_from_slice(self.inline.get(..self.length).unwrap_or_default());
        }
        self.heap.extend_from_slice(bytes);
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        if self.heap.is_empty() { self.inline.get(..self.length).unwrap_or_default() } else { &self.heap }
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
        if let Some(place) = self.inline.get_mut(self.length)
            && self.heap.is_empty()
        {
            *place = column;
            self.length += 1;
        } else {
            self.extend(&[column]);
        }
    }

    pub(super) fn extend(&mut self, columns: &[&'static StaticColumn]) {
        if self.heap.is_empty() {
            if let Some(place) = self.inline.get_mut(self.length..self.length + columns.len()) {
                place.copy_from_slice(columns);
                self.length += columns.len();
                return;
            }
            self.heap.reserve(INLINE_REFS * 2 + columns.len());
            self.heap.extend_from_slice(self.inline.get(..self.length).unwrap_or_default());
        }
        self.heap.extend_from_slice(columns);
    }

    #[inline]
    pub(super) fn as_slice(&self) -> &[&'static StaticColumn] {
        if self.heap.is_empty() { self.inline.get(..self.length).unwrap_or_default() } else { &self.heap }
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
