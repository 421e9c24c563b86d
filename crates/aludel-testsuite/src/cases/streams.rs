//! Rows as they come, by a cursor with a limit.

use aludel::ErrorKind;
use aludel::prelude::*;

use crate::model::{Person, count, people, person, row};
use crate::suite::{Settings, Suite, answers};

const ROWS: i64 = 2_000;

/// An engine with people, of whom a stream fetches so many at once.
async fn engine(suite: &Suite, stream_rows: usize) -> Engine {
    let settings = Settings { pool_size: Some(1), stream_rows: Some(stream_rows), ..Settings::default() };
    let engine = suite.engine_with(settings, schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(ROWS))).await;
    inserted.unwrap_or_else(|error| panic!("{error}"));
    engine
}

/// Whatever the limit is, also where it meets the end.
pub async fn every_row_in_order(suite: Suite) {
    let engine = engine(&suite, 1).await;
    for rows in [1, 7, 256, 1_999, 2_000, 2_001] {
        let settings = Settings { pool_size: Some(1), stream_rows: Some(rows), ..Settings::default() };
        let engine = suite.engine_with(settings, &[]).await;
        let mut stream = engine.stream(Person::select().order_by(Person::ID));
        let mut number = 0;
        while let Some(found) = stream.next().await {
            number += 1;
            assert_eq!(
                row(&found.unwrap_or_else(|error| panic!("row {number} by {rows}: {error}"))),
                row(&person(number))
            );
        }
        assert_eq!(number, ROWS, "by {rows}");
        drop(stream);
        answers(&engine, number).await;
        engine.close().await;
    }
    answers(&engine, 3).await;
}

/// In vectors of a given length.
pub async fn partitions(suite: Suite) {
    let engine = engine(&suite, 100).await;
    // From the first row on, and from one in the middle of what was fetched.
    for (taken, last) in [(0, 200), (150, 50)] {
        let mut stream = engine.stream(select(Person::ID).order_by(Person::ID));
        for number in 1..=taken {
            assert_eq!(stream.next().await.and_then(Result::ok), Some(number));
        }
        let (mut partitions, mut lengths, mut next) = (stream.partitions(300), Vec::new(), taken + 1);
        while let Some(rows) = partitions.next().await {
            let rows = rows.unwrap_or_else(|error| panic!("{error}"));
            lengths.push(rows.len());
            for id in rows {
                assert_eq!(id, next);
                next += 1;
            }
        }
        assert_eq!(lengths, [300, 300, 300, 300, 300, 300, last]);
    }
}

/// Whoever leaves a stream leaves nothing of it to the next statement.
pub async fn left_half_way(suite: Suite) {
    let engine = engine(&suite, 10).await;
    for taken in [0, 1, 9, 10, 11, 500] {
        let mut stream = engine.stream(Person::select().order_by(Person::ID));
        for number in 1..=taken {
            let found = stream.next().await.and_then(Result::ok);
            assert_eq!(found.as_ref().map(row), Some(row(&person(number))));
        }
        drop(stream);
        answers(&engine, 1_000 + taken).await;
        assert_eq!(count(&engine).await, ROWS);
        let changed = engine.execute(Person::update().set(Person::AGE, Some(5)).filter(Person::ID.eq(taken + 1))).await;
        assert_eq!(changed.unwrap_or_else(|error| panic!("after a stream of {taken}: {error}")), 1);
        let back =
            engine.execute(Person::update().set(Person::AGE, person(taken + 1).age).filter(Person::ID.eq(taken + 1)));
        assert_eq!(back.await.unwrap_or(0), 1);
    }
}

/// The transaction goes on.
pub async fn left_half_way_in_a_transaction(suite: Suite) {
    let engine = engine(&suite, 10).await;
    let work = async {
        let mut tx = engine.begin().await?;
        tx.execute(Person::insert().row(person(ROWS + 1))).await?;
        for taken in [1, 10, 25] {
            let mut stream = tx.stream(select(Person::ID).order_by(Person::ID));
            for number in 1..=taken {
                assert_eq!(stream.next().await.and_then(Result::ok), Some(number));
            }
            drop(stream);
            assert_eq!(tx.fetch_one(select(value(taken))).await?, taken);
        }
        tx.commit().await
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(count(&engine).await, ROWS + 1);
}

/// The rows before it come, then the error, then nothing.
pub async fn an_error_half_way(suite: Suite) {
    #[derive(Entity, Clone, Debug)]
    #[entity(table = "suite_person")]
    struct Aged {
        #[column(primary_key)]
        id: i64,
        age: i32,
    }
    let engine = engine(&suite, 10).await;
    let set = engine.execute(Person::update().set(Person::AGE, Some(1)).filter(Person::ID.lt(500))).await;
    assert!(set.is_ok());
    let mut stream = engine.stream(Aged::select().order_by(Aged::ID));
    let mut good = 0;
    let error = loop {
        match stream.next().await {
            Some(Ok(row)) => {
                good += 1;
                assert_eq!((row.id, row.age), (good, if good < 500 { 1 } else { 30 }));
            }
            Some(Err(error)) => break error,
            None => panic!("the stream ended without an error"),
        }
    };
    // Row 501 has no age. Rows fetched along with it may be lost.
    assert!((490..=500).contains(&good), "{good} rows came before the error");
    assert!(matches!(error.kind(), ErrorKind::Column(_)), "{error}");
    assert!(error.to_string().contains("age"), "{error}");
    assert!(stream.next().await.is_none());
    drop(stream);
    answers(&engine, 9).await;
}

/// No rows at all.
pub async fn an_empty_one(suite: Suite) {
    let engine = engine(&suite, 10).await;
    let mut stream = engine.stream(Person::select().filter(Person::ID.lt(0)));
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none());
    drop(stream);
    answers(&engine, 9).await;
}
