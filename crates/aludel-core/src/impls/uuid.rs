//! `uuid::Uuid`.

use uuid::Uuid;

use crate::types::SqlType;
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

scalar!(Uuid, SqlType::Uuid);

impl Encode for Uuid {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.uuid(self.as_bytes())
    }
    fn to_value(&self) -> Value {
        Value::Uuid(Box::new(*self.as_bytes()))
    }
}

impl Decode for Uuid {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        row.uuid(index).map(Self::from_bytes)
    }
}
