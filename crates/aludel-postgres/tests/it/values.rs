//! Values of each type, there and back: the first time as text, later in binary.

use aludel::prelude::*;
use aludel::{Date, DateTime, Decimal, Decode, Encode, SqlTyped, Time, Timestamp, Value};

use crate::support::engine;

/// Sends the value three times for a parameter of this type, and reads it back.
async fn there_and_back<T>(engine: &Engine, sql_type: &str, values: &[T])
where
    T: SqlTyped + Encode + Decode + FromRow + Clone + PartialEq + std::fmt::Debug + Send + 'static,
{
    let mut connection = engine.acquire().await.unwrap();
    for round in 0..3 {
        for value in values {
            let query = text(format!("SELECT :value::{sql_type}")).bind("value", value.clone()).rows_as::<T>();
            let found = connection.fetch_one(query).await;
            let found = found.unwrap_or_else(|error| panic!("{sql_type} {value:?} in round {round}: {error}"));
            assert_eq!(found, *value, "{sql_type} in round {round}");
        }
    }
}

#[tokio::test]
async fn plain_types() {
    let (engine, _database) = engine().await;
    there_and_back(&engine, "bool", &[true, false]).await;
    there_and_back(&engine, "int2", &[i16::MIN, -1, 0, i16::MAX]).await;
    there_and_back(&engine, "int4", &[i32::MIN, -1, 0, i32::MAX]).await;
    there_and_back(&engine, "int8", &[i64::MIN, -1, 0, i64::MAX]).await;
    there_and_back(&engine, "float4", &[f32::MIN, -0.1, 0.0, 1.5e-30, f32::MAX, f32::INFINITY]).await;
    there_and_back(&engine, "float8", &[f64::MIN, -0.1, 0.0, 5e-324, f64::MAX, f64::NEG_INFINITY]).await;
    for sql_type in ["text", "varchar", "bpchar", "name"] {
        let values = ["", "a", "ä€😀", "a\"b\\c,{}'NULL"].map(ToOwned::to_owned);
        there_and_back(&engine, sql_type, &values).await;
    }
    there_and_back(&engine, "bytea", &[vec![], vec![0, 1, 255], b"\\x41".to_vec()]).await;
    let days = ["2000-01-01", "1999-12-31", "0001-01-01", "9999-12-31", "-0043-03-15", "-4000-01-01"];
    there_and_back(&engine, "date", &days.map(|day| Date::parse(day).unwrap())).await;
    let times = ["00:00:00", "23:59:59.999999", "12:34:56"].map(|time| Time::parse(time).unwrap());
    there_and_back(&engine, "time", &times).await;
    let both = ["2000-01-01 00:00:00", "1969-12-31 23:59:59.999999", "-0043-03-15 12:00:00", "9999-12-31 23:59:59"];
    there_and_back(&engine, "timestamp", &both.map(|both| DateTime::parse(both).unwrap())).await;
    let instants = both.map(|both| DateTime::parse(both).unwrap().as_utc());
    there_and_back(&engine, "timestamptz", &instants).await;
}

#[tokio::test]
async fn decimals() {
    let (engine, _database) = engine().await;
    let texts = [
        "0",
        "0.00",
        "1",
        "-1",
        "10000",
        "0.0001",
        "0.00001",
        "-123456789012345678901234567890.12345678",
        "9999.9999",
        "170141183460469231731687303715884105727",
        "1.70141183460469231731687303715884105727",
    ];
    let mut values = texts.map(|text| Decimal::parse(text).unwrap()).to_vec();
    values.push(Decimal::new(i128::MIN, 5));
    there_and_back(&engine, "numeric", &values).await;
    let far = text("SELECT 1e40::numeric").rows_as::<Decimal>();
    assert!(engine.fetch_one(far).await.unwrap_err().to_string().contains("does not fit into a decimal of 128 bits"));
    let none = text("SELECT 'NaN'::numeric").rows_as::<Decimal>();
    assert!(engine.fetch_one(none).await.unwrap_err().to_string().contains("NaN"));
    // Sums of 64-bit integers are decimals there.
    let sum = text("SELECT sum(n) FROM (VALUES (1::int8), (2)) AS v(n)").rows_as::<i64>();
    assert_eq!(engine.fetch_one(sum).await.unwrap(), 3);
    let average = text("SELECT avg(n) FROM (VALUES (1), (2)) AS v(n)").rows_as::<f64>();
    assert!((engine.fetch_one(average).await.unwrap() - 1.5).abs() < 1e-12);
}

#[tokio::test]
async fn what_has_no_value_here_is_told() {
    let (engine, _database) = engine().await;
    for (sql, expected) in [
        ("SELECT 'infinity'::date", "the database's infinity does not fit into a date"),
        ("SELECT '-infinity'::timestamptz", "the database's -infinity does not fit into a date and time"),
        ("SELECT '24:00'::time", "24:00:00 does not fit into a time of one day"),
    ] {
        let error = engine.fetch_one(text(sql).rows_as::<Value>()).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let mut connection = engine.acquire().await.unwrap();
    for round in 0..2 {
        let query = text("SELECT :n::int2").bind("n", 70_000_i64).rows_as::<i64>();
        let error = connection.fetch_one(query).await.unwrap_err().to_string();
        assert!(error.contains("70000") || error.contains("smallint out of range"), "{round}: {error}");
    }
    let _: Timestamp = DateTime::parse("2000-01-01 00:00:00").unwrap().as_utc();
}

#[tokio::test]
async fn types_that_are_not_built_in() {
    let (engine, _database) = engine().await;
    let sql = "CREATE TYPE mood AS ENUM ('sad', 'so so', 'happy'); CREATE DOMAIN age AS int4 CHECK (VALUE < 200);
               CREATE DOMAIN calm AS mood; CREATE TYPE pair AS (a int, b text)";
    engine.acquire().await.unwrap().batch(sql).await.unwrap();
    // Each on a connection that has never met them, and again.
    for _ in 0..2 {
        let found = engine.fetch_one(text("SELECT 'so so'::mood").rows_as::<String>()).await.unwrap();
        assert_eq!(found, "so so");
        let found = engine.fetch_one(text("SELECT :m::mood").bind("m", "happy".to_owned()).rows_as::<String>());
        assert_eq!(found.await.unwrap(), "happy");
        let list =
            engine.fetch_one(text("SELECT ARRAY['sad', NULL, 'happy']::mood[]").rows_as::<Value>()).await.unwrap();
        assert_eq!(format!("{list:?}"), "['sad', NULL, 'happy']");
        assert_eq!(engine.fetch_one(text("SELECT 5::age").rows_as::<i32>()).await.unwrap(), 5);
        let list = engine.fetch_one(text("SELECT ARRAY[1, 2]::age[]").rows_as::<Value>()).await.unwrap();
        assert_eq!(format!("{list:?}"), "[1, 2]");
        assert_eq!(engine.fetch_one(text("SELECT 'sad'::calm").rows_as::<String>()).await.unwrap(), "sad");
        let error = engine.fetch_one(text("SELECT (1, 'a')::pair").rows_as::<String>()).await.unwrap_err().to_string();
        assert!(error.contains("a value of type pair"), "{error}");
        let mut stream = engine.stream(text("SELECT 'sad'::mood FROM generate_series(1, 3)").rows_as::<String>());
        while let Some(mood) = stream.next().await {
            assert_eq!(mood.unwrap(), "sad");
        }
    }
}
