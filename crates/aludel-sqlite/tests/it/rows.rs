//! What the fetching methods give.

use aludel::prelude::*;

use crate::support::{User, blocking_engine, engine, user, users};

#[derive(FromRow, Debug, PartialEq)]
struct NameAndAge {
    age: Option<i32>,
    name: String,
}

#[tokio::test]
async fn all_one_optional_scalar() {
    let engine = engine().await;
    assert_eq!(engine.insert(User::insert().rows(users(5))).await.unwrap(), 5);

    assert_eq!(engine.fetch_all(User::select().order_by(User::ID)).await.unwrap(), users(5).collect::<Vec<_>>());
    let one = User::select().filter(User::ID.eq(3));
    assert_eq!(engine.fetch_one(one.clone()).await.unwrap(), user(3));
    assert_eq!(engine.fetch_optional(one).await.unwrap(), Some(user(3)));
    let none = User::select().filter(User::ID.eq(99));
    assert_eq!(engine.fetch_optional(none.clone()).await.unwrap(), None);
    let error = engine.fetch_one(none).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    let error = engine.fetch_one(User::select()).await.unwrap_err();
    assert!(error.to_string().starts_with("more than one row was found"), "{error}");
    assert!(error.to_string().contains("FROM users"), "{error}");

    let count: i64 = engine.fetch_scalar(text("SELECT count(*), 'ignored' FROM users")).await.unwrap();
    assert_eq!(count, 5);
    assert_eq!(engine.execute(User::update().set(User::AGE, 40).filter(User::ID.lt(3))).await.unwrap(), 2);
    assert_eq!(engine.execute(User::delete().filter(User::ID.eq(1))).await.unwrap(), 1);
    assert_eq!(engine.execute(User::select()).await.unwrap(), 0);
}

#[test]
fn the_same_without_async() {
    let engine = blocking_engine();
    engine.insert(User::insert().rows(users(5))).unwrap();
    assert_eq!(engine.fetch_all(User::select().order_by(User::ID)).unwrap(), users(5).collect::<Vec<_>>());
    let mut connection = engine.acquire().unwrap();
    assert_eq!(connection.fetch_one(User::select().filter(User::ID.eq(2))).unwrap(), user(2));
    let error = connection.fetch_one(User::select()).unwrap_err();
    assert!(error.to_string().starts_with("more than one row"), "{error}");
    let count: i64 = connection.fetch_scalar(text("SELECT count(*) FROM users")).unwrap();
    assert_eq!(count, 5);
}

#[tokio::test]
async fn rows_by_name() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(2))).await.unwrap();
    let rows = engine.fetch_all(text("SELECT id, name, age FROM users ORDER BY id")).await.unwrap();
    assert_eq!(rows[1].get::<String>("name").unwrap(), "user 2");
    assert_eq!(rows[0].get::<Option<i32>>("age").unwrap(), None);
    let error = rows[0].get::<i32>("age").unwrap_err();
    assert!(error.to_string().contains("\"age\": is NULL"), "{error}");
    let error = rows[0].get::<i32>("nome").unwrap_err();
    assert!(error.to_string().contains("the columns are id, name, age"), "{error}");

    let statement = text("SELECT name, age FROM users ORDER BY id").rows_as::<NameAndAge>();
    let found = engine.fetch_all(statement).await.unwrap();
    assert_eq!(found[1], NameAndAge { age: Some(30), name: "user 2".to_owned() });
    let error = engine.fetch_all(text("SELECT name FROM users").rows_as::<NameAndAge>()).await.unwrap_err();
    assert!(
        error.to_string().contains("has a field \"age\" and the statement gives no column of that name"),
        "{error}"
    );
}

#[tokio::test]
async fn regular_expressions() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(12))).await.unwrap();
    let matching = User::select().filter(User::NAME.regexp("^user 1[0-2]?$")).order_by(User::ID);
    let ids: Vec<i64> = engine.fetch_all(matching).await.unwrap().into_iter().map(|user| user.id).collect();
    assert_eq!(ids, [1, 10, 11, 12]);
    let error = engine.fetch_all(User::select().filter(User::NAME.regexp("("))).await.unwrap_err();
    assert!(error.to_string().contains("unclosed group"), "{error}");
    assert_eq!(engine.fetch_scalar::<Option<bool>>(text("SELECT NULL REGEXP 'a'")).await.unwrap(), None);
}
