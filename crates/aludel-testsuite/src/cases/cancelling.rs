//! Stopping a statement from elsewhere.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aludel::driver::BoxFuture;
use aludel::prelude::*;
use aludel::{DatabaseErrorKind, Engine};

use crate::Capability;
use crate::model::{Person, people};
use crate::suite::Suite;

/// Counts what takes minutes to count.
const SLOW: &str = "SELECT count(*) FROM suite_person a, suite_person b, suite_person c WHERE a.id * b.id + c.id < 0";

/// It ends with an error that says so, soon, and the connection goes on with its own answers.
pub async fn a_running_statement(suite: Suite) {
    let engine = suite.engine(schema![Person]).await;
    let inserted = engine.insert(Person::insert().rows(people(1_000))).await;
    inserted.unwrap_or_else(|error| panic!("{error}"));
    for round in 0..5_i64 {
        let connection = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
        let Some(cancel) = connection.canceller() else {
            assert!(!suite.has(Capability::Cancel), "`Cancel` is claimed, and the connection gives no canceller");
            return;
        };
        assert!(suite.has(Capability::Cancel), "a connection can be cancelled: claim `Cancel`");
        let start = Instant::now();
        let (has_ended, is_quiet) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (ended, quiet, waiting) = (Arc::clone(&has_ended), Arc::clone(&is_quiet), suite.clone());
        let running: BoxFuture<'static, Result<()>> = Box::pin(async move {
            let mut connection = connection;
            let result = connection.fetch_scalar::<i64>(text(SLOW)).await;
            ended.store(true, Ordering::SeqCst);
            let error = result.err().unwrap_or_else(|| panic!("what takes minutes has ended"));
            let kind = error.database().map(aludel::DatabaseError::kind);
            assert_eq!(kind, Some(DatabaseErrorKind::Cancelled), "{error}");
            while !quiet.load(Ordering::SeqCst) {
                waiting.sleep(Duration::from_millis(5)).await;
            }
            // Every request has been answered: no stray one reaches what follows.
            for number in 0..20 {
                assert_eq!(connection.fetch_one(select(value(round * 100 + number))).await?, round * 100 + number);
            }
            Ok(())
        });
        let pause = suite.clone();
        let cancelling: BoxFuture<'static, Result<()>> = Box::pin(async move {
            // On a busy machine the first request may come before the statement.
            let mut result = Ok(());
            while !has_ended.load(Ordering::SeqCst) && result.is_ok() {
                pause.sleep(Duration::from_millis(100)).await;
                result = cancel.cancel().await;
            }
            is_quiet.store(true, Ordering::SeqCst);
            result
        });
        for result in suite.together(vec![running, cancelling]).await {
            result.unwrap_or_else(|error| panic!("{error}"));
        }
        assert!(start.elapsed() < Duration::from_secs(20), "it was not stopped soon");
    }
    nothing_to_stop(&engine).await;
}

/// When nothing is running, nothing happens.
async fn nothing_to_stop(engine: &Engine) {
    let mut connection = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
    let Some(cancel) = connection.canceller() else { return };
    for number in 0..20_i64 {
        cancel.cancel().await.unwrap_or_else(|error| panic!("{error}"));
        let answer = connection.fetch_one(select(value(number))).await;
        assert_eq!(answer.unwrap_or_else(|error| panic!("a stray request has hit: {error}")), number);
    }
}
