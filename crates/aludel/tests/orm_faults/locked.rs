//! Sessions that are in each other's way.

use std::time::Duration;

use aludel::dialect::{Isolation, TransactionOptions};
use aludel::prelude::*;

use crate::backend::{impatience, on, only_servers};
use crate::model::{Database, User};

/// Two write the same row at once: one of them is told, keeps what it has to write, and writes it later.
#[tokio::test]
async fn two_writers() {
    let database = Database::with("&busy_timeout=0", |builder| builder.on_connect(impatience())).await;
    let (mut one, mut other) = (Session::new(&database.engine), Session::new(&database.engine));
    let ed = other.get_one::<User>(1).await.unwrap();
    other.rollback().await.unwrap();
    let first = one.get_one::<User>(1).await.unwrap();
    one[first].age = Some(31);
    one.flush().await.unwrap();
    let key = other.add(User::build().name("other"));
    other[ed].name = "Edward".into();
    for _ in 0..3 {
        let error = other.commit().await.unwrap_err();
        assert!(error.is_locked() && error.is_retryable(), "{error}");
        assert!(other.contains(key) && other.has_changes());
    }
    one.commit().await.unwrap();
    other.commit().await.unwrap();
    let rows = select((User::NAME, User::AGE)).filter(User::ID.eq(1).or(User::ID.gt(3))).order_by(User::ID);
    let rows = database.engine.fetch_all(rows).await.unwrap();
    assert_eq!(rows, [("Edward".to_owned(), Some(31)), ("other".to_owned(), None)]);
    assert!(other[key].id > 3);
}

/// Transactions that see the database as it was when they began. SQLite's always do.
fn snapshots(engine: &Engine) -> Session {
    let options = TransactionOptions { isolation: on(None, Some(Isolation::RepeatableRead), None), ..<_>::default() };
    Session::builder(engine).transactions(options).build()
}

/// One has read what the other has changed since: it has to begin again, and can.
#[tokio::test]
async fn a_reader_that_comes_too_late() {
    // Of MariaDB's snapshots this setting makes what the others' are.
    let setting = on("SELECT 1", "SELECT 1", "SET innodb_snapshot_isolation = ON");
    let database = Database::with("&busy_timeout=0", |builder| builder.on_connect(setting)).await;
    let (mut one, mut other) = (snapshots(&database.engine), snapshots(&database.engine));
    let ed = other.get_one::<User>(1).await.unwrap();
    let first = one.get_one::<User>(1).await.unwrap();
    one[first].age = Some(31);
    one.commit().await.unwrap();
    other[ed].age = Some(other[ed].age.unwrap() + 10);
    let error = other.commit().await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    // Again it is no better; on MariaDB the transaction has been ended along, and that is told.
    let error = other.commit().await.unwrap_err();
    assert!(error.is_retryable() || error.to_string().contains("call `rollback` to go on"), "{error}");
    assert_eq!(other[ed].age, Some(40));
    other.rollback().await.unwrap();
    assert_eq!(other[ed].age, Some(30));
    other.refresh(ed).await.unwrap();
    other[ed].age = Some(other[ed].age.unwrap() + 10);
    other.commit().await.unwrap();
    let age: Option<i64> = database.engine.fetch_one(select(User::AGE).filter(User::ID.eq(1))).await.unwrap();
    assert_eq!(age, Some(41));
}

/// Without snapshots, and on MariaDB with its own, a session writes on top of what another has written meanwhile: only the
/// columns that it has changed.
#[tokio::test]
async fn a_reader_that_is_not_told() {
    only_servers!("there it is told: see a_reader_that_comes_too_late");
    let database = Database::new().await;
    let (mut one, mut other) = (Session::new(&database.engine), Session::new(&database.engine));
    let ed = other.get_one::<User>(1).await.unwrap();
    let first = one.get_one::<User>(1).await.unwrap();
    one[first].age = Some(31);
    one.commit().await.unwrap();
    other[ed].name = "Edward".into();
    other.commit().await.unwrap();
    let row = database.engine.fetch_one(select((User::NAME, User::AGE)).filter(User::ID.eq(1))).await.unwrap();
    assert_eq!(row, ("Edward".to_owned(), Some(31)));
}

/// Each waits for what the other has written: one of them is told, begins again, and both are written.
#[tokio::test]
async fn a_deadlock() {
    only_servers!("there one writes at a time, and who comes second is told at once: see two_writers");
    let setting = on("SELECT 1", "SET deadlock_timeout = '10ms'", "SELECT 1");
    let database = Database::with("", |builder| builder.on_connect(setting)).await;
    // Who is told rolls back: the other waits for what was written before.
    let write = async |session: &mut Session, id: i64, name: &str| {
        let key = session.get_one::<User>(id).await?;
        session[key].name = name.into();
        let flushed = session.flush().await;
        if flushed.is_err() {
            session.rollback().await?;
        }
        flushed
    };
    let (mut one, mut other) = (Session::new(&database.engine), Session::new(&database.engine));
    write(&mut one, 1, "one").await.unwrap();
    write(&mut other, 2, "other").await.unwrap();
    let (first, second) = tokio::join!(write(&mut one, 2, "one"), write(&mut other, 1, "other"));
    let loser = match (first, second) {
        (Ok(()), Err(error)) => {
            assert!(error.is_retryable() && !error.is_locked(), "{error}");
            one.commit().await.unwrap();
            &mut other
        }
        (Err(error), Ok(())) => {
            assert!(error.is_retryable() && !error.is_locked(), "{error}");
            other.commit().await.unwrap();
            &mut one
        }
        both => panic!("one of them: {both:?}"),
    };
    for id in [1, 2] {
        write(loser, id, "last").await.unwrap();
    }
    loser.commit().await.unwrap();
    let names = database.engine.fetch_all(select(User::NAME).order_by(User::ID).limit(2)).await.unwrap();
    assert_eq!(names, ["last", "last"]);
}

/// The only connection of a pool: whoever waits for it is told, and gets it rolled back when its session goes.
#[tokio::test]
async fn a_full_pool() {
    let small = |builder: aludel::EngineBuilder<Engine>| {
        builder.pool_size(1).max_overflow(0).pool_timeout(Duration::from_millis(20))
    };
    let database = Database::with("", small).await;
    let mut one = Session::new(&database.engine);
    one.add(User::build().name("one"));
    one.flush().await.unwrap();
    let mut other = Session::new(&database.engine);
    let key = other.add(User::build().name("other"));
    let error = other.commit().await.unwrap_err();
    assert!(error.is_pool_timeout(), "{error}");
    assert!(other.contains(key) && other.has_changes());
    drop(one);
    other.commit().await.unwrap();
    let names = database.engine.fetch_all(select(User::NAME).filter(User::ID.gt(3))).await.unwrap();
    assert_eq!(names, ["other"]);
}

/// However far it was: with a savepoint open, with a cursor open, with a statement that nobody waits for any more.
#[tokio::test]
async fn dropped_sessions() {
    let small = |builder: aludel::EngineBuilder<Engine>| {
        builder.pool_size(1).max_overflow(0).pool_timeout(Duration::from_secs(10))
    };
    let database = Database::with("", small).await;
    for how in 0..4 {
        let mut session = Session::new(&database.engine);
        let key = session.add(User::build().name("gone"));
        match how {
            0 => session.flush().await.unwrap(),
            1 => {
                let mut nested = session.begin_nested().await.unwrap();
                nested[key].age = Some(1);
                nested.flush().await.unwrap();
            }
            2 => {
                let mut users = session.stream(User::select(), 1);
                assert_eq!(users.next().await.unwrap().unwrap().len(), 1);
            }
            _ => drop(tokio::time::timeout(Duration::ZERO, session.fetch_all(User::select())).await),
        }
        drop(session);
        assert_eq!(database.engine.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), 3, "{how}");
        let status = database.engine.pool_status();
        assert_eq!(status.idle, status.open);
    }
}

/// Closing gives the connection back too, and the session goes on.
#[tokio::test]
async fn closed() {
    let database = Database::with("", |builder| builder.pool_size(1).max_overflow(0)).await;
    let mut session = Session::new(&database.engine);
    let key = session.add(User::build().name("gone"));
    session.flush().await.unwrap();
    session.close().await.unwrap();
    assert!(!session.contains(key) && session.is_empty() && !session.in_transaction());
    assert_eq!(database.engine.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), 3);
    session.add(User::build().name("there"));
    session.commit().await.unwrap();
    assert_eq!(database.engine.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), 4);
}
