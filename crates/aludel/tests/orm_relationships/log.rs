//! A database for each test, and what was run on it.

use std::sync::{Arc, Mutex};

use aludel::blocking::{Engine, Session};
use aludel::schema::Table;

use crate::backend;

/// What has run since the last look, each statement as `INSERT users 2`: its verb, its table, and of a write its rows.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<Run>>>);

struct Run {
    sql: String,
    rows: usize,
}

impl Log {
    fn take(&self) -> Vec<Run> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// In short.
    pub(crate) fn short(&self) -> Vec<String> {
        self.take().iter().map(short).collect()
    }

    /// In full.
    pub(crate) fn sql(&self) -> Vec<String> {
        self.take().into_iter().map(|run| run.sql).collect()
    }

    /// How many there were.
    pub(crate) fn count(&self) -> usize {
        self.take().len()
    }
}

fn short(run: &Run) -> String {
    let words: Vec<&str> = run.sql.split_whitespace().collect();
    let behind = |word: &str| {
        let at = words.iter().position(|other| *other == word);
        at.and_then(|at| words.get(at + 1)).map_or("", |table| table.trim_start_matches('('))
    };
    match words.first().copied() {
        Some("INSERT") => format!("INSERT {} {}", behind("INTO"), run.rows),
        Some("UPDATE") => format!("UPDATE {} {}", behind("UPDATE"), run.rows),
        Some("DELETE") => format!("DELETE {} {}", behind("FROM"), run.rows),
        Some(other) => format!("{other} {}", behind("FROM")),
        None => String::new(),
    }
}

/// An engine on a new database with these tables and rows.
pub(crate) fn engine(tables: &[&Table], rows: &[&str]) -> (Engine, Log) {
    let engine = backend::filled(tables, rows);
    let log = Log::default();
    let noted = Log::clone(&log);
    engine.events().after_cursor_execute(move |event| {
        let sets = event.record.parameters.sets();
        let sql = backend::told(event.record.sql, sets.first().map_or(&[], Vec::as_slice));
        let run = Run { sql, rows: sets.len() };
        noted.0.lock().unwrap().push(run);
    });
    (engine, log)
}

/// A session on a new database.
pub(crate) fn session(tables: &[&Table], rows: &[&str]) -> (Session, Log) {
    let (engine, log) = engine(tables, rows);
    (Session::new(&engine), log)
}

/// What a query of one text column gives; it is not in the log.
pub(crate) fn stored(session: &mut Session, log: &Log, sql: &str) -> Vec<String> {
    let kept = log.take();
    let rows = session.fetch_all(backend::text(sql).rows_as::<String>()).unwrap();
    *log.0.lock().unwrap() = kept;
    rows
}
