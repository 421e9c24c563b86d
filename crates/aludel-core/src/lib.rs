//! Values, SQL types, rows, parameters and errors of the [Aludel](https://docs.rs/aludel) SQL toolkit.
//!
//! This crate is what a driver, a dialect and a program share. It does no I/O, has no async function and no unsafe code.
//! Programs use it through the `aludel` crate; authors of drivers and of column types use it directly:
//!
//! - a column type implements [`SqlTyped`], [`Encode`] and [`Decode`] (or derives them through `aludel`);
//! - a driver implements [`RowRef`] over its result buffers and [`ParamSink`] over its bind calls or wire buffer.
//!
//! ```
//! use aludel_core::{Encode, Value};
//!
//! assert_eq!("ed".to_value(), Value::Text("ed".into()));
//! assert_eq!(None::<i64>.to_value(), Value::Null);
//! ```

mod blank;
mod decimal;
mod decode;
mod dynamic;
mod encode;
mod error;
mod from_str;
mod impls;
mod interval;
pub mod mysql;
mod numeric;
pub mod postgres;
mod raw;
mod row;
mod temporal;
mod types;
mod value;

pub use blank::Blank;
pub use compact_str::CompactString;
pub use decimal::Decimal;
pub use decode::{Decode, RowRef, parse_uuid};
pub use dynamic::{Names, Row, ValueRow};
pub use encode::{ElementWriter, Encode, EncodeRow, ParamSink};
pub use error::{
    ColumnError, CompileError, ConfigError, DatabaseError, DatabaseErrorKind, Direction, Error, ErrorKind, Fault,
    FaultKind, Holder, PoolError, Result, RowCountError, SchemaError, StatementContext, UsageError,
};
#[cfg(feature = "serde_json")]
pub use impls::Json;
pub use interval::Interval;
pub use numeric::Numeric;
pub use raw::RawValue;
pub use row::FromRow;
pub use temporal::{Date, DateTime, NANOS_PER_DAY, Time, Timestamp};
pub use types::{ArrayElement, CacheSafety, EnumType, Held, Kind, NativeType, SqlType, SqlTyped};
pub use value::{Hyphenated, Value};
