//! Connections that are given out and come back.

use std::time::{Duration, Instant};

use aludel::ErrorKind;
use aludel::prelude::*;

use crate::model::{Person, count, person};
use crate::suite::{Settings, Suite, answers};

/// All are in use: whoever waits is told who has them, and gets one when it comes back.
pub async fn exhausted_and_returned(suite: Suite) {
    let settings =
        Settings { pool_size: Some(2), pool_timeout: Some(Duration::from_millis(100)), ..Settings::default() };
    let engine = suite.engine_with(settings, &[]).await;
    let first = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
    let Ok(second) = engine.acquire().await else {
        assert_eq!(engine.connector().traits().max_connections, Some(1), "two connections can't be had");
        return;
    };
    let start = Instant::now();
    let error = engine.acquire().await.err().unwrap_or_else(|| panic!("a third connection of a pool of two"));
    assert!(error.is_pool_timeout(), "{error}");
    assert!(start.elapsed() >= Duration::from_millis(90), "it did not wait");
    assert!(error.to_string().contains("pool.rs"), "the error names who has them: {error}");
    drop(first);
    drop(engine.acquire().await.unwrap_or_else(|error| panic!("{error}")));
    drop(second);
    answers(&engine, 3).await;
    let status = engine.pool_status();
    assert_eq!((status.open, status.idle), (2, 2));
}

/// What was open on it is not.
pub async fn a_connection_comes_back_clean(suite: Suite) {
    let engine = suite.single(schema![Person]).await;
    for _ in 0..3 {
        let mut connection = engine.acquire().await.unwrap_or_else(|error| panic!("{error}"));
        let mut tx = connection.begin().await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(tx.execute(Person::insert().row(person(1))).await.unwrap_or(0), 1);
        drop(tx);
        drop(connection);
        assert_eq!(count(&engine).await, 0);
    }
    assert_eq!(engine.pool_status().open, 1);
}

/// A closed engine says that it is.
pub async fn closing(suite: Suite) {
    let engine = suite.engine(&[]).await;
    answers(&engine, 3).await;
    engine.close().await;
    let error = engine.fetch_one(select(value(1_i64))).await.err().unwrap_or_else(|| panic!("a closed engine answers"));
    assert!(matches!(error.kind(), ErrorKind::Pool(_)), "{error}");
    assert_eq!(engine.pool_status().open, 0);
}
