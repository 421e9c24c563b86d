//! Values as a row to be read from.

use aludel_core::{Date, DateTime, Decimal, Fault, Interval, Numeric, RowRef, Time, Timestamp, Value, parse_uuid};

/// Values as a row to be read from, each as whatever it can stand for.
pub(crate) struct ValueRow<'a>(pub(crate) &'a [Value]);

impl ValueRow<'_> {
    fn cell(&self, index: usize) -> Result<&Value, Fault> {
        self.0.get(index).ok_or_else(|| Fault::no_column(self.0.len()))
    }
}

#[cold]
fn mismatch(wanted: &'static str, found: &Value) -> Fault {
    if found.is_null() {
        Fault::null()
    } else {
        Fault::mismatch(wanted, format!("the {} {found:?}", found.kind_name()))
    }
}

fn parsed<T>(value: &Value, wanted: &'static str, parser: fn(&str) -> Option<T>) -> Result<T, Fault> {
    match value {
        Value::Text(text) => parser(text).ok_or_else(|| mismatch(wanted, value)),
        other => Err(mismatch(wanted, other)),
    }
}

impl RowRef for ValueRow<'_> {
    fn columns(&self) -> usize {
        self.0.len()
    }
    fn is_null(&self, index: usize) -> bool {
        self.0.get(index).is_some_and(Value::is_null)
    }
    fn int(&self, index: usize) -> Result<i64, Fault> {
        match self.cell(index)? {
            Value::Int(value) => Ok(*value),
            Value::Bool(value) => Ok(i64::from(*value)),
            Value::Uint(value) => {
                i64::try_from(*value).map_err(|_| Fault::out_of_range("a 64-bit signed integer", value.to_string()))
            }
            other => Err(mismatch("an integer", other)),
        }
    }
    fn uint(&self, index: usize) -> Result<u64, Fault> {
        match self.cell(index)? {
            Value::Uint(value) => Ok(*value),
            Value::Int(value) => {
                u64::try_from(*value).map_err(|_| Fault::out_of_range("an unsigned integer", value.to_string()))
            }
            other => Err(mismatch("an integer", other)),
        }
    }
    fn bool(&self, index: usize) -> Result<bool, Fault> {
        match self.cell(index)? {
            Value::Bool(value) => Ok(*value),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(mismatch("a boolean", other)),
        }
    }
    fn float(&self, index: usize) -> Result<f64, Fault> {
        match self.cell(index)? {
            Value::Float(value) => Ok(*value),
            #[allow(clippy::cast_precision_loss, reason = "a number asked for as floating point")]
            Value::Int(value) => Ok(*value as f64),
            Value::Decimal(value) => Ok(value.to_f64()),
            other => Err(mismatch("a number", other)),
        }
    }
    fn text(&self, index: usize) -> Result<&str, Fault> {
        match self.cell(index)? {
            Value::Text(value) => Ok(value),
            Value::Json(value) => Ok(value),
            other => Err(mismatch("text", other)),
        }
    }
    fn bytes(&self, index: usize) -> Result<&[u8], Fault> {
        match self.cell(index)? {
            Value::Bytes(value) => Ok(value),
            other => Err(mismatch("bytes", other)),
        }
    }
    fn value(&self, index: usize) -> Result<Value, Fault> {
        self.cell(index).cloned()
    }
    fn decimal(&self, index: usize) -> Result<Decimal, Fault> {
        match self.cell(index)? {
            Value::Decimal(value) => Ok(*value),
            Value::Int(value) => Ok(Decimal::new(i128::from(*value), 0)),
            Value::Float(value) => {
                Decimal::from_f64(*value).ok_or_else(|| mismatch("a decimal", &Value::Float(*value)))
            }
            Value::Numeric(value) => {
                value.to_decimal().ok_or_else(|| Fault::out_of_range("a decimal of 128 bits", value.to_string()))
            }
            other => parsed(other, "a decimal", Decimal::parse),
        }
    }
    fn date(&self, index: usize) -> Result<Date, Fault> {
        match self.cell(index)? {
            Value::Date(value) => Ok(*value),
            other => parsed(other, "a date", Date::parse),
        }
    }
    fn time(&self, index: usize) -> Result<Time, Fault> {
        match self.cell(index)? {
            Value::Time(value) => Ok(*value),
            other => parsed(other, "a time", Time::parse),
        }
    }
    fn datetime(&self, index: usize) -> Result<DateTime, Fault> {
        match self.cell(index)? {
            Value::DateTime(value) => Ok(*value),
            other => parsed(other, "a date and time", DateTime::parse),
        }
    }
    fn timestamp(&self, index: usize) -> Result<Timestamp, Fault> {
        match self.cell(index)? {
            Value::Timestamp(value) => Ok(*value),
            other => parsed(other, "a timestamp", Timestamp::parse),
        }
    }
    fn uuid(&self, index: usize) -> Result<[u8; 16], Fault> {
        match self.cell(index)? {
            Value::Uuid(value) => Ok(**value),
            other => parsed(other, "a UUID", parse_uuid),
        }
    }
    fn interval(&self, index: usize) -> Result<Interval, Fault> {
        match self.cell(index)? {
            Value::Interval(value) => Ok(*value),
            other => parsed(other, "an interval", Interval::parse),
        }
    }
    fn numeric(&self, index: usize) -> Result<Numeric, Fault> {
        match self.cell(index)? {
            Value::Numeric(value) => Ok((**value).clone()),
            _ => self.decimal(index).map(Numeric::from),
        }
    }
    fn raw(&self, index: usize) -> Option<(&str, &[u8])> {
        match self.0.get(index)? {
            Value::Raw(value) => Some((&value.type_name, &value.bytes)),
            _ => None,
        }
    }
    fn list(&self, index: usize, each: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>) -> Result<(), Fault> {
        match self.cell(index)? {
            Value::List(values) => values.iter().try_for_each(|value| each(&ValueRow(std::slice::from_ref(value)))),
            other => Err(mismatch("a list", other)),
        }
    }
}
