//! The `time` crate's dates, times, instants and lengths of time.

use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

use super::duration::through_interval;
use crate::interval::Interval;
use crate::temporal::{Date, DateTime, NANOS_PER_DAY, Time, Timestamp};
use crate::types::SqlType;
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

scalar!(time::Date, SqlType::Date);
scalar!(time::Time, SqlType::Time);
scalar!(PrimitiveDateTime, SqlType::DateTime);
scalar!(OffsetDateTime, SqlType::Timestamp);
scalar!(time::Duration, SqlType::Interval);

/// The Julian day of 1970-01-01.
const EPOCH_JULIAN: i32 = 2_440_588;

fn date(value: time::Date) -> Date {
    Date { days: value.to_julian_day() - EPOCH_JULIAN }
}

fn clock(value: time::Time) -> Time {
    let (hour, minute, second, nano) = value.as_hms_nano();
    let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
    Time { nanos: seconds * 1_000_000_000 + i64::from(nano) }
}

fn datetime(value: PrimitiveDateTime) -> DateTime {
    DateTime { date: date(value.date()), time: clock(value.time()) }
}

fn timestamp(value: OffsetDateTime) -> Timestamp {
    Timestamp { seconds: value.unix_timestamp(), nanos: value.to_offset(UtcOffset::UTC).nanosecond() }
}

fn to_date(value: Date) -> Option<time::Date> {
    time::Date::from_julian_day(value.days.checked_add(EPOCH_JULIAN)?).ok()
}

fn to_clock(value: Time) -> Option<time::Time> {
    if !(0..NANOS_PER_DAY).contains(&value.nanos) {
        return None;
    }
    let (hour, minute, second, nano) = value.hms_nano();
    let part = |value: u32| u8::try_from(value).ok();
    time::Time::from_hms_nano(part(hour)?, part(minute)?, part(second)?, nano).ok()
}

fn to_offset(value: Timestamp) -> Option<OffsetDateTime> {
    let nanos = i128::from(value.seconds) * 1_000_000_000 + i128::from(value.nanos);
    OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()
}

macro_rules! through {
    ($type:ty, $variant:ident, $method:ident, $out:ident, $back:expr, $wanted:literal) => {
        impl Encode for $type {
            fn encode(&self, sink: &mut dyn ParamSink) -> Result<(), Fault> {
                sink.$method($out(*self))
            }
            fn to_value(&self) -> Value {
                Value::$variant($out(*self))
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

through!(time::Date, Date, date, date, to_date, "time::Date");
through!(time::Time, Time, time, clock, to_clock, "time::Time");
through!(
    PrimitiveDateTime,
    DateTime,
    datetime,
    datetime,
    |value: DateTime| Some(PrimitiveDateTime::new(to_date(value.date)?, to_clock(value.time)?)),
    "time::PrimitiveDateTime"
);
through!(OffsetDateTime, Timestamp, timestamp, timestamp, to_offset, "time::OffsetDateTime");

through_interval!(
    time::Duration,
    "time::Duration (without months or days)",
    |value: time::Duration| Interval::from_nanos(value.whole_nanoseconds()),
    |value: Interval| {
        value.to_nanos()?;
        // It carries nanoseconds that point the other way than the seconds.
        Some(time::Duration::new(value.seconds, i32::try_from(value.nanos).ok()?))
    }
);
