//! A row of PostgreSQL, read where it lies.

mod array;

use std::io;

use aludel_core::postgres::read_numeric;
use aludel_core::{Date, DateTime, Decimal, Fault, Interval, Numeric, RawValue, RowRef, Time, Timestamp, Value};

use crate::bind::clock::{date_of, datetime_of, interval_of, time_of, timestamp_of};
use crate::message::{Body, garbled};
use crate::number::get_decimal;
use crate::statement::Columns;
use crate::types::{Form, Type};

/// Where a cell lies in its row: its first byte and its length, or no length for NULL.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    start: u32,
    length: u32,
}

const NO_LENGTH: u32 = u32::MAX;

/// Finds the cells of a DataRow's body.
#[inline]
pub(crate) fn find_cells(body: &[u8], cells: &mut Vec<Cell>) -> io::Result<()> {
    cells.clear();
    let mut rest = Body(body);
    let count = rest.count()?;
    for _ in 0..count {
        let length = rest.i32()?;
        let start = u32::try_from(body.len() - rest.0.len()).map_err(|_| garbled("a row is too long"))?;
        match u32::try_from(length) {
            Ok(length) => {
                rest.bytes(length as usize)?;
                cells.push(Cell { start, length });
            }
            Err(_) => cells.push(Cell { start, length: NO_LENGTH }),
        }
    }
    Ok(())
}

/// A row, with where its cells are and what they mean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PostgresRow<'r> {
    body: &'r [u8],
    cells: &'r [Cell],
    types: &'r [Type],
}

impl<'r> PostgresRow<'r> {
    #[inline]
    pub(crate) fn new(body: &'r [u8], cells: &'r [Cell], columns: &'r Columns) -> Self {
        Self { body, cells, types: &columns.types }
    }

    /// The cell's bytes and type, unless it is NULL or not there.
    #[inline]
    fn cell(&self, index: usize) -> Option<(&'r [u8], &'r Type)> {
        let cell = self.cells.get(index)?;
        if cell.length == NO_LENGTH {
            return None;
        }
        let start = cell.start as usize;
        let bytes = self.body.get(start..start + cell.length as usize)?;
        Some((bytes, self.types.get(index)?))
    }

    /// What is wrong with a cell that is not what was wanted.
    #[cold]
    fn mismatch(&self, index: usize, wanted: &str) -> Fault {
        let fault = match self.cell(index) {
            _ if index >= self.cells.len() => Fault::no_column(self.cells.len()),
            None => Fault::null(),
            Some((_, ty)) => Fault::mismatch(wanted, ty.words()),
        };
        fault.at(index)
    }

    #[inline]
    fn text_of(&self, bytes: &'r [u8], index: usize) -> Result<&'r str, Fault> {
        std::str::from_utf8(bytes).map_err(|_| not_utf8(index))
    }

    #[cold]
    fn int_of_numeric<T: TryFrom<i128>>(&self, bytes: &[u8], index: usize) -> Result<T, Fault> {
        let decimal = get_decimal(bytes).map_err(|fault| fault.at(index))?;
        let whole = decimal.rescale(0).filter(|whole| whole.rescale(decimal.scale()) == Some(decimal));
        whole
            .and_then(|whole| T::try_from(whole.unscaled()).ok())
            .ok_or_else(|| Fault::out_of_range("a whole number of 64 bits", decimal.to_string()).at(index))
    }

    fn numeric_value(&self, index: usize) -> Result<Value, Fault> {
        let value = self.numeric(index)?;
        Ok(match value.to_decimal() {
            Some(decimal) => Value::Decimal(decimal),
            None => Value::Numeric(Box::new(value)),
        })
    }

    fn value_of(&self, index: usize, ty: &Type) -> Result<Value, Fault> {
        Ok(match ty.form {
            Form::Bool => Value::Bool(self.bool(index)?),
            Form::Int2 | Form::Int4 | Form::Int8 | Form::Oid => Value::Int(self.int(index)?),
            Form::Float4 | Form::Float8 => Value::Float(self.float(index)?),
            Form::Numeric => self.numeric_value(index)?,
            Form::Text => Value::Text(self.text(index)?.into()),
            Form::Bytes => Value::Bytes(self.bytes(index)?.into()),
            Form::Date => Value::Date(self.date(index)?),
            Form::Time => Value::Time(self.time(index)?),
            Form::Timestamp => Value::DateTime(self.datetime(index)?),
            Form::TimestampTz => Value::Timestamp(self.timestamp(index)?),
            Form::Interval => Value::Interval(self.interval(index)?),
            Form::Uuid => Value::Uuid(Box::new(self.uuid(index)?)),
            Form::Json | Form::Jsonb => Value::Json(self.json(index)?.into()),
            Form::Array => {
                let mut values = Vec::new();
                self.list(index, &mut |element| {
                    values.push(element.value(0)?);
                    Ok(())
                })?;
                Value::List(values.into())
            }
            Form::Void => Value::Null,
            Form::Other | Form::Unknown => match self.raw(index) {
                Some((name, bytes)) => Value::Raw(Box::new(RawValue::new(name, bytes))),
                None => return Err(Fault::unsupported(format!("{} as a value of its own", ty.words())).at(index)),
            },
        })
    }
}

/// The bytes as an array of a fixed length.
#[inline]
fn fixed<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes.try_into().ok()
}

impl RowRef for PostgresRow<'_> {
    #[inline]
    fn columns(&self) -> usize {
        self.cells.len()
    }

    #[inline]
    fn is_null(&self, index: usize) -> bool {
        self.cell(index).is_none()
    }

    #[inline]
    fn int(&self, index: usize) -> Result<i64, Fault> {
        let found = self.cell(index).and_then(|(bytes, ty)| match ty.form {
            Form::Int8 => fixed(bytes).map(i64::from_be_bytes),
            Form::Int4 => fixed(bytes).map(|bytes| i64::from(i32::from_be_bytes(bytes))),
            Form::Int2 => fixed(bytes).map(|bytes| i64::from(i16::from_be_bytes(bytes))),
            Form::Oid => fixed(bytes).map(|bytes| i64::from(u32::from_be_bytes(bytes))),
            _ => None,
        });
        match (found, self.cell(index)) {
            (Some(value), _) => Ok(value),
            // A sum of 64-bit integers is one.
            (None, Some((bytes, Type { form: Form::Numeric, .. }))) => self.int_of_numeric(bytes, index),
            (None, _) => Err(self.mismatch(index, "an integer")),
        }
    }

    fn uint(&self, index: usize) -> Result<u64, Fault> {
        match self.cell(index) {
            // Where 63 bits are not enough.
            Some((bytes, Type { form: Form::Numeric, .. })) => self.int_of_numeric(bytes, index),
            _ => {
                let value = self.int(index)?;
                u64::try_from(value)
                    .map_err(|_| Fault::out_of_range("an unsigned integer", value.to_string()).at(index))
            }
        }
    }

    #[inline]
    fn float(&self, index: usize) -> Result<f64, Fault> {
        let found = self.cell(index).and_then(|(bytes, ty)| match ty.form {
            Form::Float8 => fixed(bytes).map(f64::from_be_bytes),
            Form::Float4 => fixed(bytes).map(|bytes| f64::from(f32::from_be_bytes(bytes))),
            Form::Int4 => fixed(bytes).map(|bytes| f64::from(i32::from_be_bytes(bytes))),
            Form::Int2 => fixed(bytes).map(|bytes| f64::from(i16::from_be_bytes(bytes))),
            _ => None,
        });
        match (found, self.cell(index)) {
            (Some(value), _) => Ok(value),
            (None, Some((bytes, Type { form: Form::Numeric, .. }))) => float_of_numeric(bytes, index),
            (None, Some((_, Type { form: Form::Int8, .. }))) => {
                let value = self.int(index)?;
                let text = value.to_string();
                // Beyond 53 bits not every integer has a floating-point number.
                match Decimal::new(i128::from(value), 0).to_f64() {
                    float if value.unsigned_abs() <= 1 << 53 => Ok(float),
                    _ => Err(Fault::out_of_range("a floating-point number exactly", text).at(index)),
                }
            }
            (None, _) => Err(self.mismatch(index, "a number")),
        }
    }

    #[inline]
    fn text(&self, index: usize) -> Result<&str, Fault> {
        match self.cell(index) {
            Some((bytes, Type { form: Form::Text | Form::Json, .. })) => self.text_of(bytes, index),
            Some((bytes, Type { form: Form::Jsonb, .. })) => self.text_of(bytes.get(1..).unwrap_or(&[]), index),
            _ => Err(self.mismatch(index, "text")),
        }
    }

    #[inline]
    fn bytes(&self, index: usize) -> Result<&[u8], Fault> {
        match self.cell(index) {
            Some((bytes, Type { form: Form::Bytes, .. })) => Ok(bytes),
            _ => Err(self.mismatch(index, "bytes")),
        }
    }

    fn value(&self, index: usize) -> Result<Value, Fault> {
        match self.cell(index) {
            Some((_, ty)) => self.value_of(index, ty),
            None if index < self.cells.len() => Ok(Value::Null),
            None => Err(self.mismatch(index, "a value")),
        }
    }

    fn raw(&self, index: usize) -> Option<(&str, &[u8])> {
        let (bytes, ty) = self.cell(index)?;
        Some((ty.full_name()?, bytes))
    }

    #[inline]
    fn bool(&self, index: usize) -> Result<bool, Fault> {
        match self.cell(index) {
            Some(([byte], Type { form: Form::Bool, .. })) => Ok(*byte != 0),
            _ => Err(self.mismatch(index, "a boolean")),
        }
    }

    #[inline]
    fn decimal(&self, index: usize) -> Result<Decimal, Fault> {
        match self.cell(index) {
            Some((bytes, Type { form: Form::Numeric, .. })) => get_decimal(bytes).map_err(|fault| fault.at(index)),
            Some((_, Type { form: Form::Int2 | Form::Int4 | Form::Int8, .. })) => {
                Ok(Decimal::new(i128::from(self.int(index)?), 0))
            }
            Some((_, Type { form: Form::Float4 | Form::Float8, .. })) => {
                let float = self.float(index)?;
                Decimal::from_f64(float)
                    .ok_or_else(|| Fault::out_of_range("a decimal of 128 bits", format!("{float:?}")).at(index))
            }
            _ => Err(self.mismatch(index, "a decimal")),
        }
    }

    #[inline]
    fn date(&self, index: usize) -> Result<Date, Fault> {
        match self.cell(index) {
            Some((bytes, Type { form: Form::Date, .. })) if bytes.len() == 4 => {
                date_of(i32::from_be_bytes(fixed(bytes).unwrap_or_default())).map_err(|fault| fault.at(index))
            }
            _ => Err(self.mismatch(index, "a date")),
        }
    }

    #[inline]
    fn time(&self, index: usize) -> Result<Time, Fault> {
        match self.cell(index) {
            Some((bytes, Type { form: Form::Time, .. })) if bytes.len() == 8 => {
                time_of(i64::from_be_bytes(fixed(bytes).unwrap_or_default())).map_err(|fault| fault.at(index))
            }
            _ => Err(self.mismatch(index, "a time without a time zone")),
        }
    }

    #[inline]
    fn datetime(&self, index: usize) -> Result<DateTime, Fault> {
        match self.cell(index) {
            Some((bytes, Type { form: Form::Timestamp, .. })) if bytes.len() == 8 => {
                datetime_of(i64::from_be_bytes(fixed(bytes).unwrap_or_default())).map_err(|fault| fault.at(index))
            }
            _ => Err(self.mismatch(index, "a date and time without a time zone")),
        }
    }

    #[inline]
    fn timestamp(&self, index: usize) -> Result<Timestamp, Fault> {
        match self.cell(index) {
            Some((bytes, Type { form: Form::TimestampTz, .. })) if bytes.len() == 8 => {
                timestamp_of(i64::from_be_bytes(fixed(bytes).unwrap_or_default())).map_err(|fault| fault.at(index))
            }
            _ => Err(self.mismatch(index, "a timestamp with a time zone")),
        }
    }

    fn interval(&self, index: usize) -> Result<Interval, Fault> {
        let found = match self.cell(index) {
            Some((bytes, ty)) if ty.form == Form::Interval => bytes.split_first_chunk::<8>(),
            _ => None,
        };
        match found {
            Some((micros, &[d0, d1, d2, d3, m0, m1, m2, m3])) => {
                let (days, months) = (i32::from_be_bytes([d0, d1, d2, d3]), i32::from_be_bytes([m0, m1, m2, m3]));
                Ok(interval_of(i64::from_be_bytes(*micros), days, months))
            }
            _ => Err(self.mismatch(index, "an interval")),
        }
    }

    fn numeric(&self, index: usize) -> Result<Numeric, Fault> {
        match self.cell(index) {
            Some((bytes, ty)) if ty.form == Form::Numeric => {
                read_numeric(bytes).ok_or_else(|| self.mismatch(index, "a decimal"))
            }
            _ => self.decimal(index).map(Numeric::from),
        }
    }

    #[inline]
    fn uuid(&self, index: usize) -> Result<[u8; 16], Fault> {
        match self.cell(index) {
            Some((bytes, Type { form: Form::Uuid, .. })) if bytes.len() == 16 => Ok(fixed(bytes).unwrap_or_default()),
            Some((bytes, Type { form: Form::Text, .. })) => {
                let text = self.text_of(bytes, index)?;
                aludel_core::parse_uuid(text).ok_or_else(|| self.mismatch(index, "a UUID"))
            }
            _ => Err(self.mismatch(index, "a UUID")),
        }
    }

    #[inline]
    fn json(&self, index: usize) -> Result<&str, Fault> {
        self.text(index)
    }

    fn list(&self, index: usize, each: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>) -> Result<(), Fault> {
        match self.cell(index) {
            Some((bytes, ty)) if ty.form == Form::Array => {
                array::list(bytes, ty, each).map_err(|fault| fault.at(index))
            }
            _ => Err(self.mismatch(index, "an array")),
        }
    }
}

#[cold]
fn float_of_numeric(bytes: &[u8], index: usize) -> Result<f64, Fault> {
    match get_decimal(bytes) {
        Ok(decimal) => Ok(decimal.to_f64()),
        Err(fault) => {
            let text = read_numeric(bytes).ok_or_else(|| fault.at(index))?.to_string();
            match text.parse::<f64>() {
                Ok(float) if float.is_finite() || text.ends_with(|c: char| c.is_alphabetic()) => Ok(float),
                _ => Err(Fault::out_of_range("a 64-bit floating-point number", text).at(index)),
            }
        }
    }
}

#[cold]
fn not_utf8(index: usize) -> Fault {
    Fault::mismatch("text in UTF-8", "text with bytes that are not UTF-8").at(index)
}
