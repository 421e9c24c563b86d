//! SQL without placeholders: transaction control, settings, what a program gives as it is.

use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use aludel_core::{Error, Result, StatementContext};
use aludel_sql::fingerprint;

use crate::execute::failed;
use crate::live::Live;
use crate::shared::Shared;

/// Runs SQL of the program's own.
pub(crate) async fn batch(shared: &Shared, live: &mut Live, sql: &str, at: &'static Location<'static>) -> Result<()> {
    if live.is_unsettled() {
        Box::pin(live.settle(shared)).await?;
    }
    log(shared, live, || format!("{sql}\n[raw sql] ()"));
    run(shared, live, sql, at).await
}

/// Runs SQL and explains what goes wrong.
pub(crate) async fn run(shared: &Shared, live: &mut Live, sql: &str, at: &'static Location<'static>) -> Result<()> {
    let result = live.connection.batch(sql).await;
    result.map_err(|error| explain(shared, live, sql, error, at))
}

/// Adds the SQL and the line to an error, and tells listeners.
#[cold]
pub(crate) fn explain(
    shared: &Shared,
    live: &mut Live,
    sql: &str,
    error: Error,
    at: &'static Location<'static>,
) -> Error {
    let context = || StatementContext { sql: Arc::from(sql), fingerprint: fingerprint(sql), parameters: None };
    let error = error.with_statement(context).with_location(at);
    failed(shared, Some((live.number, &mut live.is_lost)), &error);
    error
}

/// A line for whoever listens.
#[inline]
pub(crate) fn log(shared: &Shared, live: &Live, words: impl FnOnce() -> String) {
    if shared.is_watched.load(Ordering::Relaxed) || crate::log::is_traced() {
        shared.log.control(live, &words());
    }
}
