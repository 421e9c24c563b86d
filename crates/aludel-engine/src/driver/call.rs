//! What a connection is asked to run, and what came of it.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aludel_sql::schema::StaticColumn;
use aludel_sql::{Arguments, Compiled};

use super::sink::{RowFeed, RowSink};

/// A statement to run.
pub struct Call<'a> {
    /// The statement.
    pub compiled: &'a Arc<Compiled>,
    /// Where the driver notes which of its prepared statements this is. Starts as [`Slot::EMPTY`]; a note is only a hint.
    pub slot: &'a mut Slot,
    /// The values. A driver that runs the statement elsewhere may take them away, and puts them back when it is done, so
    /// that an error can show them.
    pub arguments: &'a mut Arguments,
    /// Where the rows go.
    pub sink: &'a mut dyn RowSink,
    /// Rows to hand over before the cursor is left open; `usize::MAX` for all.
    pub limit: usize,
    /// Whether the statement will be met again, so that keeping it prepared is worth while.
    pub keep: bool,
    /// Where the times go, when they are wanted: clocks are read only then.
    pub times: Option<&'a mut Times>,
}

/// A statement to run for many rows.
pub struct Bulk<'a> {
    /// The statement for a single row.
    pub single: &'a Arc<Compiled>,
    /// The driver's note for it.
    pub single_slot: &'a mut Slot,
    /// The statement for many rows at once, where the driver's form has one.
    pub many: Option<BulkMany<'a>>,
    /// A statement that the rows can follow in the database's own format, where nothing is returned and no conflict is looked
    /// for. A driver that uses it asks the server for the columns' types by preparing [`single`](Self::single).
    pub copy: Option<&'a Arc<Compiled>>,
    /// What a row's placeholders are, in order.
    pub fields: &'a [BulkField],
    /// Values of placeholders that are not part of a row (`ON CONFLICT … DO UPDATE SET n = ?`), the same for every row. They
    /// stand behind the rows' placeholders.
    pub arguments: &'a mut Arguments,
    /// The rows.
    pub feed: &'a mut dyn RowFeed,
    /// Where returned rows go.
    pub sink: &'a mut dyn RowSink,
    /// For an INSERT: where the key goes that the database has made for each row, in the rows' order. Asked for only where
    /// the driver's traits say [`inserted_keys`](super::DriverTraits::inserted_keys).
    pub keys: Option<&'a mut Vec<i64>>,
    /// What to run before the first row and behind the last one, so that all rows are inserted or none; the driver can
    /// send it along with the rows. After an error the engine undoes what has begun.
    pub enclosure: Option<Enclosure<'a>>,
    /// Where the times go, when they are wanted.
    pub times: Option<&'a mut Times>,
}

/// What makes a bulk insert all or nothing: a transaction, or a savepoint in one.
#[derive(Clone, Copy, Debug)]
pub struct Enclosure<'a> {
    /// Run before the first row.
    pub begin: &'a [Cow<'static, str>],
    /// Run behind the last row, if [`RowFeed::is_at_end`] says that it was the last of all; then the outcome is
    /// [`committed`](Outcome::committed).
    pub commit: &'a [Cow<'static, str>],
}

/// One placeholder of a row.
#[derive(Clone, Copy, Debug)]
pub struct BulkField {
    /// What [`EncodeRow::encode_field`](aludel_core::EncodeRow::encode_field) calls it.
    pub index: usize,
    /// The column that it is for.
    pub column: Option<&'static StaticColumn>,
}

/// The form of a bulk statement that takes many rows.
pub struct BulkMany<'a> {
    /// The statement.
    pub compiled: &'a Arc<Compiled>,
    /// The driver's note for it.
    pub slot: &'a mut Slot,
    /// How many rows it takes.
    pub rows: usize,
}

/// A driver's note of which prepared statement a compiled one is on this connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(pub u32);

impl Slot {
    /// Nothing noted.
    pub const EMPTY: Self = Self(u32::MAX);
}

/// What running a statement came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows inserted, changed or deleted.
    pub affected: u64,
    /// The key made for the last inserted row, where the database tells.
    pub last_insert_id: Option<i64>,
    /// Rows handed to the sink by this call.
    pub rows: u64,
    /// Whether there are no more rows.
    pub finished: bool,
    /// Whether the enclosure of a bulk insert was committed.
    pub committed: bool,
}

/// Where the time went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Waiting for whoever runs it: a thread, a socket, the lock of another statement.
    pub wait: Duration,
    /// Preparing the statement on the connection.
    pub prepare: Duration,
    /// Binding, executing and fetching: what the database took.
    pub execute: Duration,
    /// Reading cells and building Rust values.
    pub decode: Duration,
}

/// Whether a transaction is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionState {
    /// None.
    Idle,
    /// One is.
    Open,
    /// One is, and takes nothing but ROLLBACK.
    Failed,
    /// Nobody knows before what is owed is settled.
    Unknown,
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("sql", &self.compiled.sql)
            .field("slot", &self.slot)
            .field("limit", &self.limit)
            .field("keep", &self.keep)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Bulk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bulk").field("sql", &self.single.sql).field("many", &self.many).finish_non_exhaustive()
    }
}

impl fmt::Debug for BulkMany<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BulkMany").field("rows", &self.rows).finish_non_exhaustive()
    }
}
