//! The server takes no more connections.

use std::time::Duration;

use aludel::prelude::*;
use aludel_testsuite::Backend;
use aludel_testsuite::servers::Options;

use crate::backend::{OnServer, builder};
use crate::each::both;

both!(it_is_told_and_goes_away);

async fn it_is_told_and_goes_away(backend: Backend) {
    let options = match backend {
        Backend::Postgres => {
            Options::new().setting("max_connections", "8").setting("superuser_reserved_connections", "0")
        }
        _ => Options::new().setting("max-connections", "10"),
    };
    let server = backend.private(options);
    let hog = builder(&server.url()).pool_size(30).connect().await.unwrap();
    let mut held = Vec::new();
    let error = loop {
        match hog.acquire().await {
            Ok(conn) => held.push(conn),
            Err(error) => break error,
        }
        assert!(held.len() < 30, "the server takes any number of connections");
    };
    let kind = error.database().map(aludel::DatabaseError::kind);
    assert_eq!(kind, Some(aludel::DatabaseErrorKind::Full), "{error}");
    assert!(error.to_string().to_lowercase().contains("too many"), "{error}");
    assert_eq!(hog.pool_status().open, held.len(), "a connection that could not be opened takes no place");
    held.pop();
    // The server may need a moment to see that one is gone.
    let mut answer = None;
    for _ in 0..50 {
        match hog.fetch_one(select(value(3_i64))).await {
            Ok(row) => {
                answer = Some(row);
                break;
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    assert_eq!(answer, Some(3));
    // A pool that is full itself says who holds what.
    drop(held);
    hog.close().await;
    let mut tries = 0;
    let small = loop {
        let builder = builder(&server.url()).pool_size(1).pool_timeout(Duration::from_millis(200));
        match builder.connect().await {
            Ok(engine) => break engine,
            Err(error) => {
                tries += 1;
                assert!(tries < 50, "{error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    };
    let _held = small.acquire().await.unwrap();
    let error = small.acquire().await.unwrap_err();
    assert!(error.is_pool_timeout() && error.to_string().contains("full.rs"), "{error}");
}
