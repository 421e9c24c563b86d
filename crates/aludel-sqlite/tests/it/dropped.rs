//! Futures dropped at every poll: nothing is lost, nothing leaks, and the next statement gets its own rows.

use std::time::Duration;

use aludel::prelude::*;

use crate::support::{User, engine, is_free, poll_and_drop, user, users};

/// More polls than any of the futures takes.
const POLLS: usize = 12;

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
async fn fetching() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(300))).await.unwrap();
    let mut has_ended = false;
    for polls in 0..POLLS {
        has_ended |= poll_and_drop(engine.fetch_all(User::select()), polls).await;
        is_well(&engine, 300).await;
        let mut connection = engine.acquire().await.unwrap();
        poll_and_drop(connection.fetch_all(User::select()), polls).await;
        assert_eq!(connection.fetch_one(select(value(7_i64))).await.unwrap(), 7);
    }
    assert!(has_ended);
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
async fn streaming() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(600))).await.unwrap();
    for polls in 0..POLLS {
        let all = async {
            let mut stream = engine.stream(User::select());
            let mut count = 0;
            while let Some(row) = stream.next().await {
                row.unwrap();
                count += 1;
            }
            assert_eq!(count, 600);
        };
        poll_and_drop(all, polls).await;
        is_well(&engine, 600).await;
    }
}

#[tokio::test]
async fn transactions() {
    let engine = engine().await;
    let mut has_ended = false;
    for polls in 0..40 {
        let work = async {
            let mut tx = engine.begin().await.unwrap();
            tx.insert(User::insert().rows([user(1)])).await.unwrap();
            let mut inner = tx.savepoint().await.unwrap();
            inner.insert(User::insert().rows([user(2), user(3)])).await.unwrap();
            inner.commit().await.unwrap();
            tx.rollback().await.unwrap();
        };
        has_ended |= poll_and_drop(work, polls).await;
        is_well(&engine, 0).await;
    }
    assert!(has_ended);
}

#[tokio::test]
async fn commits_happen_or_not() {
    let engine = engine().await;
    let mut kept = 0;
    for polls in 0..20 {
        let work = engine.transaction(async |tx| tx.insert(User::insert().rows([user(1)])).await);
        let has_ended = poll_and_drop(work, polls).await;
        is_free(&engine).await;
        let count: i64 = engine.fetch_scalar(text("SELECT count(*) FROM users")).await.unwrap();
        assert!(count == 1 || !has_ended, "a commit that was answered is kept");
        kept += count;
        is_well(&engine, count).await;
        engine.execute(User::delete()).await.unwrap();
    }
    assert!(kept > 0);
}

#[tokio::test]
async fn bulk_inserts() {
    let engine = engine().await;
    let mut has_ended = false;
    for polls in 0..60 {
        let ended = poll_and_drop(engine.insert(User::insert().rows(users(20_000))), polls).await;
        is_free(&engine).await;
        let count: i64 = engine.fetch_scalar(text("SELECT count(*) FROM users")).await.unwrap();
        assert!(count == 0 || count == 20_000, "{count}");
        assert!(count == 20_000 || !ended);
        is_well(&engine, count).await;
        engine.execute(User::delete()).await.unwrap();
        has_ended |= ended;
        if ended {
            break;
        }
    }
    assert!(has_ended);
}

#[tokio::test]
async fn inside_a_transaction_that_goes_on() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(10))).await.unwrap();
    let mut tx = engine.begin().await.unwrap();
    for polls in 0..POLLS {
        poll_and_drop(tx.fetch_all(User::select()), polls).await;
        assert_eq!(tx.fetch_all(User::select()).await.unwrap().len(), 10);
        poll_and_drop(tx.savepoint(), polls).await;
        assert_eq!(tx.fetch_one(select(value(5_i64))).await.unwrap(), 5);
    }
    tx.commit().await.unwrap();
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
