//! Shapes.

use super::{FAMILY, native};
use crate::types::{Held, NativeType};
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

/// `GEOMETRY`: a shape as the database keeps it: four bytes for the system of reference, and the well-known binary form.
///
/// Read one part of it by a function of the database (`ST_AsText`), or hand the bytes to a library.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Geometry(pub Vec<u8>);

scalar!(Geometry, native(&NativeType { family: FAMILY, name: Held::Static("GEOMETRY") }));

impl Encode for Geometry {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.bytes(&self.0)
    }
    fn to_value(&self) -> Value {
        self.0.to_value()
    }
}

impl Decode for Geometry {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        Vec::decode(row, index).map(Self)
    }
}
