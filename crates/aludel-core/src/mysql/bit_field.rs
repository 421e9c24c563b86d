//! Bit fields.

use super::{FAMILY, native};
use crate::types::{Held, NativeType};
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

/// `BIT(64)`, or a shorter one for a column that says so: up to 64 bits as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BitField(pub u64);

scalar!(BitField, native(&NativeType { family: FAMILY, name: Held::Static("BIT(64)") }));

impl Encode for BitField {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.uint(self.0)
    }
    fn to_value(&self) -> Value {
        Value::Uint(self.0)
    }
}

impl Decode for BitField {
    /// It comes as up to eight bytes, the highest first.
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        let Ok(bytes) = row.bytes(index) else {
            return row.uint(index).map(Self);
        };
        if bytes.len() > 8 {
            return Err(Fault::out_of_range("a bit field of 64 bits", format!("{} bytes", bytes.len())));
        }
        Ok(Self(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))))
    }
}
