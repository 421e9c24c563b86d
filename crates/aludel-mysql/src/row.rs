//! A row of the binary protocol, read where it lies.

use aludel_core::{
    Date, DateTime, Decimal, Fault, Interval, NANOS_PER_DAY, Numeric, RowRef, SqlType, Time, Timestamp, Value,
    parse_uuid,
};
use aludel_sql::Compiled;

use crate::column::{Column, Form};
use crate::parse::Parse;

/// Where a cell lies in its row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    start: u32,
    /// Less than `start` for NULL.
    end: u32,
}

const NULL: Cell = Cell { start: 1, end: 0 };

/// Finds the cells of a row. The row is malformed where it gives false.
#[inline]
pub(crate) fn find_cells(packet: &[u8], columns: &[Column], cells: &mut Vec<Cell>) -> bool {
    cells.clear();
    let bitmap = (columns.len() + 7 + 2) / 8;
    let Some(nulls) = packet.get(1..1 + bitmap) else {
        return false;
    };
    let mut at = 1 + bitmap;
    for (index, column) in columns.iter().enumerate() {
        let bit = index + 2;
        if nulls.get(bit / 8).is_none_or(|byte| byte & (1 << (bit % 8)) != 0) {
            cells.push(NULL);
            continue;
        }
        let length = match column.form.size() {
            Some(size) => size,
            None => match packet.get(at) {
                // The most frequent lengths without more ado.
                Some(&length @ 0..=250) => {
                    at += 1;
                    usize::from(length)
                }
                _ => match long_length(packet.get(at..).unwrap_or(&[])) {
                    Some((length, taken)) => {
                        at += taken;
                        length
                    }
                    None => return false,
                },
            },
        };
        let end = at.saturating_add(length);
        let (Ok(start), Ok(stop)) = (u32::try_from(at), u32::try_from(end)) else {
            return false;
        };
        if end > packet.len() {
            return false;
        }
        cells.push(Cell { start, end: stop });
        at = end;
    }
    true
}

fn long_length(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut parse = Parse::new(bytes);
    let length = usize::try_from(parse.int()?).ok()?;
    Some((length, bytes.len() - parse.rest().len()))
}

/// A row, with what the server and the statement say of its columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MySqlRow<'r> {
    packet: &'r [u8],
    columns: &'r [Column],
    cells: &'r [Cell],
    compiled: &'r Compiled,
}

impl<'r> MySqlRow<'r> {
    #[inline]
    pub(crate) fn new(packet: &'r [u8], columns: &'r [Column], cells: &'r [Cell], compiled: &'r Compiled) -> Self {
        Self { packet, columns, cells, compiled }
    }

    /// The cell's bytes and their form.
    #[inline]
    fn cell(&self, index: usize) -> Option<(Form, &'r [u8])> {
        let cell = self.cells.get(index)?;
        let bytes = self.packet.get(cell.start as usize..cell.end as usize)?;
        Some((self.columns.get(index)?.form, bytes))
    }

    fn sql_type(&self, index: usize) -> Option<&'r SqlType> {
        self.compiled.columns.get(index)?.sql_type.as_ref()
    }

    /// What is wrong with a cell that is not what was wanted.
    #[cold]
    fn mismatch(&self, index: usize, wanted: &str) -> Fault {
        let fault = match (self.cell(index), self.columns.get(index)) {
            (_, None) => Fault::no_column(self.columns.len()),
            (None, _) => Fault::null(),
            (Some((form, _)), Some(column)) => {
                Fault::mismatch(wanted, format!("{} (of type {})", form.words(), column.type_name))
            }
        };
        fault.at(index)
    }

    #[inline]
    fn utf8(&self, index: usize, bytes: &'r [u8]) -> Result<&'r str, Fault> {
        std::str::from_utf8(bytes)
            .map_err(|_| Fault::mismatch("text in UTF-8", "text with bytes that are not UTF-8").at(index))
    }

    fn digits(&self, index: usize, bytes: &'r [u8]) -> Result<Decimal, Fault> {
        let text = self.trimmed(index, self.utf8(index, bytes)?);
        let shorter = || Decimal::parse(text.contains('.').then(|| text.trim_end_matches('0'))?);
        Decimal::parse(text)
            .or_else(shorter)
            .ok_or_else(|| Fault::out_of_range("a decimal of 128 bits", text).at(index))
    }

    #[cold]
    fn too_large(index: usize, wanted: &str, found: impl ToString) -> Fault {
        Fault::out_of_range(wanted, found.to_string()).at(index)
    }

    /// Digits without the zeros that a column of no given scale has put behind them.
    fn trimmed<'t>(&self, index: usize, text: &'t str) -> &'t str {
        match self.sql_type(index) {
            Some(SqlType::Numeric(None)) if text.contains('.') => text.trim_end_matches('0').trim_end_matches('.'),
            _ => text,
        }
    }

    fn decimal_value(&self, index: usize) -> Option<Value> {
        let value = self.numeric(index).ok()?;
        Some(match value.to_decimal() {
            Some(decimal) => Value::Decimal(decimal),
            None => Value::Numeric(Box::new(value)),
        })
    }

    /// The cell as the type that its column was declared with, where it is one.
    fn typed_value(&self, index: usize) -> Option<Value> {
        match self.sql_type(index)? {
            SqlType::Boolean => self.bool(index).ok().map(Value::Bool),
            SqlType::Numeric(_) => self.decimal_value(index),
            SqlType::Float | SqlType::Double => self.float(index).ok().map(Value::Float),
            SqlType::Timestamp => self.timestamp(index).ok().map(Value::Timestamp),
            SqlType::Uuid => self.uuid(index).ok().map(|bytes| Value::Uuid(Box::new(bytes))),
            SqlType::Interval => self.interval(index).ok().map(Value::Interval),
            SqlType::UnsignedBigInt => self.uint(index).ok().map(Value::Uint),
            SqlType::Json | SqlType::Jsonb => self.text(index).ok().map(|text| Value::Json(text.into())),
            _ => None,
        }
    }
}

impl RowRef for MySqlRow<'_> {
    fn columns(&self) -> usize {
        self.columns.len()
    }

    #[inline]
    fn is_null(&self, index: usize) -> bool {
        self.cells.get(index).is_none_or(|cell| cell.end < cell.start)
    }

    #[inline]
    fn int(&self, index: usize) -> Result<i64, Fault> {
        match self.cell(index) {
            Some((Form::I64, bytes)) => Ok(i64::from_le_bytes(fixed(bytes))),
            Some((Form::I32, bytes)) => Ok(i64::from(i32::from_le_bytes(fixed(bytes)))),
            Some((Form::U32, bytes)) => Ok(i64::from(u32::from_le_bytes(fixed(bytes)))),
            Some((Form::I16, bytes)) => Ok(i64::from(i16::from_le_bytes(fixed(bytes)))),
            Some((Form::U16, bytes)) => Ok(i64::from(u16::from_le_bytes(fixed(bytes)))),
            Some((Form::I8, bytes)) => Ok(i64::from(i8::from_le_bytes(fixed(bytes)))),
            Some((Form::U8, bytes)) => Ok(i64::from(u8::from_le_bytes(fixed(bytes)))),
            Some((Form::U64, bytes)) => {
                let value = u64::from_le_bytes(fixed(bytes));
                i64::try_from(value).map_err(|_| Self::too_large(index, "a 64-bit signed integer", value))
            }
            // Sums of integers are decimals.
            Some((Form::Decimal, bytes)) => {
                let value = self.digits(index, bytes)?;
                let whole = value.rescale(0).filter(|whole| whole.rescale(value.scale()) == Some(value));
                let whole = whole.ok_or_else(|| self.mismatch(index, "an integer"))?;
                i64::try_from(whole.unscaled()).map_err(|_| Self::too_large(index, "a 64-bit signed integer", value))
            }
            Some((Form::Bit, bytes)) => {
                let value = bits(bytes).ok_or_else(|| self.mismatch(index, "an integer"))?;
                i64::try_from(value).map_err(|_| Self::too_large(index, "a 64-bit signed integer", value))
            }
            _ => Err(self.mismatch(index, "an integer")),
        }
    }

    fn uint(&self, index: usize) -> Result<u64, Fault> {
        match self.cell(index) {
            Some((Form::U64, bytes)) => Ok(u64::from_le_bytes(fixed(bytes))),
            Some((Form::Bit, bytes)) => bits(bytes).ok_or_else(|| self.mismatch(index, "an integer")),
            Some((Form::Decimal, bytes)) => {
                let value = self.digits(index, bytes)?;
                let whole = value.rescale(0).filter(|whole| whole.rescale(value.scale()) == Some(value));
                let whole = whole.ok_or_else(|| self.mismatch(index, "an integer"))?;
                u64::try_from(whole.unscaled()).map_err(|_| Self::too_large(index, "a 64-bit unsigned integer", value))
            }
            _ => {
                let value = self.int(index)?;
                u64::try_from(value).map_err(|_| Self::too_large(index, "an unsigned integer", value))
            }
        }
    }

    #[inline]
    fn float(&self, index: usize) -> Result<f64, Fault> {
        match self.cell(index) {
            Some((Form::F64, bytes)) => Ok(f64::from_le_bytes(fixed(bytes))),
            Some((Form::F32, bytes)) => Ok(f64::from(f32::from_le_bytes(fixed(bytes)))),
            // Averages of integers are decimals.
            Some((Form::Decimal, bytes)) => {
                let text = self.utf8(index, bytes)?;
                text.parse().map_err(|_| self.mismatch(index, "a number"))
            }
            Some((form, _)) if form.size().is_some() => {
                let value = self.int(index)?;
                exact_float(value).ok_or_else(|| Self::too_large(index, "a floating-point number exactly", value))
            }
            _ => Err(self.mismatch(index, "a number")),
        }
    }

    #[inline]
    fn text(&self, index: usize) -> Result<&str, Fault> {
        match self.cell(index) {
            Some((Form::Text, bytes)) => self.utf8(index, bytes),
            _ => Err(self.mismatch(index, "text")),
        }
    }

    fn bytes(&self, index: usize) -> Result<&[u8], Fault> {
        match self.cell(index) {
            Some((Form::Bytes | Form::Bit, bytes)) => Ok(bytes),
            _ => Err(self.mismatch(index, "bytes")),
        }
    }

    fn value(&self, index: usize) -> Result<Value, Fault> {
        let Some((form, bytes)) = self.cell(index) else {
            return if index < self.columns.len() { Ok(Value::Null) } else { Err(self.mismatch(index, "a value")) };
        };
        if let Some(value) = self.typed_value(index) {
            return Ok(value);
        }
        match form {
            Form::U64 => {
                let value = u64::from_le_bytes(fixed(bytes));
                Ok(i64::try_from(value).map_or(Value::Uint(value), Value::Int))
            }
            Form::F32 | Form::F64 => self.float(index).map(Value::Float),
            Form::Decimal => self.decimal_value(index).ok_or_else(|| self.mismatch(index, "a decimal")),
            Form::Date => self.date(index).map(Value::Date),
            Form::DateTime => self.datetime(index).map(Value::DateTime),
            // A length of time that is none of a day.
            Form::Time => self.time(index).map(Value::Time).or_else(|_| self.interval(index).map(Value::Interval)),
            Form::Text => self.utf8(index, bytes).map(|text| Value::Text(text.into())),
            Form::Bytes | Form::Bit => Ok(Value::Bytes(bytes.into())),
            Form::Null => Ok(Value::Null),
            _ => self.int(index).map(Value::Int),
        }
    }

    fn raw(&self, index: usize) -> Option<(&str, &[u8])> {
        let (_, bytes) = self.cell(index)?;
        Some((&*self.columns.get(index)?.type_name, bytes))
    }

    fn bool(&self, index: usize) -> Result<bool, Fault> {
        match self.int(index)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(Self::too_large(index, "a boolean (0 or 1)", other)),
        }
    }

    fn decimal(&self, index: usize) -> Result<Decimal, Fault> {
        match self.cell(index) {
            Some((Form::Decimal, bytes)) => self.digits(index, bytes),
            Some((Form::U64, bytes)) => Ok(Decimal::new(i128::from(u64::from_le_bytes(fixed(bytes))), 0)),
            Some((Form::F32 | Form::F64, _)) | None => Err(self.mismatch(index, "a decimal")),
            Some((form, _)) if form.size().is_some() => Ok(Decimal::new(i128::from(self.int(index)?), 0)),
            _ => Err(self.mismatch(index, "a decimal")),
        }
    }

    fn date(&self, index: usize) -> Result<Date, Fault> {
        match self.cell(index) {
            Some((Form::Date, bytes)) => read_date(bytes).map_err(|found| Self::too_large(index, "a date", found)),
            _ => Err(self.mismatch(index, "a date")),
        }
    }

    fn time(&self, index: usize) -> Result<Time, Fault> {
        match self.cell(index) {
            Some((Form::Time, bytes)) => {
                let nanos = read_time(bytes).ok_or_else(|| malformed(index))?;
                if (0..NANOS_PER_DAY).contains(&nanos) {
                    return Ok(Time { nanos });
                }
                Err(Self::too_large(index, "a time of day (00:00:00 to 23:59:59)", show_time(nanos)))
            }
            _ => Err(self.mismatch(index, "a time")),
        }
    }

    fn datetime(&self, index: usize) -> Result<DateTime, Fault> {
        match self.cell(index) {
            Some((Form::DateTime, bytes)) => {
                read_datetime(bytes).map_err(|found| Self::too_large(index, "a date and time", found))
            }
            _ => Err(self.mismatch(index, "a date and time")),
        }
    }

    fn timestamp(&self, index: usize) -> Result<Timestamp, Fault> {
        match self.cell(index) {
            // The session's time zone is UTC.
            Some((Form::DateTime, _)) => self.datetime(index).map(DateTime::as_utc),
            _ => Err(self.mismatch(index, "a timestamp")),
        }
    }

    fn interval(&self, index: usize) -> Result<Interval, Fault> {
        match self.cell(index) {
            Some((Form::Time, bytes)) => {
                let nanos = read_time(bytes).ok_or_else(|| malformed(index))?;
                Interval::from_nanos(nanos.into()).ok_or_else(|| malformed(index))
            }
            _ => Err(self.mismatch(index, "a length of time")),
        }
    }

    fn numeric(&self, index: usize) -> Result<Numeric, Fault> {
        match self.cell(index) {
            Some((Form::Decimal, bytes)) => {
                let text = self.trimmed(index, self.utf8(index, bytes)?);
                Numeric::parse(text).ok_or_else(|| self.mismatch(index, "a decimal"))
            }
            _ => self.decimal(index).map(Numeric::from),
        }
    }

    fn list(&self, index: usize, _: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>) -> Result<(), Fault> {
        Err(self.mismatch(index, "an array, of which MySQL has none"))
    }

    fn uuid(&self, index: usize) -> Result<[u8; 16], Fault> {
        match self.cell(index) {
            Some((Form::Bytes, bytes)) => {
                <[u8; 16]>::try_from(bytes).map_err(|_| self.mismatch(index, "a UUID (16 bytes)"))
            }
            Some((Form::Text, bytes)) => {
                let text = self.utf8(index, bytes)?;
                parse_uuid(text).ok_or_else(|| Fault::mismatch("a UUID", format!("the text {text:?}")).at(index))
            }
            _ => Err(self.mismatch(index, "a UUID")),
        }
    }
}

/// A cell's bytes as an array; its size was seen to when the row was taken apart.
#[inline]
fn fixed<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().unwrap_or([0; N])
}

/// Bits in the order of the network.
fn bits(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

fn read_date(bytes: &[u8]) -> Result<Date, String> {
    read_datetime(bytes).map(|clock| clock.date)
}

/// A date and time of 0, 4, 7 or 11 bytes; what is there instead, where it is none.
fn read_datetime(bytes: &[u8]) -> Result<DateTime, String> {
    let at = |index: usize| bytes.get(index).copied().map_or(0, u32::from);
    let year = at(0) | at(1) << 8;
    let (month, day) = (at(2), at(3));
    let micros = at(7) | at(8) << 8 | at(9) << 16 | at(10) << 24;
    let date = i32::try_from(year).ok().and_then(|year| Date::from_ymd(year, month, day));
    let time = micros.checked_mul(1_000).and_then(|nanos| Time::from_hms_nano(at(4), at(5), at(6), nanos));
    match (date, time) {
        (Some(date), Some(time)) => Ok(DateTime { date, time }),
        _ => Err(format!("{year:04}-{month:02}-{day:02}")),
    }
}

/// A length of time of 0, 8 or 12 bytes, in nanoseconds.
fn read_time(bytes: &[u8]) -> Option<i64> {
    if bytes.is_empty() {
        return Some(0);
    }
    let mut parse = Parse::new(bytes);
    let is_negative = parse.u8()? != 0;
    let days = i64::from(parse.u32()?);
    let (hours, minutes, seconds) = (parse.u8()?, parse.u8()?, parse.u8()?);
    let micros = parse.u32().unwrap_or(0);
    let whole = ((days * 24 + i64::from(hours)) * 60 + i64::from(minutes)) * 60 + i64::from(seconds);
    let nanos = whole.checked_mul(1_000_000_000)?.checked_add(i64::from(micros) * 1_000)?;
    Some(if is_negative { -nanos } else { nanos })
}

fn show_time(nanos: i64) -> String {
    let seconds = nanos.unsigned_abs() / 1_000_000_000;
    let sign = if nanos < 0 { "-" } else { "" };
    format!("{sign}{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cold]
fn malformed(index: usize) -> Fault {
    Fault::mismatch("a value of MySQL's protocol", "a cell that is cut short").at(index)
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "given only where nothing is lost, which the way back shows"
)]
fn exact_float(value: i64) -> Option<f64> {
    let float = value as f64;
    (float < 9.2e18 && float as i64 == value).then_some(float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_dates_are_shown() {
        assert_eq!(read_datetime(&[]), Err("0000-00-00".to_owned()));
        assert_eq!(read_datetime(&[0xe8, 7, 2, 0]), Err("2024-02-00".to_owned()));
        let clock = DateTime::parse("2024-02-29 01:02:03.000004").expect("a time");
        assert_eq!(read_datetime(&[0xe8, 7, 2, 29, 1, 2, 3, 4, 0, 0, 0]), Ok(clock));
    }

    #[test]
    fn times_of_more_than_a_day_are_read() {
        assert_eq!(read_time(&[]), Some(0));
        let nanos = read_time(&[1, 34, 0, 0, 0, 22, 59, 59]).expect("a time");
        assert_eq!(show_time(nanos), "-838:59:59");
        assert_eq!(read_time(&[0, 1, 0]), None);
    }
}
