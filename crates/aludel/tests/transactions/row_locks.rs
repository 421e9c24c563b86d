//! Rows that are locked: `FOR UPDATE` really waits, in a transaction and in a session.

use std::time::{Duration, Instant};

use aludel::Session;
use aludel::language::{LockStrength, LockWait};
use aludel::prelude::*;

use crate::backend::Backend;
use crate::{Account, add, balance, bank, committed};

#[tokio::test]
async fn a_second_session_waits() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let mut session = Session::new(&engine);
        let account = session.get_for_update::<Account>(1).await.unwrap().unwrap();
        let other = tokio::spawn({
            let engine = engine.clone();
            async move {
                let mut session = Session::new(&engine);
                let account = session.get_for_update::<Account>(1).await.unwrap().unwrap();
                let seen = session[account].balance;
                session[account].balance += 1;
                session.commit().await.unwrap();
                (seen, Instant::now())
            }
        });
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!other.is_finished(), "{backend:?}: it did not wait");
        session[account].balance += 10;
        let released = Instant::now();
        session.commit().await.unwrap();
        let (seen, when) = other.await.unwrap();
        assert!(when >= released);
        assert_eq!((seen, committed(&engine, 1).await), (110, 111), "{backend:?}");
    }
}

#[tokio::test]
async fn not_waiting_and_passing_over() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let mut tx = engine.begin().await.unwrap();
        tx.fetch_one(select(Account::ID).filter(Account::ID.eq(1)).for_update()).await.unwrap();
        let locking = |wait| select(Account::ID).order_by(Account::ID).lock(LockStrength::Update, wait);
        let mut other = engine.begin().await.unwrap();
        assert_eq!(other.fetch_all(locking(LockWait::SkipLocked)).await.unwrap(), [2], "{backend:?}");
        other.rollback().await.unwrap();
        let mut other = engine.begin().await.unwrap();
        let begun = Instant::now();
        let error = other.fetch_all(locking(LockWait::NoWait)).await.unwrap_err();
        assert!(error.is_locked(), "{backend:?}: {error}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{backend:?}: it has waited");
        other.rollback().await.unwrap();
        // Others read without waiting.
        let mut reader = engine.begin().await.unwrap();
        assert_eq!(balance(&mut reader, 1).await.unwrap(), 100);
        tx.execute(add(1, 1)).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// A statement that is dropped while it waits, or a transaction that is dropped with locks, keeps nobody waiting.
#[tokio::test]
async fn dropped_locks_are_gone_within_a_second() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let mut tx = engine.begin().await.unwrap();
        tx.execute(add(1, 1)).await.unwrap();
        let mut waiting = engine.begin().await.unwrap();
        waiting.execute(add(2, 1)).await.unwrap();
        let waited = tokio::time::timeout(Duration::from_millis(50), waiting.execute(add(1, 1))).await;
        assert!(waited.is_err(), "{backend:?}");
        drop(waiting);
        let free = tokio::time::timeout(Duration::from_secs(1), engine.execute(add(2, 5))).await;
        free.unwrap_or_else(|_| panic!("{backend:?}: the second row is locked still")).unwrap();
        drop(tx);
        let free = tokio::time::timeout(Duration::from_secs(1), engine.execute(add(1, 5))).await;
        free.unwrap_or_else(|_| panic!("{backend:?}: the first row is locked still")).unwrap();
        assert_eq!((committed(&engine, 1).await, committed(&engine, 2).await), (105, 105), "{backend:?}");
    }
}
