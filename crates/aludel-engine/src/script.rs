//! Results that take several statements: each runs on the connection of the first.

use std::any::Any;
use std::cell::RefCell;

use aludel_core::{Error, Fault, Result, RowRef};
use aludel_sql::{Arguments, Executable, Reader, Script, Step};

use crate::driver::{RowSink, Shape};
use crate::execute::execute;
use crate::fetch::At;
use crate::hold::Hold;

/// What is run for a result.
pub(crate) enum Plan<R> {
    /// One statement.
    Statement(Arguments),
    /// Several.
    Script(Box<dyn Script<R>>),
}

impl<R> Plan<R> {
    #[inline]
    pub(crate) fn of<S: Executable<Row = R>>(statement: S) -> Self {
        match statement.script() {
            None => Self::Statement(statement.into_arguments()),
            Some(script) => Self::Script(script),
        }
    }
}

/// Runs a script.
pub(crate) async fn run<R>(hold: Hold<'_>, script: Box<dyn Script<R>>, at: At) -> Result<Vec<R>> {
    let mut steps = Steps(script);
    drive(hold, &mut steps, at).await?;
    steps.0.finish().map_err(|error| error.with_location(at))
}

/// Runs the steps. What they give does not matter here, so there is one of this and not one for each type of row.
async fn drive(hold: Hold<'_>, steps: &mut dyn AnySteps, at: At) -> Result<()> {
    let located = |error: Error| error.with_location(at);
    let mut held = hold.take(at).await?;
    let shared = held.shared;
    while let Some(Step { mut arguments, reader }) = steps.next().map_err(located)? {
        let mut sink = ReaderSink(RefCell::new(Some(reader)));
        execute(shared, held.live(), &mut arguments, &mut sink, usize::MAX, at).await?;
        steps.take(sink.0.into_inner().ok_or_else(lost)?).map_err(located)?;
    }
    Ok(())
}

/// A script without the type of its rows.
trait AnySteps: Send {
    fn next(&mut self) -> Result<Option<Step>>;
    fn take(&mut self, reader: Box<dyn Reader>) -> Result<()>;
}

struct Steps<R>(Box<dyn Script<R>>);

impl<R> AnySteps for Steps<R> {
    fn next(&mut self) -> Result<Option<Step>> {
        self.0.next()
    }

    fn take(&mut self, reader: Box<dyn Reader>) -> Result<()> {
        self.0.take(reader)
    }
}

/// Gives rows to a reader. There is only one of it: a fork takes it along, and brings it back.
struct ReaderSink(RefCell<Option<Box<dyn Reader>>>);

impl RowSink for ReaderSink {
    fn begin(&mut self, _: &dyn Shape) -> Result<()> {
        Ok(())
    }

    #[inline]
    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        match self.0.get_mut() {
            Some(reader) => reader.row(row),
            None => Err(Fault::custom("the reader of these rows is elsewhere")),
        }
    }

    fn fork(&self) -> Box<dyn RowSink> {
        Box::new(Self(RefCell::new(self.0.take())))
    }

    fn join(&mut self, fork: Box<dyn RowSink>) {
        if let Ok(fork) = fork.into_any().downcast::<Self>()
            && let Some(reader) = fork.0.into_inner()
        {
            *self.0.get_mut() = Some(reader);
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// The driver has not joined a fork: a fault of its own.
#[cold]
fn lost() -> Error {
    Error::other("the driver has not given the rows back that it has read")
}
