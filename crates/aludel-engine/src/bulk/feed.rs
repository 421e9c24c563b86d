//! A program's rows, as the driver takes them.

use std::marker::PhantomData;

use aludel_core::{EncodeRow, Fault, ParamSink, Result};
use aludel_sql::{BulkRows, ColumnSet};

use crate::driver::RowFeed;

/// Rows in runs of those that give the same columns.
pub(super) trait Feed: RowFeed {
    /// Whether there is no row at all.
    fn is_empty(&mut self) -> bool;
    /// Whether there is one row and no more.
    fn is_single(&mut self) -> bool;
    /// The columns of the next run; none at the end.
    fn begin_run(&mut self) -> Option<ColumnSet>;
    /// Gathers so many rows of the run at most into a block. Tells how many there are; from now on the feed gives blocks of
    /// exactly that many.
    fn gather(&mut self, most: usize) -> usize;
    /// Whether all rows there are make one block of so many at most.
    fn is_one_block(&mut self, most: usize) -> bool;
    /// From now on rows are given one by one, beginning with those that were gathered.
    fn release(&mut self);
}

/// Rows from a program's iterator, of which two and one block at most are held.
pub(super) struct Source<E, I: BulkRows<E>> {
    rows: I,
    next: Option<I::Item>,
    after: Option<I::Item>,
    run: ColumnSet,
    block: Vec<I::Item>,
    /// Rows that were gathered and come one by one all the same.
    released: std::vec::IntoIter<I::Item>,
    /// Rows in a block; 0 when rows are given one by one.
    block_rows: usize,
    marker: PhantomData<fn() -> E>,
}

/// Several rows as one long one.
struct Block<'a, T>(&'a [T]);

/// What a field of a block is called: the row's position, and the field's own name in the row.
pub(super) const fn block_field(row: usize, field: usize) -> usize {
    row << FIELD_BITS | field
}

const FIELD_BITS: u32 = 16;

impl<T: EncodeRow> EncodeRow for Block<'_, T> {
    #[inline]
    fn encode_field(&self, index: usize, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        match self.0.get(index >> FIELD_BITS) {
            Some(row) => row.encode_field(index & ((1 << FIELD_BITS) - 1), sink),
            None => Err(Fault::no_column(self.0.len())),
        }
    }
}

impl<E, I: BulkRows<E>> Source<E, I> {
    pub(super) fn new(mut rows: I) -> Self {
        let next = rows.next_row();
        let after = if next.is_some() { rows.next_row() } else { None };
        let (block, released) = (Vec::new(), Vec::new().into_iter());
        Self { rows, next, after, run: ColumnSet::default(), block, released, block_rows: 0, marker: PhantomData }
    }

    /// Takes the next row, if it is of the run.
    #[inline]
    fn take(&mut self) -> Option<I::Item> {
        if I::given(self.next.as_ref()?) != self.run {
            return None;
        }
        let row = self.next.take();
        self.next = self.after.take();
        if self.next.is_some() {
            self.after = self.rows.next_row();
        }
        row
    }

    fn fill(&mut self, most: usize) {
        while self.block.len() < most {
            match self.take() {
                Some(row) => self.block.push(row),
                None => break,
            }
        }
    }
}

impl<E, I> RowFeed for Source<E, I>
where
    I: BulkRows<E> + Send,
    I::Item: Send,
{
    #[inline]
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool> {
        if self.block_rows == 0 {
            return match self.released.next().or_else(|| self.take()) {
                Some(row) => with(&row).map(|()| true),
                None => Ok(false),
            };
        }
        self.fill(self.block_rows);
        if self.block.len() != self.block_rows {
            return Ok(false);
        }
        let done = with(&Block(&self.block));
        self.block.clear();
        done.map(|()| true)
    }

    fn is_at_end(&self) -> bool {
        self.next.is_none() && self.block.is_empty() && self.released.len() == 0
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        if self.block_rows > 0 {
            return (0, None);
        }
        let held = self.released.len() + usize::from(self.next.is_some()) + usize::from(self.after.is_some());
        (held, self.after.is_none().then_some(held))
    }
}

impl<E, I> Feed for Source<E, I>
where
    I: BulkRows<E> + Send,
    I::Item: Send,
{
    fn is_empty(&mut self) -> bool {
        self.is_at_end()
    }

    fn is_single(&mut self) -> bool {
        self.after.is_none()
    }

    fn begin_run(&mut self) -> Option<ColumnSet> {
        // A block that is left over belongs to the run as it was.
        if self.block.is_empty() && self.released.len() == 0 {
            self.run = I::given(self.next.as_ref()?);
            self.block_rows = 0;
        }
        Some(self.run)
    }

    fn gather(&mut self, most: usize) -> usize {
        self.fill(most);
        self.block_rows = self.block.len();
        self.block_rows
    }

    fn is_one_block(&mut self, most: usize) -> bool {
        self.begin_run().is_some() && self.gather(most) > 0 && self.next.is_none()
    }

    fn release(&mut self) {
        self.released = std::mem::take(&mut self.block).into_iter();
        self.block_rows = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of one number.
    struct Numbers(std::ops::Range<i64>);

    impl BulkRows<()> for Numbers {
        type Item = (i64,);
        fn next_row(&mut self) -> Option<(i64,)> {
            self.0.next().map(|number| (number,))
        }
        fn given(_: &(i64,)) -> ColumnSet {
            ColumnSet::default()
        }
    }

    #[test]
    fn rows_that_were_gathered_and_released_are_counted_and_come_first() {
        let mut feed = Source::<(), _>::new(Numbers(0..4));
        assert!(!feed.is_one_block(3));
        assert_eq!(feed.size_hint(), (0, None), "in blocks");
        feed.release();
        assert_eq!(feed.begin_run(), Some(ColumnSet::default()));
        assert_eq!(feed.size_hint(), (4, Some(4)));
        for left in (0..4).rev() {
            assert!(!feed.is_at_end());
            assert!(feed.next(&mut |_| Ok(())).unwrap());
            assert_eq!(feed.size_hint(), (left, Some(left)));
        }
        assert!(!feed.next(&mut |_| Ok(())).unwrap());
        assert!(feed.is_at_end());
        assert_eq!(feed.size_hint(), (0, Some(0)));
    }
}
