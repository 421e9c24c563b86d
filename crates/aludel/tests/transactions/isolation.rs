//! Isolation levels, read-only and deferrable transactions, and attempts.

use std::sync::atomic::{AtomicU32, Ordering};

use aludel::Engine;
use aludel::dialect::{Isolation, TransactionOptions};
use aludel::prelude::*;

use crate::backend::Backend;
use crate::{Account, Barrier, add, balance, bank, committed, options};

fn level(isolation: Isolation) -> TransactionOptions {
    TransactionOptions { isolation: Some(isolation), ..options() }
}

#[tokio::test]
async fn read_committed_sees_what_others_commit_meanwhile() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let mut tx = engine.begin_with(level(Isolation::ReadCommitted)).await.unwrap();
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 100);
        let mut other = engine.begin().await.unwrap();
        other.execute(add(1, 5)).await.unwrap();
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 100, "{backend:?}: it is not committed");
        other.commit().await.unwrap();
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 105, "{backend:?}");
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn repeatable_read_keeps_its_snapshot() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let mut tx = engine.begin_with(level(Isolation::RepeatableRead)).await.unwrap();
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 100);
        engine.execute(add(1, 5)).await.unwrap();
        engine.execute(Account::insert().row(Account { id: 3, balance: 1 })).await.unwrap();
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 100, "{backend:?}");
        let count: i64 = tx.fetch_one(select(func::count_all()).from(Account::TABLE)).await.unwrap();
        assert_eq!(count, 2, "{backend:?}");
        tx.commit().await.unwrap();
        assert_eq!(committed(&engine, 1).await, 105);
        // The level was that transaction's alone.
        let mut tx = engine.begin_with(level(Isolation::ReadCommitted)).await.unwrap();
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 105);
        engine.execute(add(1, 1)).await.unwrap();
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 106, "{backend:?}");
    }
}

/// MariaDB shows what is not committed; PostgreSQL has no such level and takes the next one.
#[tokio::test]
async fn read_uncommitted() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let mut other = engine.begin().await.unwrap();
        other.execute(add(1, 5)).await.unwrap();
        let mut tx = engine.begin_with(level(Isolation::ReadUncommitted)).await.unwrap();
        let seen = balance(&mut tx, 1).await.unwrap();
        assert_eq!(seen, if backend == Backend::MariaDb { 105 } else { 100 });
        other.rollback().await.unwrap();
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 100);
    }
}

/// Each of two transactions reads both accounts and takes from one: one after the other, the second would see too little.
async fn withdraw(engine: &Engine, from: i64, other_has_read: &Barrier, tries: &AtomicU32) -> Result<bool> {
    engine
        .transaction_with(level(Isolation::Serializable), 20, async |tx| {
            let all = balance(tx, 1).await? + balance(tx, 2).await?;
            if tries.fetch_add(1, Ordering::Relaxed) < 2 {
                other_has_read.wait().await;
            }
            if all < 200 {
                return Ok(false);
            }
            tx.execute(add(from, -150)).await?;
            Ok(true)
        })
        .await
}

#[tokio::test]
async fn write_skew_is_refused_and_tried_again() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let (barrier, tries) = (Barrier::new(), AtomicU32::new(0));
        let both = tokio::join!(withdraw(&engine, 1, &barrier, &tries), withdraw(&engine, 2, &barrier, &tries));
        let mut done = [both.0.unwrap(), both.1.unwrap()];
        done.sort_unstable();
        assert_eq!(done, [false, true], "{backend:?}");
        assert!(tries.load(Ordering::Relaxed) > 2, "{backend:?}: somebody had to try again");
        assert_eq!(committed(&engine, 1).await + committed(&engine, 2).await, 50, "{backend:?}");
    }
}

/// What `transaction_with` sees, without it.
#[tokio::test]
async fn the_error_says_that_it_may_go_away() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let mut one = engine.begin_with(level(Isolation::Serializable)).await.unwrap();
        let mut two = engine.begin_with(level(Isolation::Serializable)).await.unwrap();
        for tx in [&mut one, &mut two] {
            balance(tx, 1).await.unwrap();
            balance(tx, 2).await.unwrap();
        }
        let first = async {
            one.execute(add(1, -150)).await?;
            one.commit().await
        };
        let second = async {
            two.execute(add(2, -150)).await?;
            two.commit().await
        };
        let (first, second) = tokio::join!(first, second);
        assert!(first.is_ok() || second.is_ok(), "{backend:?}: {first:?} {second:?}");
        let error = first.and(second).unwrap_err();
        assert!(error.is_retryable(), "{backend:?}: {error}");
        assert_eq!(committed(&engine, 1).await + committed(&engine, 2).await, 50, "{backend:?}");
    }
}

#[tokio::test]
async fn deadlocks_are_retryable() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let barrier = Barrier::new();
        let tries = AtomicU32::new(0);
        let transfer = async |from: i64, to: i64| {
            engine
                .transaction_with(level(Isolation::ReadCommitted), 10, async |tx| {
                    tx.execute(add(from, -10)).await?;
                    if tries.fetch_add(1, Ordering::Relaxed) < 2 {
                        barrier.wait().await;
                    }
                    tx.execute(add(to, 10)).await?;
                    Ok(())
                })
                .await
        };
        let (one, two) = tokio::join!(transfer(1, 2), transfer(2, 1));
        one.unwrap();
        two.unwrap();
        assert_eq!(tries.load(Ordering::Relaxed), 3, "{backend:?}: one of them was the victim");
        assert_eq!((committed(&engine, 1).await, committed(&engine, 2).await), (100, 100), "{backend:?}");
    }
}

#[tokio::test]
async fn read_only_refuses_to_write() {
    for backend in Backend::SERVERS {
        let engine = bank(backend).await;
        let mut tx = engine.begin_with(TransactionOptions { read_only: true, ..options() }).await.unwrap();
        assert_eq!(balance(&mut tx, 1).await.unwrap(), 100);
        let error = tx.execute(add(1, 5)).await.unwrap_err();
        assert!(error.to_string().to_lowercase().contains("read"), "{backend:?}: {error}");
        drop(tx);
        engine.execute(add(1, 5)).await.unwrap();
        assert_eq!(committed(&engine, 1).await, 105, "{backend:?}");
    }
}

/// PostgreSQL waits for a moment at which the transaction can't fail; the others have no such thing and say so.
#[tokio::test]
async fn deferrable() {
    let deferrable = TransactionOptions { read_only: true, deferrable: true, ..level(Isolation::Serializable) };
    let engine = bank(Backend::Postgres).await;
    let mut tx = engine.begin_with(deferrable).await.unwrap();
    assert_eq!(balance(&mut tx, 1).await.unwrap(), 100);
    assert_eq!(tx.fetch_scalar::<String>(text("SHOW transaction_deferrable")).await.unwrap(), "on");
    tx.commit().await.unwrap();
    // A writer of the same level keeps it waiting.
    let mut writer = engine.begin_with(level(Isolation::Serializable)).await.unwrap();
    balance(&mut writer, 1).await.unwrap();
    writer.execute(add(1, 5)).await.unwrap();
    let mut reader = engine.begin_with(deferrable).await.unwrap();
    let waits = tokio::time::timeout(std::time::Duration::from_millis(200), balance(&mut reader, 1)).await;
    assert!(waits.is_err(), "it did not wait: {waits:?}");
    writer.commit().await.unwrap();
    drop(reader);
    let mut reader = engine.begin_with(deferrable).await.unwrap();
    assert_eq!(balance(&mut reader, 1).await.unwrap(), 105);
}
