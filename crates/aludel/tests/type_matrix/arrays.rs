//! Arrays: PostgreSQL has them, the others refuse.

use aludel::{Date, Decimal, Interval, Json, Timestamp};
use uuid::Uuid;

use crate::db::{Db, InMatrix};
use crate::matrix;

matrix!(of_longs, Vec<i64>, on [Postgres] or "the array type BIGINT[]", ordered, |_| {
    vec![vec![], vec![i64::MIN], vec![0], vec![0, 1], vec![i64::MAX; 1_000]]
});
matrix!(of_texts, Vec<String>, on [Postgres] or "the array type TEXT[]", unordered, |_| {
    let texts = ["", "NULL", "null", "{}", "a,b", "\"q\"", "\\", " spaces ", "é🦀", "line\nbreak"].map(str::to_owned);
    vec![vec![], vec![String::new()], texts.to_vec()]
});
matrix!(of_maybe, Vec<Option<i32>>, on [Postgres] or "the array type INTEGER[]", unordered, |_| {
    vec![vec![], vec![None], vec![Some(1), None, Some(-1)], vec![Some(5)]]
});
matrix!(of_maybe_texts, Vec<Option<String>>, on [Postgres] or "the array type TEXT[]", unordered, |_| {
    vec![vec![None], vec![Some("NULL".to_owned()), None], vec![Some(String::new())]]
});
matrix!(of_booleans, Vec<bool>, on [Postgres] or "the array type", unordered, |_| vec![vec![], vec![true, false]]);
matrix!(of_shorts, Vec<i16>, on [Postgres] or "the array type SMALLINT[]", unordered, |_| vec![vec![1, -1], vec![]]);
matrix!(of_doubles, Vec<f64>, on [Postgres] or "the array type", unordered, |_| vec![vec![0.1, f64::MAX], vec![]]);
matrix!(of_bytes, Vec<Vec<u8>>, on [Postgres] or "the array type BLOB[]", unordered, |_| {
    vec![vec![], vec![vec![]], vec![vec![0, 255], vec![1]]]
});
matrix!(of_uuids, Vec<Uuid>, on [Postgres] or "the array type", unordered, |_| vec![vec![], vec![Uuid::nil(), Uuid::max()]]);
matrix!(of_dates, Vec<Date>, on [Postgres] or "the array type DATE[]", unordered, |_| {
    vec![vec![], vec![Date { days: -1 }, Date { days: 0 }]]
});
matrix!(of_instants, Vec<Timestamp>, on [Postgres] or "the array type", unordered, |_| {
    vec![vec![], vec![Timestamp { seconds: -5, nanos: 1_000 }]]
});
matrix!(of_decimals, Vec<Decimal>, on [Postgres] or "the array type NUMERIC", unordered, |_| {
    vec![vec![], vec![Decimal::new(150, 2), Decimal::new(-1, 0)]]
});
matrix!(of_intervals, Vec<Interval>, on [Postgres] or "the array type", unordered, |_| {
    vec![vec![], vec![Interval { months: 1, days: -2, seconds: 3, nanos: 4_000 }]]
});
matrix!(of_documents, Vec<Json<Vec<u8>>>, on [Postgres] or "the array type JSON[]", unordered, |_| {
    vec![vec![], vec![Json(vec![]), Json(vec![1, 2])]]
});

/// `Vec<Vec<T>>` is no column. Values that are known at run time may be lists of lists.
#[test]
fn of_more_dimensions() {
    use aludel::prelude::*;
    use aludel::{Row, SqlType, Value};

    let database = Db::Postgres.open();
    let engine = &database.engine;
    engine.execute(text("CREATE TABLE grid (id int8 PRIMARY KEY, cells int4[3][2], words text[][][])")).unwrap();
    let grid = <aludel::Table as ReflectTable>::reflect(engine, "grid").unwrap();
    // PostgreSQL keeps no dimensions: `int4[3][2]` is `int4[]`, and any array goes in.
    let types: Vec<&SqlType> = grid.definition().columns.iter().map(|column| &column.sql_type).collect();
    assert!(matches!(types[1..], [SqlType::Array(_), SqlType::Array(_)]), "{types:?}");

    let list = |values: Vec<Value>| Value::List(values.into());
    let ints = |values: &[i64]| list(values.iter().map(|value| Value::Int(*value)).collect());
    let cells = || list(vec![ints(&[1, 2]), ints(&[3, 4]), list(vec![Value::Null, Value::Int(-6)])]);
    let words = |word: &str| list(vec![Value::Text(word.into()), Value::Null]);
    let words = || list(vec![list(vec![words("a,\"b\""), words("{}")]), list(vec![words("NULL"), words("\\")])]);
    for id in 1..=2 {
        // At first the server does not know the statement, and then it does.
        let insert = grid.insert().set("id", id).set_value("cells", cells()).set_value("words", words());
        assert_eq!(engine.execute(insert).unwrap(), 1);
    }
    for (first, last) in [(10, 12), (20, 50), (100, 300)] {
        let rows = (first..=last).map(|id| match id % 2 {
            0 => vec![Value::Int(id), cells(), words()],
            _ => vec![Value::Int(id), ints(&[5]), Value::Null],
        });
        engine.insert(grid.insert().rows(["id", "cells", "words"], rows)).unwrap();
    }
    let rows: Vec<Row> = engine.fetch_all(grid.select()).unwrap();
    assert_eq!(rows.len(), 2 + 3 + 31 + 201);
    for row in rows {
        let id: i64 = row.get("id").unwrap();
        let found = (row.get::<Value>("cells").unwrap(), row.get::<Value>("words").unwrap());
        assert_eq!(found, if id < 3 || id % 2 == 0 { (cells(), words()) } else { (ints(&[5]), Value::Null) }, "{id}");
    }
    let shown = text("SELECT cells::text FROM grid WHERE id = 2").rows_as::<String>();
    assert_eq!(engine.fetch_one(shown).unwrap(), "{{1,2},{3,4},{NULL,-6}}");

    let error = engine.fetch_one(text("SELECT cells FROM grid WHERE id = 2").rows_as::<Vec<i32>>()).unwrap_err();
    assert!(error.to_string().contains("int4[], where an integer was wanted"), "{error}");
    // Lists of different lengths are no array.
    let ragged = list(vec![ints(&[1]), ints(&[2, 3])]);
    let error = engine.execute(grid.insert().set("id", 5_i64).set_value("cells", ragged)).unwrap_err();
    assert_eq!(error.database().unwrap().code(), "22P02", "{error}");
}
