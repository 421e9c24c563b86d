//! Running a statement: the request is written at once, the answer is read by a future.

use std::sync::Arc;

use aludel_core::{DatabaseError, DatabaseErrorKind, Error, Result};
use aludel_engine::driver::{Call, Outcome, RowSink, TransactionState};
use aludel_sql::{Compiled, StatementKind};

use crate::answer::{Answer, End};
use crate::connection::PostgresConnection;
use crate::prepare::{Place, write_bind};
use crate::request;
use crate::statement::Columns;

/// A statement whose rows were not all fetched.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    compiled: Arc<Compiled>,
    columns: Option<Arc<Columns>>,
    /// Whether the next rows were asked for already.
    pub(crate) is_ahead: bool,
}

/// A request that was written.
#[derive(Debug)]
pub(crate) struct Sent {
    place: Place,
    columns: Option<Arc<Columns>>,
    /// Whether only the statement's types were asked for.
    is_described_only: bool,
}

/// What came of reading an answer.
enum Read {
    Done(Result<Outcome>),
    /// The statement that was prepared does not fit the tables any more, or is gone.
    Stale(Error),
}

impl PostgresConnection {
    /// Writes the request to run a statement.
    pub(crate) fn write_run(&mut self, call: &mut Call<'_>) -> Result<Sent> {
        let start = self.channel.wire.out().len();
        let found = self.place(call.compiled, *call.slot, call.keep);
        let (place, described) = found.inspect_err(|_| self.channel.wire.truncate_out(start))?;
        *call.slot = place.slot;
        if call.compiled.kind == StatementKind::Text {
            self.channel.state.may_begin = true;
        }
        // A cursor can't wait while types are asked for that nobody has heard of.
        let is_described_only = place.is_new && limit_of(call.limit) > 0;
        if !is_described_only {
            let params = (!place.is_new).then_some(&*described.params);
            match write_bind(&mut self.channel, place.name, call.compiled, params, call.arguments) {
                Ok(true) => {
                    self.write_execute(place, call.limit);
                    return Ok(Sent { place, columns: described.columns, is_described_only: false });
                }
                Ok(false) => {}
                Err(error) => {
                    self.take_back(start, Some(place));
                    return Err(error);
                }
            }
        }
        self.commit_request();
        Ok(Sent { place, columns: None, is_described_only: true })
    }

    fn write_execute(&mut self, place: Place, limit: usize) {
        if place.is_unnamed && !place.is_new {
            // Kept here only: its columns may be others by now.
            request::describe_portal(self.channel.wire.out());
        }
        let limit = limit_of(limit);
        request::execute(limit, self.channel.wire.out());
        if limit > 0 {
            self.commit_unsynced();
        } else {
            self.commit_request();
        }
    }

    /// Reads the answer. Where the statement had been prepared and does not fit any more, and there is no transaction that
    /// has failed with it, it is prepared anew.
    pub(crate) async fn read_run(&mut self, mut call: Call<'_>, mut sent: Sent) -> Result<Outcome> {
        let mut is_first = true;
        loop {
            match self.read_sent(&mut call, sent).await? {
                Read::Done(result) => return result,
                Read::Stale(error) => {
                    self.statements.forget(call.compiled.number);
                    if self.channel.state.transaction != TransactionState::Idle {
                        return Err(stale(&error));
                    }
                    if !is_first {
                        return Err(error);
                    }
                }
            }
            is_first = false;
            sent = self.write_run(&mut call)?;
        }
    }

    async fn read_sent(&mut self, call: &mut Call<'_>, sent: Sent) -> Result<Read> {
        let Sent { mut place, mut columns, is_described_only } = sent;
        self.channel.flush().await?;
        if is_described_only {
            let described = self.read_description(place, call.compiled, call.times.as_deref_mut()).await?;
            let start = self.channel.wire.out().len();
            if place.is_unnamed {
                // A pooler may have given the server's connection to somebody else meanwhile.
                let types: Vec<u32> = described.params.iter().map(|ty| ty.oid).collect();
                if !request::parse(place.name, &call.compiled.sql, &types, self.channel.wire.out()) {
                    return Err(crate::connection::too_large());
                }
            }
            place.is_new = false;
            let params = Some(&*described.params);
            if let Err(error) = write_bind(&mut self.channel, place.name, call.compiled, params, call.arguments) {
                self.channel.wire.truncate_out(start);
                return Err(error);
            }
            self.write_execute(place, call.limit);
            columns = described.columns;
            self.channel.flush().await?;
        }
        self.read_answer(call, place, columns).await
    }

    async fn read_answer(&mut self, call: &mut Call<'_>, place: Place, columns: Option<Arc<Columns>>) -> Result<Read> {
        let registry = &self.settings.registry;
        let mut answer = Answer::new(call.compiled, &mut *call.sink, columns, registry);
        answer.times = call.times.as_deref_mut();
        let end = answer.read(&mut self.channel).await?;
        if answer.is_stale && !place.is_new && answer.outcome.rows == 0 {
            let result = answer.finish();
            if end == End::Unsynced {
                self.channel.write_end();
                self.channel.drain(0).await?;
            }
            return Ok(match result {
                Err(error) => Read::Stale(error),
                result => Read::Done(result),
            });
        }
        if answer.holds_rows() {
            answer.hand_over_held(&mut self.channel).await?;
        }
        let (described, is_parsed) = (answer.described.take(), answer.is_parsed);
        let columns = answer.columns.clone();
        let result = answer.finish();
        self.keep_resolved(place, described, is_parsed);
        let result = self.end_answer(end, result, call.compiled, columns).await;
        self.channel.wire.shrink();
        Ok(Read::Done(result))
    }

    /// Hands further rows of the open cursor to the sink. Whoever has come back once wants them all: each portion is asked for
    /// before the one in front of it is read, so that the server and this side work at once.
    pub(crate) async fn read_more(&mut self, cursor: Cursor, sink: &mut dyn RowSink, limit: i32) -> Result<Outcome> {
        let portions = if cursor.is_ahead { 1 } else { 2 };
        for _ in 0..portions {
            request::execute(limit, self.channel.wire.out());
        }
        self.commit_unsynced();
        self.channel.flush().await?;
        let mut answer = Answer::new(&cursor.compiled, sink, cursor.columns.clone(), &self.settings.registry);
        answer.is_begun = true;
        let end = answer.read(&mut self.channel).await?;
        let result = answer.finish();
        let result = self.end_answer(end, result, &cursor.compiled, cursor.columns.clone()).await;
        if let Some(cursor) = &mut self.cursor {
            cursor.is_ahead = true;
        }
        result
    }

    /// What is to be done where reading an answer has ended.
    async fn end_answer(
        &mut self,
        end: End,
        result: Result<Outcome>,
        compiled: &Arc<Compiled>,
        columns: Option<Arc<Columns>>,
    ) -> Result<Outcome> {
        match end {
            End::Suspended if result.is_ok() => {
                self.cursor = Some(Cursor { compiled: Arc::clone(compiled), columns, is_ahead: false });
                return result;
            }
            End::Suspended | End::Unsynced => {
                self.cursor = None;
                self.channel.write_end();
                let late = self.channel.drain(0).await?;
                // A commit of its own may fail at the end.
                return match (result, late) {
                    (Ok(_), Some(error)) => Err(error),
                    (result, _) => result,
                };
            }
            End::Ready | End::Complete | End::Left => {}
        }
        result
    }
}

/// How many rows `Execute` asks for; 0 for all.
fn limit_of(limit: usize) -> i32 {
    i32::try_from(limit).unwrap_or(0)
}

/// A prepared statement that the tables have changed under, in a transaction, which can't go on.
#[cold]
pub(crate) fn stale(error: &Error) -> Error {
    let (code, message) = error.database().map_or(("0A000", ""), |error| (error.code(), error.message()));
    let message = format!(
        "{message}: a table was changed, or the session's prepared statements were dropped, since the statement was prepared on \
         this connection, and its transaction can't go on; begin it again"
    );
    DatabaseError::new(DatabaseErrorKind::SerializationFailure, code, message).into()
}
