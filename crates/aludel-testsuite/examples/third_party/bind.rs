//! How values are written. Dates, UUIDs and JSON go by text: the trait does that by itself.

use aludel::{Fault, ParamSink};
use rusqlite::types::Value;

/// The values of a statement, in the order of its placeholders.
#[derive(Default)]
pub(crate) struct Values(pub(crate) Vec<Value>);

impl Values {
    fn push(&mut self, value: Value) -> Result<(), Fault> {
        self.0.push(value);
        Ok(())
    }
}

impl ParamSink for Values {
    fn null(&mut self) -> Result<(), Fault> {
        self.push(Value::Null)
    }

    fn bool(&mut self, value: bool) -> Result<(), Fault> {
        self.int(i64::from(value))
    }

    fn int(&mut self, value: i64) -> Result<(), Fault> {
        self.push(Value::Integer(value))
    }

    /// Refused rather than written as something else: SQLite would keep NULL for what is no number.
    fn float(&mut self, value: f64) -> Result<(), Fault> {
        if value.is_finite() { self.push(Value::Real(value)) } else { Err(Fault::unsupported(value.to_string())) }
    }

    fn text(&mut self, value: &str) -> Result<(), Fault> {
        self.push(Value::Text(value.to_owned()))
    }

    fn bytes(&mut self, value: &[u8]) -> Result<(), Fault> {
        self.push(Value::Blob(value.to_owned()))
    }

    /// Columns of decimals would make a floating-point number of the text.
    fn decimal(&mut self, _: aludel::Decimal) -> Result<(), Fault> {
        Err(Fault::unsupported("exact decimals"))
    }
}
