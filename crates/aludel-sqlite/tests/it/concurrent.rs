//! Many at once.

use std::sync::Arc;

use aludel::blocking;
use aludel::prelude::*;

use crate::support::{SCHEMA, User, is_free, user};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_on_few_connections() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("a.db").display());
    let engine = Engine::builder(url).pool_size(3).connect().await.unwrap();
    engine.acquire().await.unwrap().batch(SCHEMA).await.unwrap();
    let tasks: Vec<_> = (1..=40_i64)
        .map(|number| {
            let engine = engine.clone();
            tokio::spawn(async move {
                engine.insert(User::insert().rows([user(number)])).await?;
                for _ in 0..10 {
                    let found = engine.fetch_one(User::select().filter(User::ID.eq(number))).await?;
                    assert_eq!(found, user(number));
                    assert_eq!(engine.fetch_one(select(value(number))).await?, number);
                }
                engine
                    .transaction(async |tx| {
                        let age = tx.fetch_one(User::select().filter(User::ID.eq(number))).await?.age.unwrap_or(0);
                        tx.execute(User::update().set(User::AGE, age + 1).filter(User::ID.eq(number))).await
                    })
                    .await
            })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), 1);
    }
    is_free(&engine).await;
    assert_eq!(engine.fetch_all(User::select()).await.unwrap().len(), 40);
    assert!(engine.pool_status().open <= 3);
    let statistics = engine.cache_statistics();
    assert!(statistics.statements < 10 && statistics.hits > 800, "{statistics:?}");
}

#[test]
fn many_threads() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("a.db").display());
    let engine = Arc::new(blocking::Engine::builder(url).pool_size(2).connect().unwrap());
    engine.acquire().unwrap().batch(SCHEMA).unwrap();
    std::thread::scope(|scope| {
        for first in 1..=8_i64 {
            let engine = Arc::clone(&engine);
            scope.spawn(move || {
                for number in 0..20 {
                    let user = user(first * 100 + number);
                    engine.insert(User::insert().rows([user.clone()])).unwrap();
                    assert_eq!(engine.fetch_one(User::select().filter(User::ID.eq(user.id))).unwrap(), user);
                }
            });
        }
    });
    assert_eq!(engine.fetch_all(User::select()).unwrap().len(), 160);
    assert_eq!(engine.pool_status().idle, engine.pool_status().open);
}

#[tokio::test]
async fn settings_of_how_it_runs() {
    for option in ["inline=on", "spin=on", "statement_cache=1"] {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}?{option}", folder.path().join("a.db").display());
        let engine = Engine::connect(url).await.unwrap();
        engine.acquire().await.unwrap().batch(SCHEMA).await.unwrap();
        engine.insert(User::insert().rows((1..=100).map(user))).await.unwrap();
        for number in 1..=20 {
            assert_eq!(engine.fetch_one(User::select().filter(User::ID.eq(number))).await.unwrap(), user(number));
            assert_eq!(engine.fetch_all(User::select()).await.unwrap().len(), 100);
        }
    }
}

#[tokio::test]
async fn statements_beyond_the_caches() {
    let engine =
        Engine::builder("sqlite::memory:").pool_size(1).cache_size(5).prepared_statements(3).connect().await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    for round in 0..3_i64 {
        for width in 1..20_usize {
            let sql = format!("SELECT :n + {width}");
            let sum: i64 = connection.fetch_scalar(text(sql).bind("n", round)).await.unwrap();
            assert_eq!(sum, round + i64::try_from(width).unwrap());
        }
    }
    assert!(connection.driver().prepared() <= 3, "{}", connection.driver().prepared());
    assert!(engine.cache_statistics().statements <= 5);
}
