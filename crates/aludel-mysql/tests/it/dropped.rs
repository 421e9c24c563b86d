//! Futures dropped at every poll: nothing is lost, nothing leaks, and the next statement gets its own rows. What every driver
//! has to do stands in the conformance suite; here is what only a MySQL or MariaDB server does.

use std::time::{Duration, Instant};

use aludel::prelude::*;

use crate::support::{User, engine, is_free, poll_and_drop, user, users};

/// More polls than any of the futures takes.
const POLLS: usize = 25;

/// After whatever happened: no transaction is open, every connection is free, and answers are right.
async fn is_well(engine: &Engine, expected: i64) {
    is_free(engine).await;
    let mut connections = Vec::new();
    for number in 0..engine.pool_status().open {
        let mut connection = engine.acquire().await.unwrap();
        let answer: i64 = connection.fetch_scalar(select(value(i64::try_from(number).unwrap()))).await.unwrap();
        assert_eq!(answer, i64::try_from(number).unwrap());
        let mut tx = connection.begin().await.unwrap();
        assert_eq!(tx.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), expected);
        tx.rollback().await.unwrap();
        connections.push(connection);
    }
}

#[tokio::test]
async fn fetching() {
    let (engine, _database) = engine().await;
    engine.insert(User::insert().rows(users(300))).await.unwrap();
    let mut has_ended = false;
    for polls in 0..POLLS {
        has_ended |= poll_and_drop(engine.fetch_all(User::select()), polls).await;
        is_well(&engine, 300).await;
        let mut connection = engine.acquire().await.unwrap();
        for number in 0..3_i64 {
            // A statement that is new each time, so that its preparation is dropped too.
            let sql = format!("SELECT {number} + {polls} + id FROM users");
            poll_and_drop(connection.fetch_all(text(&sql)), polls % 5).await;
            assert_eq!(connection.fetch_one(select(value(7 + number))).await.unwrap(), 7 + number);
            poll_and_drop(connection.fetch_one(User::select()), polls % 5).await;
            assert_eq!(
                connection.fetch_one(User::select().filter(User::ID.eq(number + 1))).await.unwrap(),
                user(number + 1)
            );
        }
    }
    assert!(has_ended);
}

#[tokio::test]
async fn slow_statements_are_stopped() {
    let (engine, _database) = engine().await;
    let slow = "SELECT sum(a.seq * b.seq % 7) FROM seq_1_to_100000 a, seq_1_to_100000 b";
    for polls in 1..4 {
        assert!(!poll_and_drop(engine.fetch_scalar::<f64>(text(slow)), polls).await);
        let started = Instant::now();
        assert_eq!(engine.fetch_one(select(value(1_i64))).await.unwrap(), 1);
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    }
    // Rows without end.
    let endless = "SELECT a.seq FROM seq_1_to_100000 a, seq_1_to_100000 b";
    let mut stream = engine.stream(text(endless).rows_as::<i64>());
    for _ in 0..1_000 {
        stream.next().await.unwrap().unwrap();
    }
    drop(stream);
    let started = Instant::now();
    assert_eq!(engine.fetch_one(select(value(1_i64))).await.unwrap(), 1);
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    assert!(engine.fetch_one(text(endless).rows_as::<i64>()).await.is_err());
    assert_eq!(engine.fetch_one(select(value(2_i64))).await.unwrap(), 2);
}

#[tokio::test]
async fn locks_go_though_nobody_waits() {
    let (engine, _database) = engine().await;
    engine.insert(User::insert().rows(users(3))).await.unwrap();
    for polls in 1..6 {
        let mut tx = engine.begin().await.unwrap();
        tx.execute(User::update().set(User::AGE, 50).filter(User::ID.eq(1))).await.unwrap();
        assert!(!poll_and_drop(tx.execute(text("SELECT sleep(30)")), polls).await);
        drop(tx);
        // Nobody uses the connection; another one wants the row.
        let mut other = engine.acquire().await.unwrap();
        let started = Instant::now();
        other.execute(User::update().set(User::AGE, 60).filter(User::ID.eq(1))).await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
        drop(other);
        // A single statement outside of a transaction holds locks too.
        let slow = text("UPDATE users SET age = age + sleep(10) WHERE id = 1");
        assert!(!poll_and_drop(engine.execute(slow), polls + 2).await);
        let mut other = engine.acquire().await.unwrap();
        let started = Instant::now();
        other.execute(User::update().set(User::AGE, 60).filter(User::ID.eq(1))).await.unwrap();
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
        drop(other);
        is_well(&engine, 3).await;
    }
}

#[tokio::test]
async fn no_kill_hits_the_next_statement() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    for round in 0..150_u64 {
        // About as long as it takes until it is stopped, so that some KILLs come too late.
        let millis = 95 + round % 11;
        let slow = text("SELECT sleep(:s)").bind("s", f64::from(u32::try_from(millis).unwrap()) / 1_000.0);
        assert!(!poll_and_drop(connection.fetch_scalar::<i64>(slow), 2).await);
        let answer: i64 = connection.fetch_scalar(select(value(i64::try_from(round).unwrap()))).await.unwrap();
        assert_eq!(answer, i64::try_from(round).unwrap());
    }
    // The program's own.
    for round in 0..50_i64 {
        let canceller = connection.driver().canceller().unwrap();
        canceller.cancel().await.unwrap();
        assert_eq!(connection.fetch_one(select(value(round))).await.unwrap(), round);
        let mut cancelling = Box::pin(canceller.cancel());
        poll_and_drop(&mut cancelling, 1).await;
        drop(cancelling);
        assert_eq!(connection.fetch_one(select(value(round))).await.unwrap(), round);
    }
    let canceller = connection.driver().canceller().unwrap();
    let (slept, cancelled) = tokio::join!(connection.execute(text("SELECT sleep(10)")), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        canceller.cancel().await
    });
    cancelled.unwrap();
    // MariaDB ends a sleep that is stopped with 1, and other statements with an error.
    assert!(slept.is_ok() || slept.unwrap_err().database().unwrap().kind() == aludel::DatabaseErrorKind::Cancelled);
}

#[tokio::test]
async fn large_requests_that_are_half_written() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    connection.batch("CREATE TABLE large (id INT, body LONGTEXT)").await.unwrap();
    let body = "x".repeat(20_000_000);
    for polls in 0..6 {
        let insert = text("INSERT INTO large VALUES (:id, :body)");
        let insert = insert.bind("id", i32::try_from(polls).unwrap()).bind("body", body.clone());
        poll_and_drop(connection.execute(insert), polls).await;
        assert_eq!(connection.fetch_one(select(value(9_i64))).await.unwrap(), 9);
    }
    let lengths = text("SELECT DISTINCT length(body) FROM large").rows_as::<i64>();
    let lengths = connection.fetch_all(lengths).await.unwrap();
    assert!(lengths.iter().all(|length| *length == 20_000_000), "{lengths:?}");
}

#[test]
fn a_blocking_stream_that_is_left_holds_no_locks() {
    let (engine, _database) = crate::support::blocking_engine();
    engine.insert(User::insert().rows(users(50_000))).unwrap();
    for _ in 0..3 {
        let mut tx = engine.begin().unwrap();
        let mut stream =
            tx.stream(text("SELECT id, repeat('x', 500) FROM users FOR UPDATE").rows_as::<(i64, String)>());
        assert!(stream.next().unwrap().is_ok());
        drop(stream);
        drop(tx);
        let started = Instant::now();
        engine.execute(User::update().set(User::AGE, 60).filter(User::ID.eq(1))).unwrap();
        engine.execute(User::update().set(User::AGE, 60).filter(User::ID.eq(49_999))).unwrap();
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
        // One that only reads is read on, or stopped.
        let mut stream = engine.stream(text("SELECT id, repeat('x', 500) FROM users").rows_as::<(i64, String)>());
        assert!(stream.next().unwrap().is_ok());
        drop(stream);
        for number in 0..4_i64 {
            assert_eq!(engine.fetch_one(select(value(number))).unwrap(), number);
        }
    }
}
