//! Dates and times as the database counts them: days and microseconds since 2000.

use aludel_core::{Date, DateTime, Fault, Interval, NANOS_PER_DAY, Time, Timestamp};

/// Days from 1970 to 2000.
const DAYS: i32 = 10_957;
const SECONDS: i64 = 10_957 * 86_400;
const MICROS: i64 = 1_000_000;

/// Days since 2000. None beyond the range, and for the numbers that mean infinity.
pub(crate) fn date_number(value: Date) -> Option<i32> {
    value.days.checked_sub(DAYS).filter(|days| *days != i32::MAX && *days != i32::MIN)
}

/// Microseconds since midnight, what is below them cut off.
pub(crate) fn time_micros(value: Time) -> Result<i64, Fault> {
    if (0..NANOS_PER_DAY).contains(&value.nanos) {
        return Ok(value.nanos / 1_000);
    }
    Err(Fault::out_of_range("a time of one day", format!("{} ns after midnight", value.nanos)))
}

/// Microseconds since 2000, what is below them cut off towards the past.
pub(crate) fn timestamp_micros(value: Timestamp) -> Option<i64> {
    let micros = value.seconds.checked_sub(SECONDS)?.checked_mul(MICROS)?;
    micros.checked_add(i64::from(value.nanos / 1_000)).filter(|micros| *micros != i64::MAX && *micros != i64::MIN)
}

/// The part of an interval that is counted in microseconds, what is below them cut off towards the past.
pub(crate) fn interval_micros(value: Interval) -> Result<i64, Fault> {
    i64::try_from(value.time_nanos().div_euclid(1_000))
        .map_err(|_| Fault::out_of_range("an interval of PostgreSQL (292,471 years)", value.to_string()))
}

/// An interval of so many microseconds, days and months.
pub(crate) fn interval_of(micros: i64, days: i32, months: i32) -> Interval {
    Interval {
        months,
        days,
        seconds: micros.div_euclid(MICROS),
        nanos: u32::try_from(micros.rem_euclid(MICROS) * 1_000).unwrap_or(0),
    }
}

pub(crate) fn date_of(days: i32) -> Result<Date, Fault> {
    match days {
        i32::MAX => Err(infinite("infinity", "a date")),
        i32::MIN => Err(infinite("-infinity", "a date")),
        _ => match days.checked_add(DAYS) {
            Some(days) => Ok(Date { days }),
            None => Err(Fault::out_of_range("a date", format!("day {days} since 2000"))),
        },
    }
}

pub(crate) fn time_of(micros: i64) -> Result<Time, Fault> {
    match micros.checked_mul(1_000) {
        Some(nanos) if (0..NANOS_PER_DAY).contains(&nanos) => Ok(Time { nanos }),
        Some(NANOS_PER_DAY) => Err(Fault::out_of_range("a time of one day", "24:00:00")),
        _ => Err(Fault::out_of_range("a time of one day", format!("{micros} µs after midnight"))),
    }
}

pub(crate) fn timestamp_of(micros: i64) -> Result<Timestamp, Fault> {
    match micros {
        i64::MAX => Err(infinite("infinity", "a date and time")),
        i64::MIN => Err(infinite("-infinity", "a date and time")),
        _ => Ok(Timestamp {
            seconds: micros.div_euclid(MICROS) + SECONDS,
            nanos: u32::try_from(micros.rem_euclid(MICROS) * 1_000).unwrap_or(0),
        }),
    }
}

pub(crate) fn datetime_of(micros: i64) -> Result<DateTime, Fault> {
    let instant = timestamp_of(micros)?;
    instant.to_utc().ok_or_else(|| Fault::out_of_range("a date and time", format!("{micros} µs since 2000")))
}

#[cold]
fn infinite(which: &str, wanted: &str) -> Fault {
    Fault::out_of_range(wanted, format!("the database's {which}"))
}
