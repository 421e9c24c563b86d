//! Locks that have a name.

use std::time::{Duration, Instant};

use aludel::prelude::*;

use crate::backend::Backend;
use crate::bank;

/// MariaDB's names are the server's.
fn name(what: &str) -> String {
    format!("{what} {} {:?}", std::process::id(), std::thread::current().id())
}

#[tokio::test]
async fn one_has_it_and_the_others_wait() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let name = name("wait");
        let guard = engine.named_lock(&name).await.unwrap();
        assert!(engine.try_named_lock(&name).await.unwrap().is_none(), "{backend:?}");
        assert!(engine.try_named_lock("another").await.unwrap().is_some(), "{backend:?}");
        let other = tokio::spawn({
            let (engine, name) = (engine.clone(), name.clone());
            async move {
                let guard = engine.named_lock(&name).await.unwrap();
                let got = Instant::now();
                guard.unlock().await.unwrap();
                got
            }
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!other.is_finished(), "{backend:?}: it did not wait");
        let released = Instant::now();
        guard.unlock().await.unwrap();
        assert!(other.await.unwrap() >= released);
    }
}

/// Dropped without being unlocked, as when a task is given up, it is free soon.
#[tokio::test]
async fn a_dropped_lock_is_free_within_a_second() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let name = name("dropped");
        let mut guard = engine.named_lock(&name).await.unwrap();
        assert_eq!(guard.fetch_scalar::<i64>(text("SELECT 5")).await.unwrap(), 5);
        drop(guard);
        let begun = Instant::now();
        let guard = tokio::time::timeout(Duration::from_secs(1), engine.named_lock(&name)).await;
        guard.unwrap_or_else(|_| panic!("{backend:?}: after {:?}", begun.elapsed())).unwrap().unlock().await.unwrap();
    }
}

/// A future that waits and is dropped must not have the lock afterwards.
#[tokio::test]
async fn waiting_is_given_up() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let name = name("given up");
        let guard = engine.named_lock(&name).await.unwrap();
        let waited = tokio::time::timeout(Duration::from_millis(100), engine.named_lock(&name)).await;
        assert!(waited.is_err(), "{backend:?}");
        guard.unlock().await.unwrap();
        let begun = Instant::now();
        while engine.try_named_lock(&name).await.unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(1), "{backend:?}: somebody has it still");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A transaction's own lock ends with it; MariaDB has none.
#[tokio::test]
async fn of_a_transaction() {
    let engine = bank(Backend::Postgres).await;
    let name = name("transaction");
    let mut tx = engine.begin().await.unwrap();
    tx.named_lock(&name).await.unwrap();
    let mut other = engine.begin().await.unwrap();
    assert!(!other.try_named_lock(&name).await.unwrap());
    tx.commit().await.unwrap();
    assert!(other.try_named_lock(&name).await.unwrap());
    drop(other);

    let engine = bank(Backend::MariaDb).await;
    let error = engine.begin().await.unwrap().named_lock("x").await.unwrap_err();
    assert!(error.to_string().contains("a lock with a name"), "{error}");
}
