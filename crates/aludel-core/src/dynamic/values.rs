//! Values as a row to be read from.

use std::sync::Arc;

use super::{Names, Row};
use crate::decode::{RowRef, parse_uuid};
use crate::{Date, DateTime, Decimal, Fault, Interval, Numeric, Time, Timestamp, Value};

/// Values as a row to be read from, each as whatever it can stand for.
///
/// ```
/// use aludel_core::{RowRef, Value, ValueRow};
///
/// let row = ValueRow(&[Value::Int(5), Value::Text("2024-02-29".into())]);
/// assert_eq!(row.float(0)?, 5.0);
/// assert_eq!(row.date(1)?.ymd(), (2024, 2, 29));
/// # Ok::<(), aludel_core::Fault>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ValueRow<'a>(pub &'a [Value]);

impl ValueRow<'_> {
    fn cells(&self) -> &[Value] {
        self.0
    }
}

impl Row {
    fn cells(&self) -> &[Value] {
        &self.values
    }
}

/// Reads the cells of a type that has values.
macro_rules! values {
    ($type:ty, $names:expr) => {
        impl RowRef for $type {
            fn columns(&self) -> usize {
                self.cells().len()
            }

            fn is_null(&self, index: usize) -> bool {
                self.cells().get(index).is_some_and(Value::is_null)
            }

            fn int(&self, index: usize) -> Result<i64, Fault> {
                match cell(self.cells(), index)? {
                    Value::Int(value) => Ok(*value),
                    Value::Bool(value) => Ok(i64::from(*value)),
                    Value::Uint(value) => i64::try_from(*value)
                        .map_err(|_| Fault::out_of_range("a 64-bit signed integer", value.to_string())),
                    other => Err(mismatch("an integer", other)),
                }
            }

            fn uint(&self, index: usize) -> Result<u64, Fault> {
                match cell(self.cells(), index)? {
                    Value::Uint(value) => Ok(*value),
                    _ => {
                        let value = self.int(index)?;
                        u64::try_from(value).map_err(|_| Fault::out_of_range("an unsigned integer", value.to_string()))
                    }
                }
            }

            fn float(&self, index: usize) -> Result<f64, Fault> {
                match cell(self.cells(), index)? {
                    Value::Float(value) => Ok(*value),
                    #[allow(clippy::cast_precision_loss, reason = "a number asked for as floating point")]
                    Value::Int(value) => Ok(*value as f64),
                    Value::Decimal(value) => Ok(value.to_f64()),
                    other => Err(mismatch("a number", other)),
                }
            }

            fn text(&self, index: usize) -> Result<&str, Fault> {
                match cell(self.cells(), index)? {
                    Value::Text(value) => Ok(value),
                    Value::Json(value) => Ok(value),
                    other => Err(mismatch("text", other)),
                }
            }

            fn bytes(&self, index: usize) -> Result<&[u8], Fault> {
                match cell(self.cells(), index)? {
                    Value::Bytes(value) => Ok(value),
                    other => Err(mismatch("bytes", other)),
                }
            }

            fn value(&self, index: usize) -> Result<Value, Fault> {
                cell(self.cells(), index).cloned()
            }

            fn bool(&self, index: usize) -> Result<bool, Fault> {
                match cell(self.cells(), index)? {
                    Value::Bool(value) => Ok(*value),
                    Value::Int(0) => Ok(false),
                    Value::Int(1) => Ok(true),
                    other => Err(mismatch("a boolean", other)),
                }
            }

            fn decimal(&self, index: usize) -> Result<Decimal, Fault> {
                match cell(self.cells(), index)? {
                    Value::Decimal(value) => Ok(*value),
                    Value::Numeric(value) => value
                        .to_decimal()
                        .ok_or_else(|| Fault::out_of_range("a decimal of 128 bits", value.to_string())),
                    Value::Int(value) => Ok(Decimal::new(i128::from(*value), 0)),
                    Value::Float(value) => {
                        Decimal::from_f64(*value).ok_or_else(|| mismatch("a decimal", &Value::Float(*value)))
                    }
                    other => parsed(other, "a decimal", Decimal::parse),
                }
            }

            fn date(&self, index: usize) -> Result<Date, Fault> {
                match cell(self.cells(), index)? {
                    Value::Date(value) => Ok(*value),
                    other => parsed(other, "a date", Date::parse),
                }
            }

            fn time(&self, index: usize) -> Result<Time, Fault> {
                match cell(self.cells(), index)? {
                    Value::Time(value) => Ok(*value),
                    other => parsed(other, "a time", Time::parse),
                }
            }

            fn datetime(&self, index: usize) -> Result<DateTime, Fault> {
                match cell(self.cells(), index)? {
                    Value::DateTime(value) => Ok(*value),
                    other => parsed(other, "a date and time", DateTime::parse),
                }
            }

            fn timestamp(&self, index: usize) -> Result<Timestamp, Fault> {
                match cell(self.cells(), index)? {
                    Value::Timestamp(value) => Ok(*value),
                    other => parsed(other, "a timestamp", Timestamp::parse),
                }
            }

            fn uuid(&self, index: usize) -> Result<[u8; 16], Fault> {
                match cell(self.cells(), index)? {
                    Value::Uuid(value) => Ok(**value),
                    other => parsed(other, "a UUID", parse_uuid),
                }
            }

            fn interval(&self, index: usize) -> Result<Interval, Fault> {
                match cell(self.cells(), index)? {
                    Value::Interval(value) => Ok(*value),
                    Value::Time(value) => Interval::from_nanos(value.nanos.into())
                        .ok_or_else(|| mismatch("an interval", &Value::Time(*value))),
                    other => parsed(other, "an interval", Interval::parse),
                }
            }

            fn numeric(&self, index: usize) -> Result<Numeric, Fault> {
                match cell(self.cells(), index)? {
                    Value::Numeric(value) => Ok((**value).clone()),
                    _ => self.decimal(index).map(Numeric::from),
                }
            }

            fn raw(&self, index: usize) -> Option<(&str, &[u8])> {
                match self.cells().get(index)? {
                    Value::Raw(value) => Some((&value.type_name, &value.bytes)),
                    _ => None,
                }
            }

            fn list(&self, index: usize, each: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>) -> Result<(), Fault> {
                match cell(self.cells(), index)? {
                    Value::List(values) => {
                        values.iter().try_for_each(|value| each(&ValueRow(std::slice::from_ref(value))))
                    }
                    other => Err(mismatch("a list", other)),
                }
            }

            fn names(&self) -> Option<Arc<Names>> {
                let names: fn(&Self) -> Option<Arc<Names>> = $names;
                names(self)
            }
        }
    };
}

values!(Row, |row| Some(Arc::clone(&row.names)));
values!(ValueRow<'_>, |_| None);

fn cell(cells: &[Value], index: usize) -> Result<&Value, Fault> {
    cells.get(index).ok_or_else(|| Fault::no_column(cells.len()))
}

fn parsed<T>(value: &Value, wanted: &'static str, parser: fn(&str) -> Option<T>) -> Result<T, Fault> {
    match value {
        Value::Text(text) => parser(text).ok_or_else(|| mismatch(wanted, value)),
        other => Err(mismatch(wanted, other)),
    }
}

fn mismatch(wanted: &'static str, found: &Value) -> Fault {
    match found {
        Value::Null => Fault::null(),
        other => Fault::mismatch(wanted, format!("the {} {other:?}", other.kind_name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_values_are_read_alike() {
        let noon = Value::Time(Time { nanos: 43_200_000_000_000 });
        let list = Value::List([Value::Int(5), Value::Null].into());
        let values = [noon, list, Value::Text("1.50".into()), Value::Uint(u64::MAX)];
        let row = Row { names: Names::new(["noon", "list", "number", "large"]), values: values.to_vec().into() };
        let rows: [&dyn RowRef; 2] = [&row, &ValueRow(&values)];
        for row in rows {
            assert_eq!(row.columns(), 4);
            assert_eq!(row.interval(0), Ok(Interval { seconds: 43_200, ..Interval::default() }));
            let mut found = Vec::new();
            let read = row.list(1, &mut |element| {
                found.push(element.value(0)?);
                Ok(())
            });
            assert_eq!((read, found), (Ok(()), vec![Value::Int(5), Value::Null]));
            assert_eq!(row.decimal(2), Ok(Decimal::new(150, 2)));
            assert!(row.int(3).is_err() && row.date(2).is_err() && row.int(4).is_err());
        }
        assert_eq!((rows[0].names().is_some(), rows[1].names().is_some()), (true, false));
    }
}
