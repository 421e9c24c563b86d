//! Dates, times and instants, of this library and of others.

use aludel::{Date, DateTime, Time, Timestamp};

use crate::db::{Db, InMatrix};
use crate::{matrix, refusal};

fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn time(db: Db, hour: u32, minute: u32, second: u32, nanos: u32) -> Time {
    Time::from_hms_nano(hour, minute, second, db.fraction(nanos)).unwrap()
}

const FIRST: &str = "0001-01-01";
const LAST: &str = "9999-12-31";

matrix!(dates, Date, on [Sqlite, Postgres, MariaDb], ordered, |_| {
    [FIRST, "1582-10-10", "1969-12-31", "1970-01-01", "2000-02-29", LAST].map(date).to_vec()
});
matrix!(times, Time, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    vec![time(db, 0, 0, 0, 0), time(db, 0, 0, 0, 1_000), time(db, 12, 30, 15, 123_456_789), time(db, 23, 59, 59, 999_999_999)]
});
matrix!(clock_readings, DateTime, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    let at = |day, time| DateTime { date: date(day), time };
    vec![
        at(FIRST, time(db, 0, 0, 0, 0)),
        at("1969-12-31", time(db, 23, 59, 59, 999_999_999)),
        at("2024-03-31", time(db, 2, 30, 0, 1_000)),
        at(LAST, time(db, 23, 59, 59, 999_999_999)),
    ]
});
matrix!(instants, Timestamp, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    let at = |seconds, nanos| Timestamp { seconds, nanos: db.fraction(nanos) };
    vec![at(-62_135_596_800, 0), at(-1, 1_000), at(0, 0), at(1_700_000_000, 123_456_789), at(253_402_300_799, 999_999_999)]
});
matrix!(jiff_dates, jiff::civil::Date, on [Sqlite, Postgres, MariaDb], ordered, |_| {
    vec![jiff::civil::date(1, 1, 1), jiff::civil::date(1970, 1, 1), jiff::civil::Date::MAX]
});
matrix!(jiff_instants, jiff::Timestamp, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    let at = |seconds, nanos| jiff::Timestamp::new(seconds, i32::try_from(db.fraction(nanos)).unwrap()).unwrap();
    vec![at(-62_135_596_800, 0), at(0, 0), at(1_700_000_000, 123_456_789), at(253_402_207_200, 0)]
});
matrix!(chrono_instants, chrono::DateTime<chrono::Utc>, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    let at = |seconds, nanos| chrono::DateTime::from_timestamp(seconds, db.fraction(nanos)).unwrap();
    vec![at(-62_135_596_800, 0), at(-1, 999_999_999), at(0, 0), at(1_700_000_000, 123_456_789)]
});

/// Zero dates of MySQL are no dates.
#[test]
fn zero_dates() {
    use aludel::prelude::*;

    let database = Db::MariaDb.open();
    let engine = &database.engine;
    engine.execute(text("CREATE TABLE zeros (id INT PRIMARY KEY, day DATE, clock DATETIME)")).unwrap();
    engine.execute(text("SET SESSION sql_mode = ''")).unwrap();
    engine
        .execute(text(
            "INSERT IGNORE INTO zeros VALUES (1, '0000-00-00', '0000-00-00 00:00:00'), (2, '2024-02-00', '2024-00-01')",
        ))
        .unwrap();
    for row in ["SELECT day AS d FROM zeros WHERE id = 1", "SELECT day AS d FROM zeros WHERE id = 2"] {
        let message = engine.fetch_one(text(row)).and_then(|row| row.get::<Date>("d")).unwrap_err().to_string();
        assert!(message.contains("does not fit into a date") && message.contains("-00"), "{message}");
    }
    let message =
        engine.fetch_one(text("SELECT clock AS c FROM zeros WHERE id = 1")).map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("0000-00-00"), "{message}");
}

/// A leap second is no time that databases have in common: `chrono` writes one, and it is refused.
#[test]
fn leap_seconds() {
    let leap = || chrono::NaiveTime::from_hms_nano_opt(23, 59, 59, 1_500_000_000).unwrap();
    for db in crate::db::Db::ALL {
        for message in refusal!(db.open(), chrono::NaiveTime, leap()) {
            assert!(
                message.contains("refused.plain: 23:59:60.500 does not fit into a time without a leap second"),
                "{message}"
            );
        }
    }
}

/// Years outside of what a database has.
#[test]
fn years_out_of_range() {
    let before = || Date::from_ymd(-5, 1, 1).unwrap();
    for message in refusal!(Db::MariaDb.open(), Date, before()) {
        assert!(message.contains("refused.plain") && message.contains("years 0 to 9999"), "{message}");
    }
    let after = || Date { days: 4_000_000 };
    for message in refusal!(Db::Sqlite.open(), Date, after()) {
        assert!(message.contains("refused.plain") && message.contains("years -9999 to 9999"), "{message}");
    }
}

/// A wall clock in a zone and an instant are different things, whatever the server's zone is.
#[test]
fn the_sessions_zone_does_not_move_instants() {
    use aludel::prelude::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    struct Moment {
        #[column(primary_key)]
        id: i64,
        at: Timestamp,
        wall: DateTime,
    }
    let moment = || Moment {
        id: 1,
        at: Timestamp { seconds: 1_711_846_800, nanos: 0 },
        wall: DateTime::parse("2024-03-31 02:30:00").unwrap(),
    };
    for (db, zone) in [(Db::Postgres, "SET TIME ZONE 'Europe/Zurich'"), (Db::MariaDb, "SET time_zone = '+05:30'")] {
        let database = db.open();
        let engine = &database.engine;
        engine.create_all(schema![Moment]).unwrap();
        engine.execute(Moment::insert().row(moment())).unwrap();
        if db == Db::Postgres {
            engine.execute(text(zone)).unwrap();
        }
        assert_eq!(engine.fetch_one(Moment::select()).unwrap(), moment(), "{db:?}");
        assert_eq!(engine.fetch_one(Moment::select().filter(Moment::AT.eq(moment().at))).unwrap(), moment());
    }
}
