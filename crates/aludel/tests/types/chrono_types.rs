//! `chrono`: the years −9999 to 9999, to the nanosecond.

use aludel::blocking::Engine;
use aludel::prelude::*;
use chrono::{DateTime as Instant, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::column_type;

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

fn time(hour: u32, minute: u32, second: u32, nano: u32) -> NaiveTime {
    NaiveTime::from_hms_nano_opt(hour, minute, second, nano).expect("a time")
}

fn instant(seconds: i64, nanos: u32) -> Instant<Utc> {
    Instant::from_timestamp(seconds, nanos).expect("an instant")
}

column_type!(
    dates,
    NaiveDate,
    ordered,
    [date(0, 1, 1), date(1969, 12, 31), date(1970, 1, 1), date(2000, 2, 29), date(9999, 12, 31)]
);
column_type!(
    times,
    NaiveTime,
    ordered,
    [time(0, 0, 0, 0), time(0, 0, 0, 1), time(12, 0, 0, 0), time(23, 59, 59, 999_999_999)]
);
column_type!(
    clock_readings,
    NaiveDateTime,
    ordered,
    [
        date(0, 1, 1).and_time(time(0, 0, 0, 0)),
        date(1969, 12, 31).and_time(time(23, 59, 59, 999_999_999)),
        date(9999, 12, 31).and_time(time(23, 59, 59, 999_999_999))
    ]
);
column_type!(
    instants,
    Instant<Utc>,
    ordered,
    [instant(-1, 1), instant(0, 0), instant(0, 1), instant(253_402_300_799, 999_999_999)]
);
column_type!(first_dates, NaiveDate, unordered, [date(-9999, 1, 1), date(-1, 12, 31)]);

#[test]
fn what_no_text_stands_for_is_refused() {
    #[derive(Entity)]
    struct Day {
        #[column(primary_key)]
        id: i64,
        day: NaiveDate,
        time: NaiveTime,
    }
    let engine = Engine::connect("sqlite::memory:").expect("an engine");
    engine.create_all(schema![Day]).expect("a table");
    let noon = time(12, 0, 0, 0);
    let insert = |day, time| {
        let one =
            engine.execute(Day::insert().row(Day::build().day(day).time(time))).expect_err("too large").to_string();
        let many =
            engine.insert(Day::insert().rows([Day::build().day(day).time(time)])).expect_err("too large").to_string();
        [one, many]
    };
    for message in insert(NaiveDate::MAX, noon) {
        assert!(
            message
                .starts_with("parameter 1, day.day: +262142-12-31 does not fit into a date of the years -9999 to 9999"),
            "{message}"
        );
    }
    for message in insert(date(2016, 12, 31), time(23, 59, 59, 1_500_000_000)) {
        assert!(
            message.starts_with("parameter 2, day.time: 23:59:60.500 does not fit into a time without a leap second"),
            "{message}"
        );
    }
}
