//! The other side is there as far as anybody can see, and says nothing.

use std::time::{Duration, Instant};

use aludel::prelude::*;
use aludel_testsuite::Backend;
use aludel_testsuite::Proxy;
use aludel_testsuite::servers::Options;

use crate::backend::{
    OnServer, accounts, address, assert_lost, balances, builder, check_pool, engine, take_from_first, with,
};
use crate::each::both;

both!(a_read_timeout_ends_it, a_ping_finds_it, a_paused_server, a_dropped_future);

async fn a_read_timeout_ends_it(backend: Backend) {
    let database = backend.fresh();
    let proxy = Proxy::start(address(database.url())).unwrap();
    let engine = engine(&with(&proxy.url(database.url()), "read_timeout=500ms")).await;
    accounts(&engine).await;
    let mut tx = engine.begin().await.unwrap();
    tx.execute(take_from_first()).await.unwrap();
    proxy.freeze();
    let started = Instant::now();
    assert_lost(&tx.execute(take_from_first()).await.unwrap_err());
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    drop(tx);
    proxy.cut();
    proxy.thaw();
    assert_eq!(balances(&engine).await, (100, 100));
    check_pool(&engine).await;
}

async fn a_ping_finds_it(backend: Backend) {
    let database = backend.fresh();
    let proxy = Proxy::start(address(database.url())).unwrap();
    let url = with(&proxy.url(database.url()), "read_timeout=500ms");
    let engine = builder(&url).pool_pre_ping(true).connect().await.unwrap();
    check_pool(&engine).await;
    proxy.freeze();
    let started = Instant::now();
    let thaw = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(200)).await;
        proxy.cut();
        proxy.thaw();
        proxy
    });
    assert_eq!(engine.fetch_one(select(value(7_i64))).await.unwrap(), 7);
    assert!(started.elapsed() < Duration::from_secs(5));
    let _proxy = thaw.await.unwrap();
    check_pool(&engine).await;
}

async fn a_paused_server(backend: Backend) {
    let mut server = backend.private(Options::new());
    let engine = engine(&with(&server.url(), "read_timeout=500ms")).await;
    accounts(&engine).await;
    server.pause().unwrap();
    // Its threads stop one after the other.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_lost(&engine.fetch_one(select(value(1_i64))).await.unwrap_err());
    let fresh = builder(&server.url()).connect_timeout(Duration::from_millis(500));
    let started = Instant::now();
    assert_lost(&fresh.connect().await.unwrap_err());
    assert!(started.elapsed() < Duration::from_secs(10));
    server.resume().unwrap();
    assert_eq!(balances(&engine).await, (100, 100));
    check_pool(&engine).await;
}

/// The program's own timeout, on a network that says nothing: nothing hangs, and the connection is not used again.
async fn a_dropped_future(backend: Backend) {
    let database = backend.fresh();
    let proxy = Proxy::start(address(database.url())).unwrap();
    let engine = engine(&proxy.url(database.url())).await;
    accounts(&engine).await;
    proxy.freeze();
    for _ in 0..2 {
        let waiting = engine.execute(take_from_first());
        assert!(tokio::time::timeout(Duration::from_millis(200), waiting).await.is_err());
    }
    proxy.cut();
    proxy.thaw();
    let (first, second) = balances(&engine).await;
    assert!(matches!(first, 100 | 90 | 80) && second == 100, "{first}, {second}");
    check_pool(&engine).await;
}
