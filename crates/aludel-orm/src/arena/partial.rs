//! A row that has only some of an entity's columns.

use std::sync::Arc;

use aludel_core::{Blank, Date, DateTime, Decimal, Fault, Interval, Names, Numeric, RowRef, Time, Timestamp, Value};

/// A row with, for each column of the entity, its position in the result; blank where it has none.
pub(crate) struct Partial<'a> {
    pub(crate) row: &'a dyn RowRef,
    pub(crate) start: usize,
    pub(crate) places: &'a [u16],
    /// What the columns are called, for whoever reads by name.
    pub(crate) names: Option<&'a Arc<Names>>,
}

/// A column that was not selected.
pub(crate) const ABSENT: u16 = u16::MAX;

impl Partial<'_> {
    fn at(&self, index: usize) -> Option<usize> {
        let place = self.places.get(index).copied().filter(|place| *place != ABSENT)?;
        Some(self.start + usize::from(place))
    }
}

macro_rules! reads {
    ($($method:ident -> $type:ty;)+) => {
        $(
            fn $method(&self, index: usize) -> Result<$type, Fault> {
                match self.at(index) {
                    Some(at) => self.row.$method(at),
                    None => Blank.$method(index),
                }
            }
        )+
    };
}

impl RowRef for Partial<'_> {
    fn columns(&self) -> usize {
        self.places.len()
    }
    fn names(&self) -> Option<Arc<Names>> {
        self.names.cloned()
    }
    fn is_absent(&self, index: usize) -> bool {
        self.at(index).is_none_or(|at| self.row.is_absent(at))
    }
    fn is_null(&self, index: usize) -> bool {
        self.at(index).is_none_or(|at| self.row.is_null(at))
    }
    fn text(&self, index: usize) -> Result<&str, Fault> {
        self.at(index).map_or(Ok(""), |at| self.row.text(at))
    }
    fn bytes(&self, index: usize) -> Result<&[u8], Fault> {
        self.at(index).map_or(Ok(&[]), |at| self.row.bytes(at))
    }
    fn json(&self, index: usize) -> Result<&str, Fault> {
        self.at(index).map_or(Ok("null"), |at| self.row.json(at))
    }
    fn raw(&self, index: usize) -> Option<(&str, &[u8])> {
        self.row.raw(self.at(index)?)
    }
    fn list(&self, index: usize, each: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>) -> Result<(), Fault> {
        self.at(index).map_or(Ok(()), |at| self.row.list(at, each))
    }
    reads! {
        int -> i64; float -> f64; value -> Value; bool -> bool; uint -> u64; decimal -> Decimal; date -> Date;
        time -> Time; datetime -> DateTime; timestamp -> Timestamp; interval -> Interval; numeric -> Numeric; uuid -> [u8; 16];
    }
}
