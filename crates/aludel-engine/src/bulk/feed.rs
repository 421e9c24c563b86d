//! A program's rows, as the driver takes them.

use std::marker::PhantomData;

use aludel_core::{EncodeRow, Result};
use aludel_sql::{BulkRows, ColumnSet};

use crate::driver::{BulkField, RowFeed};
use crate::log::Sets;

/// Rows in runs of those that give the same columns.
pub(super) trait Feed: RowFeed {
    /// Whether there is no row at all.
    fn is_empty(&mut self) -> bool;
    /// Whether there is one row and no more.
    fn is_single(&mut self) -> bool;
    /// The columns of the next run; none at the end.
    fn begin_run(&mut self) -> Option<ColumnSet>;
    /// Shows the next row without taking it.
    fn peek(&mut self, with: &mut dyn FnMut(&dyn EncodeRow));
}

/// Rows from a program's iterator, of which two at most are held.
pub(super) struct Source<E, I: BulkRows<E>> {
    rows: I,
    next: Option<I::Item>,
    after: Option<I::Item>,
    run: ColumnSet,
    marker: PhantomData<fn() -> E>,
}

impl<E, I: BulkRows<E>> Source<E, I> {
    pub(super) fn new(mut rows: I) -> Self {
        let next = rows.next_row();
        let after = if next.is_some() { rows.next_row() } else { None };
        Self { rows, next, after, run: ColumnSet::default(), marker: PhantomData }
    }
}

impl<E, I> RowFeed for Source<E, I>
where
    I: BulkRows<E> + Send,
    I::Item: Send,
{
    #[inline]
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool> {
        let Some(row) = &self.next else {
            return Ok(false);
        };
        if I::given(row) != self.run {
            return Ok(false);
        }
        let done = with(row);
        self.next = self.after.take();
        if self.next.is_some() {
            self.after = self.rows.next_row();
        }
        done.map(|()| true)
    }

    fn is_at_end(&self) -> bool {
        self.next.is_none()
    }
}

impl<E, I> Feed for Source<E, I>
where
    I: BulkRows<E> + Send,
    I::Item: Send,
{
    fn is_empty(&mut self) -> bool {
        self.next.is_none()
    }

    fn is_single(&mut self) -> bool {
        self.after.is_none()
    }

    fn begin_run(&mut self) -> Option<ColumnSet> {
        self.run = I::given(self.next.as_ref()?);
        Some(self.run)
    }

    fn peek(&mut self, with: &mut dyn FnMut(&dyn EncodeRow)) {
        if let Some(row) = &self.next {
            with(row);
        }
    }
}

/// A feed that notes its rows for the log, if somebody reads it.
pub(super) struct Noted<'a> {
    pub(super) feed: &'a mut dyn Feed,
    pub(super) sets: Option<&'a mut Sets>,
    pub(super) fields: &'a [BulkField],
}

impl RowFeed for Noted<'_> {
    #[inline]
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool> {
        let Some(sets) = &mut self.sets else {
            return self.feed.next(with);
        };
        let fields = self.fields;
        self.feed.next(&mut |row| {
            sets.note(row, fields.iter().map(|field| field.index));
            with(row)
        })
    }

    fn is_at_end(&self) -> bool {
        self.feed.is_at_end()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.feed.size_hint()
    }
}
