//! Rows whose columns are known only at run time.

use std::fmt;
use std::sync::Arc;

use crate::decode::{Decode, RowRef};
use crate::error::{ColumnError, Direction, Error, Fault, Result};
use crate::row::FromRow;
use crate::value::Value;

/// The names of a result's columns, shared by its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(Box<[Box<str>]>);

impl Names {
    /// The names, in order.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Arc<Self> {
        Arc::new(Self(names.into_iter().map(Into::into).collect()))
    }

    /// The position of a name; the first one where several columns have it.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| **known == *name)
    }

    /// The names, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|name| &**name)
    }
}

/// A row whose columns are known only at run time: read by name or by position.
#[derive(Clone, PartialEq)]
pub struct Row {
    names: Arc<Names>,
    values: Box<[Value]>,
}

impl Row {
    /// The value of the column with this name, as `T`.
    ///
    /// # Errors
    /// When there is no such column, or its value is no `T`; the error names the column and what is there.
    pub fn get<T: Decode>(&self, name: &str) -> Result<T> {
        match self.names.position(name) {
            Some(index) => self.at(index),
            None => {
                let known: Vec<_> = self.names.iter().collect();
                let fault = Fault::custom(format!("is not there; the columns are {}", known.join(", ")));
                Err(column_error(None, name, fault))
            }
        }
    }

    /// The value of the column at this position (from 0), as `T`.
    ///
    /// # Errors
    /// When there is no such column, or its value is no `T`.
    pub fn at<T: Decode>(&self, index: usize) -> Result<T> {
        T::decode(self, index)
            .map_err(|fault| column_error(Some(index), self.names.iter().nth(index).unwrap_or(""), fault))
    }

    /// The value of the column with this name, as it is.
    #[must_use]
    pub fn value_of(&self, name: &str) -> Option<&Value> {
        self.values.get(self.names.position(name)?)
    }

    /// All values, in order.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The names of the columns.
    #[must_use]
    pub fn column_names(&self) -> &Names {
        &self.names
    }

    fn cell(&self, index: usize) -> Result<&Value, Fault> {
        self.values.get(index).ok_or_else(|| Fault::no_column(self.values.len()))
    }
}

#[cold]
fn column_error(index: Option<usize>, name: &str, fault: Fault) -> Error {
    ColumnError { direction: Direction::Read, table: None, column: name.to_owned(), index, fault }.into()
}

impl FromRow for Row {
    const WIDTH: usize = 0;
    const DYNAMIC: bool = true;

    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        let values = (start..row.columns()).map(|index| row.value(index).map_err(|fault| fault.at(index)));
        let names = row.names().unwrap_or_else(|| Names::new([]));
        Ok(Self { names, values: values.collect::<Result<_, _>>()? })
    }

    fn from_row_optional(row: &dyn RowRef, start: usize) -> Result<Option<Self>, Fault> {
        Self::from_row(row, start).map(Some)
    }
}

impl RowRef for Row {
    fn columns(&self) -> usize {
        self.values.len()
    }

    fn is_null(&self, index: usize) -> bool {
        self.values.get(index).is_some_and(Value::is_null)
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
            _ => {
                let value = self.int(index)?;
                u64::try_from(value).map_err(|_| Fault::out_of_range("an unsigned integer", value.to_string()))
            }
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

    fn bool(&self, index: usize) -> Result<bool, Fault> {
        match self.cell(index)? {
            Value::Bool(value) => Ok(*value),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            other => Err(mismatch("a boolean", other)),
        }
    }

    fn decimal(&self, index: usize) -> Result<crate::Decimal, Fault> {
        match self.cell(index)? {
            Value::Decimal(value) => Ok(*value),
            Value::Numeric(value) => {
                value.to_decimal().ok_or_else(|| Fault::out_of_range("a decimal of 128 bits", value.to_string()))
            }
            Value::Int(value) => Ok(crate::Decimal::new(i128::from(*value), 0)),
            Value::Float(value) => {
                crate::Decimal::from_f64(*value).ok_or_else(|| mismatch("a decimal", &Value::Float(*value)))
            }
            other => parsed(other, "a decimal", crate::Decimal::parse),
        }
    }

    fn date(&self, index: usize) -> Result<crate::Date, Fault> {
        match self.cell(index)? {
            Value::Date(value) => Ok(*value),
            other => parsed(other, "a date", crate::Date::parse),
        }
    }

    fn time(&self, index: usize) -> Result<crate::Time, Fault> {
        match self.cell(index)? {
            Value::Time(value) => Ok(*value),
            other => parsed(other, "a time", crate::Time::parse),
        }
    }

    fn datetime(&self, index: usize) -> Result<crate::DateTime, Fault> {
        match self.cell(index)? {
            Value::DateTime(value) => Ok(*value),
            other => parsed(other, "a date and time", crate::DateTime::parse),
        }
    }

    fn timestamp(&self, index: usize) -> Result<crate::Timestamp, Fault> {
        match self.cell(index)? {
            Value::Timestamp(value) => Ok(*value),
            other => parsed(other, "a timestamp", crate::Timestamp::parse),
        }
    }

    fn uuid(&self, index: usize) -> Result<[u8; 16], Fault> {
        match self.cell(index)? {
            Value::Uuid(value) => Ok(**value),
            other => parsed(other, "a UUID", crate::decode::parse_uuid),
        }
    }

    fn interval(&self, index: usize) -> Result<crate::Interval, Fault> {
        match self.cell(index)? {
            Value::Interval(value) => Ok(*value),
            Value::Time(value) => crate::Interval::from_nanos(value.nanos.into())
                .ok_or_else(|| mismatch("an interval", &Value::Time(*value))),
            other => parsed(other, "an interval", crate::Interval::parse),
        }
    }

    fn numeric(&self, index: usize) -> Result<crate::Numeric, Fault> {
        match self.cell(index)? {
            Value::Numeric(value) => Ok((**value).clone()),
            _ => self.decimal(index).map(crate::Numeric::from),
        }
    }

    fn raw(&self, index: usize) -> Option<(&str, &[u8])> {
        match self.values.get(index)? {
            Value::Raw(value) => Some((&value.type_name, &value.bytes)),
            _ => None,
        }
    }

    fn list(&self, index: usize, each: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>) -> Result<(), Fault> {
        match self.cell(index)? {
            Value::List(values) => values.iter().try_for_each(|value| each(&one_cell(value))),
            other => Err(mismatch("a list", other)),
        }
    }

    fn names(&self) -> Option<Arc<Names>> {
        Some(Arc::clone(&self.names))
    }
}

/// A value as a row of one cell: an element of a list.
fn one_cell(value: &Value) -> Row {
    Row { names: Names::new([]), values: Box::new([value.clone()]) }
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

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.names.iter().zip(self.values.iter())).finish()
    }
}
