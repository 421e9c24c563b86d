//! Objects as the rows of a statement.

use aludel_core::{Encode, EncodeRow, Fault, ParamSink, Result};
use aludel_engine::driver::RowFeed;
use aludel_sql::Each;

use super::Table;
use crate::mapper::Mapped;

/// The objects in some slots, one by one.
pub(super) struct Feed<'a, T: Mapped> {
    pub(super) table: &'a Table<T>,
    pub(super) slots: &'a [u32],
}

/// An object as it is now, and its key as the database has it.
struct Changed<'a, T> {
    now: &'a T,
    first: Option<&'a T>,
}

impl<T: Mapped> EncodeRow for Changed<'_, T> {
    #[inline]
    fn encode_field(&self, index: usize, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        match index.checked_sub(Each::KEY) {
            None => self.now.encode_field(index, sink),
            Some(index) => self.first.unwrap_or(self.now).encode_field(index, sink),
        }
    }
}

impl<T: Mapped> RowFeed for Feed<'_, T> {
    #[inline]
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool> {
        let Some((slot, rest)) = self.slots.split_first() else {
            return Ok(false);
        };
        self.slots = rest;
        match self.table.value(*slot) {
            Some(now) => with(&Changed { now, first: self.table.first(*slot) }).map(|()| true),
            None => Ok(false),
        }
    }

    fn is_at_end(&self) -> bool {
        self.slots.is_empty()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.slots.len(), Some(self.slots.len()))
    }
}

/// Rows of values, for link tables.
pub(crate) struct ValueFeed<'a> {
    pub(crate) rows: std::slice::Iter<'a, Vec<aludel_core::Value>>,
    /// Which place in a row a statement's field is.
    pub(crate) fields: &'a [usize],
}

struct Values<'a> {
    values: &'a [aludel_core::Value],
    fields: &'a [usize],
}

impl EncodeRow for Values<'_> {
    fn encode_field(&self, index: usize, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        let place = self.fields.iter().position(|field| *field == index);
        match place.and_then(|place| self.values.get(place)) {
            Some(value) => value.encode(sink),
            None => Err(Fault::no_column(self.values.len())),
        }
    }
}

impl RowFeed for ValueFeed<'_> {
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool> {
        match self.rows.next() {
            Some(values) => with(&Values { values, fields: self.fields }).map(|()| true),
            None => Ok(false),
        }
    }

    fn is_at_end(&self) -> bool {
        self.rows.as_slice().is_empty()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rows.size_hint()
    }
}
