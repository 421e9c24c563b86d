//! The pool.

use std::time::Duration;

use aludel::blocking;
use aludel::prelude::*;

use crate::support::{User, engine, user};

#[tokio::test]
async fn an_exhausted_pool_says_who_holds_it() {
    let engine = Engine::builder("sqlite::memory:")
        .pool_size(2)
        .pool_timeout(Duration::from_millis(50))
        .connect()
        .await
        .unwrap();
    let _first = engine.acquire().await.unwrap();
    let line = line!() + 1;
    let _second = engine.begin().await.unwrap();
    let error = engine.fetch_one(select(value(1_i64))).await.unwrap_err();
    assert!(error.is_pool_timeout());
    let text = error.to_string();
    assert!(text.starts_with("no connection came free in 5"), "{text}");
    assert!(text.contains("all 2 of the pool are in use"), "{text}");
    assert!(text.contains(&format!("taken at crates/aludel-sqlite/tests/it/pool.rs:{line}:")), "{text}");
    assert!(text.contains("and held for "), "{text}");
    assert_eq!(error.location().unwrap().file(), file!());
}

#[test]
fn a_thread_waits_its_turn() {
    let engine = blocking::Engine::builder("sqlite::memory:").pool_size(1).connect().unwrap();
    let held = engine.acquire().unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| engine.fetch_one(select(value(1_i64))).unwrap());
        while engine.pool_status().waiting == 0 {
            std::thread::yield_now();
        }
        drop(held);
        assert_eq!(waiting.join().unwrap(), 1);
    });
    let engine = blocking::Engine::builder("sqlite::memory:")
        .pool_size(1)
        .pool_timeout(Duration::from_millis(20))
        .connect()
        .unwrap();
    let _held = engine.acquire().unwrap();
    assert!(engine.acquire().unwrap_err().is_pool_timeout());
}

#[tokio::test]
async fn overflow_is_closed_again() {
    let engine = Engine::builder("sqlite::memory:").pool_size(1).max_overflow(2).connect().await.unwrap();
    let held = [engine.acquire().await.unwrap(), engine.acquire().await.unwrap(), engine.acquire().await.unwrap()];
    assert_eq!(engine.pool_status().open, 3);
    drop(held);
    assert!(engine.pool_status().open <= 3);
    assert_eq!(engine.pool_status().idle, engine.pool_status().open);
}

#[tokio::test]
async fn an_invalidated_connection_never_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("a.db").display());
    let engine = Engine::builder(url).pool_size(1).connect().await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    let number = connection.number();
    connection.invalidate();
    drop(connection);
    let other = engine.acquire().await.unwrap();
    assert_ne!(other.number(), number);
}

#[tokio::test]
async fn old_connections_are_recycled_and_pinged() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("a.db").display());
    let engine = Engine::builder(url)
        .pool_size(1)
        .pool_recycle(Duration::from_millis(30))
        .pool_pre_ping(true)
        .connect()
        .await
        .unwrap();
    let number = engine.acquire().await.unwrap().number();
    assert_eq!(engine.acquire().await.unwrap().number(), number);
    tokio::time::sleep(Duration::from_millis(40)).await;
    assert_ne!(engine.acquire().await.unwrap().number(), number);
}

#[tokio::test]
async fn a_closed_engine_refuses() {
    let engine = engine().await;
    let held = engine.acquire().await.unwrap();
    engine.close().await;
    let error = engine.fetch_all(User::select()).await.unwrap_err();
    assert!(error.to_string().starts_with("the engine is closed"), "{error}");
    drop(held);
    assert_eq!(engine.pool_status().open, 0);
}

#[tokio::test]
async fn a_database_in_memory_is_one_for_all_connections() {
    let engine = engine().await;
    let mut first = engine.acquire().await.unwrap();
    let mut second = engine.acquire().await.unwrap();
    first.insert(User::insert().rows([user(1)])).await.unwrap();
    assert_eq!(second.fetch_all(User::select()).await.unwrap(), [user(1)]);
    let other = crate::support::engine().await;
    assert!(other.fetch_all(User::select()).await.unwrap().is_empty());
}

#[tokio::test]
async fn connections_are_set_up() {
    let engine =
        Engine::builder("sqlite::memory:").on_connect("PRAGMA recursive_triggers = ON").connect().await.unwrap();
    assert_eq!(engine.fetch_scalar::<i64>(text("PRAGMA recursive_triggers")).await.unwrap(), 1);
    assert_eq!(engine.fetch_scalar::<i64>(text("PRAGMA foreign_keys")).await.unwrap(), 1);
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?busy_timeout=2s", folder.path().join("a b.db").display());
    let engine = Engine::connect(url).await.unwrap();
    assert_eq!(engine.fetch_scalar::<String>(text("PRAGMA journal_mode")).await.unwrap(), "wal");
    assert_eq!(engine.fetch_scalar::<i64>(text("PRAGMA synchronous")).await.unwrap(), 1);
}

#[test]
fn the_drivers_own_connection() {
    let engine = blocking::Engine::connect("sqlite::memory:").unwrap();
    let mut connection = engine.acquire().unwrap();
    let own = connection.driver().as_any_mut().downcast_mut::<aludel_sqlite::SqliteConnection>().unwrap();
    assert!(own.raw().is_autocommit());
}

#[tokio::test]
async fn the_drivers_own_connection_on_its_thread() {
    let engine = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    let own = connection.driver().as_any_mut().downcast_mut::<aludel_sqlite::Threaded>().unwrap();
    let thread = own.with(|connection| (connection.raw().is_autocommit(), std::thread::current().id())).await.unwrap();
    assert!(thread.0 && thread.1 != std::thread::current().id());
}
