//! Statements, rows, errors and transactions.

use aludel::DatabaseErrorKind;
use aludel::prelude::*;

use crate::support::{User, blocking_engine, engine, user, users};

#[tokio::test]
async fn values_there_and_back() {
    let (engine, _database) = engine().await;
    assert_eq!(engine.fetch_one(select(value(5))).await.unwrap(), 5);
    for count in [0, 1, 2, 65, 3_000] {
        assert_eq!(engine.insert(User::insert().rows(users(count))).await.unwrap(), u64::try_from(count).unwrap());
        let found = engine.fetch_all(User::select().order_by(User::ID)).await.unwrap();
        assert!(found.into_iter().eq(users(count)), "{count}");
        engine.execute(User::delete()).await.unwrap();
    }
    // The first run sends text, the later ones binary.
    engine.insert(User::insert().rows(users(9))).await.unwrap();
    for id in 1..=9 {
        let query = User::select().filter(User::ID.eq(id)).filter(User::NAME.eq(format!("user {id}")));
        assert_eq!(engine.fetch_one(query).await.unwrap(), user(id));
    }
    for _ in 0..2 {
        let query = User::select().filter(User::ID.in_([2_i64, 3])).order_by(User::ID);
        assert_eq!(engine.fetch_all(query).await.unwrap(), [user(2), user(3)]);
        let query = User::select().filter(User::NAME.in_(["user 2", "a\"b\\c,{}"]));
        assert_eq!(engine.fetch_all(query).await.unwrap(), [user(2)]);
    }
}

#[test]
fn without_async() {
    let (engine, _database) = blocking_engine();
    engine.insert(User::insert().rows(users(3_000))).unwrap();
    let found = engine.fetch_all(User::select().order_by(User::ID)).unwrap();
    assert!(found.into_iter().eq(users(3_000)));
    engine.execute(User::delete()).unwrap();
    let insert = User::insert().tuples((User::NAME,), [("a",), ("b",)]).returning((User::ID, User::NAME));
    let rows: Vec<(i64, String)> = engine.insert_returning(insert).unwrap();
    assert_eq!(rows, [(100_000, "a".to_owned()), (100_001, "b".to_owned())]);
}

#[tokio::test]
async fn streams() {
    let (engine, _database) = engine().await;
    engine.insert(User::insert().rows(users(5_000))).await.unwrap();
    for _ in 0..2 {
        let mut stream = engine.stream(User::select().order_by(User::ID));
        let mut count = 0;
        while let Some(found) = stream.next().await.transpose().unwrap() {
            count += 1;
            assert_eq!(found, user(count));
        }
        assert_eq!(count, 5_000);
        let mut stream = engine.stream(User::select().order_by(User::ID));
        assert_eq!(stream.next().await.transpose().unwrap(), Some(user(1)));
        drop(stream);
        assert_eq!(engine.fetch_one(select(value(7))).await.unwrap(), 7);
    }
}

#[tokio::test]
async fn errors_say_what_they_are_about() {
    let (engine, _database) = engine().await;
    engine.insert(User::insert().rows(users(2))).await.unwrap();
    for _ in 0..2 {
        let error = engine.insert(User::insert().rows([User { id: 9, ..user(1) }])).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error}");
        let error = error.database().unwrap();
        assert_eq!((error.code(), error.table(), error.constraint()), ("23505", Some("users"), Some("users_name_key")));
        let error = engine.execute(User::update().set(User::AGE, 300)).await.unwrap_err();
        assert_eq!(error.database().unwrap().constraint(), Some("users_age_check"));
        let error = engine.execute(text("SELEC 1")).await.unwrap_err();
        assert_eq!(error.database().unwrap().kind(), DatabaseErrorKind::InvalidStatement);
        assert!(error.to_string().contains("at character 1"), "{error}");
        let error = engine.execute(text("INSERT INTO users (id, name) VALUES (7, NULL)")).await.unwrap_err();
        assert_eq!(error.database().unwrap().column(), Some("name"));
        assert_eq!(engine.fetch_one(select(value(7))).await.unwrap(), 7);
    }
}

#[tokio::test]
async fn transactions() {
    let (engine, _database) = engine().await;
    let mut tx = engine.begin().await.unwrap();
    tx.insert(User::insert().rows(users(2))).await.unwrap();
    drop(tx);
    assert_eq!(engine.fetch_all(User::select()).await.unwrap(), []);
    let mut tx = engine.begin().await.unwrap();
    tx.insert(User::insert().rows(users(2))).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(engine.fetch_all(User::select()).await.unwrap().len(), 2);
}
