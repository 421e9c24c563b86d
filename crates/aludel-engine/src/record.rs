//! What is known of one run of a statement: logs, events, spans and reports are views of it.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use aludel_core::{Error, Value};
use aludel_sql::{Arguments, Compiled, StatementKind};

use crate::cache::CacheStatus;
use crate::log::{Sets, ShownParameters};

/// One run of a statement.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct QueryRecord<'a> {
    /// The SQL.
    pub sql: &'a str,
    /// The stable hash of the SQL, the same in every process.
    pub fingerprint: u64,
    /// What sort of statement it is.
    pub kind: StatementKind,
    /// The line of the program that ran it.
    pub location: &'static Location<'static>,
    /// How it met the cache.
    pub cache: CacheStatus,
    /// Which batch of a bulk statement it is.
    pub batch: Option<Batch>,
    /// The connection's number.
    pub connection: u64,
    /// The kind of database: `sqlite`, `postgresql`.
    pub system: &'static str,
    /// The database's name or file.
    pub database: &'a str,
    /// Its parameters.
    pub parameters: Parameters<'a>,
    /// Where the time went; zero before the run.
    pub phases: Phases,
    /// Rows read.
    pub rows: u64,
    /// Rows inserted, changed or deleted.
    pub affected: u64,
    /// What went wrong.
    pub error: Option<&'a Error>,
}

/// Where a statement's time went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Phases {
    /// Waiting for a connection.
    pub wait: Duration,
    /// Decoding and compiling the statement; zero when it was cached.
    pub compile: Duration,
    /// Preparing it on the connection; zero when it was prepared.
    pub prepare: Duration,
    /// Binding, executing and fetching: what the database took.
    pub execute: Duration,
    /// Reading cells and building Rust values.
    pub decode: Duration,
    /// From the call to its result.
    pub total: Duration,
}

/// A batch of a bulk statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its number, from 1.
    pub number: u64,
    /// How many batches there are, where that is known.
    pub count: Option<u64>,
    /// How many rows it has.
    pub rows: u64,
    /// Whether returned rows come in the order of the rows given.
    pub ordered: bool,
}

/// The parameters of a run, shown only when somebody asks.
#[derive(Clone, Copy)]
pub struct Parameters<'a> {
    of: Of<'a>,
    hidden: bool,
}

#[derive(Clone, Copy)]
enum Of<'a> {
    Statement(&'a Compiled, &'a Arguments),
    Rows(&'a Sets),
}

impl<'a> Parameters<'a> {
    pub(crate) fn new(compiled: &'a Compiled, arguments: &'a Arguments, hidden: bool) -> Self {
        Self { of: Of::Statement(compiled, arguments), hidden }
    }

    /// Those of a bulk statement's rows.
    pub(crate) fn of_rows(rows: &'a Sets, hidden: bool) -> Self {
        Self { of: Of::Rows(rows), hidden }
    }

    /// Whether they are not to be shown.
    #[must_use]
    pub fn are_hidden(&self) -> bool {
        self.hidden
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self.of {
            Of::Statement(compiled, _) => compiled.binds.is_empty(),
            Of::Rows(sets) => sets.is_empty(),
        }
    }

    /// The values, in the order of the placeholders; none when they are hidden, or are those of a bulk statement's rows: see
    /// [`sets`](Self::sets).
    pub fn values(&self) -> impl Iterator<Item = &'a Value> {
        let both = match self.of {
            Of::Statement(compiled, arguments) if !self.hidden => Some((compiled, arguments)),
            _ => None,
        };
        both.into_iter().flat_map(|(compiled, arguments)| compiled.binds.iter().map(|bind| arguments.get(bind.source)))
    }

    /// The values of a bulk statement's rows: of the first eight and the last two, in the order of the placeholders. Before the
    /// run that is the first row. A statement that is run once has one set. None when they are hidden.
    #[must_use]
    pub fn sets(&self) -> Vec<Vec<Value>> {
        match self.of {
            _ if self.hidden => Vec::new(),
            Of::Statement(..) => vec![self.values().cloned().collect()],
            Of::Rows(sets) => sets.kept().cloned().collect(),
        }
    }
}

impl fmt::Display for Parameters<'_> {
    /// As the log shows them: shortened, or said to be hidden.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.hidden && !self.is_empty() {
            return f.write_str("[parameters hidden]");
        }
        match self.of {
            Of::Statement(..) => ShownParameters(&self.values().collect::<Vec<_>>()).fmt(f),
            Of::Rows(sets) => sets.fmt(f),
        }
    }
}

impl fmt::Debug for Parameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for QueryRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryRecord")
            .field("sql", &self.sql)
            .field("parameters", &self.parameters)
            .field("cache", &self.cache)
            .field("phases", &self.phases)
            .field("rows", &self.rows)
            .field("location", &format_args!("{}", self.location))
            .finish_non_exhaustive()
    }
}
