//! What is peculiar to MySQL's values; the matrix of all types stands elsewhere.

use aludel::prelude::*;
use aludel::{Date, DateTime, Decimal, Fault, RowRef, Time, Timestamp, Value};

use crate::support::{blocking_engine, engine};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "days")]
struct Day {
    #[column(primary_key)]
    id: i64,
    day: Option<Date>,
    moment: Option<DateTime>,
    instant: Option<Timestamp>,
    clock: Option<Time>,
}

const DAYS: &str =
    "CREATE TABLE days (id BIGINT PRIMARY KEY, day DATE, moment DATETIME(6), instant TIMESTAMP(6) NULL, clock TIME(6))";

#[test]
fn dates_and_times_to_the_microsecond() {
    let (engine, _database) = blocking_engine();
    engine.acquire().unwrap().batch(DAYS).unwrap();
    let moments =
        ["1000-01-01 00:00:00", "1999-12-31 23:59:59.999999", "2024-02-29 12:30:00.000001", "9999-12-31 23:59:59.5"];
    let days: Vec<Day> = (1_i64..)
        .zip(moments)
        .map(|(id, moment)| {
            let moment = DateTime::parse(moment).unwrap();
            let instant = (id == 3).then(|| moment.as_utc());
            Day { id, day: Some(moment.date), moment: Some(moment), instant, clock: Some(moment.time) }
        })
        .collect();
    engine.insert(Day::insert().rows(days.clone())).unwrap();
    engine.insert(Day::insert().rows([Day { id: 9, day: None, moment: None, instant: None, clock: None }])).unwrap();
    let found = engine.fetch_all(Day::select().filter(Day::ID.lt(9)).order_by(Day::ID)).unwrap();
    assert_eq!(found, days);
    for day in &days {
        let found = engine.fetch_one(select(Day::ID).filter(Day::MOMENT.eq(day.moment.unwrap())));
        assert_eq!(found.unwrap(), day.id);
        let found =
            engine.fetch_one(select(Day::ID).filter(Day::CLOCK.eq(day.clock.unwrap())).order_by(Day::ID).limit(1));
        assert!(found.is_ok());
    }
    let empty = engine.fetch_one(Day::select().filter(Day::ID.eq(9))).unwrap();
    assert_eq!(empty.day, None);
}

#[tokio::test]
async fn what_is_no_date_is_named() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    connection.batch(DAYS).await.unwrap();
    // As a program with other settings leaves it.
    connection.batch("SET sql_mode = ''; INSERT INTO days VALUES (1, '0000-00-00', '2024-00-10 10:00:00', NULL, '-12:00:00'), (2, '2024-02-03', NULL, NULL, '100:00:00')").await.unwrap();
    for (id, column, found) in [(1, "day", "0000-00-00"), (2, "clock", "100:00:00")] {
        let error = connection.fetch_one(Day::select().filter(Day::ID.eq(id))).await.unwrap_err().to_string();
        assert!(error.contains(&format!("days.{column}")) && error.contains(found), "{error}");
    }
    let moment = text("SELECT moment FROM days WHERE id = 1");
    let error = connection.fetch_scalar::<Anything>(moment).await.unwrap_err().to_string();
    assert!(error.contains("moment") && error.contains("2024-00-10"), "{error}");
    // What is no time of day is a length of time to whoever does not ask for the one.
    let clock = connection.fetch_scalar::<Anything>(text("SELECT clock FROM days WHERE id = 1")).await.unwrap();
    assert!(matches!(clock.0, Value::Interval(_)), "{clock:?}");
    assert_eq!(connection.fetch_one(select(value(1))).await.unwrap(), 1);
}

/// A value as it is.
#[derive(Debug)]
struct Anything(Value);

impl aludel::Decode for Anything {
    fn decode(row: &dyn RowRef, index: usize) -> std::result::Result<Self, Fault> {
        row.value(index).map(Self).map_err(|fault| fault.at(index))
    }
}

#[test]
fn types_that_others_do_not_have() {
    let (engine, _database) = blocking_engine();
    let mut connection = engine.acquire().unwrap();
    connection
        .batch(
            "CREATE TABLE odd (b BIT(20), y YEAR, e ENUM('small', 'large'), s SET('a', 'b', 'c'), j JSON, u UUID, \
             tiny TINYINT UNSIGNED, huge BIGINT UNSIGNED, d DECIMAL(10, 3)); \
             INSERT INTO odd VALUES (b'10000000000000000001', 2024, 'large', 'a,c', '{\"x\": 1}', \
             '123e4567-e89b-12d3-a456-426655440000', 255, 18446744073709551615, -1234.5)",
        )
        .unwrap();
    let row = connection.fetch_one(text("SELECT * FROM odd")).unwrap();
    assert_eq!(row.get::<i64>("y").unwrap(), 2024);
    assert_eq!(row.get::<String>("e").unwrap(), "large");
    assert_eq!(row.get::<String>("s").unwrap(), "a,c");
    assert_eq!(row.get::<String>("j").unwrap(), "{\"x\": 1}");
    assert_eq!(row.get::<i64>("tiny").unwrap(), 255);
    assert_eq!(row.value_of("huge"), Some(&Value::Uint(u64::MAX)));
    assert_eq!(row.get::<Decimal>("d").unwrap(), Decimal::parse("-1234.500").unwrap());
    let bits: i64 = connection.fetch_scalar(text("SELECT b FROM odd")).unwrap();
    assert_eq!(bits, 524_289);
    let error = connection.fetch_scalar::<i64>(text("SELECT huge FROM odd")).unwrap_err().to_string();
    assert!(error.contains("18446744073709551615"), "{error}");
    // Sums are decimals there, and whole numbers all the same.
    assert_eq!(connection.fetch_scalar::<i64>(text("SELECT sum(tiny) FROM odd")).unwrap(), 255);
    assert_eq!(connection.fetch_scalar::<f64>(text("SELECT avg(tiny) FROM odd")).unwrap(), 255.0);
    for wrong in ["SELECT e + 0.5 FROM odd", "SELECT e FROM odd", "SELECT NULL"] {
        assert!(connection.fetch_scalar::<i64>(text(wrong)).is_err(), "{wrong}");
    }
    for wrong in [f64::NAN, f64::INFINITY] {
        let error = connection.fetch_scalar::<f64>(text("SELECT :x").bind("x", wrong)).unwrap_err().to_string();
        assert!(error.contains("finite"), "{error}");
    }
}
