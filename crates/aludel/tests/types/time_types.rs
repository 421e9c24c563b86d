//! The `time` crate: its whole range, to the nanosecond.

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

use crate::column_type;

fn date(year: i32, month: Month, day: u8) -> Date {
    Date::from_calendar_date(year, month, day).expect("a date")
}

fn time(hour: u8, minute: u8, second: u8, nano: u32) -> Time {
    Time::from_hms_nano(hour, minute, second, nano).expect("a time")
}

fn instant(nanos: i128) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp_nanos(nanos).expect("an instant")
}

column_type!(
    dates,
    Date,
    ordered,
    [
        date(0, Month::January, 1),
        date(1969, Month::December, 31),
        date(2000, Month::February, 29),
        date(9999, Month::December, 31)
    ]
);
column_type!(
    times,
    Time,
    ordered,
    [Time::MIDNIGHT, time(0, 0, 0, 1), time(12, 0, 0, 1_000), time(23, 59, 59, 999_999_999)]
);
column_type!(
    clock_readings,
    PrimitiveDateTime,
    ordered,
    [
        PrimitiveDateTime::new(date(0, Month::January, 1), Time::MIDNIGHT),
        PrimitiveDateTime::new(date(9999, Month::December, 31), time(23, 59, 59, 999_999_999))
    ]
);
column_type!(
    instants,
    OffsetDateTime,
    ordered,
    [
        instant(-1_000_000_001),
        instant(-1),
        instant(0),
        // The same instant whatever the offset it is told in.
        instant(1).to_offset(UtcOffset::from_hms(5, 30, 0).expect("an offset")),
        instant(253_402_300_799_999_999_999)
    ]
);
column_type!(first_dates, Date, unordered, [date(-9999, Month::January, 1), date(-1, Month::December, 31)]);
