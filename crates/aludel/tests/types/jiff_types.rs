//! `jiff`: its whole range, to the nanosecond.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, date};

use crate::column_type;

column_type!(dates, Date, ordered, [date(0, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2000, 2, 29), Date::MAX]);
column_type!(
    times,
    Time,
    ordered,
    [Time::MIN, jiff::civil::time(12, 0, 0, 1_000), jiff::civil::time(12, 0, 0, 1_001), Time::MAX]
);
column_type!(
    clock_readings,
    DateTime,
    ordered,
    [
        date(0, 1, 1).at(0, 0, 0, 0),
        date(1969, 12, 31).at(23, 59, 59, 999_999_999),
        date(2024, 5, 1).at(0, 0, 0, 1),
        DateTime::MAX
    ]
);
column_type!(
    instants,
    Timestamp,
    ordered,
    [
        Timestamp::new(-1, -999_999_999).expect("an instant"),
        Timestamp::new(-1, 0).expect("an instant"),
        Timestamp::new(0, -1).expect("an instant"),
        Timestamp::UNIX_EPOCH,
        Timestamp::new(0, 1).expect("an instant"),
        Timestamp::MAX
    ]
);
column_type!(first_dates, Date, unordered, [Date::MIN, date(-1, 1, 1)]);
column_type!(first_clock_readings, DateTime, unordered, [DateTime::MIN, date(-1, 12, 31).at(23, 59, 59, 999_999_999)]);
column_type!(first_instants, Timestamp, unordered, [Timestamp::MIN]);
