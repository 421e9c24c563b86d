//! What is wrong with one value, before anybody knows which column it belongs to.

use std::fmt;
use std::sync::Arc;

use crate::encode::{Encode, ParamSink};
use crate::value::Value;

/// Why one value could not be written or read.
///
/// Encoders and decoders give it; the engine adds table, column and statement and makes a [`ColumnError`](super::ColumnError) of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault(Box<FaultInner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct FaultInner {
    kind: FaultKind,
    column: Option<usize>,
}

/// The ways in which a value can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// NULL where the program has no place for it.
    Null,
    /// A value of another kind.
    Mismatch {
        /// What the program can take.
        wanted: String,
        /// What is there.
        found: String,
    },
    /// A value of the right kind that does not fit.
    OutOfRange {
        /// What the value must fit into.
        wanted: String,
        /// The value.
        found: String,
    },
    /// A column that the row does not have.
    NoColumn {
        /// How many there are.
        columns: usize,
    },
    /// A kind of value that the driver has no form for.
    Unsupported(String),
    /// A conversion of the program's own failed.
    Custom(String),
}

impl Fault {
    fn new(kind: FaultKind) -> Self {
        Self(Box::new(FaultInner { kind, column: None }))
    }

    /// NULL for something that can't be NULL.
    #[must_use]
    #[cold]
    pub fn null() -> Self {
        Self::new(FaultKind::Null)
    }

    /// A value of another kind than wanted.
    #[must_use]
    #[cold]
    pub fn mismatch(wanted: impl Into<String>, found: impl Into<String>) -> Self {
        Self::new(FaultKind::Mismatch { wanted: wanted.into(), found: found.into() })
    }

    /// A value that does not fit.
    #[must_use]
    #[cold]
    pub fn out_of_range(wanted: impl Into<String>, found: impl Into<String>) -> Self {
        Self::new(FaultKind::OutOfRange { wanted: wanted.into(), found: found.into() })
    }

    /// A column that is not there.
    #[must_use]
    #[cold]
    pub fn no_column(columns: usize) -> Self {
        Self::new(FaultKind::NoColumn { columns })
    }

    /// Something that the driver or the database has no form for.
    #[must_use]
    #[cold]
    pub fn unsupported(what: impl Into<String>) -> Self {
        Self::new(FaultKind::Unsupported(what.into()))
    }

    /// A failed conversion of the program's own.
    #[must_use]
    #[cold]
    pub fn custom(message: impl Into<String>) -> Self {
        Self::new(FaultKind::Custom(message.into()))
    }

    /// A value that gives this fault when it is written: for one that a statement keeps until it runs, and is then named.
    #[must_use]
    #[cold]
    pub fn into_value(self) -> Value {
        Value::Other(Arc::new(Broken(self)))
    }

    /// Notes the position (from 0) of the column or parameter, unless one is noted already.
    #[must_use]
    pub fn at(mut self, column: usize) -> Self {
        self.0.column.get_or_insert(column);
        self
    }

    /// Notes where the column is that was known by a position among a few others.
    #[must_use]
    pub fn moved(mut self, place: impl FnOnce(usize) -> usize) -> Self {
        self.0.column = self.0.column.map(place);
        self
    }

    /// The position (from 0) of the column or parameter, where it is known.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.0.column
    }

    /// The kind of fault.
    #[must_use]
    pub fn kind(&self) -> &FaultKind {
        &self.0.kind
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            FaultKind::Null => f.write_str("is NULL, and its Rust type has no place for NULL; make it an Option"),
            FaultKind::Mismatch { wanted, found } => write!(f, "is {found}, where {wanted} was wanted"),
            FaultKind::OutOfRange { wanted, found } => write!(f, "{found} does not fit into {wanted}"),
            FaultKind::NoColumn { columns } => write!(f, "is not there: the row has {columns} column(s)"),
            FaultKind::Unsupported(what) => write!(f, "this driver has no form for {what}"),
            FaultKind::Custom(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Fault {}

/// A value that could not be written down.
struct Broken(Fault);

impl Encode for Broken {
    fn encode(&self, _: &mut dyn ParamSink) -> Result<(), Fault> {
        Err(self.0.clone())
    }
    fn to_value(&self) -> Value {
        self.0.clone().into_value()
    }
}
