//! A row of plain values, and a place to write to.

use aludel::{Encode, EncodeRow, Fault, ParamSink, RowRef, Value};

pub(crate) struct FakeRow(Vec<Value>);

/// A row with these cells.
pub(crate) fn row<const N: usize>(cells: [Value; N]) -> FakeRow {
    FakeRow(cells.into())
}

pub(crate) fn cell(value: impl Encode) -> Value {
    value.to_value()
}

pub(crate) const NULL: Value = Value::Null;

impl FakeRow {
    fn get(&self, index: usize) -> Result<&Value, Fault> {
        self.0.get(index).ok_or_else(|| Fault::no_column(self.0.len()))
    }
}

impl RowRef for FakeRow {
    fn columns(&self) -> usize {
        self.0.len()
    }
    fn is_null(&self, index: usize) -> bool {
        self.0.get(index).is_none_or(Value::is_null)
    }
    fn int(&self, index: usize) -> Result<i64, Fault> {
        match self.get(index)? {
            Value::Int(value) => Ok(*value),
            Value::Bool(value) => Ok(i64::from(*value)),
            other => Err(wrong("an integer", other)),
        }
    }
    fn float(&self, index: usize) -> Result<f64, Fault> {
        match self.get(index)? {
            Value::Float(value) => Ok(*value),
            other => Err(wrong("a number", other)),
        }
    }
    fn text(&self, index: usize) -> Result<&str, Fault> {
        match self.get(index)? {
            Value::Text(value) => Ok(value),
            other => Err(wrong("text", other)),
        }
    }
    fn bytes(&self, index: usize) -> Result<&[u8], Fault> {
        match self.get(index)? {
            Value::Bytes(value) => Ok(value),
            other => Err(wrong("bytes", other)),
        }
    }
    fn value(&self, index: usize) -> Result<Value, Fault> {
        self.get(index).cloned()
    }
}

fn wrong(wanted: &str, found: &Value) -> Fault {
    if found.is_null() { Fault::null() } else { Fault::mismatch(wanted, found.kind_name()) }
}

/// What a field writes.
pub(crate) fn written(row: &impl EncodeRow, index: usize) -> Result<Value, Fault> {
    let mut sink = Sink(None);
    row.encode_field(index, &mut sink)?;
    sink.0.ok_or_else(|| Fault::custom("nothing was written"))
}

struct Sink(Option<Value>);

impl Sink {
    fn put(&mut self, value: Value) -> Result<(), Fault> {
        assert!(self.0.replace(value).is_none(), "written twice");
        Ok(())
    }
}

impl ParamSink for Sink {
    fn null(&mut self) -> Result<(), Fault> {
        self.put(Value::Null)
    }
    fn bool(&mut self, value: bool) -> Result<(), Fault> {
        self.put(Value::Bool(value))
    }
    fn int(&mut self, value: i64) -> Result<(), Fault> {
        self.put(Value::Int(value))
    }
    fn float(&mut self, value: f64) -> Result<(), Fault> {
        self.put(Value::Float(value))
    }
    fn text(&mut self, value: &str) -> Result<(), Fault> {
        self.put(value.to_value())
    }
    fn bytes(&mut self, value: &[u8]) -> Result<(), Fault> {
        self.put(value.to_value())
    }
}
