//! The suite on SQLite, in files.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use aludel::sqlite::Sqlite;
use aludel_testsuite::{TemporaryFile, conformance};

conformance! {
    driver: Sqlite,
    database: TemporaryFile::new("sqlite", "").unwrap(),
    capabilities: [
        InsertReturning, UpdateReturning, DeleteReturning, Upsert, Savepoints, TransactionalDdl, RepeatableRead,
        Serializable, ReadOnlyTransactions, Cancel, Decimals, Temporal, Uuids, Json, LargeColumns, Infinity, ZeroInText,
    ],
}
