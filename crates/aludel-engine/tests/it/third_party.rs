//! What the engine makes of what a driver does.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use aludel_engine::{Engine, EngineBuilder, Executor, Result, blocking};
use aludel_sql::{select, value};

use crate::mock::{Fault_, Mock};

async fn engine(mock: &Mock) -> Engine {
    EngineBuilder::<Engine>::new("mock+tls://host/db").driver(mock.clone()).pool_size(1).connect().await.unwrap()
}

async fn ask<'e>(on: impl Executor<'e>, number: i64) -> Result<i64> {
    on.fetch_one(select(value(number))).await
}

#[tokio::test]
async fn statements_and_transactions() {
    let mock = Mock::default();
    let engine = engine(&mock).await;
    assert_eq!(ask(&engine, 5).await.unwrap(), 5);
    let mut connection = engine.acquire().await.unwrap();
    assert_eq!(ask(&mut connection, 6).await.unwrap(), 6);
    let mut tx = connection.begin().await.unwrap();
    assert_eq!(ask(&mut tx, 7).await.unwrap(), 7);
    tx.commit().await.unwrap();
    drop(connection);
    let done = mock.done();
    assert_eq!(done.len(), 5, "{done:?}");
    assert_eq!(done[2], "1 batch BEGIN");
    assert_eq!(engine.cache_statistics().hits, 2);
}

#[test]
fn replies_that_are_late_are_waited_for_without_a_runtime() {
    let mock = Mock::default();
    let engine = EngineBuilder::<blocking::Engine>::new("mock:").driver(mock).pool_size(1).connect().unwrap();
    for number in 0..50 {
        assert_eq!(engine.fetch_one(select(value(number))).unwrap(), number);
    }
}

#[tokio::test]
async fn a_lost_connection_never_comes_back() {
    let mock = Mock::default();
    let engine = engine(&mock).await;
    mock.will([Fault_::Lost]);
    let error = ask(&engine, 5).await.unwrap_err();
    assert!(error.is_disconnect());
    assert!(error.to_string().contains("the line is cut") && error.sql().is_some(), "{error}");
    assert_eq!(engine.pool_status().open, 0);
    assert_eq!(ask(&engine, 5).await.unwrap(), 5);
    assert!(mock.done().last().unwrap().starts_with("2 run"));
}

#[tokio::test]
async fn connections_are_pinged_and_replaced() {
    let mock = Mock::default();
    let engine = EngineBuilder::<Engine>::new("mock:")
        .driver(mock.clone())
        .pool_size(1)
        .pool_pre_ping(true)
        .connect()
        .await
        .unwrap();
    ask(&engine, 1).await.unwrap();
    mock.will([Fault_::Ping]);
    ask(&engine, 2).await.unwrap();
    let done = mock.done();
    assert!(done[0].starts_with("1 run") && done[1].starts_with("2 run"), "{done:?}");
}

#[tokio::test]
async fn a_failed_attempt_to_connect_leaves_its_place() {
    let mock = Mock::default();
    let engine = EngineBuilder::<Engine>::new("mock:").driver(mock.clone()).pool_size(1).connect_lazily().unwrap();
    mock.will([Fault_::Connect, Fault_::Connect]);
    for _ in 0..2 {
        let error = ask(&engine, 1).await.unwrap_err();
        assert!(error.to_string().starts_with("connection: nobody listens"), "{error}");
    }
    assert_eq!(engine.pool_status().open, 0);
    assert_eq!(ask(&engine, 1).await.unwrap(), 1);
}

#[tokio::test]
async fn what_a_dropped_future_owes_is_settled_first() {
    let mock = Mock::default();
    let engine = engine(&mock).await;
    let drop_half_way = async || {
        let mut future = Box::pin(ask(&engine, 1));
        assert!(future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    };
    drop_half_way().await;
    assert_eq!(ask(&engine, 2).await.unwrap(), 2);
    let done = mock.done();
    assert_eq!(done[1..3], ["1 abandon true", "1 settle true"], "{done:?}");
    // One that can't be settled is thrown away, and nobody notices.
    drop_half_way().await;
    mock.will([Fault_::Settle]);
    assert_eq!(ask(&engine, 3).await.unwrap(), 3);
    assert!(mock.done().last().unwrap().starts_with("2 run"));
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back_before_the_next_use() {
    let mock = Mock::default();
    let engine = engine(&mock).await;
    let mut connection = engine.acquire().await.unwrap();
    let mut tx = connection.begin().await.unwrap();
    drop(tx.savepoint().await.unwrap());
    ask(&mut tx, 1).await.unwrap();
    drop(tx);
    ask(&mut connection, 2).await.unwrap();
    let done = mock.done();
    let words: Vec<&str> = done.iter().map(|line| line.split(' ').nth(1).unwrap()).collect();
    assert_eq!(words, ["batch", "batch", "settle", "batch", "batch", "run", "abandon", "settle", "run"], "{done:?}");
    assert_eq!(done[7], "1 settle true");
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_dialect_that_says_nothing_of_caching_is_not_cached() {
    let mock = Mock { undeclared: true, ..Mock::default() };
    let lines = Lines::default();
    let engine = EngineBuilder::<blocking::Engine>::new("mock:")
        .driver(mock)
        .echo(true)
        .echo_to(lines.clone())
        .connect()
        .unwrap();
    for _ in 0..2 {
        engine.fetch_one(select(value(1_i64))).unwrap();
    }
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.matches("[dialect silent does not support caching 0.0").count(), 2, "{text}");
    assert_eq!(engine.cache_statistics().statements, 0);
}

#[test]
fn schemes_that_nobody_knows() {
    let error =
        EngineBuilder::<blocking::Engine>::new("mick:").driver(Mock::default()).connect().unwrap_err().to_string();
    assert!(
        error.contains("no driver knows the scheme \"mick\" of the URL; there are drivers for mock, mock+tls"),
        "{error}"
    );
    let error = EngineBuilder::<blocking::Engine>::new("mock:").connect().unwrap_err().to_string();
    assert!(error.contains("no driver was added"), "{error}");
}
