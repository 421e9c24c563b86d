//! Rows seen in another way than by position.

use std::sync::Arc;

use aludel_core::{
    Date, DateTime, Decimal, Decode, Fault, FromRow, Interval, Names, Numeric, RowRef, Time, Timestamp, Value,
};

/// A row that knows its columns' names.
pub(super) struct Named<'a> {
    pub(super) row: &'a dyn RowRef,
    pub(super) names: &'a Arc<Names>,
}

/// A row with its columns in another order.
pub(super) struct Mapped<'a> {
    pub(super) row: &'a dyn RowRef,
    pub(super) columns: &'a [usize],
}

impl Named<'_> {
    fn at(&self, index: usize) -> usize {
        index
    }
}

impl Mapped<'_> {
    /// A position that no column has stays one.
    fn at(&self, index: usize) -> usize {
        self.columns.get(index).copied().unwrap_or(usize::MAX)
    }
}

macro_rules! forward {
    ($type:ident, |$this:ident| $columns:expr, $names:expr) => {
        impl RowRef for $type<'_> {
            fn columns(&self) -> usize {
                let $this = self;
                $columns
            }
            fn names(&self) -> Option<Arc<Names>> {
                let $this = self;
                $names
            }
            fn is_null(&self, index: usize) -> bool {
                self.row.is_null(self.at(index))
            }
            fn text(&self, index: usize) -> Result<&str, Fault> {
                self.row.text(self.at(index))
            }
            fn bytes(&self, index: usize) -> Result<&[u8], Fault> {
                self.row.bytes(self.at(index))
            }
            fn json(&self, index: usize) -> Result<&str, Fault> {
                self.row.json(self.at(index))
            }
            fn raw(&self, index: usize) -> Option<(&str, &[u8])> {
                self.row.raw(self.at(index))
            }
            fn list(&self, index: usize, each: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>) -> Result<(), Fault> {
                self.row.list(self.at(index), each)
            }
            forward!(@read int i64, float f64, value Value, bool bool, uint u64, decimal Decimal, date Date, time Time,
                datetime DateTime, timestamp Timestamp, interval Interval, numeric Numeric, uuid [u8; 16]);
        }
    };
    (@read $($method:ident $value:ty),+) => {
        $(
            fn $method(&self, index: usize) -> Result<$value, Fault> {
                self.row.$method(self.at(index))
            }
        )+
    };
}

forward!(Named, |this| this.row.columns(), Some(Arc::clone(this.names)));
forward!(Mapped, |this| this.columns.len(), this.row.names());

/// The first column of a row, whatever else it has.
#[derive(Debug)]
pub(crate) struct FirstColumn<T>(pub(crate) T);

impl<T: Decode> FromRow for FirstColumn<T> {
    const WIDTH: usize = 1;

    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        T::decode(row, start).map(Self).map_err(|fault| fault.at(start))
    }
}
