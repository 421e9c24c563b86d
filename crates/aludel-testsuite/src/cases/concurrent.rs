//! Many at once.

use std::time::Duration;

use aludel::driver::BoxFuture;
use aludel::language::func;
use aludel::prelude::*;

use crate::Capability;
use crate::model::{Person, count, people, person};
use crate::suite::{Settings, Suite};

const TASKS: i64 = 16;

async fn engine(suite: &Suite) -> Engine {
    let settings = Settings { pool_size: Some(4), pool_timeout: Some(Duration::from_secs(60)), ..Settings::default() };
    suite.engine_with(settings, schema![Person]).await
}

async fn all(suite: &Suite, work: impl Fn(i64) -> BoxFuture<'static, Result<()>>) {
    for result in suite.together((0..TASKS).map(work).collect()).await {
        result.unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Nothing is lost and nothing is there twice.
pub async fn sixteen_writers(suite: Suite) {
    let engine = engine(&suite).await;
    all(&suite, |task| {
        let engine = engine.clone();
        Box::pin(async move {
            for number in 0..20 {
                let id = task * 1_000 + number + 1;
                engine
                    .transaction(async |tx| {
                        tx.execute(Person::insert().row(person(id))).await?;
                        tx.execute(Person::update().set(Person::AGE, Some(1)).filter(Person::ID.eq(id))).await
                    })
                    .await?;
            }
            Ok(())
        })
    })
    .await;
    assert_eq!(count(&engine).await, TASKS * 20);
    let aged = select(func::count_all()).from(Person::TABLE).filter(Person::AGE.eq(Some(1)));
    assert_eq!(engine.fetch_one(aged).await.unwrap_or(0), TASKS * 20);
}

/// Each gets what it has asked for.
pub async fn sixteen_readers_get_their_own_answers(suite: Suite) {
    let engine = engine(&suite).await;
    let inserted = engine.insert(Person::insert().rows(people(200))).await;
    inserted.unwrap_or_else(|error| panic!("{error}"));
    all(&suite, |task| {
        let engine = engine.clone();
        Box::pin(async move {
            for round in 0..40 {
                let id = (task * 13 + round * 7) % 200 + 1;
                let found = engine.fetch_one(select((Person::ID, Person::NAME)).filter(Person::ID.eq(id))).await?;
                assert_eq!(found, (id, format!("person {id}")));
                assert_eq!(engine.fetch_one(select(value(id * 1_000 + round))).await?, id * 1_000 + round);
            }
            Ok(())
        })
    })
    .await;
}

/// `FOR UPDATE SKIP LOCKED`: each job is taken once, and nobody waits for another.
pub async fn a_job_queue(suite: Suite) {
    use aludel::language::{LockStrength, LockWait};
    let engine = engine(&suite).await;
    let inserted = engine.insert(Person::insert().rows(people(100))).await;
    inserted.unwrap_or_else(|error| panic!("{error}"));
    let next = || select(Person::ID).order_by(Person::ID).limit(1).lock(LockStrength::Update, LockWait::SkipLocked);
    let first = async {
        let mut one = engine.begin().await?;
        let mut two = engine.begin().await?;
        let taken = (one.fetch_one(next()).await?, two.fetch_one(next()).await?);
        assert_eq!(taken, (1, 2), "the second takes what the first has not");
        Ok(())
    };
    let result = first.await;
    let is_claimed = suite.has(Capability::SkipLocked);
    if result.is_err() && !is_claimed && result.as_ref().is_err_and(Error::is_locked) {
        // A database with one writer: whoever would write waits.
        return;
    }
    suite.judge(Capability::SkipLocked, &engine, result).await;
    if !is_claimed {
        return;
    }
    all(&suite, |_| {
        let engine = engine.clone();
        Box::pin(async move {
            loop {
                let mut tx = engine.begin().await?;
                let Some(id) = tx.fetch_optional(next()).await? else { return tx.commit().await };
                assert_eq!(
                    tx.execute(Person::delete().filter(Person::ID.eq(id))).await?,
                    1,
                    "job {id} was taken twice"
                );
                tx.commit().await?;
            }
        })
    })
    .await;
    assert_eq!(count(&engine).await, 0);
}

/// Whoever has it has it alone.
pub async fn a_named_lock_excludes(suite: Suite) {
    let engine = engine(&suite).await;
    let work = async {
        let guard = engine.named_lock("suite lock").await?;
        assert!(engine.try_named_lock("suite lock").await?.is_none(), "two have the lock");
        assert!(engine.try_named_lock("another lock").await?.is_some());
        drop(guard);
        for _ in 0..200 {
            if engine.try_named_lock("suite lock").await?.is_some() {
                return Ok(());
            }
            suite.sleep(Duration::from_millis(10)).await;
        }
        panic!("the lock is held though its guard is gone")
    };
    let result = work.await;
    suite.judge(Capability::NamedLocks, &engine, result).await;
}
