//! The suite on PostgreSQL.

use aludel_testsuite::{conformance, servers};

conformance! {
    driver: aludel_postgres::Postgres,
    database: servers::postgres(),
    capabilities: [
        InsertReturning, UpdateReturning, DeleteReturning, Upsert, Arrays, Savepoints, ReadOnlyTransactions,
        TransactionalDdl, ReadCommitted, RepeatableRead, Serializable, TwoPhase, NamedLocks, SkipLocked, Cancel, Pipeline,
        ForeignKeyNames, Decimals, WideDecimals, Temporal, Uuids, Json, LargeColumns, Infinity, NotANumber, Network, Logins,
    ],
}
