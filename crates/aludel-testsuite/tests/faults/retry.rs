//! Deadlocks and serialization failures are recognised, and tried again where that was asked for.

use std::sync::Arc;

use aludel::dialect::{Isolation, TransactionOptions};
use aludel::prelude::*;
use aludel_testsuite::Backend;
use tokio::sync::Barrier;

use crate::backend::{OnServer, accounts, balances, builder, check_pool, engine};
use crate::each::both;

both!(deadlocks, lost_updates, many_transfers);

/// Two transactions take two rows in opposite order.
async fn deadlocks(backend: Backend) {
    let database = backend.fresh();
    let engine = engine(database.url()).await;
    accounts(&engine).await;
    let barrier = Arc::new(Barrier::new(2));
    let one = |first: i64, second: i64| {
        let (engine, barrier) = (engine.clone(), Arc::clone(&barrier));
        tokio::spawn(async move {
            let change = |id| text("UPDATE account SET balance = balance + 1 WHERE id = :id").bind("id", id);
            let mut tx = engine.begin().await.unwrap();
            tx.execute(change(first)).await.unwrap();
            barrier.wait().await;
            tx.execute(change(second)).await?;
            tx.commit().await
        })
    };
    let (a, b) = (one(1, 2), one(2, 1));
    let results = [a.await.unwrap(), b.await.unwrap()];
    let errors: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert_eq!(errors.len(), 1, "{results:?}");
    assert!(errors[0].is_retryable(), "{:?}", errors[0]);
    let kind = errors[0].database().map(aludel::DatabaseError::kind);
    assert_eq!(kind, Some(aludel::DatabaseErrorKind::Deadlock));
    assert_eq!(balances(&engine).await, (101, 101));
    check_pool(&engine).await;
}

/// Read, compute, write: at this level one of two must fail, or be made to wait.
async fn lost_updates(backend: Backend) {
    let database = backend.fresh();
    let engine = builder(database.url()).pool_size(8).connect().await.unwrap();
    accounts(&engine).await;
    let isolation = Some(Isolation::Serializable);
    let options = TransactionOptions { isolation, ..TransactionOptions::default() };
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let work = async |tx: &mut aludel::Transaction<'_>| {
                    let balance: i64 = tx.fetch_scalar(text("SELECT balance FROM account WHERE id = 1")).await?;
                    let set = text("UPDATE account SET balance = :balance WHERE id = 1").bind("balance", balance + 1);
                    tx.execute(set).await
                };
                for _ in 0..5 {
                    engine.transaction_with(options, 50, work).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(balances(&engine).await, (140, 100));
}

/// Transfers in both directions, some tried again: the sum stays.
async fn many_transfers(backend: Backend) {
    let database = backend.fresh();
    let engine = builder(database.url()).pool_size(6).connect().await.unwrap();
    accounts(&engine).await;
    let tasks: Vec<_> = (0..4_i64)
        .map(|number| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let (from, to) = if number % 2 == 0 { (1_i64, 2_i64) } else { (2, 1) };
                for _ in 0..5 {
                    engine
                        .transaction_with(TransactionOptions::default(), 100, async move |tx| {
                            transfer(tx, from, to).await
                        })
                        .await
                        .unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(balances(&engine).await, (100, 100));
}

async fn transfer(tx: &mut aludel::Transaction<'_>, from: i64, to: i64) -> aludel::Result<()> {
    let change = |by: i64, id: i64| {
        text("UPDATE account SET balance = balance + :by WHERE id = :id").bind("by", by).bind("id", id)
    };
    tx.execute(change(-1, from)).await?;
    tx.execute(change(1, to)).await?;
    Ok(())
}
