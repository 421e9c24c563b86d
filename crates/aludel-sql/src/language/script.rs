//! Results that take several statements.

use std::any::Any;

use aludel_core::{Fault, Result, RowRef};

use crate::tape::Arguments;

/// How the rows of one result come from several statements, of which the later ones depend on what the earlier ones gave.
///
/// [`Executable::script`](super::Executable::script) gives one. Who runs it does no more than that: it runs each
/// [`next`](Self::next) step on one and the same connection, gives the step's reader back by [`take`](Self::take), and asks
/// for the result when there is no step left.
pub trait Script<R>: Send {
    /// The next statement to run; none when all is there.
    ///
    /// # Errors
    /// When what was read so far does not go together.
    fn next(&mut self) -> Result<Option<Step>>;
    /// Takes back the reader of the step that has run, with what it has read.
    ///
    /// # Errors
    /// When what was read does not go together.
    fn take(&mut self, reader: Box<dyn Reader>) -> Result<()>;
    /// The rows of the result.
    ///
    /// # Errors
    /// When what was read does not go together.
    fn finish(self: Box<Self>) -> Result<Vec<R>>;
}

/// A statement of a script, and what reads its rows.
pub struct Step {
    /// The statement.
    pub arguments: Arguments,
    /// What is given its rows.
    pub reader: Box<dyn Reader>,
}

/// Reads the rows of a script's statement. It owns all it has, since it may read on another thread.
pub trait Reader: Any + Send {
    /// Reads a row.
    ///
    /// # Errors
    /// When a cell can't be read; the statement then ends with an error that names its column.
    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault>;
    /// The reader as what it is, for the script that made it.
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

impl std::fmt::Debug for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Step").field("arguments", &self.arguments).finish_non_exhaustive()
    }
}
