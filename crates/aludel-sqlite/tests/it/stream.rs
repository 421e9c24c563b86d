//! Rows as they come.

use std::future::poll_fn;
use std::pin::Pin;

use aludel::prelude::*;
use futures_core::Stream;

use crate::support::{User, blocking_engine, engine, is_free, users};

#[tokio::test]
async fn every_row_comes_in_order() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(1_000))).await.unwrap();
    let mut stream = engine.stream(User::select().order_by(User::ID));
    let mut ids = Vec::new();
    while let Some(row) = stream.next().await {
        ids.push(row.unwrap().id);
    }
    assert!(ids.into_iter().eq(1..=1_000));
    drop(stream);
    is_free(&engine).await;
}

#[tokio::test]
async fn it_is_a_stream_of_futures_core() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(3))).await.unwrap();
    let mut stream = engine.stream(text("SELECT name FROM users ORDER BY id"));
    let first = poll_fn(|cx| Pin::new(&mut stream).poll_next(cx)).await.unwrap().unwrap();
    assert_eq!(first.get::<String>("name").unwrap(), "user 1");
}

#[tokio::test]
async fn partitions_are_full_but_for_the_last() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(25))).await.unwrap();
    let mut partitions = engine.stream(User::select()).partitions(10);
    let mut lengths = Vec::new();
    while let Some(rows) = partitions.next().await {
        lengths.push(rows.unwrap().len());
    }
    assert_eq!(lengths, [10, 10, 5]);
}

#[tokio::test]
async fn a_stream_may_be_left() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(1_000))).await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    for taken in 0..3 {
        let mut stream = connection.stream(User::select());
        for _ in 0..taken {
            stream.next().await.unwrap().unwrap();
        }
        drop(stream);
        assert_eq!(connection.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), 1_000);
    }
    let mut stream = engine.stream(User::select());
    stream.next().await.unwrap().unwrap();
    drop(stream);
    drop(connection);
    is_free(&engine).await;
    engine.execute(User::delete()).await.unwrap();
}

#[tokio::test]
async fn errors_come_where_they_are() {
    let engine = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    connection
        .batch("CREATE TABLE odd (a); INSERT INTO odd SELECT value FROM generate_series(1, 2)")
        .await
        .unwrap_err();
    connection
        .batch("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600) INSERT INTO odd SELECT CASE i WHEN 500 THEN 'x' ELSE i END FROM n")
        .await
        .unwrap();
    let statement = text("SELECT a FROM odd").column::<i64>("a").rows_as::<i64>();
    let mut stream = connection.stream(statement);
    let mut good = 0;
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(_) => good += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(good, 256);
    assert!(error.to_string().contains("result column 1, \"a\": is text, where an integer was wanted"), "{error}");
    assert!(error.to_string().contains("SQL: SELECT a FROM odd"), "{error}");
    assert!(stream.next().await.is_none());
}

#[test]
fn the_same_without_async() {
    let engine = blocking_engine();
    engine.insert(User::insert().rows(users(600))).unwrap();
    let ids: Result<Vec<i64>> =
        engine.stream(User::select().order_by(User::ID)).map(|row| row.map(|user| user.id)).collect();
    assert!(ids.unwrap().into_iter().eq(1..=600));
    let mut connection = engine.acquire().unwrap();
    let first: Vec<_> = connection.stream(User::select()).partitions(7).take(1).collect();
    assert_eq!(first[0].as_ref().unwrap().len(), 7);
    connection.execute(User::delete()).unwrap();
}
