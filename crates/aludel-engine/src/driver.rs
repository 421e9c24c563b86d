//! What a driver is: the traits that SQLite, PostgreSQL, MySQL and third parties implement.
//!
//! A [`Driver`] is known by URL schemes and makes a [`Connector`] of a URL; a connector opens [`Connection`]s. A connection
//! runs compiled statements: it takes the values of a [`Call`]'s arguments or of a [`RowFeed`] straight into its bind
//! calls or wire buffer, and hands each row, where it lies, to a [`RowSink`].
//!
//! Everything that may wait gives a [`Reply`]: a driver that never waits (SQLite in the caller's thread) answers `Now`,
//! with nothing allocated; the others answer `Later` with a future. Such a future may be dropped at any await point. The
//! connection must then be able to tell, from what it noted before the first await, what it still
//! [`owes`](Connection::owes), and [`settle`](Connection::settle) pays it before the next use.
//!
//! `docs/design/drivers.md` shows how wire protocols implement these traits.

mod call;
mod faults;
mod reply;
mod sink;
mod url_option;

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aludel_core::Result;
use aludel_sql::dialect::Dialect;

use crate::url::Url;

pub use call::{Bulk, BulkField, BulkMany, Call, Enclosure, Outcome, Slot, Times, TransactionState};
pub use faults::{bulk_fault, read_fault, write_fault, wrong_width};
pub use reply::{BoxFuture, Reply};
pub use sink::{NamedColumns, NoRows, RowFeed, RowSink, Shape};
pub use url_option::{TimeUnit, UrlOption};

/// A kind of database, known by the schemes of its URLs.
pub trait Driver: fmt::Debug + Send + Sync + 'static {
    /// The schemes, in lower case: `["postgres", "postgresql"]`.
    fn schemes(&self) -> &'static [&'static str];
    /// Makes a connector of a URL. It checks the URL and does no I/O.
    fn open(&self, url: &Url, opening: &Opening) -> Result<Arc<dyn Connector>>;
}

/// What an engine tells a driver beyond the URL.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Opening {
    /// Who waits.
    pub face: Face,
    /// The most connections that the pool will have open at once.
    pub max_connections: usize,
    /// How many statements a connection keeps prepared, where the engine was told.
    pub statement_cache: Option<usize>,
    /// How long opening a connection may take. An async driver need not watch it, the engine drops the future; one that
    /// blocks sets it on its socket.
    pub connect_timeout: Duration,
    /// A dialect to use in place of the driver's own, where the program registered one for the URL's scheme.
    pub dialect: Option<Arc<dyn Dialect>>,
}

impl Opening {
    /// What an engine says when the program set nothing.
    #[must_use]
    pub fn new(face: Face) -> Self {
        Self {
            face,
            max_connections: 15,
            statement_cache: None,
            connect_timeout: Duration::from_secs(30),
            dialect: None,
        }
    }
}

/// Who will wait for the connection: an executor's task, or the caller's thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Futures may be pending; they must not block the thread.
    Async,
    /// Every future must be ready when first polled; waiting is done by blocking the thread.
    Blocking,
}

/// Opens connections to one database.
pub trait Connector: fmt::Debug + Send + Sync + 'static {
    /// Finds out what only the server can tell, where the dialect or the traits depend on it. Whoever opens an engine with a
    /// first connection awaits it before anything else is asked for; an engine that is opened lazily does without.
    fn prepare(&self) -> Reply<'_, ()> {
        Reply::now(Ok(()))
    }
    /// The dialect that its statements are compiled for.
    fn dialect(&self) -> &Arc<dyn Dialect>;
    /// Opens a connection and makes it ready for use.
    fn connect(&self) -> Reply<'_, Box<dyn Connection>>;
    /// What the driver can do beyond the least.
    fn traits(&self) -> DriverTraits;
    /// The database's name as OpenTelemetry's `db.system.name` wants it: `sqlite`, `postgresql`, `mysql`.
    fn system(&self) -> &'static str;
    /// The database's name or file, for logs; never with a password.
    fn database(&self) -> String;
}

/// What a driver can do, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DriverTraits {
    /// The most connections that make sense; 1 for a database that only one connection can see.
    pub max_connections: Option<usize>,
    /// At least one connection must stay open, or the database is gone (databases in memory).
    pub keep_one_open: bool,
    /// How a bulk insert is best sent.
    pub bulk: BulkForm,
    /// Whether a bulk INSERT can tell the key that the database has made for each row, without RETURNING.
    pub inserted_keys: bool,
    /// Whether a fresh connection's first statement is likely to fail because the server closed it while it was idle, so
    /// that pre-ping is worth its round trip.
    pub may_go_stale: bool,
}

impl Default for DriverTraits {
    /// Any number of connections, one row at a time, over a network.
    fn default() -> Self {
        Self {
            max_connections: None,
            keep_one_open: false,
            bulk: BulkForm::Loop,
            inserted_keys: false,
            may_go_stale: true,
        }
    }
}

/// How the rows of a bulk insert are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BulkForm {
    /// A prepared statement of one row is run for each row.
    Loop,
    /// Statements of as many rows as there are, and so many at most. The engine gathers the rows; to the driver each block is
    /// one long row of a `Loop`. Where rows are returned, in their order, it is a `Loop`.
    Blocks {
        /// Rows in one statement.
        rows: usize,
    },
    /// Statements of so many rows at most, each row's placeholders written out; what is left over goes by `Loop`.
    Values {
        /// Rows in one statement.
        rows: usize,
    },
    /// One array for each column, of so many rows at most (`unnest`): [`BulkMany`] has one placeholder a column. Where a column has
    /// no array type it is a `Loop`. Few rows are one statement with each row's placeholders written out: to the driver, one long
    /// row of a `Loop`, as in `Blocks`.
    Arrays {
        /// Rows in one statement.
        rows: usize,
        /// So many rows at most are few.
        few: usize,
    },
}

/// One connection to a database.
///
/// The engine calls one method at a time. When [`owes`](Self::owes) is true it calls [`settle`](Self::settle) before
/// anything else.
pub trait Connection: Send + 'static {
    /// Runs a statement: finds or prepares it by its number, binds, executes, and hands up to `call.limit` rows to the
    /// sink. When the limit is met before the end, the cursor stays open and the outcome is not finished.
    fn run<'a>(&'a mut self, call: Call<'a>) -> Reply<'a, Outcome>;

    /// Hands further rows of the open cursor to the sink, about `limit` of them: a driver may have asked for them by the limit before.
    fn resume<'a>(&'a mut self, sink: &'a mut dyn RowSink, limit: usize) -> Reply<'a, Outcome>;

    /// Runs a statement for each row of a feed, in the rows' order; rows that it returns come in the same order. Rows
    /// that were sent before an error stay: the engine undoes them.
    fn bulk<'a>(&'a mut self, bulk: Bulk<'a>) -> Reply<'a, Outcome>;

    /// Runs SQL without placeholders, one or several statements, and throws rows away: transaction control, settings, DDL.
    fn batch<'a>(&'a mut self, sql: &'a str) -> Reply<'a, ()>;

    /// Closes the open cursor, if there is one.
    fn close_cursor(&mut self) -> Reply<'_, ()>;

    /// Whether a transaction is open, as far as the driver knows.
    fn transaction(&self) -> TransactionState;

    /// Whether a dropped future or an abandoned cursor has left something that [`settle`](Self::settle) must pay before
    /// the next use. It must be right whichever future was dropped wherever, so what it tells is noted before the first
    /// await.
    fn owes(&self) -> bool;

    /// Whoever had the connection is gone, and left a cursor or a statement (and, if `roll_back` is set, a transaction).
    /// Begins to clear up as far as that goes without waiting, so that locks are not held until the next use. Must not
    /// block. The engine calls [`settle`](Self::settle) before the next use all the same.
    fn abandon(&mut self, roll_back: bool);

    /// Pays what dropped futures left: drains or cancels what is under way, closes the cursor, and rolls back the
    /// transaction if `roll_back` is set. Afterwards the connection is as good as new, or the reply is an error and the
    /// connection is thrown away. The reply may itself be dropped.
    fn settle(&mut self, roll_back: bool) -> Reply<'_, ()>;

    /// Whether the connection is lost and must be thrown away.
    fn is_broken(&self) -> bool;

    /// Looks, without waiting, whether the server has closed the connection while it was idle. Asked each time before a
    /// connection is given out, so it must cost next to nothing. A driver without a network has nothing to look for.
    fn is_closed(&mut self) -> bool {
        self.is_broken()
    }

    /// Asks the server for a sign of life.
    fn ping(&mut self) -> Reply<'_, ()>;

    /// The connection will not be asked for the statement with this number any more; its prepared form may go.
    fn forget(&mut self, number: u64);

    /// How many statements the connection keeps prepared.
    fn prepared(&self) -> usize;

    /// Says goodbye and closes. A connection that is dropped instead closes without a word.
    fn close(self: Box<Self>) -> Reply<'static, ()>;

    /// Something that stops the connection's statement from another thread, where there is such a thing.
    fn canceller(&self) -> Option<Arc<dyn Cancel>> {
        None
    }

    /// Several statements in one go, where the protocol can.
    fn pipeline(&mut self) -> Option<&mut dyn Pipeline> {
        None
    }

    /// The driver's own connection, for what only it can do.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

/// Stops what a connection is running; it then ends with an error of kind `Cancelled`, if it had not ended already.
pub trait Cancel: Send + Sync {
    /// Asks for it. Ready when the request cannot hit a later statement any more.
    fn cancel(&self) -> Reply<'_, ()>;
}

/// Sends several statements before the first one's answer is there.
pub trait Pipeline {
    /// Runs the calls in order. The first error ends the pipeline: later calls are not run, and the outcomes of those
    /// before it are lost with it unless they stand in a transaction of their own. No call leaves a cursor open.
    fn run_all<'a>(&'a mut self, calls: Vec<Call<'a>>) -> Reply<'a, Vec<Outcome>>;
}
