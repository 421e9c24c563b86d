//! A connection: statements are run in the caller's thread, so every reply is there at once.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;

use aludel::driver::{
    Bulk, Call, Connection, NamedColumns, Outcome, Reply, RowSink, TransactionState, bulk_fault, read_fault,
    write_fault,
};
use aludel::{Encode, Result, UsageError};
use rusqlite::types::Value;

use crate::bind::Values;
use crate::error::from_rusqlite;
use crate::row::LiteRow;

pub(crate) struct LiteConnection {
    db: rusqlite::Connection,
    /// Rows that a cursor has yet to give, with the reader of their columns' names.
    cursor: Option<Cursor>,
}

type Rows = VecDeque<Vec<Value>>;
type Fault = Box<dyn Fn(aludel::Fault) -> aludel::Error + Send>;

struct Cursor {
    rows: Rows,
    /// Makes an error of a fault that a row has met.
    explain: Fault,
}

impl LiteConnection {
    pub(crate) fn new(db: rusqlite::Connection) -> Self {
        Self { db, cursor: None }
    }

    fn run_now(&mut self, call: Call<'_>) -> Result<Outcome> {
        self.cursor = None;
        let compiled = Arc::clone(call.compiled);
        let mut values = Values::default();
        for (index, bind) in compiled.binds.iter().enumerate() {
            let value = call.arguments.get(bind.source);
            value.encode(&mut values).map_err(|fault| write_fault(&compiled, index, fault))?;
        }
        let mut outcome = Outcome { finished: true, ..Outcome::default() };
        let rows = self.query(&compiled.sql, values, call.sink, &mut outcome)?;
        let explain: Fault = Box::new(move |fault| read_fault(&compiled, fault));
        self.cursor = Some(Cursor { rows, explain });
        let given = self.give(call.sink, call.limit)?;
        Ok(Outcome { rows: given.rows, finished: given.finished, ..outcome })
    }

    /// Runs a statement to its end and tells what it has changed. A better driver would leave the rest of the rows in the
    /// database until they are wanted.
    fn query(&self, sql: &str, values: Values, sink: &mut dyn RowSink, outcome: &mut Outcome) -> Result<Rows> {
        let mut statement = self.db.prepare(sql).map_err(from_rusqlite)?;
        if statement.parameter_count() != values.0.len() {
            let (wants, has) = (statement.parameter_count(), values.0.len());
            return Err(
                UsageError::new(format!("the SQL has {wants} parameter(s), and {has} value(s) are bound")).into()
            );
        }
        let width = statement.column_count();
        if width > 0 {
            let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            sink.begin(&NamedColumns(&names))?;
        }
        let before = self.db.total_changes();
        let mut rows = Rows::new();
        let mut found = statement.query(rusqlite::params_from_iter(values.0)).map_err(from_rusqlite)?;
        while let Some(row) = found.next().map_err(from_rusqlite)? {
            let cells: rusqlite::Result<Vec<Value>> = (0..width).map(|index| row.get(index)).collect();
            rows.push_back(cells.map_err(from_rusqlite)?);
        }
        drop(found);
        if self.db.total_changes() != before {
            outcome.affected += self.db.changes();
            outcome.last_insert_id = Some(self.db.last_insert_rowid());
        }
        Ok(rows)
    }

    /// Gives the sink rows of the cursor; it stays open while there are more.
    fn give(&mut self, sink: &mut dyn RowSink, limit: usize) -> Result<Outcome> {
        let mut outcome = Outcome { finished: true, ..Outcome::default() };
        let Some(mut cursor) = self.cursor.take() else { return Ok(outcome) };
        while let Some(cells) = cursor.rows.pop_front() {
            sink.row(&LiteRow(&cells)).map_err(&cursor.explain)?;
            outcome.rows += 1;
            if usize::try_from(outcome.rows).is_ok_and(|given| given >= limit) {
                break;
            }
        }
        if !cursor.rows.is_empty() {
            outcome.finished = false;
            self.cursor = Some(cursor);
        }
        Ok(outcome)
    }

    fn bulk_now(&mut self, bulk: Bulk<'_>) -> Result<Outcome> {
        let Bulk { single, fields, arguments, feed, sink, mut keys, enclosure, .. } = bulk;
        self.batch_now(enclosure.map_or(&[][..], |enclosure| enclosure.begin))?;
        let mut outcome = Outcome { finished: true, ..Outcome::default() };
        loop {
            let mut values = Values::default();
            let is_row = feed.next(&mut |row| {
                for (index, field) in fields.iter().enumerate() {
                    row.encode_field(field.index, &mut values).map_err(|fault| bulk_fault(field, index, fault))?;
                }
                Ok(())
            })?;
            if !is_row {
                break;
            }
            // Values that are the same for every row stand behind those of the row.
            for (index, bind) in single.binds.iter().enumerate().skip(fields.len()) {
                let value = arguments.get(bind.source);
                value.encode(&mut values).map_err(|fault| write_fault(single, index, fault))?;
            }
            for cells in self.query(&single.sql, values, sink, &mut outcome)? {
                sink.row(&LiteRow(&cells)).map_err(|fault| read_fault(single, fault))?;
                outcome.rows += 1;
            }
            if let Some(keys) = &mut keys {
                keys.push(self.db.last_insert_rowid());
            }
        }
        if let Some(enclosure) = enclosure
            && feed.is_at_end()
        {
            self.batch_now(enclosure.commit)?;
            outcome.committed = true;
        }
        Ok(outcome)
    }

    fn batch_now(&mut self, statements: &[impl AsRef<str>]) -> Result<()> {
        self.cursor = None;
        statements.iter().try_for_each(|sql| self.db.execute_batch(sql.as_ref())).map_err(from_rusqlite)
    }

    fn settle_now(&mut self, roll_back: bool) -> Result<()> {
        self.cursor = None;
        if roll_back && !self.db.is_autocommit() {
            self.batch_now(&["ROLLBACK"])?;
        }
        Ok(())
    }
}

impl Connection for LiteConnection {
    fn run<'a>(&'a mut self, call: Call<'a>) -> Reply<'a, Outcome> {
        Reply::now(self.run_now(call))
    }

    fn resume<'a>(&'a mut self, sink: &'a mut dyn RowSink, limit: usize) -> Reply<'a, Outcome> {
        Reply::now(self.give(sink, limit))
    }

    fn bulk<'a>(&'a mut self, bulk: Bulk<'a>) -> Reply<'a, Outcome> {
        Reply::now(self.bulk_now(bulk))
    }

    fn batch<'a>(&'a mut self, sql: &'a str) -> Reply<'a, ()> {
        Reply::now(self.batch_now(&[sql]))
    }

    fn close_cursor(&mut self) -> Reply<'_, ()> {
        self.cursor = None;
        Reply::now(Ok(()))
    }

    fn transaction(&self) -> TransactionState {
        if self.db.is_autocommit() { TransactionState::Idle } else { TransactionState::Open }
    }

    /// Replies never wait, so no future of theirs can be dropped half-way.
    fn owes(&self) -> bool {
        self.cursor.is_some()
    }

    fn abandon(&mut self, roll_back: bool) {
        // What fails here fails again in `settle`, and is told there.
        let _ = self.settle_now(roll_back);
    }

    fn settle(&mut self, roll_back: bool) -> Reply<'_, ()> {
        Reply::now(self.settle_now(roll_back))
    }

    fn is_broken(&self) -> bool {
        false
    }

    fn ping(&mut self) -> Reply<'_, ()> {
        Reply::now(Ok(()))
    }

    /// Statements are prepared anew each time.
    fn forget(&mut self, _: u64) {}

    fn prepared(&self) -> usize {
        0
    }

    fn close(self: Box<Self>) -> Reply<'static, ()> {
        Reply::now(self.db.close().map_err(|(_, error)| from_rusqlite(error)))
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        &mut self.db
    }
}
