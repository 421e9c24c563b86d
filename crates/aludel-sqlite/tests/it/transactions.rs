//! Transactions and savepoints.

use aludel::prelude::*;

use crate::support::{User, blocking_engine, engine, is_free, user};

async fn count(engine: &Engine) -> i64 {
    engine.fetch_scalar(text("SELECT count(*) FROM users")).await.unwrap()
}

#[tokio::test]
async fn commit_keeps_and_drop_undoes() {
    let engine = engine().await;
    let mut tx = engine.begin().await.unwrap();
    tx.insert(User::insert().rows([user(1)])).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count(&engine).await, 1);

    let mut tx = engine.begin().await.unwrap();
    tx.insert(User::insert().rows([user(2)])).await.unwrap();
    drop(tx);
    assert_eq!(count(&engine).await, 1);

    let mut tx = engine.begin().await.unwrap();
    tx.insert(User::insert().rows([user(2)])).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(count(&engine).await, 1);
    is_free(&engine).await;
}

#[tokio::test]
async fn savepoints_nest() {
    let engine = engine().await;
    let mut tx = engine.begin().await.unwrap();
    tx.insert(User::insert().rows([user(1)])).await.unwrap();
    let mut inner = tx.savepoint().await.unwrap();
    inner.insert(User::insert().rows([user(2)])).await.unwrap();
    let mut innermost = inner.savepoint().await.unwrap();
    innermost.insert(User::insert().rows([user(3), user(4)])).await.unwrap();
    drop(innermost);
    assert_eq!(inner.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), 2);
    inner.commit().await.unwrap();
    let mut inner = tx.savepoint().await.unwrap();
    inner.insert(User::insert().rows([user(5)])).await.unwrap();
    inner.rollback().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(count(&engine).await, 2);
}

#[tokio::test]
async fn a_dropped_outer_transaction_takes_savepoints_with_it() {
    let engine = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    let mut tx = connection.begin().await.unwrap();
    let mut inner = tx.savepoint().await.unwrap();
    inner.insert(User::insert().rows([user(2)])).await.unwrap();
    drop(inner);
    drop(tx);
    assert_eq!(connection.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), 0);
    connection.begin().await.unwrap().commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn closures_work_in_spawned_tasks() {
    let engine = engine().await;
    let task = tokio::spawn({
        let engine = engine.clone();
        async move {
            let name = "from outside".to_owned();
            engine
                .transaction(async |tx| {
                    tx.insert(User::insert().rows([User { id: 9, name: name.clone(), age: None }])).await?;
                    tx.fetch_one(User::select().filter(User::ID.eq(9))).await
                })
                .await
        }
    });
    assert_eq!(task.await.unwrap().unwrap().name, "from outside");
    let failed: Result<()> = engine
        .transaction(async |tx| {
            tx.insert(User::insert().rows([user(10)])).await?;
            Err(Error::other("no"))
        })
        .await;
    assert_eq!(failed.unwrap_err().to_string(), "no");
    assert_eq!(count(&engine).await, 1);
}

#[tokio::test]
async fn work_is_tried_again_while_that_may_help() {
    let engine = engine().await;
    let mut tries = 0;
    let locked = || aludel::DatabaseError::new(aludel::DatabaseErrorKind::Locked, "5", "database is locked");
    let result = engine
        .transaction_with(aludel_engine::writing(), 3, async |tx| {
            tries += 1;
            tx.insert(User::insert().rows([user(1)])).await?;
            if tries < 3 { Err(locked().into()) } else { Ok(tries) }
        })
        .await;
    assert_eq!(result.unwrap(), 3);
    assert_eq!(count(&engine).await, 1);
}

#[tokio::test]
async fn read_only_transactions_refuse_to_write() {
    let engine = engine().await;
    let options = aludel_sql::dialect::TransactionOptions { read_only: true, ..Default::default() };
    let mut tx = engine.begin_with(options).await.unwrap();
    let error = tx.execute(User::delete()).await.unwrap_err();
    assert_eq!(error.database().unwrap().kind(), aludel::DatabaseErrorKind::ReadOnly, "{error}");
    drop(tx);
    engine.insert(User::insert().rows([user(1)])).await.unwrap();
}

#[test]
fn the_same_without_async() {
    let engine = blocking_engine();
    engine
        .transaction(|tx| {
            tx.insert(User::insert().rows([user(1)]))?;
            let mut inner = tx.savepoint()?;
            inner.insert(User::insert().rows([user(2)]))?;
            drop(inner);
            Ok(())
        })
        .unwrap();
    let mut tx = engine.begin().unwrap();
    tx.insert(User::insert().rows([user(3)])).unwrap();
    drop(tx);
    assert_eq!(engine.fetch_all(User::select()).unwrap(), [user(1)]);
    assert_eq!(engine.pool_status().open, 1);
}

#[tokio::test]
async fn a_transaction_in_a_transaction_is_told() {
    let engine = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    connection.batch("BEGIN").await.unwrap();
    let error = connection.begin().await.unwrap_err();
    assert!(error.to_string().contains("a transaction is open on this connection already"), "{error}");
    connection.batch("ROLLBACK").await.unwrap();
}
