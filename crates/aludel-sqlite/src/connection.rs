//! One SQLite connection: everything it can do, in the caller's thread.
//!
//! [`Inline`](crate::inline::Inline) gives it to the engine as it is, [`Threaded`](crate::worker::Threaded) behind a
//! thread of its own.

use std::sync::Arc;
use std::time::Instant;

use aludel_core::{CompileError, Result, UsageError};
use aludel_engine::driver::{Bulk, Call, Outcome, RowSink, Slot, Times, TransactionState, read_fault, write_fault};
use aludel_sql::{Arguments, Compiled, StatementKind};

use crate::bind::{bind_borrowed, bind_copied};
use crate::error;
use crate::ffi::{Database, Run, Statement};
use crate::flat::{FlatRows, bind_row, parameters};
use crate::patience::Patience;
use crate::row::SqliteRow;
use crate::statement::Statements;

/// A connection to an SQLite database.
///
/// The engine's driver uses it; a program gets at it through `Connection::as_any_mut` of a blocking engine's connection,
/// for what only SQLite can do: functions, hooks, backups.
#[derive(Debug)]
pub struct SqliteConnection {
    // Before the connection, so that statements are finalized first.
    open: Option<OpenCursor>,
    statements: Statements,
    controls: Vec<(Box<str>, Statement)>,
    feed: FlatRows,
    db: Database,
}

/// A statement whose rows were not all fetched.
#[derive(Debug)]
struct OpenCursor {
    compiled: Arc<Compiled>,
    slot: Slot,
    statement: Statement,
}

/// How many texts of [`SqliteConnection::batch`] are kept prepared: those that begin and end transactions.
const CONTROLS: usize = 12;

impl SqliteConnection {
    pub(crate) fn new(db: Database, statement_cache: usize) -> Self {
        Self {
            open: None,
            statements: Statements::new(statement_cache),
            controls: Vec::new(),
            feed: FlatRows::default(),
            db,
        }
    }

    /// The connection of `rusqlite` underneath.
    // Not `&mut`: it could be taken out, and used on another thread while its statements are here.
    #[must_use]
    pub fn raw(&self) -> &rusqlite::Connection {
        &self.db
    }

    /// What waits for locks.
    pub(crate) fn patience(&self) -> &Arc<Patience> {
        self.db.patience()
    }

    /// Finds or prepares the statement, binds, steps, and hands over the rows.
    #[inline]
    pub(crate) fn run(&mut self, call: Call<'_>) -> Result<Outcome> {
        self.close_cursor();
        let Call { compiled, slot, arguments, sink, limit, keep, mut times } = call;
        let (at, mut statement) = match self.statements.take(compiled.number, *slot) {
            Some(found) => found,
            None => self.prepare(compiled, keep, times.as_deref_mut())?,
        };
        *slot = at;
        let started = times.is_some().then(Instant::now);
        let whole = limit == usize::MAX;
        let outcome = execute(&self.db, &mut statement, compiled, arguments, sink, limit, times.as_deref_mut());
        if let (Some(times), Some(started)) = (times, started) {
            times.execute += started.elapsed().saturating_sub(times.decode);
        }
        match outcome {
            Ok(Outcome { finished: false, .. }) if !whole => {
                self.open = Some(OpenCursor { compiled: Arc::clone(compiled), slot: at, statement });
            }
            _ => self.statements.put(at, statement),
        }
        outcome
    }

    /// Hands over further rows of the open cursor.
    pub(crate) fn resume(&mut self, sink: &mut dyn RowSink, limit: usize) -> Result<Outcome> {
        let Some(OpenCursor { compiled, slot, mut statement }) = self.open.take() else {
            return Ok(Outcome { finished: true, ..Outcome::default() });
        };
        let (fetched, is_open) = {
            let mut run = statement.reopen();
            let stepped = step(&self.db, &mut run);
            let fetched = stepped.and_then(|more| fetch(&self.db, &mut run, more, &compiled, sink, limit, None));
            let is_open = matches!(fetched, Ok((_, false))) && run.leave_open();
            (fetched, is_open)
        };
        if is_open {
            self.open = Some(OpenCursor { compiled, slot, statement });
        } else {
            self.statements.put(slot, statement);
        }
        fetched.map(|(rows, _)| Outcome { rows, finished: !is_open, ..Outcome::default() })
    }

    /// Runs a statement for each row of the feed.
    pub(crate) fn bulk(&mut self, bulk: Bulk<'_>) -> Result<Outcome> {
        let Bulk { single, single_slot, arguments, fields, feed, sink, mut keys, enclosure, mut times, .. } = bulk;
        for sql in enclosure.map_or(&[][..], |enclosure| enclosure.begin) {
            self.batch(sql)?;
        }
        let mut rows = std::mem::take(&mut self.feed);
        let mut run = BulkRun::begin(self, single, single_slot, times.as_deref_mut())?;
        let started = times.is_some().then(Instant::now);
        let result = loop {
            rows.clear();
            match rows.fill(feed, fields, 1) {
                Ok(0) => break Ok(()),
                Ok(_) => {}
                Err(error) => break Err(error),
            }
            if let Err(error) = run.rows(&self.db, &rows, arguments, sink, keys.as_deref_mut()) {
                break Err(error);
            }
        };
        self.feed = rows;
        let mut outcome = run.end(self);
        result?;
        if let Some(enclosure) = enclosure
            && feed.is_at_end()
        {
            for sql in enclosure.commit {
                self.batch(sql)?;
            }
            outcome.committed = true;
        }
        if let (Some(times), Some(started)) = (times, started) {
            times.execute += started.elapsed();
        }
        Ok(outcome)
    }

    /// Runs SQL without placeholders. What begins and ends transactions stays prepared.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.close_cursor();
        if let Some(index) = self.controls.iter().position(|(text, _)| **text == *sql) {
            let mut run = self.controls[index].1.run();
            while step(&self.db, &mut run)? {}
            return Ok(());
        }
        check_text(sql)?;
        let mut rest = sql;
        while !rest.is_empty() {
            let (statement, read) = Statement::prepare(&self.db, rest, false).map_err(|_| error::last(&self.db))?;
            let is_all = read == sql.len();
            rest = rest.get(read..).unwrap_or("");
            let Some(mut statement) = statement else {
                // SQLite reads over white space and comments to the end.
                break;
            };
            let mut run = statement.run();
            while step(&self.db, &mut run)? {}
            drop(run);
            if is_all && sql.len() <= 64 && self.controls.len() < CONTROLS {
                self.controls.push((sql.into(), statement));
            }
        }
        Ok(())
    }

    /// Closes the open cursor, if there is one.
    #[inline]
    pub(crate) fn close_cursor(&mut self) {
        if let Some(OpenCursor { slot, mut statement, .. }) = self.open.take() {
            statement.reset();
            self.statements.put(slot, statement);
        }
    }

    pub(crate) fn has_cursor(&self) -> bool {
        self.open.is_some()
    }

    pub(crate) fn transaction(&self) -> TransactionState {
        if self.db.is_autocommit() { TransactionState::Idle } else { TransactionState::Open }
    }

    /// Closes the cursor and rolls back what is open.
    pub(crate) fn settle(&mut self, roll_back: bool) -> Result<()> {
        self.close_cursor();
        if roll_back && !self.db.is_autocommit() {
            self.batch("ROLLBACK")?;
        }
        Ok(())
    }

    pub(crate) fn forget(&mut self, number: u64) {
        self.statements.forget(number);
    }

    pub(crate) fn prepared(&self) -> usize {
        self.statements.len()
    }

    pub(crate) fn close(mut self) -> Result<()> {
        self.close_cursor();
        self.statements.clear();
        self.controls.clear();
        self.db.close().map_err(error::from_rusqlite)
    }

    /// Makes an entry for the statement and prepares it.
    #[cold]
    fn prepare(&mut self, compiled: &Compiled, keep: bool, times: Option<&mut Times>) -> Result<(Slot, Statement)> {
        let started = times.is_some().then(Instant::now);
        let (statement, read) = Statement::prepare(&self.db, &compiled.sql, keep).map_err(|_| error::last(&self.db))?;
        let Some(statement) = statement else {
            return Err(UsageError::new("the SQL holds no statement, only white space or comments").into());
        };
        let rest = compiled.sql.get(read..).unwrap_or("");
        check_text(&compiled.sql)?;
        if !matches!(Statement::prepare(&self.db, rest, false), Ok((None, _))) {
            let advice = "the SQL holds more than one statement; run them one after the other, or with `batch`";
            return Err(UsageError::new(advice).into());
        }
        if statement.parameters() != parameters(compiled) {
            let (wants, has) = (statement.parameters(), parameters(compiled));
            return Err(CompileError::invalid(format!(
                "its SQL has {wants} parameter(s), and {has} value(s) are bound"
            ))
            .into());
        }
        if let (Some(times), Some(started)) = (times, started) {
            times.prepare += started.elapsed();
        }
        let slot = if keep { self.statements.reserve(compiled.number) } else { Slot::EMPTY };
        Ok((slot, statement))
    }
}

/// SQLite would take a zero byte for the end and leave out what follows, in silence.
fn check_text(sql: &str) -> Result<()> {
    match sql.find('\0') {
        None => Ok(()),
        Some(at) => Err(UsageError::new(format!("the SQL holds a zero byte, at byte {at}")).into()),
    }
}

/// Binds and steps.
fn execute(
    db: &rusqlite::Connection,
    statement: &mut Statement,
    compiled: &Compiled,
    arguments: &Arguments,
    sink: &mut dyn RowSink,
    limit: usize,
    times: Option<&mut Times>,
) -> Result<Outcome> {
    let mut run = statement.run();
    if limit == usize::MAX {
        bind_all(&mut run, compiled, arguments)?;
    } else {
        // The cursor may outlive the arguments.
        for (index, bind) in compiled.binds.iter().enumerate() {
            let value = arguments.get(bind.source);
            bind_copied(&mut run, value, bind.context).map_err(|fault| write_fault(compiled, index, fault))?;
        }
    }
    if run.reads_only() {
        let more = begin(db, &mut run, sink)?;
        let (rows, finished) = fetch(db, &mut run, more, compiled, sink, limit, times)?;
        let finished = finished || !run.leave_open();
        return Ok(Outcome { rows, finished, ..Outcome::default() });
    }
    let before = db.total_changes();
    // A statement that writes is run to its end, so that nothing of it is left out.
    let more = begin(db, &mut run, sink)?;
    let (rows, _) = fetch(db, &mut run, more, compiled, sink, usize::MAX, times)?;
    let affected = if db.total_changes() == before { 0 } else { db.changes() };
    let inserted = affected > 0 && compiled.kind == StatementKind::Insert;
    Ok(Outcome {
        affected,
        last_insert_id: inserted.then(|| db.last_insert_rowid()),
        rows,
        finished: true,
        committed: false,
    })
}

#[inline]
fn bind_all<'v>(run: &mut Run<'_, 'v>, compiled: &Compiled, arguments: &'v Arguments) -> Result<()> {
    for (index, bind) in compiled.binds.iter().enumerate() {
        let value = arguments.get(bind.source);
        bind_borrowed(run, value, bind.context).map_err(|fault| write_fault(compiled, index, fault))?;
    }
    Ok(())
}

/// Hands over the row that the run is at and those behind it, `limit` at most. Tells how many, and whether that was all.
#[inline]
fn fetch(
    db: &rusqlite::Connection,
    run: &mut Run<'_, '_>,
    mut more: bool,
    compiled: &Compiled,
    sink: &mut dyn RowSink,
    limit: usize,
    mut times: Option<&mut Times>,
) -> Result<(u64, bool)> {
    let mut rows = 0;
    while more {
        let row = SqliteRow::new(run.row(), compiled);
        let taken = match &mut times {
            None => sink.row(&row),
            Some(times) => {
                let started = Instant::now();
                let taken = sink.row(&row);
                times.decode += started.elapsed();
                taken
            }
        };
        taken.map_err(|fault| read_fault(compiled, fault))?;
        rows += 1;
        if rows == limit {
            return Ok((rows as u64, false));
        }
        more = step(db, run)?;
    }
    Ok((rows as u64, true))
}

/// The first step, after which it is known what the rows look like.
#[inline]
fn begin(db: &rusqlite::Connection, run: &mut Run<'_, '_>, sink: &mut dyn RowSink) -> Result<bool> {
    let more = step(db, run)?;
    let row = run.row();
    if row.columns() > 0 {
        sink.begin(&row)?;
    }
    Ok(more)
}

#[inline]
fn step(db: &rusqlite::Connection, run: &mut Run<'_, '_>) -> Result<bool> {
    run.step().map_err(|_| error::last(db))
}

/// A statement that is run for row after row.
#[derive(Debug)]
pub(crate) struct BulkRun {
    compiled: Arc<Compiled>,
    slot: Slot,
    statement: Statement,
    width: usize,
    outcome: Outcome,
    changes_before: u64,
    /// Whether the sink knows what the rows look like.
    is_begun: bool,
}

impl BulkRun {
    /// Takes or prepares the statement.
    pub(crate) fn begin(
        connection: &mut SqliteConnection,
        compiled: &Arc<Compiled>,
        slot: &mut Slot,
        times: Option<&mut Times>,
    ) -> Result<Self> {
        connection.close_cursor();
        let width = compiled.rows.map_or(0, |shape| shape.width * shape.rows);
        let (at, statement) = match connection.statements.take(compiled.number, *slot) {
            Some(found) => found,
            None => connection.prepare(compiled, true, times)?,
        };
        *slot = at;
        let changes_before = connection.db.total_changes();
        let outcome = Outcome { finished: true, ..Outcome::default() };
        Ok(Self {
            compiled: Arc::clone(compiled),
            slot: at,
            statement,
            width,
            outcome,
            changes_before,
            is_begun: false,
        })
    }

    /// Runs it for each of the rows.
    fn rows(
        &mut self,
        db: &rusqlite::Connection,
        rows: &FlatRows,
        arguments: &Arguments,
        sink: &mut dyn RowSink,
        mut keys: Option<&mut Vec<i64>>,
    ) -> Result<()> {
        let mut reader = rows.reader();
        for _ in 0..rows.len() {
            let mut run = self.statement.run();
            bind_row(&mut run, &mut reader, self.width, &self.compiled, arguments)?;
            let more = if self.is_begun { step(db, &mut run)? } else { begin(db, &mut run, sink)? };
            self.is_begun = true;
            let (returned, _) = fetch(db, &mut run, more, &self.compiled, sink, usize::MAX, None)?;
            drop(run);
            self.outcome.rows += returned;
            self.outcome.affected += db.changes();
            if let Some(keys) = &mut keys {
                keys.push(db.last_insert_rowid());
            }
        }
        Ok(())
    }

    /// As [`rows`](Self::rows), on the connection that it began on.
    pub(crate) fn rows_on(
        &mut self,
        connection: &SqliteConnection,
        rows: &FlatRows,
        arguments: &Arguments,
        sink: &mut dyn RowSink,
        keys: Option<&mut Vec<i64>>,
    ) -> Result<()> {
        self.rows(&connection.db, rows, arguments, sink, keys)
    }

    /// Gives the statement back.
    pub(crate) fn end(mut self, connection: &mut SqliteConnection) -> Outcome {
        if connection.db.total_changes() == self.changes_before {
            self.outcome.affected = 0;
        }
        if self.outcome.affected > 0 && self.compiled.kind == StatementKind::Insert {
            self.outcome.last_insert_id = Some(connection.db.last_insert_rowid());
        }
        connection.statements.put(self.slot, self.statement);
        self.outcome
    }
}
