#![doc = include_str!("docs/crate.md")]

#[doc(hidden)]
pub mod __private;
mod connect;
pub mod prelude;

pub use aludel_core::{
    CacheSafety, ColumnError, CompileError, ConfigError, DatabaseError, DatabaseErrorKind, Date, DateTime, Decimal,
    Decode, Direction, Encode, EncodeRow, EnumType, Error, ErrorKind, Fault, FaultKind, FromRow, Held, Kind, ParamSink,
    PoolError, Result, RowCountError, RowRef, SqlType, SqlTyped, StatementContext, Time, Timestamp, UsageError, Value,
};
pub use aludel_engine::{
    Batch, CacheStatistics, CacheStatus, Conn, Echo, Engine, EngineBuilder, Info, Parameters, Phases, PoolStatus, QueryRecord,
    Transaction, Url, blocking, driver, events,
};
pub use connect::Connect;
pub use aludel_macros::{Entity, FromRow, SqlEnum, SqlNewtype};
pub use aludel_sql::schema;

/// The language of statements: columns, expressions, and what is made of them.
pub mod language {
    pub use aludel_sql::*;
}
