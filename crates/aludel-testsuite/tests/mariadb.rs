//! The suite on MariaDB.

use aludel_testsuite::{conformance, servers};

conformance! {
    driver: aludel_mysql::MySql,
    database: servers::mysql(),
    capabilities: [
        InsertReturning, DeleteReturning, Upsert, Savepoints, ReadOnlyTransactions, ReadCommitted, RepeatableRead,
        Serializable, TwoPhase, NamedLocks, SkipLocked, Cancel, ForeignKeyNames, Decimals, WideDecimals, Temporal, Uuids,
        Json, ZeroInText, Network, Logins,
    ],
}
