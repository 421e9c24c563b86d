//! Tables that are known at run time only go the same ways as entities' tables.

use aludel::prelude::*;
use aludel::{Date, Decimal, Engine, Error, Row, Value};
use aludel_testsuite::Backend;

use crate::each::everywhere;

everywhere!(
    in_the_order_of_the_rows,
    odd_values,
    conflicts,
    a_row_that_is_refused,
    rows_that_were_read,
    under_another_name
);

const MANY: i64 = 3_000;

/// A table with a column of many kinds, read from a database of its own.
struct Place {
    engine: Engine,
    things: Table,
    _database: Option<aludel_testsuite::servers::Database>,
}

async fn place(backend: Backend) -> Place {
    let database = backend.database();
    let url = database.as_ref().map_or("sqlite::memory:", aludel_testsuite::servers::Database::url);
    let engine = <Engine as Connect>::builder(url).pool_size(3).connect().await.unwrap();
    let key = backend.pick("INTEGER PRIMARY KEY", "BIGSERIAL PRIMARY KEY", "BIGINT AUTO_INCREMENT PRIMARY KEY");
    let columns = "number BIGINT NOT NULL UNIQUE, name VARCHAR(20), price NUMERIC(12, 3), day DATE, small SMALLINT CHECK (small < 1000)";
    let mut conn = engine.acquire().await.unwrap();
    conn.batch(&format!("CREATE TABLE thing (id {key}, {columns})")).await.unwrap();
    drop(conn);
    let things = Table::reflect(&engine, "thing").await.unwrap();
    Place { engine, things, _database: database }
}

type Thing = (i64, Option<String>, Option<Decimal>, Option<Date>, Option<i16>);

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

/// Every third name is missing, and every fifth day.
fn thing(number: i64) -> Thing {
    let name = (number % 3 != 0).then(|| format!("thing {number} é\\"));
    let day = (number % 5 != 0).then(|| Date::from_ymd(2024, 2, u32::try_from(number % 28).unwrap() + 1).unwrap());
    (number, name, Some(decimal(&format!("{number}.125"))), day, i16::try_from(number % 1000).ok())
}

const COLUMNS: [&str; 5] = ["number", "name", "price", "day", "small"];

async fn count(place: &Place) -> i64 {
    place.engine.fetch_scalar(select(func::count_all()).from(&place.things)).await.unwrap()
}

async fn all(place: &Place) -> Vec<Thing> {
    let number = place.things.column::<i64>("number").unwrap();
    let rows = place.things.select_columns(COLUMNS).unwrap().order_by(number);
    place.engine.fetch_all(rows.rows_as()).await.unwrap()
}

async fn in_the_order_of_the_rows(backend: Backend) {
    let place = place(backend).await;
    let number = |row: i64| (row * 7919) % MANY;
    for rows in [1, 3, 4, 50, 99, 100, MANY] {
        let insert = place.things.insert().rows(COLUMNS, (0..rows).map(|row| thing(number(row))));
        let columns = (place.things.column::<i64>("id").unwrap(), place.things.column::<i64>("number").unwrap());
        let returned = place.engine.insert_returning(insert.returning(columns)).await.unwrap();
        assert!(returned.iter().map(|(_, number)| *number).eq((0..rows).map(number)), "{rows} rows");
        let mut numbers: Vec<i64> = (0..rows).map(number).collect();
        numbers.sort_unstable();
        assert!(all(&place).await.into_iter().eq(numbers.iter().copied().map(thing)), "{rows} rows, returned");
        place.engine.execute(place.things.delete()).await.unwrap();
        let insert = place.things.insert().rows(COLUMNS, (0..rows).map(|row| thing(number(row))));
        assert_eq!(place.engine.insert(insert).await.unwrap(), u64::try_from(rows).unwrap());
        assert!(all(&place).await.into_iter().eq(numbers.into_iter().map(thing)), "{rows} rows");
        place.engine.execute(place.things.delete()).await.unwrap();
    }
}

/// Values of other types than their columns: texts for numbers and days, numbers of other widths.
async fn odd_values(backend: Backend) {
    let place = place(backend).await;
    let odd = |number: i64| {
        let text = |text: String| Value::Text(text.into());
        vec![
            Value::Int(number),
            if number % 7 == 0 { Value::Null } else { text(format!("n {number}")) },
            if number % 2 == 0 { Value::Int(number) } else { text(format!("{number}.5")) },
            if number % 11 == 0 { Value::Null } else { text("2024-05-01".to_owned()) },
            Value::Int(number % 100),
        ]
    };
    for first in [0, 2, 90, 500, 1_990] {
        let rows = (0..2_000).map(|number| match number < first {
            true => vec![Value::Int(number), Value::Null, Value::Null, Value::Null, Value::Null],
            false => odd(number),
        });
        assert_eq!(place.engine.insert(place.things.insert().rows(COLUMNS, rows)).await.unwrap(), 2_000);
        for (number, name, price, day, small) in all(&place).await {
            if number < first {
                assert_eq!((name, day), (None, None));
                continue;
            }
            assert_eq!(name, (number % 7 != 0).then(|| format!("n {number}")));
            let wanted = decimal(&format!("{number}{}", if number % 2 == 0 { ".000" } else { ".500" }));
            assert_eq!(price, Some(wanted));
            assert_eq!(day, (number % 11 != 0).then(|| Date::from_ymd(2024, 5, 1).unwrap()));
            assert_eq!(small.map(i64::from), Some(number % 100));
        }
        place.engine.execute(place.things.delete()).await.unwrap();
    }
}

async fn conflicts(backend: Backend) {
    let place = place(backend).await;
    let insert = place.things.insert().rows(COLUMNS, (0..MANY).step_by(2).map(thing));
    place.engine.insert(insert).await.unwrap();
    let again = || (0..MANY).map(|number| (number, Some("again"), number));
    let columns = ["number", "name", "price"];
    place.engine.insert(place.things.insert().rows(columns, again()).on_conflict_do_nothing()).await.unwrap();
    let rows = all(&place).await;
    assert_eq!(rows.len(), usize::try_from(MANY).unwrap());
    assert_eq!((&rows[1].1, &rows[4]), (&Some("again".to_owned()), &thing(4)));
    let name = place.things.excluded::<Option<String>>("name").unwrap();
    let upsert = place.things.insert().rows(columns, again()).on_conflict_of(["number"]);
    place.engine.insert(upsert.do_update([place.things.set("name", name)])).await.unwrap();
    let rows = all(&place).await;
    assert_eq!(rows.len(), usize::try_from(MANY).unwrap());
    assert!(rows.iter().all(|row| row.1.as_deref() == Some("again")));
    assert_eq!(rows[4].2, thing(4).2);
}

async fn a_row_that_is_refused(backend: Backend) {
    let place = place(backend).await;
    for rows in [5, 150, MANY] {
        for bad in [0, rows / 2, rows - 1] {
            let things = || {
                (0..rows).map(move |number| {
                    let small = if number == bad { 5_000 } else { 5 };
                    (number, "a", small)
                })
            };
            let columns = ["number", "name", "small"];
            let refused = |error: Error| assert!(error.is_check_violation(), "{rows} {bad}: {error}");
            refused(place.engine.insert(place.things.insert().rows(columns, things())).await.unwrap_err());
            let id = place.things.column::<i64>("id").unwrap();
            let returning = place.things.insert().rows(columns, things()).returning(id);
            refused(place.engine.insert_returning(returning).await.unwrap_err());
            assert_eq!(count(&place).await, 0);
        }
    }
    let insert = place.things.insert().rows(["number", "nmae"], (0..MANY).map(|number| (number, "a")));
    let error = place.engine.insert(insert).await.unwrap_err().to_string();
    assert!(error.contains("nmae") && error.contains("name"), "{error}");
    // An array cast to VARCHAR(20) would cut it off in silence.
    if backend != Backend::Sqlite {
        let long = "x".repeat(21);
        let insert = place.things.insert().rows(["number", "name"], (0..50).map(|number| (number, &*long)));
        let id = place.things.column::<i64>("id").unwrap();
        assert!(place.engine.insert_returning(insert.returning(id)).await.is_err());
    }
    assert_eq!(count(&place).await, 0);
}

async fn rows_that_were_read(backend: Backend) {
    let (from, to) = (place(backend).await, place(backend).await);
    from.engine.insert(from.things.insert().rows(COLUMNS, (0..500).map(thing))).await.unwrap();
    let rows: Vec<Row> = from.engine.fetch_all(from.things.select_columns(COLUMNS).unwrap()).await.unwrap();
    assert_eq!(to.engine.insert(to.things.insert().rows(COLUMNS, rows)).await.unwrap(), 500);
    assert_eq!(all(&to).await, all(&from).await);
}

/// `COPY` knows no aliases.
async fn under_another_name(backend: Backend) {
    if backend != Backend::Postgres {
        // MariaDB and SQLite's bulk forms are the same whatever the name; only PostgreSQL and SQLite have an alias there.
        return;
    }
    let place = place(backend).await;
    let other = place.things.alias("other");
    assert_eq!(place.engine.insert(other.insert().rows(COLUMNS, (0..500).map(thing))).await.unwrap(), 500);
    assert_eq!(count(&place).await, 500);
}
