//! The server is restarted.

use aludel::prelude::*;
use aludel_testsuite::Backend;
use aludel_testsuite::servers::Options;

use crate::backend::{
    OnServer, POOL, accounts, add_to_second, assert_lost, balances, check_pool, engine, take_from_first,
};
use crate::each::both;

both!(idle_connections_are_replaced, a_transaction_is_not_half_applied);

async fn idle_connections_are_replaced(backend: Backend) {
    let mut server = backend.private(Options::new());
    let engine = engine(&server.url()).await;
    accounts(&engine).await;
    check_pool(&engine).await;
    server.restart().unwrap();
    // Nobody asked for pre-ping; still none of these fails.
    for _ in 0..POOL + 1 {
        assert_eq!(balances(&engine).await, (100, 100));
    }
    check_pool(&engine).await;
    server.kill().unwrap();
    let error = engine.fetch_one(select(value(1_i64))).await.unwrap_err();
    assert_lost(&error);
    server.start().unwrap();
    assert_eq!(balances(&engine).await, (100, 100));
    check_pool(&engine).await;
}

async fn a_transaction_is_not_half_applied(backend: Backend) {
    let mut server = backend.private(Options::new());
    let engine = engine(&server.url()).await;
    accounts(&engine).await;
    let mut tx = engine.begin().await.unwrap();
    tx.execute(take_from_first()).await.unwrap();
    server.restart().unwrap();
    assert_lost(&tx.execute(add_to_second()).await.unwrap_err());
    assert!(tx.commit().await.is_err(), "nothing was committed");
    assert_eq!(balances(&engine).await, (100, 100));
    let mut tx = engine.begin().await.unwrap();
    tx.execute(take_from_first()).await.unwrap();
    tx.execute(add_to_second()).await.unwrap();
    server.restart().unwrap();
    assert!(tx.commit().await.is_err(), "nothing was committed");
    assert_eq!(balances(&engine).await, (100, 100));
    check_pool(&engine).await;
}
