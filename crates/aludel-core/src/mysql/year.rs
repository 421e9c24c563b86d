//! Years.

use super::{FAMILY, native};
use crate::types::{Held, NativeType};
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

/// `YEAR`: a year from 1901 to 2155, or 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(pub u16);

scalar!(Year, native(&NativeType { family: FAMILY, name: Held::Static("YEAR") }));

impl Encode for Year {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        // MySQL would take 1 to 99 for years of the last century and this one.
        match self.0 {
            0 | 1901..=2155 => sink.int(self.0.into()),
            other => Err(Fault::out_of_range("a YEAR (1901 to 2155, or 0)", other.to_string())),
        }
    }
    fn to_value(&self) -> Value {
        match self.0 {
            0 | 1901..=2155 => Value::Int(self.0.into()),
            other => Fault::out_of_range("a YEAR (1901 to 2155, or 0)", other.to_string()).into_value(),
        }
    }
}

impl Decode for Year {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        u16::decode(row, index).map(Self)
    }
}
