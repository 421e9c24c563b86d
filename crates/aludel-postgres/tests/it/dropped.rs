//! Futures dropped at every await point: the next answer has its own values, locks go, and no cancel hits what comes later.

use std::future::Future;
use std::time::{Duration, Instant};

use aludel::prelude::*;

use crate::relay::relay;
use crate::support::{User, engine, poll_and_drop, user, users};

/// The next statements get their own answers.
async fn is_well(engine: &Engine, number: i64) {
    let answer = tokio::time::timeout(Duration::from_secs(20), async {
        assert_eq!(engine.fetch_one(select(value(number))).await.unwrap(), number);
        let found = engine.fetch_all(User::select().filter(User::ID.le(3_i64)).order_by(User::ID)).await.unwrap();
        assert_eq!(found, [user(1), user(2), user(3)]);
    });
    answer.await.expect("an answer in time");
}

/// Runs it, dropped after more and more polls, until it comes to its end; then the next statements must be right.
async fn dropped_everywhere<F: Future>(engine: &Engine, what: &str, mut future: impl FnMut(i64) -> F) {
    for polls in 0..10_000 {
        let number = i64::try_from(polls).unwrap();
        let has_ended = poll_and_drop(future(number), polls).await;
        is_well(engine, number).await;
        if has_ended {
            assert!(polls > 2, "{what} took {polls} polls");
            return;
        }
    }
    panic!("{what} did not end");
}

async fn small_pieces(piece: usize) -> (Engine, aludel_testsuite::servers::Database) {
    let (_, database) = engine().await;
    let url = relay(database.url(), piece, Duration::from_millis(1)).await;
    let engine = Engine::builder(url).pool_size(1).max_overflow(0).connect().await.unwrap();
    engine.insert(User::insert().rows(users(40))).await.unwrap();
    (engine, database)
}

#[tokio::test]
async fn fetching() {
    let (engine, _database) = small_pieces(61).await;
    let all = |number: i64| {
        // A new statement for each, and one that is known.
        let sql = format!("SELECT id, name, {number} FROM users ORDER BY id");
        let engine = &engine;
        async move {
            let rows = engine.fetch_all(text(sql).rows_as::<(i64, String, i32)>()).await.unwrap();
            assert_eq!(rows.len(), 40);
        }
    };
    dropped_everywhere(&engine, "a new statement", all).await;
    let all = |_| async {
        assert_eq!(engine.fetch_all(User::select().filter(User::ID.gt(0_i64))).await.unwrap().len(), 40);
    };
    dropped_everywhere(&engine, "a known statement", all).await;
}

#[tokio::test]
async fn streams_and_transactions() {
    let (engine, _database) = small_pieces(61).await;
    let engine = &engine;
    let streamed = |_| async move {
        let mut stream = engine.stream(User::select().order_by(User::ID));
        let mut count = 0;
        while let Some(found) = stream.next().await {
            count += 1;
            assert_eq!(found.unwrap(), user(count));
        }
        assert_eq!(count, 40);
    };
    dropped_everywhere(engine, "a stream", streamed).await;
    let written = |number: i64| async move {
        let mut tx = engine.begin().await.unwrap();
        let name = format!("another {number}");
        tx.insert(User::insert().tuples((User::NAME, User::AGE), [(name, Some(5))])).await.unwrap();
        assert_eq!(tx.fetch_all(User::select()).await.unwrap().len(), 41);
        tx.rollback().await.unwrap();
    };
    dropped_everywhere(engine, "a transaction", written).await;
    assert_eq!(engine.fetch_all(User::select()).await.unwrap().len(), 40);
}

#[tokio::test]
async fn bulk_inserts() {
    let (engine, _database) = small_pieces(997).await;
    let engine = &engine;
    let mut has_written = 0;
    let inserted = |number: i64| async move {
        let rows = (0..400).map(|n| (format!("name {number} {n}"), Some(5)));
        engine.insert(User::insert().tuples((User::NAME, User::AGE), rows)).await.unwrap();
    };
    dropped_everywhere(engine, "a bulk insert", inserted).await;
    let count = engine.fetch_all(User::select()).await.unwrap().len();
    assert_eq!((count - 40) % 400, 0, "all rows of an insert are there or none");
    has_written += count;
    assert!(has_written > 40);
}

/// Takes the lock of a row within a second.
async fn takes_lock(engine: &Engine) {
    let started = Instant::now();
    engine.execute(User::update().set(User::AGE, 7).filter(User::ID.eq(1_i64))).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(1), "the lock was held for {:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn locks_go_within_a_second() {
    let (other, database) = engine().await;
    other.insert(User::insert().rows(users(3))).await.unwrap();
    let engine = Engine::builder(database.url()).pool_size(1).connect().await.unwrap();
    for sql in [
        // Slow, long, and both in the middle of another.
        "SELECT pg_sleep(60)",
        "SELECT repeat('x', 1000) FROM generate_series(1, 10000000)",
        "UPDATE users SET age = 9 FROM pg_sleep(30) WHERE id = 2",
    ] {
        for polls in [0, 1, 2, 3] {
            let mut tx = engine.begin().await.unwrap();
            tx.execute(User::update().set(User::AGE, 8).filter(User::ID.eq(1_i64))).await.unwrap();
            assert!(!poll_and_drop(tx.execute(text(sql)), polls).await);
            drop(tx);
            takes_lock(&other).await;
            // Nobody has asked for the connection since; now it is as good as new.
            is_settled(&engine).await;
        }
    }
}

async fn is_settled(engine: &Engine) {
    let started = Instant::now();
    assert_eq!(engine.fetch_one(select(value(11))).await.unwrap(), 11);
    assert!(started.elapsed() < Duration::from_secs(2), "it took {:?}", started.elapsed());
    assert_eq!(engine.pool_status().open, 1, "the connection was kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_cancel_hits_a_later_statement() {
    let (_, database) = engine().await;
    let engine = Engine::builder(database.url()).pool_size(1).max_overflow(0).connect().await.unwrap();
    let mut cancelled = 0;
    for round in 0..60 {
        let mut tx = engine.begin().await.unwrap();
        // About as long as an answer is waited for before it is cancelled.
        let sleep = format!("SELECT pg_sleep({})", 0.095 + f64::from(round % 10) * 0.001);
        assert!(!poll_and_drop(tx.execute(text(sleep)), 2).await);
        drop(tx);
        if round % 3 == 0 {
            tokio::time::sleep(Duration::from_millis(101)).await;
        }
        cancelled += usize::from(round % 10 > 5);
        for number in 0..5 {
            let query = text(format!("SELECT {number} FROM pg_sleep(0.002)"));
            assert_eq!(engine.fetch_scalar::<i32>(query).await.unwrap(), number);
        }
    }
    assert!(cancelled > 0);
    assert_eq!(engine.pool_status().open, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_settling_is_settled_again() {
    let (_, database) = engine().await;
    let engine = Engine::builder(database.url()).pool_size(1).max_overflow(0).connect().await.unwrap();
    for polls in 0..8 {
        assert!(!poll_and_drop(engine.execute(text("SELECT pg_sleep(30)")), 3).await);
        for _ in 0..3 {
            poll_and_drop(engine.fetch_one(select(value(5))), polls).await;
        }
        is_settled(&engine).await;
    }
}

#[test]
fn without_async_cursors_are_closed() {
    let (engine, _database) = crate::support::blocking_engine();
    engine.insert(User::insert().rows(users(5_000))).unwrap();
    for count in 0..5 {
        let mut connection = engine.acquire().unwrap();
        let mut stream = connection.stream(User::select().order_by(User::ID));
        for id in 1..=count {
            assert_eq!(stream.next().unwrap().unwrap(), user(id));
        }
        drop(stream);
        assert_eq!(connection.fetch_one(select(value(count))).unwrap(), count);
    }
}
