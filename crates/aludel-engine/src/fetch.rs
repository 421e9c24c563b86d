//! What the methods of engines, connections and transactions do, written once.

use std::panic::Location;

use aludel_core::{Decode, Error, FromRow, Result, RowCountError};
use aludel_sql::Arguments;

use crate::driver::{NoRows, Outcome, RowSink};
use crate::execute::execute;
use crate::hold::Hold;
use crate::script::{self, Plan};
use crate::sinks::{FirstColumn, Rows};

pub(crate) type At = &'static Location<'static>;

/// All rows.
#[inline]
pub(crate) async fn all<R: FromRow + Send + 'static>(
    hold: Hold<'_>,
    plan: Plan<R>,
    by_name: bool,
    at: At,
) -> Result<Vec<R>> {
    let arguments = match plan {
        Plan::Statement(arguments) => arguments,
        Plan::Script(script) => return Box::pin(script::run(hold, script, at)).await,
    };
    let mut rows = Rows::<R>::new(by_name);
    run(hold, arguments, &mut rows, at).await?;
    Ok(rows.into_vec())
}

/// The only row.
pub(crate) async fn one<R: FromRow + Send + 'static>(
    hold: Hold<'_>,
    plan: Plan<R>,
    by_name: bool,
    at: At,
) -> Result<R> {
    optional(hold, plan, by_name, at).await?.ok_or_else(|| not_found(at))
}

/// The only row, if there is one.
pub(crate) async fn optional<R: FromRow + Send + 'static>(
    hold: Hold<'_>,
    plan: Plan<R>,
    by_name: bool,
    at: At,
) -> Result<Option<R>> {
    match plan {
        Plan::Statement(arguments) => at_most_one(hold, arguments, Rows::<R>::at_most(by_name, 1), at).await,
        Plan::Script(script) => {
            let mut rows = Box::pin(script::run(hold, script, at)).await?.into_iter();
            match (rows.next(), rows.next()) {
                (_, Some(_)) => Err(Error::from(RowCountError::TooMany).with_location(at)),
                (row, None) => Ok(row),
            }
        }
    }
}

/// The first column of the only row.
pub(crate) async fn scalar<T: Decode + Send + 'static>(hold: Hold<'_>, arguments: Arguments, at: At) -> Result<T> {
    let rows = Rows::<FirstColumn<T>>::at_most(false, 1).of_any_width();
    let row = at_most_one(hold, arguments, rows, at).await?;
    row.map(|first| first.0).ok_or_else(|| not_found(at))
}

/// How many rows were changed.
pub(crate) async fn changed(hold: Hold<'_>, arguments: Arguments, at: At) -> Result<Outcome> {
    run(hold, arguments, &mut NoRows, at).await
}

async fn at_most_one<R: FromRow + Send + 'static>(
    hold: Hold<'_>,
    arguments: Arguments,
    mut rows: Rows<R>,
    at: At,
) -> Result<Option<R>> {
    match run(hold, arguments, &mut rows, at).await {
        Err(error) => Err(too_many(rows.has_too_many(), error)),
        Ok(_) => Ok(rows.into_vec().into_iter().next()),
    }
}

#[cold]
fn not_found(at: At) -> Error {
    Error::from(RowCountError::NotFound).with_location(at)
}

/// Runs a statement, its rows going into the sink.
#[inline]
pub(crate) async fn run(hold: Hold<'_>, mut arguments: Arguments, sink: &mut dyn RowSink, at: At) -> Result<Outcome> {
    let mut held = hold.take(at).await?;
    let shared = held.shared;
    execute(shared, held.live(), &mut arguments, sink, usize::MAX, at).await
}

/// As [`run`], and leaves the cursor open after so many rows.
pub(crate) async fn run_some(
    hold: Hold<'_>,
    mut arguments: Arguments,
    sink: &mut dyn RowSink,
    limit: usize,
    at: At,
) -> Result<Outcome> {
    let mut held = hold.take(at).await?;
    let shared = held.shared;
    execute(shared, held.live(), &mut arguments, sink, limit, at).await
}

/// The sink stops at the row that is one too many; what comes of it is said in better words.
fn too_many(has_too_many: bool, error: Error) -> Error {
    if !has_too_many {
        return error;
    }
    let context = error.statement().cloned();
    let location = error.location();
    let better: Error = RowCountError::TooMany.into();
    let better = match context {
        Some(context) => better.with_statement(|| context),
        None => better,
    };
    match location {
        Some(location) => better.with_location(location),
        None => better,
    }
}
