//! Prepared statements: kept, forgotten, and made wrong by changes of the schema.

use aludel::Row;
use aludel::prelude::*;

use crate::Capability;
use crate::model::{Person, count, people, person, row};
use crate::suite::{Settings, Suite, answers};

async fn filled(suite: &Suite, settings: Settings) -> Engine {
    let engine = suite.engine_with(Settings { pool_size: Some(1), ..settings }, schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(20))).await;
    inserted.unwrap_or_else(|error| panic!("{error}"));
    engine
}

fn nth(number: i64) -> aludel::language::Select<i64> {
    // A literal stands in the SQL, so that each is a statement of its own.
    select(Person::ID + literal(number)).filter(Person::ID.eq(1))
}

/// A connection keeps so many, and no more; those pushed out are prepared again.
pub async fn more_than_are_kept(suite: Suite) {
    let engine = filled(&suite, Settings { prepared: Some(10), ..Settings::default() }).await;
    for _ in 0..2 {
        for number in 0..50 {
            let answer = engine.fetch_one(nth(number)).await;
            assert_eq!(answer.unwrap_or_else(|error| panic!("statement {number}: {error}")), number + 1);
        }
    }
    let mut connection = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
    let kept = connection.driver().prepared();
    assert!(kept <= 10, "{kept} statements are kept prepared, where 10 were allowed");
}

/// What the engine's cache lets go of.
pub async fn forgotten_ones_are_prepared_again(suite: Suite) {
    let engine = filled(&suite, Settings::default()).await;
    for round in 0..5 {
        for number in 0..10 {
            let answer = engine.fetch_one(nth(number)).await;
            assert_eq!(answer.unwrap_or_else(|error| panic!("round {round}: {error}")), number + 1);
        }
        engine.clear_cache();
    }
    let mut connection = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
    for number in 0..1_000 {
        connection.driver().forget(number);
    }
    let answer = connection.fetch_one(nth(5)).await;
    assert_eq!(answer.unwrap_or_else(|error| panic!("{error}")), 6);
}

/// A column more, and another type: the cached statement reads the table as it is now.
pub async fn a_table_that_changes_under_a_cached_statement(suite: Suite) {
    let engine = filled(&suite, Settings::default()).await;
    let everything = || text("SELECT * FROM suite_person WHERE id = :id").bind("id", 2_i64);
    let work = async {
        for _ in 0..3 {
            assert_eq!(engine.fetch_one(everything()).await?.values().len(), 3);
            assert_eq!(
                engine.fetch_one(Person::select().filter(Person::ID.eq(2))).await.map(|found| row(&found))?,
                row(&person(2))
            );
        }
        let mut connection = engine.acquire().await?;
        connection.batch("ALTER TABLE suite_person ADD COLUMN extra INTEGER DEFAULT 8").await?;
        drop(connection);
        for _ in 0..3 {
            let found: Row = engine.fetch_one(everything()).await?;
            assert_eq!((found.values().len(), found.get::<i32>("extra")?), (4, 8));
            assert_eq!(
                engine.fetch_one(Person::select().filter(Person::ID.eq(2))).await.map(|found| row(&found))?,
                row(&person(2))
            );
        }
        Ok::<(), Error>(())
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
}

/// Another table of the same name.
pub async fn a_table_that_is_made_again(suite: Suite) {
    let engine = filled(&suite, Settings::default()).await;
    let work = async {
        for round in 1..=4 {
            let found = engine.fetch_all(select((Person::ID, Person::NAME)).order_by(Person::ID).limit(1)).await?;
            assert_eq!(found, [(round, format!("person {round}"))]);
            engine.drop_all(schema![Person]).await?;
            engine.create_all(schema![Person]).await?;
            engine.execute(Person::insert().row(person(round + 1))).await?;
        }
        Ok::<(), Error>(())
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(count(&engine).await, 1);
}

/// Nothing of one run is left in the next: NULL after a value, short text after long.
pub async fn the_same_statement_with_other_values(suite: Suite) {
    let engine = filled(&suite, Settings::default()).await;
    let long = "x".repeat(90);
    let work = async {
        for (name, age) in
            [(long.as_str(), Some(7)), ("", None), ("é", Some(-1)), (long.as_str(), None), ("b", Some(0))]
        {
            let update = Person::update().set(Person::NAME, name).set(Person::AGE, age).filter(Person::ID.eq(3));
            assert_eq!(engine.execute(update).await?, 1);
            let found = engine.fetch_one(select((Person::NAME, Person::AGE)).filter(Person::ID.eq(3))).await?;
            assert_eq!(found, (name.to_owned(), age));
        }
        Ok::<(), Error>(())
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
}

/// One that could not be prepared can be once its table is there.
pub async fn a_failed_statement_is_not_kept(suite: Suite) {
    let engine = suite.single(&[]).await;
    for _ in 0..3 {
        assert!(engine.fetch_all(select(Person::ID)).await.is_err());
        answers(&engine, 4).await;
    }
    engine.create_all(schema![Person]).await.unwrap_or_else(|error| panic!("{error}"));
    assert!(engine.fetch_all(select(Person::ID)).await.is_ok_and(|rows| rows.is_empty()));
    // And one whose execution fails stays good.
    assert!(engine.execute(Person::insert().row(person(1))).await.is_ok());
    for _ in 0..3 {
        let again = engine.execute(Person::insert().row(person(1))).await;
        assert!(again.is_err_and(|error| error.is_unique_violation()));
    }
    assert!(engine.execute(Person::insert().row(person(2))).await.is_ok());
    assert_eq!(count(&engine).await, 2);
}

/// Statements that give nothing.
pub async fn no_rows_and_no_columns(suite: Suite) {
    let engine = filled(&suite, Settings::default()).await;
    assert!(engine.fetch_all(Person::select().filter(Person::ID.lt(0))).await.is_ok_and(|rows| rows.is_empty()));
    let changed = engine.execute(Person::update().set(Person::AGE, Some(1)).filter(Person::ID.lt(0))).await;
    assert_eq!(changed.unwrap_or(9), 0);
    let changed = engine.execute(Person::update().set(Person::AGE, Some(77)).filter(Person::ID.le(5))).await;
    assert_eq!(changed.unwrap_or(0), 5);
    // The same values again: rows that match count, whether they change or not.
    let changed = engine.execute(Person::update().set(Person::AGE, Some(77)).filter(Person::ID.le(5))).await;
    assert_eq!(changed.unwrap_or(0), 5);
    assert_eq!(engine.execute(Person::delete().filter(Person::ID.gt(15))).await.unwrap_or(0), 5);
    // A SELECT that is only executed throws its rows away.
    assert!(engine.execute(Person::select()).await.is_ok());
    answers(&engine, 12).await;
}

/// IN with 0, 1 and many values.
pub async fn lists_of_any_length(suite: Suite) {
    let engine = filled(&suite, Settings::default()).await;
    for length in [0, 1, 2, 3, 5, 17, 100, 1_000] {
        let wanted: Vec<i64> = (1..=length).collect();
        let query = select(Person::ID).filter(Person::ID.in_(wanted)).order_by(Person::ID);
        let found = engine.fetch_all(query).await.unwrap_or_else(|error| panic!("{length}: {error}"));
        assert!(found.into_iter().eq(1..=length.min(20)), "{length}");
    }
    let names = ["person 3", "nobody", "person 9"].map(str::to_owned);
    let query = select(Person::ID).filter(Person::NAME.in_(names)).order_by(Person::ID);
    assert_eq!(engine.fetch_all(query).await.unwrap_or_else(|error| panic!("{error}")), [3, 9]);
}

/// SQL without placeholders may be several statements; the first error ends them.
pub async fn several_in_one_batch(suite: Suite) {
    let engine = filled(&suite, Settings::default()).await;
    let mut connection = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
    let sql = "UPDATE suite_person SET age = 1 WHERE id = 1; SELECT id FROM suite_person; DELETE FROM suite_person WHERE id > 10";
    connection.batch(sql).await.unwrap_or_else(|error| panic!("{error}"));
    let error = connection.batch("SELECT 1; SELEKT 2; DELETE FROM suite_person").await;
    assert!(error.is_err());
    assert_eq!(connection.fetch_one(select(value(8_i64))).await.unwrap_or(0), 8);
    drop(connection);
    assert_eq!(count(&engine).await, 10);
}

/// Whether several statements can go at once is known.
pub async fn pipelines(suite: Suite) {
    let engine = filled(&suite, Settings::default()).await;
    let mut connection = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
    let is_there = connection.driver().pipeline().is_some();
    assert_eq!(is_there, suite.has(Capability::Pipeline), "Pipeline: claimed on the right, found on the left");
}
