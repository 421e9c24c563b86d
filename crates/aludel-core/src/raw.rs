//! Values in a database's own format, for types that only that database has.

use std::fmt;

use crate::decode::{Decode, RowRef};
use crate::encode::{Encode, ParamSink};
use crate::error::Fault;
use crate::row::FromRow;
use crate::value::Value;

/// A value of a type that only one database has, in that database's own format.
///
/// Types such as PostgreSQL's ranges are kept as one until a statement has run, and any column can be read as one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RawValue {
    /// The type's name in the database: `int4range`.
    pub type_name: Box<str>,
    /// The value in the database's binary format.
    pub bytes: Box<[u8]>,
}

impl RawValue {
    /// The value of this type with these bytes.
    #[must_use]
    pub fn new(type_name: impl Into<Box<str>>, bytes: impl Into<Box<[u8]>>) -> Self {
        Self { type_name: type_name.into(), bytes: bytes.into() }
    }
}

impl Encode for RawValue {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.raw(&self.type_name, &self.bytes)
    }
    fn to_value(&self) -> Value {
        Value::Raw(Box::new(self.clone()))
    }
    fn into_value(self) -> Value {
        Value::Raw(Box::new(self))
    }
}

impl Decode for RawValue {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        if row.is_null(index) {
            return Err(Fault::null());
        }
        match row.raw(index) {
            Some((type_name, bytes)) => Ok(Self::new(type_name, bytes)),
            None => Err(Fault::unsupported("a value in the database's own format")),
        }
    }

    fn blank() -> Option<Self> {
        None
    }
}

impl fmt::Debug for RawValue {
    /// `int4range x'0200…'`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} x'", self.type_name)?;
        self.bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("'")
    }
}

impl FromRow for RawValue {
    const WIDTH: usize = 1;
    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        Self::decode(row, start).map_err(|fault| fault.at(start))
    }
}
