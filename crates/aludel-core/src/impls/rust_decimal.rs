//! `rust_decimal::Decimal`.

use rust_decimal::Decimal as External;

use crate::decimal::Decimal;
use crate::types::SqlType;
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

scalar!(External, SqlType::Numeric(None));

impl From<External> for Decimal {
    fn from(value: External) -> Self {
        Self::new(value.mantissa(), value.scale())
    }
}

impl Encode for External {
    fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        sink.decimal((*self).into())
    }
    fn to_value(&self) -> Value {
        Value::Decimal((*self).into())
    }
}

impl Decode for External {
    fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
        let value = row.decimal(index)?;
        Self::try_from_i128_with_scale(value.unscaled(), value.scale()).map_err(|_| {
            Fault::out_of_range("rust_decimal::Decimal (96 bits, 28 digits after the point)", value.to_string())
        })
    }
}
