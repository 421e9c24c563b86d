//! `jiff`'s civil types, instants, durations and spans.

use jiff::{SignedDuration, Span, civil};

use super::duration::through_interval;
use crate::interval::Interval;
use crate::temporal::{Date, DateTime, NANOS_PER_DAY, Time, Timestamp};
use crate::types::SqlType;
use crate::{Decode, Encode, Fault, ParamSink, RowRef, Value, scalar};

scalar!(civil::Date, SqlType::Date);
scalar!(civil::Time, SqlType::Time);
scalar!(civil::DateTime, SqlType::DateTime);
scalar!(jiff::Timestamp, SqlType::Timestamp);
scalar!(SignedDuration, SqlType::Interval);
scalar!(Span, SqlType::Interval);

fn date(value: civil::Date) -> Date {
    // Days are counted by jiff itself: its range is narrower than ours.
    let epoch = civil::date(1970, 1, 1);
    Date { days: epoch.until(value).map_or(0, |span| span.get_days()) }
}

fn time(value: civil::Time) -> Time {
    let seconds = i64::from(value.hour()) * 3_600 + i64::from(value.minute()) * 60 + i64::from(value.second());
    Time { nanos: seconds * 1_000_000_000 + i64::from(value.subsec_nanosecond()) }
}

fn to_date(value: Date) -> Option<civil::Date> {
    let (year, month, day) = value.ymd();
    civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn to_time(value: Time) -> Option<civil::Time> {
    if !(0..NANOS_PER_DAY).contains(&value.nanos) {
        return None;
    }
    let (hour, minute, second, nano) = value.hms_nano();
    let part = |value: u32| i8::try_from(value).ok();
    civil::Time::new(part(hour)?, part(minute)?, part(second)?, i32::try_from(nano).ok()?).ok()
}

macro_rules! through {
    ($type:ty, $variant:ident, $method:ident, $out:expr, $back:expr, $wanted:literal) => {
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

through!(civil::Date, Date, date, date, to_date, "jiff::civil::Date");
through!(civil::Time, Time, time, time, to_time, "jiff::civil::Time");
through!(
    civil::DateTime,
    DateTime,
    datetime,
    |value: civil::DateTime| DateTime { date: date(value.date()), time: time(value.time()) },
    |value: DateTime| Some(civil::DateTime::from_parts(to_date(value.date)?, to_time(value.time)?)),
    "jiff::civil::DateTime"
);
through!(
    jiff::Timestamp,
    Timestamp,
    timestamp,
    |value: jiff::Timestamp| {
        // jiff lets both parts be negative; ours counts nanoseconds forward from whole seconds.
        let (seconds, nanos) = (value.as_second(), value.subsec_nanosecond());
        let borrow = i64::from(nanos < 0);
        Timestamp {
            seconds: seconds - borrow,
            nanos: u32::try_from(i64::from(nanos) + borrow * 1_000_000_000).unwrap_or(0),
        }
    },
    |value: Timestamp| jiff::Timestamp::new(value.seconds, i32::try_from(value.nanos).ok()?).ok(),
    "jiff::Timestamp"
);

through_interval!(
    SignedDuration,
    "jiff::SignedDuration (without months or days)",
    |value: SignedDuration| Interval::from_nanos(value.as_nanos()),
    |value: Interval| {
        value.to_nanos()?;
        // It carries nanoseconds that point the other way than the seconds.
        Some(SignedDuration::new(value.seconds, i32::try_from(value.nanos).ok()?))
    }
);
through_interval!(Span, "jiff::Span (whose parts have one sign)", from_span, to_span);

/// Years become months, weeks become days, and hours and less become seconds: a span that comes back has no years, weeks,
/// hours and minutes.
#[allow(clippy::needless_pass_by_value, reason = "a `Copy` type, as the other conversions take theirs")]
fn from_span(span: Span) -> Option<Interval> {
    let months = i32::from(span.get_years()) * 12 + span.get_months();
    let days = span.get_weeks() * 7 + span.get_days();
    let seconds = i64::from(span.get_hours()) * 3_600 + span.get_minutes() * 60 + span.get_seconds();
    let micros = span.get_milliseconds() * 1_000 + span.get_microseconds();
    let nanos = i128::from(seconds) * 1_000_000_000 + i128::from(micros) * 1_000 + i128::from(span.get_nanoseconds());
    Some(Interval { months, days, ..Interval::from_nanos(nanos)? })
}

fn to_span(value: Interval) -> Option<Span> {
    let nanos = value.time_nanos();
    let (seconds, nanos) = (i64::try_from(nanos / 1_000_000_000).ok()?, i64::try_from(nanos % 1_000_000_000).ok()?);
    // A span takes the sign of any negative part for all of them.
    let signs = [i64::from(value.months), i64::from(value.days), seconds, nanos].map(i64::signum);
    if signs.contains(&1) && signs.contains(&-1) {
        return None;
    }
    let span = Span::new().try_months(value.months).ok()?.try_days(value.days).ok()?;
    span.try_seconds(seconds).ok()?.try_nanoseconds(nanos).ok()
}
