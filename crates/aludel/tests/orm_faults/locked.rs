//! Sessions that are in each other's way.

use std::time::Duration;

use aludel::prelude::*;

use crate::model::{Database, User};

/// Two write at once: one of them is told, keeps what it has to write, and writes it later.
#[tokio::test]
async fn two_writers() {
    let database = Database::with("&busy_timeout=0", |builder| builder).await;
    let (mut one, mut other) = (Session::new(&database.engine), Session::new(&database.engine));
    one.add(User::build().name("one"));
    one.flush().await.unwrap();
    let key = other.add(User::build().name("other"));
    for _ in 0..3 {
        let error = other.commit().await.unwrap_err();
        assert!(error.is_locked() && error.is_retryable(), "{error}");
        assert!(other.contains(key) && other.has_changes());
    }
    one.commit().await.unwrap();
    other.commit().await.unwrap();
    let names = database.engine.fetch_all(select(User::NAME).filter(User::ID.gt(3)).order_by(User::ID)).await.unwrap();
    assert_eq!(names, ["one", "other"]);
    assert_eq!(other[key].id, 5);
}

/// One has read what the other has changed since: it has to begin again, and can.
#[tokio::test]
async fn a_reader_that_comes_too_late() {
    let database = Database::with("&busy_timeout=0", |builder| builder).await;
    let (mut one, mut other) = (Session::new(&database.engine), Session::new(&database.engine));
    let ed = other.get_one::<User>(1).await.unwrap();
    let first = one.get_one::<User>(1).await.unwrap();
    one[first].age = Some(31);
    one.commit().await.unwrap();
    other[ed].age = Some(other[ed].age.unwrap() + 10);
    for _ in 0..2 {
        let error = other.commit().await.unwrap_err();
        assert!(error.is_retryable(), "{error}");
        assert_eq!(other[ed].age, Some(40));
    }
    other.rollback().await.unwrap();
    assert_eq!(other[ed].age, Some(30));
    other.refresh(ed).await.unwrap();
    other[ed].age = Some(other[ed].age.unwrap() + 10);
    other.commit().await.unwrap();
    assert_eq!(database.engine.fetch_scalar::<i64>(text("SELECT age FROM users WHERE id = 1")).await.unwrap(), 41);
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
