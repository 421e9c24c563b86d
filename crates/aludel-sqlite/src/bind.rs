//! How values become SQLite's five: NULL, integer, floating point, text, bytes.
//!
//! | value | kept as |
//! |---|---|
//! | boolean | 0 or 1 |
//! | decimal | integer, or floating point up to 15 digits, which is exact; text in a column of text |
//! | date, time, date and time, timestamp | ISO text, whose order is the order of time from the year 0 on |
//! | interval | nanoseconds, without months and days |
//! | UUID | 32 lower-case hexadecimal digits |
//! | JSON | text; SQLite makes a number of a document that is nothing but one |

use std::fmt::{self, Write};

use aludel_core::{
    Date, DateTime, Decimal, ElementWriter, Fault, Interval, NANOS_PER_DAY, Numeric, ParamSink, SqlType, Time,
    Timestamp, Value,
};
use aludel_sql::schema::StaticColumn;

use crate::ffi::{Code, Run};
use crate::number::decimal_to_float;

/// Where the next parameter's value goes, as one of SQLite's five kinds.
pub(crate) trait Target {
    fn null(&mut self) -> Result<(), Fault>;
    fn int(&mut self, value: i64) -> Result<(), Fault>;
    fn float(&mut self, value: f64) -> Result<(), Fault>;
    fn text(&mut self, value: &str) -> Result<(), Fault>;
    fn blob(&mut self, value: &[u8]) -> Result<(), Fault>;
}

impl Target for Run<'_, '_> {
    fn null(&mut self) -> Result<(), Fault> {
        Run::null(self).map_err(bind_fault)
    }

    fn int(&mut self, value: i64) -> Result<(), Fault> {
        Run::int(self, value).map_err(bind_fault)
    }

    fn float(&mut self, value: f64) -> Result<(), Fault> {
        Run::float(self, value).map_err(bind_fault)
    }

    fn text(&mut self, value: &str) -> Result<(), Fault> {
        self.text_copied(value).map_err(bind_fault)
    }

    fn blob(&mut self, value: &[u8]) -> Result<(), Fault> {
        self.blob_copied(value).map_err(bind_fault)
    }
}

/// Binds a value that outlives the run: text and bytes are not copied.
#[inline]
pub(crate) fn bind_borrowed<'v>(
    run: &mut Run<'_, 'v>,
    value: &'v Value,
    context: Option<&'static StaticColumn>,
) -> Result<(), Fault> {
    match value {
        Value::Int(value) => run.int(*value).map_err(bind_fault),
        Value::Text(value) => run.text(value).map_err(bind_fault),
        Value::Bytes(value) => run.blob(value).map_err(bind_fault),
        _ => bind_copied(run, value, context),
    }
}

/// Binds a value that may be gone before the run ends.
pub(crate) fn bind_copied(
    run: &mut Run<'_, '_>,
    value: &Value,
    context: Option<&'static StaticColumn>,
) -> Result<(), Fault> {
    aludel_core::Encode::encode(value, &mut Params::new(run, context))
}

#[cold]
pub(crate) fn bind_fault(code: Code) -> Fault {
    match code.0 {
        rusqlite::ffi::SQLITE_TOOBIG => Fault::custom("is too large for SQLite (its limit is 1,000,000,000 bytes)"),
        rusqlite::ffi::SQLITE_NOMEM => Fault::custom("can't be bound: SQLite is out of memory"),
        code => Fault::custom(format!("can't be bound: SQLite says {code}")),
    }
}

/// Writes values of every kind into a target.
#[derive(Debug)]
pub(crate) struct Params<'a, T> {
    target: &'a mut T,
    context: Option<&'static StaticColumn>,
}

impl<'a, T: Target> Params<'a, T> {
    /// For a parameter that is compared with or assigned to the column.
    pub(crate) fn new(target: &'a mut T, context: Option<&'static StaticColumn>) -> Self {
        Self { target, context }
    }

    fn shown(&mut self, value: impl fmt::Display) -> Result<(), Fault> {
        let mut text = Short::default();
        match write!(text, "{value}") {
            Ok(()) => self.target.text(text.as_str()),
            Err(_) => self.target.text(&value.to_string()),
        }
    }

    fn is_text_column(&self) -> bool {
        let sql_type = self.context.map(|column| &column.def().sql_type);
        matches!(sql_type, Some(SqlType::Text | SqlType::Varchar(_) | SqlType::Char(_)))
    }
}

impl<T: Target> ParamSink for Params<'_, T> {
    fn null(&mut self) -> Result<(), Fault> {
        self.target.null()
    }

    fn bool(&mut self, value: bool) -> Result<(), Fault> {
        self.target.int(i64::from(value))
    }

    fn int(&mut self, value: i64) -> Result<(), Fault> {
        self.target.int(value)
    }

    fn float(&mut self, value: f64) -> Result<(), Fault> {
        if value.is_nan() {
            return Err(Fault::unsupported("NaN: SQLite would keep NULL in its place"));
        }
        self.target.float(value)
    }

    fn text(&mut self, value: &str) -> Result<(), Fault> {
        self.target.text(value)
    }

    fn bytes(&mut self, value: &[u8]) -> Result<(), Fault> {
        self.target.blob(value)
    }

    fn decimal(&mut self, value: Decimal) -> Result<(), Fault> {
        if self.is_text_column() {
            return self.shown(value);
        }
        if let Some(whole) = as_integer(value) {
            return self.target.int(whole);
        }
        if value.significant_digits() > 15 {
            return Err(too_long(&value));
        }
        self.target.float(decimal_to_float(value))
    }

    fn numeric(&mut self, value: &Numeric) -> Result<(), Fault> {
        if self.is_text_column() {
            return self.target.text(&value.to_string());
        }
        match value.to_decimal() {
            Some(decimal) => self.decimal(decimal),
            None if value.is_finite() => Err(too_long(value)),
            None => Err(Fault::unsupported(format!("{value}: SQLite has no such number"))),
        }
    }

    fn interval(&mut self, value: Interval) -> Result<(), Fault> {
        match value.to_nanos().map(i64::try_from) {
            Some(Ok(nanos)) => self.target.int(nanos),
            Some(Err(_)) => {
                Err(Fault::out_of_range("an interval in SQLite, which keeps up to 292 years", value.to_string()))
            }
            None => Err(Fault::out_of_range(
                "an interval in SQLite, which keeps a number of nanoseconds and neither months nor days",
                value.to_string(),
            )),
        }
    }

    fn list(&mut self, _: usize, _: &mut ElementWriter<'_>) -> Result<(), Fault> {
        Err(Fault::unsupported("a list as one parameter: SQLite has no arrays"))
    }

    fn raw(&mut self, type_name: &str, _: &[u8]) -> Result<(), Fault> {
        Err(Fault::unsupported(format!("the type {type_name}: SQLite has no such type")))
    }

    fn date(&mut self, value: Date) -> Result<(), Fault> {
        check_date(value)?;
        self.shown(value)
    }

    fn time(&mut self, value: Time) -> Result<(), Fault> {
        check_time(value)?;
        self.shown(value)
    }

    fn datetime(&mut self, value: DateTime) -> Result<(), Fault> {
        check_date(value.date)?;
        check_time(value.time)?;
        self.shown(value)
    }

    fn timestamp(&mut self, value: Timestamp) -> Result<(), Fault> {
        match value.to_utc() {
            Some(clock) if value.nanos < 1_000_000_000 => check_date(clock.date).and_then(|()| self.shown(value)),
            _ => Err(Fault::out_of_range("a timestamp of the years -9999 to 9999", value.to_string())),
        }
    }

    fn json(&mut self, value: &str) -> Result<(), Fault> {
        let is_large = |value: &str| value.parse::<i128>().is_ok_and(|whole| i64::try_from(whole).is_err());
        if value.len() > 18 && value.len() < 40 && is_large(value) {
            let wanted = "64 bits, as which SQLite keeps a JSON document that is nothing but a whole number";
            return Err(Fault::out_of_range(wanted, value));
        }
        self.target.text(value)
    }

    fn uuid(&mut self, value: &[u8; 16]) -> Result<(), Fault> {
        self.shown(format_args!("{:032x}", u128::from_be_bytes(*value)))
    }
}

#[cold]
fn too_long(value: &impl fmt::Display) -> Fault {
    Fault::out_of_range(
        "a number in SQLite, which keeps 15 digits exactly; a column of type Text keeps any decimal",
        value.to_string(),
    )
}

/// Other years have no text that can be read again.
fn check_date(value: Date) -> Result<(), Fault> {
    if (-9999..=9999).contains(&value.ymd().0) {
        return Ok(());
    }
    Err(Fault::out_of_range("a date of the years -9999 to 9999", value.to_string()))
}

fn check_time(value: Time) -> Result<(), Fault> {
    if (0..NANOS_PER_DAY).contains(&value.nanos) {
        return Ok(());
    }
    Err(Fault::out_of_range("a time of one day", format!("{} ns after midnight", value.nanos)))
}

/// The decimal as an integer, when it is one and fits.
fn as_integer(value: Decimal) -> Option<i64> {
    let whole = match value.scale() {
        0 => value,
        _ => value.rescale(0).filter(|whole| whole.rescale(value.scale()) == Some(value))?,
    };
    i64::try_from(whole.unscaled()).ok()
}

/// Text of a date or a UUID, on the stack.
struct Short {
    bytes: [u8; 48],
    length: usize,
}

impl Default for Short {
    fn default() -> Self {
        Self { bytes: [0; 48], length: 0 }
    }
}

impl Short {
    fn as_str(&self) -> &str {
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
    }
}

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}
