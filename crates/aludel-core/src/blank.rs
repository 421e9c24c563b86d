//! A row in which every cell is empty: what stands in a field that was not loaded, or that the database has yet to fill in.

use crate::decimal::Decimal;
use crate::decode::RowRef;
use crate::error::Fault;
use crate::interval::Interval;
use crate::temporal::{Date, DateTime, Time, Timestamp};
use crate::value::Value;

/// A row of NULLs for whoever can take them, and of zeros and empty texts for who can't.
#[derive(Clone, Copy, Debug)]
pub struct Blank;

impl RowRef for Blank {
    fn columns(&self) -> usize {
        usize::MAX
    }
    fn is_null(&self, _: usize) -> bool {
        true
    }
    fn int(&self, _: usize) -> Result<i64, Fault> {
        Ok(0)
    }
    fn float(&self, _: usize) -> Result<f64, Fault> {
        Ok(0.0)
    }
    fn text(&self, _: usize) -> Result<&str, Fault> {
        Ok("")
    }
    fn bytes(&self, _: usize) -> Result<&[u8], Fault> {
        Ok(&[])
    }
    fn value(&self, _: usize) -> Result<Value, Fault> {
        Ok(Value::Null)
    }
    fn decimal(&self, _: usize) -> Result<Decimal, Fault> {
        Ok(Decimal::new(0, 0))
    }
    fn date(&self, _: usize) -> Result<Date, Fault> {
        epoch(Date::parse("1970-01-01"))
    }
    fn time(&self, _: usize) -> Result<Time, Fault> {
        epoch(Time::parse("00:00:00"))
    }
    fn datetime(&self, _: usize) -> Result<DateTime, Fault> {
        epoch(DateTime::parse("1970-01-01 00:00:00"))
    }
    fn timestamp(&self, _: usize) -> Result<Timestamp, Fault> {
        epoch(Timestamp::parse("1970-01-01 00:00:00+00:00"))
    }
    fn interval(&self, _: usize) -> Result<Interval, Fault> {
        Ok(Interval::default())
    }
    fn uuid(&self, _: usize) -> Result<[u8; 16], Fault> {
        Ok([0; 16])
    }
    fn json(&self, _: usize) -> Result<&str, Fault> {
        Ok("null")
    }
    fn list(&self, _: usize, _: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>) -> Result<(), Fault> {
        Ok(())
    }
}

fn epoch<T>(value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(Fault::null)
}
