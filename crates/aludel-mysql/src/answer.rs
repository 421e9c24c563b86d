//! The answer to a run: rows, counts, errors.

use std::time::Instant;

use aludel_core::{DatabaseErrorKind, Error, Result, UsageError};
use aludel_engine::driver::{Outcome, RowSink, Times, read_fault};
use aludel_sql::{Compiled, StatementKind};

use crate::column::Columns;
use crate::connection::MySqlConnection;
use crate::error::broken_protocol;
use crate::row::{Cell, MySqlRow, find_cells};
use crate::session::{Answer, Done, Event};
use crate::statement::At;

/// How an answer is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// Rows to hand over before the rest is left for later.
    limit: usize,
    /// Whether it goes on where reading was left.
    is_resumed: bool,
    /// Whether one answer is for rows of which nobody but the caller knows how many they are.
    is_bulk: bool,
}

impl Reading {
    /// From the beginning.
    pub(crate) fn first(limit: usize) -> Self {
        Self { limit, is_resumed: false, is_bulk: false }
    }

    /// From where it was left.
    pub(crate) fn on(limit: usize) -> Self {
        Self { limit, is_resumed: true, is_bulk: false }
    }

    fn of_bulk() -> Self {
        Self { limit: usize::MAX, is_resumed: false, is_bulk: true }
    }
}

impl MySqlConnection {
    /// Reads the answer to a run, `limit` rows at most, from its beginning or from where reading it was left.
    pub(crate) async fn read_rows(
        &mut self,
        compiled: &Compiled,
        at: At,
        sink: &mut dyn RowSink,
        reading: Reading,
        mut times: Option<&mut Times>,
    ) -> Result<Outcome> {
        let mut outcome = Outcome::default();
        let mut results = usize::from(reading.is_resumed);
        let mut asks_for_file = false;
        let Self { session, statements, cells, .. } = self;
        let is_extended = session.is_extended;
        let columns = &mut statements.get(at).columns;
        loop {
            let event = match session.try_next()? {
                Some(event) => event,
                None => {
                    session.fill().await?;
                    continue;
                }
            };
            match event {
                Event::Row if results > 1 => {}
                Event::Row => {
                    give_row(session.payload(), columns, cells, compiled, sink, times.as_deref_mut())?;
                    outcome.rows += 1;
                    if outcome.rows == reading.limit as u64 {
                        return Ok(outcome);
                    }
                }
                Event::Columns(count) => {
                    results += 1;
                    if results == 1 {
                        columns.begin(count);
                    }
                }
                Event::Column(index) if results == 1 => {
                    columns.define(index, session.payload(), is_extended)?;
                    if index + 1 == columns.expected() {
                        sink.begin(columns)?;
                    }
                }
                Event::Done(done) => {
                    note_done(&mut outcome, compiled, done, reading);
                    if !done.more {
                        break;
                    }
                }
                Event::Failed(answer) => {
                    let error = session.error();
                    // It may have failed before the types were looked at.
                    statements.get(at).types.is_sent = false;
                    Box::pin(self.after_error(answer, &error)).await?;
                    return Err(error);
                }
                Event::File => {
                    session.refuse_file();
                    asks_for_file = true;
                }
                _ => {}
            }
        }
        if asks_for_file {
            return Err(file_refused());
        }
        if results > 1 {
            let message = "the statement gives more than one result, of which only the first can be read; \
                           run it with `batch`, or let the procedure give one result";
            return Err(UsageError::new(message).into());
        }
        outcome.finished = true;
        Ok(outcome)
    }

    /// An error does not tell whether it has ended the transaction; deadlocks do, and so does DDL that fails.
    #[cold]
    pub(crate) async fn after_error(&mut self, answer: Answer, error: &Error) -> Result<()> {
        use DatabaseErrorKind as Kind;
        let kind = error.database().map(aludel_core::DatabaseError::kind);
        if kind == Some(Kind::Disconnected) {
            self.session.set_broken();
            return Ok(());
        }
        let is_of_rows = matches!(
            kind,
            Some(
                Kind::UniqueViolation
                    | Kind::ForeignKeyViolation
                    | Kind::NotNullViolation
                    | Kind::CheckViolation
                    | Kind::InvalidValue
            )
        );
        if answer == Answer::Prepare || is_of_rows || !self.session.is_in_transaction() || self.session.owes() {
            return Ok(());
        }
        self.session.ping();
        self.drain().await
    }

    /// As [`read_rows`](Self::read_rows), all of them, for rows of a bulk statement.
    pub(crate) async fn read_all(&mut self, compiled: &Compiled, at: At, sink: &mut dyn RowSink) -> Result<Outcome> {
        self.read_rows(compiled, at, sink, Reading::of_bulk(), None).await
    }
}

/// Hands a row over.
#[inline]
fn give_row(
    packet: &[u8],
    columns: &Columns,
    cells: &mut Vec<Cell>,
    compiled: &Compiled,
    sink: &mut dyn RowSink,
    times: Option<&mut Times>,
) -> Result<()> {
    if !find_cells(packet, columns.as_slice(), cells) {
        return Err(broken_protocol("a row is cut short"));
    }
    let row = MySqlRow::new(packet, columns.as_slice(), cells, compiled);
    let taken = match times {
        None => sink.row(&row),
        Some(times) => {
            let started = Instant::now();
            let taken = sink.row(&row);
            times.decode += started.elapsed();
            taken
        }
    };
    taken.map_err(|fault| read_fault(compiled, fault))
}

/// Adds how a result has ended.
fn note_done(outcome: &mut Outcome, compiled: &Compiled, done: Done, reading: Reading) {
    let affected = match compiled.kind {
        StatementKind::Select => 0,
        // An upsert counts a row twice that it has changed. How many rows there were is told where there may be several.
        StatementKind::Insert if !reading.is_bulk => done.affected.min(done.records.unwrap_or(1)),
        StatementKind::Insert => done.affected.min(done.records.unwrap_or(u64::MAX)),
        _ => done.affected,
    };
    outcome.affected = match compiled.kind {
        // What a statement returns is what it has changed.
        StatementKind::Insert | StatementKind::Update | StatementKind::Delete if done.affected == 0 => {
            outcome.affected.max(outcome.rows)
        }
        _ => outcome.affected + affected,
    };
    if compiled.kind == StatementKind::Insert && outcome.affected > 0 && done.last_insert_id != 0 {
        outcome.last_insert_id = i64::try_from(done.last_insert_id).ok();
    }
}

/// A server may ask for any file of the client's machine, whatever the statement says.
#[cold]
pub(crate) fn file_refused() -> Error {
    UsageError::new("the server asks for a file of this machine (LOAD DATA LOCAL), and gets none").into()
}
