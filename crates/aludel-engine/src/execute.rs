//! Running a statement.

use std::panic::Location;

use aludel_core::{Error, Result, StatementContext};
use aludel_sql::{Arguments, Compiled};

use crate::cache::look_up;
use crate::driver::{Call, Outcome, RowSink, Slot};
use crate::events::{ErrorEvent, fire};
use crate::live::Live;
use crate::log::shorten_sql;
use crate::observe;
use crate::record::Parameters;
use crate::shared::Shared;

/// Runs a statement on a connection. All results, on both faces, come through here:
///
/// 1. settle what a dropped future has left on the connection;
/// 2. look the statement up by its key: in the connection's own map, then in the engine's cache; on a miss the key is decoded
///    into a syntax tree, lowered and written as SQL;
/// 3. run it: the driver prepares it (or finds it prepared), binds the values from where they are, and steps;
/// 4. each row is decoded where it lies, into the sink;
/// 5. an error is given the statement and the line of the program.
///
/// When somebody listens, [`observe`] does the same with a clock in its hand.
pub(crate) async fn execute(
    shared: &Shared,
    live: &mut Live,
    arguments: &mut Arguments,
    sink: &mut dyn RowSink,
    limit: usize,
    at: &'static Location<'static>,
) -> Result<Outcome> {
    if live.is_unsettled() {
        Box::pin(live.settle(shared)).await?;
    }
    if shared.watches_statements() {
        return Box::pin(observe::execute(shared, live, arguments, sink, limit, at)).await;
    }
    let mut forgotten = None;
    let found = look_up(&mut live.statements, &shared.cache, arguments, &*shared.dialect, &mut forgotten);
    let mut found = match found {
        Ok((found, _)) => found,
        Err(error) => return Err(error.with_location(at)),
    };
    if let Some(number) = forgotten {
        live.connection.forget(number);
    }
    let mut once = Slot::EMPTY;
    let (compiled, slot, keep) = found.parts(&mut once);
    let call = Call { compiled, slot, arguments, sink, limit, keep, times: None };
    match live.connection.run(call).await {
        Ok(outcome) => Ok(outcome),
        Err(error) => {
            let error = with_statement(shared, compiled, arguments, error, at);
            failed(shared, Some((live.number, &mut live.is_lost)), &error);
            Err(error)
        }
    }
}

/// Adds the statement and the line to an error.
#[cold]
pub(crate) fn with_statement(
    shared: &Shared,
    compiled: &Compiled,
    arguments: &Arguments,
    error: Error,
    at: &'static Location<'static>,
) -> Error {
    let parameters = Parameters::new(compiled, arguments, shared.options.hide_parameters);
    error.with_statement(|| context(compiled, parameters)).with_location(at)
}

/// The statement as an error shows it.
pub(crate) fn context(compiled: &Compiled, parameters: Parameters<'_>) -> StatementContext {
    // A bulk insert's SQL has a placeholder for each value of a block.
    let sql = if compiled.rows.is_some() { shorten_sql(&compiled.sql).into() } else { compiled.sql.clone() };
    StatementContext {
        sql,
        fingerprint: compiled.fingerprint,
        parameters: (!parameters.is_empty()).then(|| parameters.to_string()),
    }
}

/// Tells listeners of an error, and notes a connection that is lost.
#[cold]
pub(crate) fn failed(shared: &Shared, connection: Option<(u64, &mut bool)>, error: &Error) {
    let mut is_disconnect = error.is_disconnect();
    let number = connection.as_ref().map(|(number, _)| *number);
    fire::handle_error(&shared.events, || ErrorEvent { error, connection: number, is_disconnect: &mut is_disconnect });
    if is_disconnect && let Some((_, is_lost)) = connection {
        *is_lost = true;
    }
}
