#![doc = include_str!("docs/crate.md")]

#[doc(hidden)]
pub mod __private;
pub mod blocking;
mod composite;
mod connect;
pub mod guide;
pub mod language;
mod macros;
#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(feature = "postgres")]
pub mod postgres;
pub mod prelude;
#[cfg(feature = "sqlite")]
pub mod sqlite;

#[cfg(feature = "serde_json")]
pub use aludel_core::Json;
pub use aludel_core::{
    ArrayElement, CacheSafety, ColumnError, CompactString, CompileError, ConfigError, DatabaseError, DatabaseErrorKind,
    Date, DateTime, Decimal, Decode, Direction, Encode, EncodeRow, EnumType, Error, ErrorKind, Fault, FaultKind,
    FromRow, Held, Interval, Kind, NativeType, Numeric, ParamSink, PoolError, RawValue, Result, Row, RowCountError,
    RowRef, SchemaError, SqlType, SqlTyped, StatementContext, Time, Timestamp, UsageError, Value,
};
pub use aludel_engine::{
    Batch, CacheStatistics, CacheStatus, Conn, Echo, Engine, EngineBuilder, Executor, Info, Inspector, NamedLockGuard,
    Parameters, Partitions, Phases, PoolStatus, Prepared, QueryRecord, ReflectOn, ReflectSchema, ReflectTable,
    RowStream, TableName, Transaction, TwoPhaseTransaction, Unique, Url, driver, events, writing,
};
pub use aludel_macros::{Composite, Entity, FromRow, Kinds, SqlEnum, SqlNewtype, hybrid};
pub use aludel_orm::{
    AnyKey, Bundle, Cascade, ColumnChange, ColumnNames, Columns, ConcreteKinds, Criteria, Ext, Extends, History,
    IntoMany, IntoNew, JoinRelated, Key, KeyList, KindOf, KindRows, KindUnion, Kinds, Link, Load, LoadOption,
    LoadTarget, Many, Mapped, Mapper, NPlusOne, Nested, NoAutoflush, Objects, One, OrmExecute, OrmStatement, Plan,
    Polymorphic, Query, QueryOptions, Rel, Relation, RelationKind, Session, SessionBuilder, SessionEvents, SessionRow,
    SessionStatement, StateChange, Step, SubKey, ToMany, ToOne, View, Whole, bundle, contains_eager, defer,
    immediateload, joinedload, load_only, raiseload, selectin_polymorphic, selectinload, session_value, subqueryload,
    with_criteria, with_polymorphic,
};
pub use aludel_sql::{RuntimeTable as Table, ddl, dialect, schema};
pub use composite::Composite;
pub use connect::Connect;
pub use language::Entity;
