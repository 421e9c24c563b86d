//! Where rows come from and go to.

use std::any::Any;

use aludel_core::{EncodeRow, Fault, Result, RowRef};

/// What a result looks like.
pub trait Shape {
    /// How many columns.
    fn columns(&self) -> usize;
    /// A column's name; empty beyond the last.
    fn name(&self, index: usize) -> &str;
    /// The name of a column's type in the database, where it tells.
    fn type_name(&self, index: usize) -> Option<&str> {
        let _ = index;
        None
    }
}

/// Where rows go.
///
/// A sink may borrow from where it was made; its [forks](Self::fork) may not, since they go to other threads and may outlive a
/// dropped future.
pub trait RowSink: Send {
    /// Called once before the first row, also when there will be none. Not called for a statement without columns.
    fn begin(&mut self, shape: &dyn Shape) -> Result<()>;
    /// Takes a row. On a fault the driver stops the statement and gives the fault out by
    /// [`read_fault`](super::read_fault).
    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault>;
    /// An empty sink of the same kind that owns all it has, for a driver that decodes in another thread.
    fn fork(&self) -> Box<dyn RowSink>;
    /// Takes over what a fork has gathered.
    fn join(&mut self, fork: Box<dyn RowSink>);
    /// The sink as what it is: what [`join`](Self::join) asks a fork for.
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// Rows of parameters, one by one.
pub trait RowFeed: Send {
    /// Hands the next row to `with`; false when there are no more.
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool>;
    /// Whether nothing follows when `next` has said that there are no more rows. A feed may end in the middle, where the
    /// next row gives other columns and needs another statement.
    fn is_at_end(&self) -> bool {
        true
    }
    /// How many rows are left at least and, where it is known, at most: a driver may run a single row in another way than many.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, None)
    }
}

/// A sink that throws rows away.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoRows;

impl RowSink for NoRows {
    fn begin(&mut self, _: &dyn Shape) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, _: &dyn RowRef) -> Result<(), Fault> {
        Ok(())
    }

    fn fork(&self) -> Box<dyn RowSink> {
        Box::new(Self)
    }

    fn join(&mut self, _: Box<dyn RowSink>) {}

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// A shape made of names.
#[derive(Clone, Debug)]
pub struct NamedColumns<'a>(pub &'a [&'a str]);

impl Shape for NamedColumns<'_> {
    fn columns(&self) -> usize {
        self.0.len()
    }

    fn name(&self, index: usize) -> &str {
        self.0.get(index).copied().unwrap_or("")
    }
}
