//! Aludel's own dates and times.

use aludel::{Date, DateTime, Time, Timestamp};

use crate::column_type;

fn date(year: i32, month: u32, day: u32) -> Date {
    Date::from_ymd(year, month, day).expect("a date")
}

fn time(hour: u32, minute: u32, second: u32, nano: u32) -> Time {
    Time::from_hms_nano(hour, minute, second, nano).expect("a time")
}

column_type!(
    dates,
    Date,
    ordered,
    [date(0, 1, 1), date(1, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2000, 2, 29), date(9999, 12, 31)]
);
column_type!(
    times,
    Time,
    ordered,
    [
        time(0, 0, 0, 0),
        time(0, 0, 0, 1),
        time(0, 0, 0, 1_000),
        time(12, 0, 0, 0),
        time(12, 0, 0, 500_000_000),
        time(12, 0, 0, 500_000_001),
        time(23, 59, 59, 999_999_999)
    ]
);
column_type!(
    clock_readings,
    DateTime,
    ordered,
    [
        DateTime { date: date(0, 1, 1), time: time(0, 0, 0, 0) },
        DateTime { date: date(1969, 12, 31), time: time(23, 59, 59, 999_999_999) },
        DateTime { date: date(1970, 1, 1), time: time(0, 0, 0, 0) },
        DateTime { date: date(2024, 5, 1), time: time(12, 0, 0, 0) },
        DateTime { date: date(2024, 5, 1), time: time(12, 0, 0, 1) },
        DateTime { date: date(9999, 12, 31), time: time(23, 59, 59, 999_999_999) }
    ]
);
column_type!(
    instants,
    Timestamp,
    ordered,
    [
        Timestamp { seconds: -62_167_219_200, nanos: 0 },
        Timestamp { seconds: -1, nanos: 1 },
        Timestamp { seconds: -1, nanos: 999_999_999 },
        Timestamp { seconds: 0, nanos: 0 },
        Timestamp { seconds: 0, nanos: 500_000_000 },
        Timestamp { seconds: 0, nanos: 500_000_001 },
        Timestamp { seconds: 253_402_300_799, nanos: 999_999_999 }
    ]
);
// The text of years before 0 has no order.
column_type!(
    before_year_zero,
    DateTime,
    unordered,
    [
        DateTime { date: date(-9999, 1, 1), time: time(0, 0, 0, 0) },
        DateTime { date: date(-44, 3, 15), time: time(9, 30, 0, 1) },
        DateTime { date: date(-1, 12, 31), time: time(23, 59, 59, 0) }
    ]
);
