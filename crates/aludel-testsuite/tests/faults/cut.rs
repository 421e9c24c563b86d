//! The network is cut in the middle of a result.

use aludel::prelude::*;
use aludel_testsuite::Backend;
use aludel_testsuite::Proxy;

use crate::backend::{
    OnServer, accounts, add_to_second, address, assert_lost, balances, check_pool, engine, take_from_first,
};
use crate::each::both;

both!(in_a_result, at_every_byte_of_an_answer, in_a_commit);

async fn in_a_result(backend: Backend) {
    let database = backend.fresh();
    let proxy = Proxy::start(address(database.url())).unwrap();
    let engine = engine(&proxy.url(database.url())).await;
    check_pool(&engine).await;
    proxy.cut_after(100_000);
    let error = engine.fetch_all(text(backend.numbers(1_000_000)).rows_as::<i64>()).await.unwrap_err();
    assert_lost(&error);
    // The cut has closed the others too, while they were idle.
    proxy.pass();
    let rows = engine.fetch_all(text(backend.numbers(1000)).rows_as::<i64>()).await.unwrap();
    assert_eq!(rows, (1..=1000).collect::<Vec<_>>());
    check_pool(&engine).await;
}

async fn at_every_byte_of_an_answer(backend: Backend) {
    let database = backend.fresh();
    let proxy = Proxy::start(address(database.url())).unwrap();
    let engine = engine(&proxy.url(database.url())).await;
    let (mut cut, mut whole) = (0, 0);
    for bytes in (1..700).step_by(7) {
        // A fresh connection and a prepared statement, so that the next answer is only rows.
        let rows = engine.fetch_all(text(backend.numbers(5)).rows_as::<i64>()).await.unwrap();
        assert_eq!(rows, [1, 2, 3, 4, 5]);
        proxy.cut_after(bytes);
        match engine.fetch_all(text(backend.numbers(5)).rows_as::<i64>()).await {
            Ok(rows) => {
                assert_eq!(rows, [1, 2, 3, 4, 5]);
                whole += 1;
            }
            Err(error) => {
                assert_lost(&error);
                cut += 1;
            }
        }
        proxy.pass();
    }
    assert!(cut > 10 && whole > 0, "{cut} answers were cut, {whole} came whole");
    check_pool(&engine).await;
}

/// Nobody can tell whether a commit whose answer is lost has happened; it is told as an error, and it is all or nothing.
async fn in_a_commit(backend: Backend) {
    let database = backend.fresh();
    let proxy = Proxy::start(address(database.url())).unwrap();
    let engine = engine(&proxy.url(database.url())).await;
    accounts(&engine).await;
    let mut tx = engine.begin().await.unwrap();
    tx.execute(take_from_first()).await.unwrap();
    tx.execute(add_to_second()).await.unwrap();
    proxy.cut_after(3);
    assert_lost(&tx.commit().await.unwrap_err());
    let after = balances(&engine).await;
    assert!(after == (90, 110) || after == (100, 100), "{after:?}");
    check_pool(&engine).await;
}
