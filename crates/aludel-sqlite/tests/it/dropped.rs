//! Futures dropped at every poll: nothing is lost, nothing leaks, and the next statement gets its own rows. What every driver
//! has to do stands in the conformance suite; here is what only SQLite does.

use std::time::Duration;

use aludel::prelude::*;

use crate::support::{User, engine, is_free, poll_and_drop, user, users};

/// After whatever happened: no transaction is open, every connection is free, and answers are right.
async fn is_well(engine: &Engine, expected: i64) {
    is_free(engine).await;
    let mut connections = Vec::new();
    for number in 0..engine.pool_status().open {
        let mut connection = engine.acquire().await.unwrap();
        let answer: i64 = connection.fetch_scalar(select(value(i64::try_from(number).unwrap()))).await.unwrap();
        assert_eq!(answer, i64::try_from(number).unwrap());
        let mut tx = connection.begin().await.unwrap();
        assert_eq!(tx.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), expected);
        tx.rollback().await.unwrap();
        connections.push(connection);
    }
}

#[tokio::test]
async fn slow_reads_are_interrupted() {
    let engine = engine().await;
    let slow =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT count(*) FROM n";
    for polls in 1..4 {
        // Only a statement that is known to read is interrupted by itself.
        assert!(!poll_and_drop(engine.fetch_scalar::<i64>(text(slow)), polls).await);
        let answer = tokio::time::timeout(Duration::from_secs(60), engine.fetch_one(select(value(1_i64)))).await;
        assert_eq!(answer.unwrap().unwrap(), 1);
    }
    let mut tx = engine.begin().await.unwrap();
    tx.insert(User::insert().rows([user(1)])).await.unwrap();
    assert!(!poll_and_drop(tx.execute(text(slow)), 2).await);
    drop(tx);
    let started = std::time::Instant::now();
    is_well(&engine, 0).await;
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "a statement whose transaction was dropped was not interrupted"
    );
}

#[tokio::test]
async fn waiting_for_a_connection() {
    let engine = Engine::builder("sqlite::memory:").pool_size(1).connect().await.unwrap();
    for polls in 0..4 {
        let held = engine.acquire().await.unwrap();
        assert!(!poll_and_drop(engine.acquire(), polls).await);
        drop(held);
        let status = engine.pool_status();
        assert_eq!((status.open, status.idle, status.waiting), (1, 1, 0));
    }
    // One that was given a connection while nobody polled it gives it on.
    let held = engine.acquire().await.unwrap();
    let mut first = Box::pin(engine.acquire());
    let mut second = Box::pin(engine.acquire());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut context).is_pending());
    drop(held);
    drop(first);
    drop(second.await.unwrap());
    assert_eq!(engine.pool_status().idle, 1);
}

#[tokio::test]
async fn waiting_for_a_lock() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?busy_timeout=60s", folder.path().join("a.db").display());
    let engine = Engine::builder(url).pool_size(2).connect().await.unwrap();
    engine.acquire().await.unwrap().batch(crate::support::SCHEMA).await.unwrap();
    let holder = engine.begin().await.unwrap();
    let started = std::time::Instant::now();
    for polls in 1..5 {
        assert!(!poll_and_drop(engine.insert(User::insert().rows(users(3))), polls).await);
        assert!(!poll_and_drop(engine.begin(), polls).await);
        assert_eq!(engine.fetch_one(select(value(1_i64))).await.unwrap(), 1);
    }
    holder.rollback().await.unwrap();
    is_well(&engine, 0).await;
    assert!(started.elapsed() < Duration::from_secs(30), "whoever waits for a lock was not called off");
}
