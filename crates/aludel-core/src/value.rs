//! Values bound to a statement, owned until the statement has run.

use std::fmt;
use std::sync::Arc;

use compact_str::CompactString;

use crate::decimal::Decimal;
use crate::encode::{Encode, ParamSink};
use crate::error::Fault;
use crate::interval::Interval;
use crate::numeric::Numeric;
use crate::raw::RawValue;
use crate::temporal::{Date, DateTime, Time, Timestamp};
use crate::types::Kind;

/// One value of a statement, or one cell of a row that is read by name.
///
/// Text of up to 24 bytes is kept inline. Bulk inserts and typed reads do not pass through this type.
#[derive(Clone)]
#[non_exhaustive]
pub enum Value {
    /// NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// Any signed integer.
    Int(i64),
    /// An integer above `i64::MAX`, or of an unsigned column.
    Uint(u64),
    /// Any floating-point number.
    Float(f64),
    /// Exact decimal.
    Decimal(Decimal),
    /// Text.
    Text(CompactString),
    /// Bytes.
    Bytes(Box<[u8]>),
    /// Calendar date.
    Date(Date),
    /// Time of day.
    Time(Time),
    /// Date and time of day.
    DateTime(DateTime),
    /// Instant.
    Timestamp(Timestamp),
    /// Length of time.
    Interval(Interval),
    /// 128-bit identifier.
    Uuid(Box<[u8; 16]>),
    /// JSON text.
    Json(Box<str>),
    /// The elements of an IN list or of an array.
    List(Box<[Value]>),
    /// An exact decimal of any length.
    Numeric(Box<Numeric>),
    /// A value of a type that only one database has, in its own format.
    Raw(Box<RawValue>),
    /// A value that only one driver knows how to write.
    Other(Arc<dyn Encode + Send + Sync>),
}

impl Value {
    /// Whether this is NULL.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What kind of value this is, as far as the value tells: of numbers the widest.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Null | Self::Uint(_) | Self::Raw(_) | Self::Other(_) => Kind::Other,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::BigInt,
            Self::Float(_) => Kind::Double,
            Self::Decimal(_) | Self::Numeric(_) => Kind::Decimal,
            Self::Interval(_) => Kind::Interval,
            Self::Text(_) => Kind::Text,
            Self::Bytes(_) => Kind::Bytes,
            Self::Date(_) => Kind::Date,
            Self::Time(_) => Kind::Time,
            Self::DateTime(_) => Kind::DateTime,
            Self::Timestamp(_) => Kind::Timestamp,
            Self::Uuid(_) => Kind::Uuid,
            Self::Json(_) => Kind::Json,
            Self::List(_) => Kind::List,
        }
    }

    /// What kind of value this is, in plain words.
    #[must_use]
    pub const fn kind_name(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Bool(_) => "boolean",
            Self::Int(_) | Self::Uint(_) => "integer",
            Self::Float(_) => "floating-point number",
            Self::Decimal(_) | Self::Numeric(_) => "decimal",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::DateTime(_) => "date and time",
            Self::Timestamp(_) => "timestamp",
            Self::Interval(_) => "interval",
            Self::Uuid(_) => "UUID",
            Self::Json(_) => "JSON",
            Self::List(_) => "list",
            Self::Raw(_) | Self::Other(_) => "driver value",
        }
    }
}

impl Encode for Value {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        match self {
            Self::Null => sink.null(),
            Self::Bool(value) => sink.bool(*value),
            Self::Int(value) => sink.int(*value),
            Self::Uint(value) => sink.uint(*value),
            Self::Float(value) => sink.float(*value),
            Self::Decimal(value) => sink.decimal(*value),
            Self::Text(value) => sink.text(value),
            Self::Bytes(value) => sink.bytes(value),
            Self::Date(value) => sink.date(*value),
            Self::Time(value) => sink.time(*value),
            Self::DateTime(value) => sink.datetime(*value),
            Self::Timestamp(value) => sink.timestamp(*value),
            Self::Interval(value) => sink.interval(*value),
            Self::Uuid(value) => sink.uuid(value),
            Self::Json(value) => sink.json(value),
            Self::List(values) => sink.list(values.len(), &mut |index, sink| match values.get(index) {
                Some(value) => value.encode(sink),
                None => sink.null(),
            }),
            Self::Numeric(value) => sink.numeric(value),
            Self::Raw(value) => value.encode(sink),
            Self::Other(value) => value.encode(sink),
        }
    }

    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Uint(a), Self::Uint(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Decimal(a), Self::Decimal(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::Date(a), Self::Date(b)) => a == b,
            (Self::Time(a), Self::Time(b)) => a == b,
            (Self::DateTime(a), Self::DateTime(b)) => a == b,
            (Self::Timestamp(a), Self::Timestamp(b)) => a == b,
            (Self::Interval(a), Self::Interval(b)) => a == b,
            (Self::Uuid(a), Self::Uuid(b)) => a == b,
            (Self::Json(a), Self::Json(b)) => a == b,
            (Self::List(a), Self::List(b)) => a == b,
            (Self::Numeric(a), Self::Numeric(b)) => a == b,
            (Self::Raw(a), Self::Raw(b)) => a == b,
            (Self::Other(a), Self::Other(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl fmt::Debug for Value {
    /// As a person would write the value: `5`, `'ed'`, `NULL`, `x'00ff'`, `2024-05-01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("NULL"),
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Uint(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Decimal(value) => fmt::Display::fmt(value, f),
            Self::Text(value) => write!(f, "'{value}'"),
            Self::Bytes(value) => {
                f.write_str("x'")?;
                value.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
                f.write_str("'")
            }
            Self::Date(value) => fmt::Display::fmt(value, f),
            Self::Time(value) => fmt::Display::fmt(value, f),
            Self::DateTime(value) => fmt::Display::fmt(value, f),
            Self::Timestamp(value) => fmt::Display::fmt(value, f),
            Self::Interval(value) => fmt::Display::fmt(value, f),
            Self::Uuid(value) => fmt::Display::fmt(&Hyphenated(value), f),
            Self::Json(value) => f.write_str(value),
            Self::List(values) => f.debug_list().entries(values).finish(),
            Self::Numeric(value) => fmt::Display::fmt(value, f),
            Self::Raw(value) => value.fmt(f),
            Self::Other(_) => f.write_str("(driver value)"),
        }
    }
}

/// A UUID in its usual text form.
#[derive(Clone, Copy, Debug)]
pub struct Hyphenated<'a>(pub &'a [u8; 16]);

impl fmt::Display for Hyphenated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_small() {
        assert!(size_of::<Value>() <= 32, "{}", size_of::<Value>());
    }
}
