//! Calendar dates, times and instants in the plain numbers that databases and date libraries agree on.
//!
//! These are not a date library: they carry a value between a driver and `jiff`, `chrono` or `time`, and know how to be
//! written as ISO text, which is how SQLite keeps them.

use std::fmt;

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Days since 1970-01-01; negative before.
    pub days: i32,
}

/// Nanoseconds since midnight, 0 to 86,399,999,999,999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    /// Nanoseconds since midnight.
    pub nanos: i64,
}

/// A date with a time of day and no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// The time of that day.
    pub time: Time,
}

/// An instant, as seconds and nanoseconds since 1970-01-01 00:00:00 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Whole seconds, rounded towards the past.
    pub seconds: i64,
    /// Nanoseconds past those seconds, 0 to 999,999,999.
    pub nanos: u32,
}

const NANOS_PER_SECOND: i64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// Nanoseconds in a day.
pub const NANOS_PER_DAY: i64 = SECONDS_PER_DAY * NANOS_PER_SECOND;

impl Date {
    /// The date of a year (−9999 to 9999), a month (1 to 12) and a day of that month; `None` when there is no such day.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(-9999..=9999).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        if day == 0 || day > days_in_month(year, month) {
            return None;
        }
        // Years are counted from March, so that the leap day is the last of its year.
        let year = i64::from(year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = i64::from((month + 9) % 12);
        let day_of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        i32::try_from(era * 146_097 + day_of_era - 719_468).ok().map(|days| Self { days })
    }

    /// Year, month (1 to 12) and day of month.
    #[must_use]
    pub fn ymd(self) -> (i32, u32, u32) {
        let days = i64::from(self.days) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        (narrow(year), narrow_unsigned(month), narrow_unsigned(day))
    }

    /// Reads `YYYY-MM-DD`; nothing else is a date.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = take_date(text.as_bytes())?;
        rest.is_empty().then_some(date)
    }
}

impl Time {
    /// The time of hours, minutes, seconds and nanoseconds; `None` outside a day. A leap second (60) is not taken.
    #[must_use]
    pub fn from_hms_nano(hour: u32, minute: u32, second: u32, nano: u32) -> Option<Self> {
        if hour > 23 || minute > 59 || second > 59 || nano > 999_999_999 {
            return None;
        }
        let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
        Some(Self { nanos: seconds * NANOS_PER_SECOND + i64::from(nano) })
    }

    /// Hours, minutes, seconds, nanoseconds.
    #[must_use]
    pub fn hms_nano(self) -> (u32, u32, u32, u32) {
        let seconds = self.nanos / NANOS_PER_SECOND;
        let nano = self.nanos % NANOS_PER_SECOND;
        (
            narrow_unsigned(seconds / 3_600),
            narrow_unsigned(seconds / 60 % 60),
            narrow_unsigned(seconds % 60),
            narrow_unsigned(nano),
        )
    }

    /// Reads `HH:MM[:SS[.fraction]]`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (time, rest) = take_time(text.as_bytes())?;
        rest.is_empty().then_some(time)
    }
}

impl DateTime {
    /// Reads `YYYY-MM-DD`, or that with a time after a space or `T`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = take_date(text.as_bytes())?;
        if rest.is_empty() {
            return Some(Self { date, time: Time { nanos: 0 } });
        }
        let (time, rest) = take_time(skip_separator(rest)?)?;
        rest.is_empty().then_some(Self { date, time })
    }

    /// The same clock reading taken as UTC.
    #[must_use]
    pub fn as_utc(self) -> Timestamp {
        Timestamp {
            seconds: i64::from(self.date.days) * SECONDS_PER_DAY + self.time.nanos / NANOS_PER_SECOND,
            nanos: narrow_unsigned(self.time.nanos % NANOS_PER_SECOND),
        }
    }
}

impl Timestamp {
    /// The clock reading in UTC; `None` outside the years −9999 to 9999 or so.
    #[must_use]
    pub fn to_utc(self) -> Option<DateTime> {
        let days = i32::try_from(self.seconds.div_euclid(SECONDS_PER_DAY)).ok()?;
        let nanos = self.seconds.rem_euclid(SECONDS_PER_DAY) * NANOS_PER_SECOND + i64::from(self.nanos);
        Some(DateTime { date: Date { days }, time: Time { nanos } })
    }

    /// Reads a date and time followed by `Z` or an offset `±HH[:MM]`; without one it is taken as UTC.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = take_date(text.as_bytes())?;
        if rest.is_empty() {
            return Some(DateTime { date, time: Time { nanos: 0 } }.as_utc());
        }
        let (time, rest) = take_time(skip_separator(rest)?)?;
        let utc = DateTime { date, time }.as_utc();
        let offset = take_offset(rest)?;
        Some(Self { seconds: utc.seconds - offset, nanos: utc.nanos })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        let sign = if year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{month:02}-{day:02}", year.unsigned_abs())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second, nano) = self.hms_nano();
        write!(f, "{hour:02}:{minute:02}:{second:02}")?;
        // Only whole groups of digits, so that text order is time order.
        if nano == 0 {
            Ok(())
        } else if nano % 1_000 == 0 {
            write!(f, ".{:06}", nano / 1_000)
        } else {
            write!(f, ".{nano:09}")
        }
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date, self.time)
    }
}

impl fmt::Display for Timestamp {
    /// `YYYY-MM-DD HH:MM:SS[.fraction]+00:00`: `+` sorts before `.`, so that text order is time order.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_utc() {
            Some(clock) => write!(f, "{clock}+00:00"),
            None => write!(f, "{}.{:09}s", self.seconds, self.nanos),
        }
    }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

fn take_date(text: &[u8]) -> Option<(Date, &[u8])> {
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    let (year, rest) = digits(text, 4)?;
    let (month, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-")?, 2)?;
    let year = i32::try_from(year).ok()?;
    Some((Date::from_ymd(if negative { -year } else { year }, month, day)?, rest))
}

fn take_time(text: &[u8]) -> Option<(Time, &[u8])> {
    let (hour, rest) = digits(text, 2)?;
    let (minute, rest) = digits(rest.strip_prefix(b":")?, 2)?;
    let Some(rest) = rest.strip_prefix(b":") else {
        return Some((Time::from_hms_nano(hour, minute, 0, 0)?, rest));
    };
    let (second, rest) = digits(rest, 2)?;
    let (nano, rest) = match rest.strip_prefix(b".") {
        Some(rest) => take_fraction(rest)?,
        None => (0, rest),
    };
    Some((Time::from_hms_nano(hour, minute, second, nano)?, rest))
}

fn take_fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if length == 0 || length > 9 {
        return None;
    }
    let (value, rest) = digits(text, length)?;
    let missing = u32::try_from(9 - length).ok()?;
    Some((value * 10_u32.pow(missing), rest))
}

fn take_offset(text: &[u8]) -> Option<i64> {
    let (sign, rest) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = digits(rest, 2)?;
    let (minutes, rest) = match rest.strip_prefix(b":").unwrap_or(rest) {
        [] => (0, &[][..]),
        rest => digits(rest, 2)?,
    };
    (rest.is_empty() && hours < 24 && minutes < 60).then(|| sign * (i64::from(hours) * 3_600 + i64::from(minutes) * 60))
}

fn skip_separator(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b' ' | b'T' | b't', rest @ ..] => Some(rest),
        _ => None,
    }
}

fn digits(text: &[u8], count: usize) -> Option<(u32, &[u8])> {
    let (head, rest) = text.split_at_checked(count)?;
    head.iter()
        .try_fold(0_u32, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0')))
        .map(|value| (value, rest))
}

fn narrow(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

fn narrow_unsigned(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_twenty_centuries_survives_its_text() {
        let first = Date::from_ymd(1, 1, 1).expect("a date").days;
        let last = Date::from_ymd(2100, 12, 31).expect("a date").days;
        for days in (first..=last).step_by(7) {
            let date = Date { days };
            assert_eq!(Date::parse(&date.to_string()), Some(date));
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in ["2023-02-29", "2023-13-01", "2023-00-10", "2023-1-1", "", "2023-01-01x", "1900-02-29"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
        assert!(Date::parse("2000-02-29").is_some());
    }

    #[test]
    fn text_order_is_time_order() {
        let base = DateTime::parse("2024-05-01 12:00:00").expect("a time").as_utc();
        let later = [0_u32, 1, 500_000_000, 500_000_001, 999_999_999]
            .map(|nanos| Timestamp { seconds: base.seconds, nanos }.to_string());
        assert!(later.is_sorted(), "{later:?}");
    }

    #[test]
    fn offsets_are_applied() {
        let utc = Timestamp::parse("2024-05-01T12:00:00Z");
        assert_eq!(Timestamp::parse("2024-05-01 14:30:00+02:30"), utc);
        assert_eq!(Timestamp::parse("2024-05-01 04:00:00-0800"), utc);
        assert_eq!(Timestamp::parse("2024-05-01 04:00:00-8"), None);
    }
}
