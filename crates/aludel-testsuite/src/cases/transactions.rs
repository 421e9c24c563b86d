//! Transactions, savepoints, isolation.

use aludel::dialect::{Begin, Isolation, TransactionOptions};
use aludel::prelude::*;
use aludel::{UsageError, driver::TransactionState};

use crate::Capability;
use crate::model::{Person, count, people, person};
use crate::suite::{Settings, Suite, answers};

async fn insert(tx: &mut aludel::Transaction<'_>, id: i64) -> Result<()> {
    tx.execute(Person::insert().row(person(id))).await.map(drop)
}

/// What was committed is there, for others too.
pub async fn commit(suite: Suite) {
    let engine = suite.engine(schema![Person]).await;
    let work = async {
        let mut tx = engine.begin().await?;
        insert(&mut tx, 1).await?;
        insert(&mut tx, 2).await?;
        tx.commit().await?;
        engine.transaction(async |tx| insert(tx, 3).await).await
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
    let other = suite.engine(&[]).await;
    assert_eq!(count(&other).await, 3);
}

/// What was rolled back is not.
pub async fn roll_back(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let work = async {
        let mut tx = engine.begin().await?;
        insert(&mut tx, 1).await?;
        tx.rollback().await?;
        let failed = engine.transaction(async |tx| {
            insert(tx, 2).await?;
            Err::<(), _>(Error::from(UsageError::new("changed my mind")))
        });
        assert!(failed.await.is_err_and(|error| error.to_string().contains("changed my mind")));
        Ok::<(), Error>(())
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(count(&engine).await, 0);
}

/// Nor what was simply left.
pub async fn dropped(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    for id in 1..4 {
        let mut tx = engine.begin().await.unwrap_or_else(|error| panic!("{error}"));
        insert(&mut tx, id).await.unwrap_or_else(|error| panic!("{error}"));
        drop(tx);
        answers(&engine, id).await;
        assert_eq!(count(&engine).await, 0);
    }
    let mut connection = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(connection.driver().transaction(), TransactionState::Idle);
}

/// After an error either the transaction goes on, or nothing but a rollback does: never half of it.
pub async fn an_error_leaves_it_usable_or_failed(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let mut tx = engine.begin().await.unwrap_or_else(|error| panic!("{error}"));
    insert(&mut tx, 1).await.unwrap_or_else(|error| panic!("{error}"));
    assert!(insert(&mut tx, 1).await.is_err_and(|error| error.is_unique_violation()));
    let goes_on = insert(&mut tx, 2).await.is_ok();
    assert_eq!(goes_on, !engine.dialect().capabilities().aborts_on_error, "`aborts_on_error` of the dialect is wrong");
    let committed = tx.commit().await;
    let there = count(&engine).await;
    match (goes_on, committed) {
        (true, Ok(())) => assert_eq!(there, 2),
        (false, _) => assert_eq!(there, 0),
        (true, Err(error)) => panic!("{error}"),
    }
    answers(&engine, 6).await;
}

/// A savepoint is undone or kept, and the transaction goes on.
pub async fn savepoints(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let work = async {
        let mut tx = engine.begin().await?;
        insert(&mut tx, 1).await?;
        let mut undone = tx.savepoint().await?;
        insert(&mut undone, 2).await?;
        let mut inner = undone.savepoint().await?;
        insert(&mut inner, 3).await?;
        inner.commit().await?;
        undone.rollback().await?;
        let mut kept = tx.savepoint().await?;
        insert(&mut kept, 4).await?;
        let mut left = kept.savepoint().await?;
        insert(&mut left, 5).await?;
        drop(left);
        kept.commit().await?;
        tx.commit().await
    };
    let result = work.await;
    if result.is_ok() {
        let ids = engine.fetch_all(select(Person::ID).order_by(Person::ID)).await;
        assert_eq!(ids.unwrap_or_default(), [1, 4]);
    }
    suite.judge(Capability::Savepoints, &engine, result).await;
}

/// An error in a savepoint costs the savepoint.
pub async fn a_failed_savepoint_leaves_the_rest(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let work = async {
        let mut tx = engine.begin().await?;
        insert(&mut tx, 1).await?;
        let mut inner = tx.savepoint().await?;
        assert!(insert(&mut inner, 1).await.is_err_and(|error| error.is_unique_violation()));
        inner.rollback().await?;
        insert(&mut tx, 2).await?;
        tx.commit().await
    };
    let result = work.await;
    if result.is_ok() {
        assert_eq!(count(&engine).await, 2);
    }
    suite.judge(Capability::Savepoints, &engine, result).await;
}

/// A transaction that may only read refuses to write, and the next one writes.
pub async fn read_only(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    let options = TransactionOptions { read_only: true, ..TransactionOptions::default() };
    let work = async {
        let mut tx = engine.begin_with(options).await?;
        assert_eq!(tx.fetch_one(select(func::count_all()).from(Person::TABLE)).await?, 0);
        let refused = insert(&mut tx, 1).await;
        tx.rollback().await?;
        assert!(refused.is_err(), "a transaction that only reads has written");
        Ok(())
    };
    let result = work.await;
    assert_eq!(count(&engine).await, 0);
    suite.judge(Capability::ReadOnlyTransactions, &engine, result).await;
    let written = engine.execute(Person::insert().row(person(1))).await;
    assert_eq!(written.unwrap_or_else(|error| panic!("after a transaction that only reads: {error}")), 1);
}

/// A table made in a transaction that is undone.
pub async fn ddl_goes_with_it(suite: Suite) {
    let engine = suite.single(&[]).await;
    let work = async {
        let mut tx = engine.begin().await?;
        tx.create_all(schema![Person]).await?;
        tx.rollback().await
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
    let is_there = engine.fetch_all(select(Person::ID)).await.is_ok();
    assert_eq!(
        !is_there,
        suite.has(Capability::TransactionalDdl),
        "TransactionalDdl: claimed on the right, found on the left"
    );
    assert_eq!(
        engine.dialect().capabilities().ddl.transactional,
        suite.has(Capability::TransactionalDdl),
        "`ddl.transactional` of the dialect"
    );
}

fn at(isolation: Isolation) -> TransactionOptions {
    TransactionOptions { isolation: Some(isolation), begin: Begin::Deferred, ..TransactionOptions::default() }
}

/// Whether a transaction sees what another one commits after it has begun to read.
async fn sees_others(engine: &Engine, isolation: Isolation) -> Result<bool> {
    let mut tx = engine.begin_with(at(isolation)).await?;
    let before = tx.fetch_one(select(func::count_all()).from(Person::TABLE)).await?;
    engine.execute(Person::insert().row(person(before + 1))).await?;
    let after = tx.fetch_one(select(func::count_all()).from(Person::TABLE)).await?;
    tx.commit().await?;
    Ok(before != after)
}

/// A transaction sees what was committed before each of its statements.
pub async fn read_committed(suite: Suite) {
    let engine = suite.engine(schema![Person]).await;
    let result = sees_others(&engine, Isolation::ReadCommitted).await;
    let is_stricter = matches!(result, Ok(false));
    if is_stricter && !suite.has(Capability::ReadCommitted) {
        // More than was asked for.
        return;
    }
    let result = result.map(|sees| assert!(sees, "it sees nothing of others"));
    suite.judge(Capability::ReadCommitted, &engine, result).await;
}

/// A transaction sees what it has seen.
pub async fn repeatable_read(suite: Suite) {
    let engine = suite.engine(schema![Person]).await;
    let result =
        sees_others(&engine, Isolation::RepeatableRead).await.map(|sees| assert!(!sees, "what it has read changed"));
    suite.judge(Capability::RepeatableRead, &engine, result).await;
}

/// Two that each read what the other writes can't both be committed.
pub async fn serializable(suite: Suite) {
    let settings = Settings { pool_timeout: Some(std::time::Duration::from_secs(20)), ..Settings::default() };
    let engine = suite.engine_with(settings, schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(2))).await;
    inserted.unwrap_or_else(|error| panic!("{error}"));
    let one = |own: i64| {
        let engine = engine.clone();
        Box::pin(async move {
            let mut tx = engine.begin_with(at(Isolation::Serializable)).await?;
            let ages = tx.fetch_all(select(Person::AGE).filter(Person::ID.ne(own))).await?;
            let sum = ages.into_iter().flatten().sum::<i32>() + 1;
            // Both have read before either writes, if the database lets them.
            pause();
            tx.execute(Person::update().set(Person::AGE, Some(sum)).filter(Person::ID.eq(own))).await?;
            tx.commit().await
        }) as aludel::driver::BoxFuture<'static, Result<()>>
    };
    let reset = async {
        engine.execute(Person::update().set(Person::AGE, Some(0))).await?;
        let results = suite.together(vec![one(1), one(2)]).await;
        let mut committed = 0;
        let mut claimed = Ok(());
        for result in results {
            match result {
                Ok(()) => committed += 1,
                Err(error) if error.is_retryable() => {}
                Err(error) => claimed = Err(error),
            }
        }
        claimed?;
        let ages = engine.fetch_all(select(Person::AGE).order_by(Person::ID)).await?;
        // One after the other gives 1 and 2; both at once gives 1 and 1.
        if committed == 2 {
            assert!(
                ages == [Some(1), Some(2)] || ages == [Some(2), Some(1)],
                "both were committed as if alone: {ages:?}"
            );
        }
        Ok(())
    };
    let result = reset.await;
    suite.judge(Capability::Serializable, &engine, result).await;
}

/// Gives the other one time to read; tasks are on threads of their own.
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(50));
}

/// Prepared, committed by whoever knows the name.
pub async fn two_phase(suite: Suite) {
    let engine = suite.engine(schema![Person]).await;
    // Names are those of the whole server, which others use too.
    let name = |number: &str| format!("suite {number} of {}", engine.connector().database());
    let (one, two, three) = (name("one"), name("two"), name("three"));
    let work = async {
        let mut tx = engine.begin_two_phase(&one).await?;
        insert(&mut tx, 1).await?;
        let prepared = tx.prepare().await?;
        prepared.commit().await?;
        let mut tx = engine.begin_two_phase(&two).await?;
        insert(&mut tx, 2).await?;
        tx.prepare().await?.rollback().await?;
        let mut tx = engine.begin_two_phase(&three).await?;
        insert(&mut tx, 3).await?;
        drop(tx.prepare().await?);
        assert!(engine.prepared_transactions().await?.contains(&three));
        engine.commit_prepared(&three).await?;
        let ids = engine.fetch_all(select(Person::ID).order_by(Person::ID)).await?;
        assert_eq!(ids, [1, 3]);
        Ok(())
    };
    let result = work.await;
    suite.judge(Capability::TwoPhase, &engine, result).await;
}

/// The next transaction of the connection has the database's own level again.
pub async fn isolation_is_of_one_transaction(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    if engine.begin_with(at(Isolation::Serializable)).await.is_err() {
        assert!(!suite.has(Capability::Serializable));
        return;
    }
    let work = async {
        let options = TransactionOptions {
            read_only: suite.has(Capability::ReadOnlyTransactions),
            ..at(Isolation::Serializable)
        };
        let mut tx = engine.begin_with(options).await?;
        tx.fetch_one(select(func::count_all()).from(Person::TABLE)).await?;
        tx.commit().await?;
        let mut tx = engine.begin().await?;
        insert(&mut tx, 1).await?;
        tx.commit().await
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(count(&engine).await, 1);
}
