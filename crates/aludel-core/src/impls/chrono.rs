//! `chrono`'s naive types, UTC instants and lengths of time.

use chrono::{DateTime as External, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

use super::duration::through_interval;
use crate::interval::Interval;
use crate::temporal::{Date, DateTime, NANOS_PER_DAY, Time, Timestamp};
use crate::types::SqlType;
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

scalar!(NaiveDate, SqlType::Date);
scalar!(NaiveTime, SqlType::Time);
scalar!(NaiveDateTime, SqlType::DateTime);
scalar!(External<Utc>, SqlType::Timestamp);
scalar!(TimeDelta, SqlType::Interval);

/// Days between 0001-01-01, where chrono counts from as day 1, and 1970-01-01.
const EPOCH_FROM_CE: i32 = 719_163;

fn date(value: NaiveDate) -> Result<Date, Fault> {
    let date = Date { days: value.num_days_from_ce() - EPOCH_FROM_CE };
    if (-9999..=9999).contains(&value.year()) {
        Ok(date)
    } else {
        Err(Fault::out_of_range("a date of the years -9999 to 9999", value.to_string()))
    }
}

fn time(value: NaiveTime) -> Result<Time, Fault> {
    let nanos = i64::from(value.num_seconds_from_midnight()) * 1_000_000_000 + i64::from(value.nanosecond());
    // chrono writes a leap second as more than 999,999,999 nanoseconds.
    if value.nanosecond() > 999_999_999 {
        return Err(Fault::out_of_range("a time without a leap second", value.to_string()));
    }
    Ok(Time { nanos })
}

fn datetime(value: NaiveDateTime) -> Result<DateTime, Fault> {
    Ok(DateTime { date: date(value.date())?, time: time(value.time())? })
}

fn timestamp(value: External<Utc>) -> Result<Timestamp, Fault> {
    Ok(datetime(value.naive_utc())?.as_utc())
}

fn to_date(value: Date) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(value.days.checked_add(EPOCH_FROM_CE)?)
}

fn to_time(value: Time) -> Option<NaiveTime> {
    if !(0..NANOS_PER_DAY).contains(&value.nanos) {
        return None;
    }
    let seconds = u32::try_from(value.nanos / 1_000_000_000).ok()?;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, u32::try_from(value.nanos % 1_000_000_000).ok()?)
}

macro_rules! through {
    ($type:ty, $variant:ident, $method:ident, $out:ident, $back:expr, $wanted:literal) => {
        impl Encode for $type {
            fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
                sink.$method($out(*self)?)
            }
            fn to_value(&self) -> Value {
                match $out(*self) {
                    Ok(value) => Value::$variant(value),
                    // Kept as it is, so that the fault is met when it is written, with the statement named.
                    Err(_) => Value::Other(std::sync::Arc::new(*self)),
                }
            }
        }
        impl Decode for $type {
            fn decode(row: &dyn RowRef, index: usize) -> Result<Self, Fault> {
                let value = row.$method(index)?;
                $back(value).ok_or_else(|| Fault::out_of_range($wanted, value.to_string()))
            }
        }
    };
}

through!(NaiveDate, Date, date, date, to_date, "chrono::NaiveDate");
through!(NaiveTime, Time, time, time, to_time, "chrono::NaiveTime");
through!(
    NaiveDateTime,
    DateTime,
    datetime,
    datetime,
    |value: DateTime| Some(NaiveDateTime::new(to_date(value.date)?, to_time(value.time)?)),
    "chrono::NaiveDateTime"
);
through!(
    External<Utc>,
    Timestamp,
    timestamp,
    timestamp,
    |value: Timestamp| External::from_timestamp(value.seconds, value.nanos),
    "chrono::DateTime<Utc>"
);

through_interval!(
    TimeDelta,
    "chrono::TimeDelta (without months or days)",
    |value: TimeDelta| {
        Interval::from_nanos(i128::from(value.num_seconds()) * 1_000_000_000 + i128::from(value.subsec_nanos()))
    },
    |value: Interval| {
        value.to_nanos()?;
        TimeDelta::new(value.seconds, value.nanos)
    }
);
