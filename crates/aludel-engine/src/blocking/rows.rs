//! Rows as they come, without `async`.

use aludel_core::{FromRow, Result};

use super::block_on;
use crate::stream::{Partitions, RowStream};

/// The rows of a statement as they come; [`RowStream`] without `async`.
#[must_use = "nothing is fetched before it is iterated"]
#[derive(Debug)]
pub struct RowIter<'c, R> {
    pub(crate) inner: RowStream<'c, R>,
}

/// The rows of a statement in vectors of a given length, the last of which may be shorter.
#[must_use = "nothing is fetched before it is iterated"]
#[derive(Debug)]
pub struct PartitionIter<'c, R> {
    inner: Partitions<'c, R>,
}

impl<'c, R: FromRow + Send + 'static> RowIter<'c, R> {
    /// The rows in vectors of so many.
    pub fn partitions(self, rows: usize) -> PartitionIter<'c, R> {
        PartitionIter { inner: self.inner.partitions(rows) }
    }
}

impl<R: FromRow + Send + 'static> Iterator for RowIter<'_, R> {
    type Item = Result<R>;

    fn next(&mut self) -> Option<Result<R>> {
        block_on(self.inner.next())
    }
}

impl<R: FromRow + Send + 'static> Iterator for PartitionIter<'_, R> {
    type Item = Result<Vec<R>>;

    fn next(&mut self) -> Option<Result<Vec<R>>> {
        block_on(self.inner.next())
    }
}
