//! The bounds of ranges: any Rust type of a column, in the binary format of one of the six types that ranges are made of.

use super::numeric::{read_numeric, write_numeric};
use crate::decimal::Decimal;
use crate::decode::RowRef;
use crate::encode::ParamSink;
use crate::error::Fault;
use crate::numeric::Numeric;
use crate::temporal::{Date, DateTime, Timestamp};
use crate::value::Value;

/// What a bound is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `int4`
    Int4,
    /// `int8`
    Int8,
    /// `numeric`
    Numeric,
    /// `date`
    Date,
    /// `timestamp`
    DateTime,
    /// `timestamptz`
    Timestamp,
}

/// Days from 1970 to 2000, where PostgreSQL counts from.
const DAYS: i32 = 10_957;
const SECONDS: i64 = 10_957 * 86_400;

/// Where a bound is written.
pub(super) struct BoundSink {
    pub(super) bound: Bound,
    pub(super) bytes: Vec<u8>,
}

impl BoundSink {
    fn refuse(&self, found: &str) -> Result<(), Fault> {
        Err(Fault::mismatch(format!("the bound of a range of {:?}", self.bound), found))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.bytes.extend(bytes);
        Ok(())
    }
}

fn micros(value: Timestamp) -> Result<i64, Fault> {
    let micros = value.seconds.checked_sub(SECONDS).and_then(|seconds| seconds.checked_mul(1_000_000));
    let micros = micros.and_then(|micros| micros.checked_add(i64::from(value.nanos / 1_000)));
    micros
        .filter(|micros| *micros != i64::MAX && *micros != i64::MIN)
        .ok_or_else(|| Fault::out_of_range("a timestamp of PostgreSQL", value.to_string()))
}

impl ParamSink for BoundSink {
    fn null(&mut self) -> Result<(), Fault> {
        self.refuse("NULL")
    }
    fn bool(&mut self, _: bool) -> Result<(), Fault> {
        self.refuse("a boolean")
    }
    fn int(&mut self, value: i64) -> Result<(), Fault> {
        match self.bound {
            Bound::Int4 => match i32::try_from(value) {
                Ok(value) => self.put(&value.to_be_bytes()),
                Err(_) => Err(Fault::out_of_range("the type int4", value.to_string())),
            },
            Bound::Int8 => self.put(&value.to_be_bytes()),
            Bound::Numeric => write_numeric(&value.into(), &mut self.bytes),
            _ => self.refuse("an integer"),
        }
    }
    fn float(&mut self, _: f64) -> Result<(), Fault> {
        self.refuse("a floating-point number")
    }
    fn text(&mut self, _: &str) -> Result<(), Fault> {
        self.refuse("text")
    }
    fn bytes(&mut self, _: &[u8]) -> Result<(), Fault> {
        self.refuse("bytes")
    }
    fn decimal(&mut self, value: Decimal) -> Result<(), Fault> {
        self.numeric(&value.into())
    }
    fn numeric(&mut self, value: &Numeric) -> Result<(), Fault> {
        match self.bound {
            Bound::Numeric => write_numeric(value, &mut self.bytes),
            _ => self.refuse("a decimal"),
        }
    }
    fn date(&mut self, value: Date) -> Result<(), Fault> {
        match value.days.checked_sub(DAYS) {
            Some(days) if self.bound == Bound::Date => self.put(&days.to_be_bytes()),
            _ => self.refuse("a date"),
        }
    }
    fn datetime(&mut self, value: DateTime) -> Result<(), Fault> {
        match self.bound {
            Bound::DateTime => self.put(&micros(value.as_utc())?.to_be_bytes()),
            _ => self.refuse("a date and time"),
        }
    }
    fn timestamp(&mut self, value: Timestamp) -> Result<(), Fault> {
        match self.bound {
            Bound::Timestamp => self.put(&micros(value)?.to_be_bytes()),
            _ => self.refuse("a timestamp"),
        }
    }
}

/// A bound as a row of one cell.
#[derive(Clone, Copy)]
pub(super) struct BoundCell<'b> {
    pub(super) bound: Bound,
    pub(super) bytes: &'b [u8],
}

impl BoundCell<'_> {
    fn mismatch(self, wanted: &str) -> Fault {
        Fault::mismatch(wanted, format!("the bound of a range of {:?}", self.bound))
    }

    fn number<const N: usize>(self, wanted: &str) -> Result<[u8; N], Fault> {
        self.bytes.try_into().map_err(|_| self.mismatch(wanted))
    }

    fn instant(self, wanted: &str) -> Result<Timestamp, Fault> {
        let micros = i64::from_be_bytes(self.number(wanted)?);
        if micros == i64::MAX || micros == i64::MIN {
            return Err(Fault::out_of_range(wanted, "infinity, which is a bound of its own in PostgreSQL"));
        }
        Ok(Timestamp {
            seconds: micros.div_euclid(1_000_000) + SECONDS,
            nanos: u32::try_from(micros.rem_euclid(1_000_000) * 1_000).unwrap_or(0),
        })
    }
}

impl RowRef for BoundCell<'_> {
    fn columns(&self) -> usize {
        1
    }
    fn is_null(&self, _: usize) -> bool {
        false
    }
    fn int(&self, _: usize) -> Result<i64, Fault> {
        match self.bound {
            Bound::Int4 => self.number("an integer").map(|bytes| i32::from_be_bytes(bytes).into()),
            Bound::Int8 => self.number("an integer").map(i64::from_be_bytes),
            _ => Err(self.mismatch("an integer")),
        }
    }
    fn float(&self, _: usize) -> Result<f64, Fault> {
        Err(self.mismatch("a floating-point number"))
    }
    fn text(&self, _: usize) -> Result<&str, Fault> {
        Err(self.mismatch("text"))
    }
    fn bytes(&self, _: usize) -> Result<&[u8], Fault> {
        Err(self.mismatch("bytes"))
    }
    fn value(&self, index: usize) -> Result<Value, Fault> {
        Ok(match self.bound {
            Bound::Int4 | Bound::Int8 => Value::Int(self.int(index)?),
            Bound::Numeric => Value::Numeric(Box::new(self.numeric(index)?)),
            Bound::Date => Value::Date(self.date(index)?),
            Bound::DateTime => Value::DateTime(self.datetime(index)?),
            Bound::Timestamp => Value::Timestamp(self.timestamp(index)?),
        })
    }
    fn numeric(&self, _: usize) -> Result<Numeric, Fault> {
        match self.bound {
            Bound::Numeric => read_numeric(self.bytes).ok_or_else(|| self.mismatch("a decimal")),
            _ => Err(self.mismatch("a decimal")),
        }
    }
    fn decimal(&self, index: usize) -> Result<Decimal, Fault> {
        let value = self.numeric(index)?;
        value.to_decimal().ok_or_else(|| Fault::out_of_range("a decimal of 128 bits", value.to_string()))
    }
    fn date(&self, _: usize) -> Result<Date, Fault> {
        let days = match self.bound {
            Bound::Date => i32::from_be_bytes(self.number("a date")?),
            _ => return Err(self.mismatch("a date")),
        };
        match days.checked_add(DAYS) {
            Some(days) => Ok(Date { days }),
            None => Err(Fault::out_of_range("a date", "infinity, which is a bound of its own in PostgreSQL")),
        }
    }
    fn datetime(&self, _: usize) -> Result<DateTime, Fault> {
        let instant = match self.bound {
            Bound::DateTime => self.instant("a date and time")?,
            _ => return Err(self.mismatch("a date and time")),
        };
        instant.to_utc().ok_or_else(|| Fault::out_of_range("a date and time", instant.to_string()))
    }
    fn timestamp(&self, _: usize) -> Result<Timestamp, Fault> {
        match self.bound {
            Bound::Timestamp => self.instant("a timestamp"),
            _ => Err(self.mismatch("a timestamp")),
        }
    }
}
