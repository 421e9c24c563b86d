//! Somebody ends a connection on the server.

use std::time::{Duration, Instant};

use aludel::prelude::*;
use aludel_testsuite::Backend;

use crate::backend::{
    OnServer, accounts, add_to_second, assert_lost, balances, builder, check_pool, engine, take_from_first,
};
use crate::each::both;

both!(while_idle, in_a_transaction, in_a_statement, in_a_stream, in_a_bulk_insert);

async fn while_idle(backend: Backend) {
    let database = backend.fresh();
    let engine = engine(database.url()).await;
    check_pool(&engine).await;
    let other = builder(database.url()).connect().await.unwrap();
    let number: i64 = engine.fetch_scalar(text(backend.own_number())).await.unwrap();
    other.acquire().await.unwrap().batch(&backend.kill(number)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    for _ in 0..5 {
        assert_eq!(engine.fetch_one(select(value(5_i64))).await.unwrap(), 5);
    }
    check_pool(&engine).await;
}

async fn in_a_transaction(backend: Backend) {
    let database = backend.fresh();
    let engine = engine(database.url()).await;
    accounts(&engine).await;
    let mut tx = engine.begin().await.unwrap();
    tx.execute(take_from_first()).await.unwrap();
    let number: i64 = tx.fetch_scalar(text(backend.own_number())).await.unwrap();
    engine.acquire().await.unwrap().batch(&backend.kill(number)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_lost(&tx.execute(add_to_second()).await.unwrap_err());
    // What comes after is refused without the network.
    assert!(tx.execute(add_to_second()).await.is_err());
    drop(tx);
    assert_eq!(balances(&engine).await, (100, 100));
    check_pool(&engine).await;
}

async fn in_a_statement(backend: Backend) {
    let database = backend.fresh();
    let engine = engine(database.url()).await;
    let mut conn = engine.acquire().await.unwrap();
    let number: i64 = conn.fetch_scalar(text(backend.own_number())).await.unwrap();
    let started = Instant::now();
    let sleeping = tokio::spawn(async move { conn.fetch_all(text(backend.sleep(30))).await.map(|rows| rows.len()) });
    tokio::time::sleep(Duration::from_millis(100)).await;
    engine.acquire().await.unwrap().batch(&backend.kill(number)).await.unwrap();
    assert_lost(&sleeping.await.unwrap().unwrap_err());
    assert!(started.elapsed() < Duration::from_secs(10));
    check_pool(&engine).await;
}

async fn in_a_stream(backend: Backend) {
    let database = backend.fresh();
    let engine = engine(database.url()).await;
    let mut conn = engine.acquire().await.unwrap();
    let number: i64 = conn.fetch_scalar(text(backend.own_number())).await.unwrap();
    let mut stream = conn.stream(text(backend.numbers(2_000_000)).rows_as::<i64>());
    for expected in 1..=1000 {
        assert_eq!(stream.next().await.unwrap().unwrap(), expected);
    }
    engine.acquire().await.unwrap().batch(&backend.kill(number)).await.unwrap();
    let mut expected = 1000;
    let error = loop {
        match stream.next().await {
            Some(Ok(row)) => {
                expected += 1;
                assert_eq!(row, expected);
            }
            Some(Err(error)) => break error,
            None => panic!("the stream ended as if that was all, after {expected} rows"),
        }
    };
    assert_lost(&error);
    drop(stream);
    drop(conn);
    check_pool(&engine).await;
}

async fn in_a_bulk_insert(backend: Backend) {
    let database = backend.fresh();
    let engine = engine(database.url()).await;
    engine.create_all(schema![Item]).await.unwrap();
    let mut conn = engine.acquire().await.unwrap();
    let number: i64 = conn.fetch_scalar(text(backend.own_number())).await.unwrap();
    let killer = engine.clone();
    let rows = (1..300_000_i64).map(move |id| {
        if id == 150_000 {
            let (killer, sql) = (killer.clone(), backend.kill(number));
            // The rows are asked for in the inserting task, so another one kills its connection.
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async { killer.acquire().await.unwrap().batch(&sql).await.unwrap() });
            })
            .join()
            .unwrap();
        }
        Item { id, name: format!("item {id}") }
    });
    let error = conn.insert(insert(Item::TABLE).rows(rows)).await.unwrap_err();
    assert_lost(&error);
    drop(conn);
    assert_eq!(engine.fetch_one(select(func::count(Item::ID))).await.unwrap(), 0);
    check_pool(&engine).await;
}

#[derive(Entity, Clone, Debug)]
#[entity(table = "item")]
struct Item {
    #[column(primary_key)]
    id: i64,
    name: String,
}
