#![doc = include_str!("docs/crate.md")]

#[doc(hidden)]
pub mod __private;
mod connect;
pub mod language;
mod macros;
pub mod prelude;
#[cfg(feature = "sqlite")]
pub mod sqlite;

pub use aludel_core::{
    CacheSafety, ColumnError, CompactString, CompileError, ConfigError, DatabaseError, DatabaseErrorKind, Date,
    DateTime, Decimal, Decode, Direction, Encode, EncodeRow, EnumType, Error, ErrorKind, Fault, FaultKind, FromRow,
    Held, Kind, ParamSink, PoolError, Result, Row, RowCountError, RowRef, SqlType, SqlTyped, StatementContext, Time,
    Timestamp, UsageError, Value,
};
pub use aludel_engine::{
    Batch, CacheStatistics, CacheStatus, Conn, Echo, Engine, EngineBuilder, Executor, Info, Parameters, Partitions,
    Phases, PoolStatus, QueryRecord, RowStream, Transaction, Unique, Url, blocking, driver, events, writing,
};
pub use aludel_macros::{Entity, FromRow, SqlEnum, SqlNewtype};
pub use aludel_orm::{AnyKey, Cascade, IntoMany, IntoNew, Key, Link, Many, Mapped, Mapper, One, Rel, Relation, RelationKind, SessionRow, ToMany, ToOne, session_value};
pub use aludel_sql::{ddl, dialect, schema};
pub use connect::Connect;
pub use language::Entity;
