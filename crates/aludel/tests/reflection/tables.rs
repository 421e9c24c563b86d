//! Tables that are known only at run time, in every kind of statement.

use aludel::blocking::Engine;
use aludel::language::{Expression, func, select};
use aludel::prelude::{Connect, FromRow, ReflectTable, Table};
use aludel::{Row, Value};

fn film() -> (Engine, Table) {
    let engine = Engine::connect("sqlite::memory:").unwrap();
    let sql =
        "CREATE TABLE film (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE, year INT, up INT REFERENCES film (id))";
    engine.acquire().unwrap().batch(sql).unwrap();
    let film = Table::reflect(&engine, "film").unwrap();
    let rows = [("Alien", 1979), ("Aliens", 1986), ("Alien 3", 1992)];
    assert_eq!(engine.insert(film.insert().rows(["title", "year"], rows)).unwrap(), 3);
    (engine, film)
}

#[test]
fn reading() {
    let (engine, film) = film();
    let (id, title, year) = (
        film.column::<i64>("id").unwrap(),
        film.column::<String>("title").unwrap(),
        film.column::<Option<i64>>("year").unwrap(),
    );
    let rows = engine.fetch_all(film.select().filter(year.clone().gt(1980)).order_by(title.clone())).unwrap();
    let titles: Vec<String> = rows.iter().map(|row| row.get("title").unwrap()).collect();
    assert_eq!(titles, ["Alien 3", "Aliens"]);
    let pairs =
        engine.fetch_all(select((id.clone(), title.clone())).filter(id.clone().lt(3)).order_by(id.clone())).unwrap();
    assert_eq!(pairs, [(1, "Alien".to_owned()), (2, "Aliens".to_owned())]);

    #[derive(FromRow, Debug, PartialEq)]
    struct Film {
        year: Option<i64>,
        title: String,
    }
    let films: Vec<Film> = engine.fetch_all(film.select().order_by(id.clone()).limit(1).rows_as::<Film>()).unwrap();
    assert_eq!(films, [Film { year: Some(1979), title: "Alien".into() }]);

    let sequel = film.alias("sequel");
    let pairs = engine
        .fetch_all(
            select((title.clone(), sequel.column::<String>("title").unwrap()))
                .join(&sequel, sequel.column::<Option<i64>>("year").unwrap().gt(year.clone()))
                .order_by((id.clone(), sequel.column::<i64>("id").unwrap())),
        )
        .unwrap();
    assert_eq!(pairs.len(), 3);
    let old = film.select().filter(year.clone().lt(1990)).cte("old");
    let count: i64 = engine.fetch_scalar(select(func::count_all()).from(&old)).unwrap();
    assert_eq!(count, 2);
}

#[test]
fn changing() {
    let (engine, film) = film();
    let id = || film.column::<i64>("id").unwrap();
    let added: Row = engine
        .fetch_one(film.insert().set("title", "Prometheus").set_value("year", Value::Int(2012)).returning(film.all()))
        .unwrap();
    assert_eq!((added.get::<i64>("id").unwrap(), added.get::<i64>("year").unwrap()), (4, 2012));

    // As many rows as there are, some of them there already.
    let rows = [("Alien", 1), ("Covenant", 2017)];
    let upsert = film
        .insert()
        .rows(["title", "year"], rows)
        .on_conflict_of(["title"])
        .do_update([film.set("year", film.excluded::<Option<i64>>("year").unwrap())]);
    engine.insert(upsert).unwrap();
    let year: i64 = engine.fetch_scalar(film.select_columns(["year"]).unwrap().filter(id().eq(1))).unwrap();
    assert_eq!(year, 1);

    let changed = engine.fetch_all(film.update().set("year", 0_i64).filter(id().in_([1, 2])).returning(id())).unwrap();
    assert_eq!(changed.len(), 2);
    assert_eq!(engine.execute(film.delete().filter(id().gt(3))).unwrap(), 2);

    // Rows that were read are rows to insert.
    let copy = engine.fetch_all(film.select()).unwrap();
    engine
        .acquire()
        .unwrap()
        .batch("CREATE TABLE copy (id INTEGER PRIMARY KEY, title TEXT, year INT, up INT)")
        .unwrap();
    let target = Table::reflect(&engine, "copy").unwrap();
    let names: Vec<String> = target.definition().columns.iter().map(|column| column.name.to_string()).collect();
    let insert = target.insert().rows(names.iter().map(String::as_str), copy.clone());
    assert_eq!(engine.insert_returning(insert.returning(target.column::<i64>("id").unwrap())).unwrap(), [1, 2, 3]);
    assert_eq!(engine.fetch_all(target.select()).unwrap(), copy);
    let again = target.insert().from_query(["title"], film.select_columns(["title"]).unwrap());
    assert_eq!(engine.execute(again).unwrap(), 3);
}

#[test]
fn statements_are_compiled_once() {
    let (engine, film) = film();
    let statement = |number: i64| film.select().filter(film.column::<i64>("id").unwrap().eq(number));
    engine.fetch_all(statement(1)).unwrap();
    let before = engine.cache_statistics().misses;
    for number in 0..50 {
        engine.fetch_all(statement(number)).unwrap();
    }
    assert_eq!(engine.cache_statistics().misses, before);
    let other = Table::reflect(&engine, "film").unwrap();
    engine.fetch_all(other.select()).unwrap();
    engine.fetch_all(film.select()).unwrap();
    assert_eq!(engine.cache_statistics().misses, before + 2);
}

#[test]
fn names_that_are_not_there() {
    let (engine, film) = film();
    let error = film.column::<String>("titel").unwrap_err();
    assert_eq!(error.to_string(), "the table \"film\" has no column \"titel\"; did you mean \"title\"?");
    let error = engine.execute(film.insert().set("titel", "x")).unwrap_err();
    assert!(error.to_string().contains("did you mean \"title\"?"), "{error}");
    let error = engine.insert(film.insert().rows(["jear"], [(1_i64,)])).unwrap_err();
    assert!(error.to_string().contains("did you mean \"year\"?"), "{error}");
}

#[tokio::test]
async fn in_async() {
    use aludel::prelude::*;
    let engine = Engine::connect("sqlite::memory:").await.unwrap();
    engine.acquire().await.unwrap().batch("CREATE TABLE film (id INTEGER PRIMARY KEY, title TEXT)").await.unwrap();
    let film = Table::reflect(&engine, "film").await.unwrap();
    engine.insert(film.insert().rows(["title"], [("Alien",)])).await.unwrap();
    let titles = engine.fetch_all(select(film.column::<String>("title").unwrap())).await.unwrap();
    assert_eq!(titles, ["Alien"]);
    let mut tx = engine.begin().await.unwrap();
    tx.execute(film.delete()).await.unwrap();
    let again = Table::reflect(&mut tx, "film").await.unwrap();
    assert_eq!(again.definition(), film.definition());
    assert_eq!(tx.inspect().await.unwrap().table_names(), ["film"]);
    assert_eq!(aludel::schema::Schema::reflect(&mut tx).await.unwrap().tables.len(), 1);
    tx.rollback().await.unwrap();
}
