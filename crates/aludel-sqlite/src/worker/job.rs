//! What is sent to a connection's thread and back.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use aludel_core::Result;
use aludel_engine::driver::{Outcome, RowSink, Slot, Times};
use aludel_sql::{Arguments, Compiled};

use crate::connection::SqliteConnection;
use crate::flat::FlatRows;

/// What the thread is asked to do. Everything in it is its own.
pub(super) enum Job {
    /// Nothing: the connection was opened before the first job.
    Open,
    Run(Box<RunJob>),
    /// Further rows of the open cursor.
    Resume(Box<dyn RowSink>, usize),
    Bulk(Box<BulkJob>),
    Batch(String),
    /// Closes the cursor, and rolls back if that is wanted.
    Settle(bool),
    With(Work),
    Close,
}

/// Something that a program wants to do with the connection.
pub(super) type Work = Box<dyn FnOnce(&mut SqliteConnection) -> Box<dyn Any + Send> + Send>;

/// A statement to run; goes back as it came, with what came of it inside.
pub(super) struct RunJob {
    pub(super) compiled: Arc<Compiled>,
    pub(super) slot: Slot,
    pub(super) arguments: Arguments,
    pub(super) sink: Box<dyn RowSink>,
    pub(super) limit: usize,
    pub(super) keep: bool,
    pub(super) times: Option<Times>,
}

/// Some rows of a bulk insert. The first of its jobs says what is inserted.
pub(super) struct BulkJob {
    pub(super) start: Option<BulkStart>,
    pub(super) rows: FlatRows,
    /// What to run behind these rows, if they are the last.
    pub(super) last: Option<Vec<Cow<'static, str>>>,
}

/// What is inserted.
pub(super) struct BulkStart {
    pub(super) compiled: Arc<Compiled>,
    pub(super) slot: Slot,
    pub(super) arguments: Arguments,
    pub(super) sink: Box<dyn RowSink>,
    /// Where the rows' keys go, if they are wanted.
    pub(super) keys: Option<Vec<i64>>,
    pub(super) begin: Vec<Cow<'static, str>>,
    pub(super) times: Option<Times>,
}

/// What came of a bulk insert.
pub(super) struct BulkEnd {
    pub(super) result: Result<Outcome>,
    pub(super) slot: Slot,
    pub(super) arguments: Arguments,
    pub(super) sink: Box<dyn RowSink>,
    pub(super) keys: Option<Vec<i64>>,
    pub(super) times: Option<Times>,
}

/// What the thread answers.
pub(super) enum Answer {
    Done(Result<()>),
    Ran(Box<(Result<Outcome>, RunJob)>),
    Resumed(Result<Outcome>, Box<dyn RowSink>),
    /// The rows are in; here is their memory.
    Taken(FlatRows),
    Bulk(Box<BulkEnd>),
    With(Box<dyn Any + Send>),
}

impl Answer {
    /// The answer, or the error that it is.
    pub(super) fn into_result(self) -> Result<Self> {
        match self {
            Self::Done(Err(error)) => Err(error),
            other => Ok(other),
        }
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Job")
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer")
    }
}
