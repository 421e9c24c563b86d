//! Lengths of time.

use std::time::Duration;

use aludel::Interval;

use crate::db::{Db, InMatrix};
use crate::{matrix, refusal};

fn interval(text: &str) -> Interval {
    Interval::parse(text).unwrap()
}

matrix!(intervals, Interval, on [Sqlite, Postgres, MariaDb], unordered, |db| {
    let mut texts = vec!["PT0S", "PT-1S", "PT0.000001S", "PT838H59M59.999999S", "PT-838H-59M-59.999999S"];
    match db {
        Db::Sqlite => texts.extend(["PT0.000000001S", "PT2562047H47M16.854775807S"]),
        Db::Postgres => {
            texts.extend(["P1M", "P1D", "PT24H", "P-1Y2M-3DT4H5M6.789S", "P178000000YT-1S", "P2147483647D"]);
            // PostgreSQL says that a month is 30 days and a day is 24 hours when it compares.
            texts.retain(|text| *text != "PT24H");
        }
        Db::MariaDb => {}
    }
    texts.into_iter().map(interval).collect()
});
matrix!(durations, Duration, on [Sqlite, Postgres, MariaDb], ordered, |_| {
    vec![Duration::ZERO, Duration::from_micros(1), Duration::from_millis(1_500), Duration::from_secs(838 * 3_600)]
});
matrix!(jiff_durations, jiff::SignedDuration, on [Sqlite, Postgres, MariaDb], ordered, |_| {
    vec![jiff::SignedDuration::from_hours(-800), jiff::SignedDuration::from_micros(-1), jiff::SignedDuration::ZERO, jiff::SignedDuration::from_secs(1)]
});
matrix!(chrono_durations, chrono::TimeDelta, on [Sqlite, Postgres, MariaDb], ordered, |_| {
    vec![chrono::TimeDelta::seconds(-5), chrono::TimeDelta::microseconds(-1), chrono::TimeDelta::zero(), chrono::TimeDelta::hours(800)]
});

#[test]
fn months_and_days_are_no_number_of_seconds() {
    for (db, name) in [(Db::Sqlite, "SQLite"), (Db::MariaDb, "MySQL")] {
        for text in ["P1M", "P1D"] {
            for message in refusal!(db.open(), Interval, interval(text)) {
                assert!(
                    message.contains("refused.plain") && message.contains(name) && message.contains("months"),
                    "{message}"
                );
            }
        }
    }
    for message in refusal!(Db::MariaDb.open(), Duration, Duration::from_secs(839 * 3_600)) {
        assert!(message.contains("refused.plain") && message.contains("838:59:59"), "{message}");
    }
    for message in refusal!(Db::Postgres.open(), Duration, Duration::MAX) {
        assert!(message.contains("refused.plain") && message.contains("does not fit into an interval"), "{message}");
    }
}

/// A length of time is read as what holds it.
#[test]
fn what_does_not_hold_an_interval() {
    use aludel::prelude::*;

    let database = Db::Postgres.open();
    let row =
        database.engine.fetch_one(text("SELECT INTERVAL '1 month' AS month, INTERVAL '-1 second' AS back")).unwrap();
    assert!(
        row.get::<Duration>("month").unwrap_err().to_string().contains("P1M does not fit into std::time::Duration")
    );
    assert!(
        row.get::<Duration>("back").unwrap_err().to_string().contains("PT-1S does not fit into std::time::Duration")
    );
    let span: jiff::Span = row.get("month").unwrap();
    assert_eq!(span.get_months(), 1);
}

/// Sums of lengths of time are lengths of time.
#[test]
fn sums() {
    use aludel::prelude::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    struct Lap {
        #[column(primary_key)]
        id: i64,
        time: Duration,
    }
    for db in [Db::Sqlite, Db::Postgres] {
        let database = db.open();
        database.engine.create_all(schema![Lap]).unwrap();
        let laps = (1..=3).map(|id| Lap { id, time: Duration::from_millis(1_000 + u64::try_from(id).unwrap()) });
        database.engine.insert(Lap::insert().rows(laps)).unwrap();
        let total = database.engine.fetch_one(select(func::sum(Lap::TIME))).unwrap();
        assert_eq!(total, Some(Duration::from_millis(3_006)), "{db:?}");
    }
}
