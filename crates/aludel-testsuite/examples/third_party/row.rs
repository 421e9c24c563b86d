//! How cells are read. A cell of another kind than the one wanted is a fault, never a conversion.

use aludel::{Fault, RowRef, Value as Cell};
use rusqlite::types::Value;

pub(crate) struct LiteRow<'r>(pub(crate) &'r [Value]);

impl LiteRow<'_> {
    fn cell(&self, index: usize) -> Result<&Value, Fault> {
        self.0.get(index).ok_or_else(|| Fault::no_column(self.0.len()))
    }
}

fn wrong(wanted: &str, found: &Value) -> Fault {
    match found {
        Value::Null => Fault::null(),
        Value::Integer(_) => Fault::mismatch(wanted, "an integer"),
        Value::Real(_) => Fault::mismatch(wanted, "a floating-point number"),
        Value::Text(_) => Fault::mismatch(wanted, "text"),
        Value::Blob(_) => Fault::mismatch(wanted, "bytes"),
    }
}

impl RowRef for LiteRow<'_> {
    fn columns(&self) -> usize {
        self.0.len()
    }

    fn is_null(&self, index: usize) -> bool {
        matches!(self.0.get(index), Some(Value::Null))
    }

    fn int(&self, index: usize) -> Result<i64, Fault> {
        match self.cell(index)? {
            Value::Integer(value) => Ok(*value),
            other => Err(wrong("an integer", other)),
        }
    }

    fn float(&self, index: usize) -> Result<f64, Fault> {
        match self.cell(index)? {
            Value::Real(value) => Ok(*value),
            other => Err(wrong("a floating-point number", other)),
        }
    }

    fn text(&self, index: usize) -> Result<&str, Fault> {
        match self.cell(index)? {
            Value::Text(value) => Ok(value),
            other => Err(wrong("text", other)),
        }
    }

    fn bytes(&self, index: usize) -> Result<&[u8], Fault> {
        match self.cell(index)? {
            Value::Blob(value) => Ok(value),
            other => Err(wrong("bytes", other)),
        }
    }

    fn value(&self, index: usize) -> Result<Cell, Fault> {
        Ok(match self.cell(index)? {
            Value::Null => Cell::Null,
            Value::Integer(value) => Cell::Int(*value),
            Value::Real(value) => Cell::Float(*value),
            Value::Text(value) => Cell::Text(value.as_str().into()),
            Value::Blob(value) => Cell::Bytes(value.as_slice().into()),
        })
    }
}
