//! What the server's errors are about.

use aludel::DatabaseErrorKind as Kind;
use aludel::prelude::*;

use crate::support::{blocking_engine, engine};

#[test]
fn kinds_and_names() {
    let (engine, _database) = blocking_engine();
    let mut connection = engine.acquire().unwrap();
    connection
        .batch(
            "CREATE TABLE orders (id INT PRIMARY KEY, user_id BIGINT NOT NULL, note VARCHAR(5) NOT NULL, \
             CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id)); \
             INSERT INTO users (id, name) VALUES (1, 'ed'); INSERT INTO orders VALUES (1, 1, 'a')",
        )
        .unwrap();
    let cases = [
        ("INSERT INTO users (name) VALUES ('ed')", Kind::UniqueViolation, [Some("users_name"), None, None]),
        ("INSERT INTO users (id, name) VALUES (1, 'x')", Kind::UniqueViolation, [Some("PRIMARY"), None, None]),
        (
            "INSERT INTO orders VALUES (2, 5, 'a')",
            Kind::ForeignKeyViolation,
            [Some("orders_user"), Some("orders"), Some("user_id")],
        ),
        ("DELETE FROM users", Kind::ForeignKeyViolation, [Some("orders_user"), Some("orders"), Some("user_id")]),
        ("INSERT INTO users (name) VALUES (NULL)", Kind::NotNullViolation, [None, None, Some("name")]),
        ("INSERT INTO orders (id, note) VALUES (3, 'a')", Kind::NotNullViolation, [None, None, Some("user_id")]),
        (
            "INSERT INTO users (name, age) VALUES ('x', 300)",
            Kind::CheckViolation,
            [Some("users_age"), Some("users"), None],
        ),
        ("INSERT INTO orders VALUES (4, 1, 'too long')", Kind::InvalidValue, [None, None, Some("note")]),
        ("INSERT INTO users (name, age) VALUES ('x', 'abc')", Kind::InvalidValue, [None, Some("users"), Some("age")]),
        ("SELECT x FROM users", Kind::InvalidStatement, [None; 3]),
        ("SELECT * FROM nowhere", Kind::InvalidStatement, [None; 3]),
        ("SELEC 1", Kind::InvalidStatement, [None; 3]),
    ];
    for (sql, kind, names) in cases {
        let error = connection.execute(text(sql)).unwrap_err();
        let found = error.database().unwrap();
        assert_eq!(found.kind(), kind, "{sql}: {error}");
        assert_eq!([found.constraint(), found.table(), found.column()], names, "{sql}: {error}");
        assert!(found.code().parse::<u16>().is_ok() && found.sqlstate().is_some_and(|state| state.len() == 5));
    }
}

#[tokio::test]
async fn deadlocks_end_the_transaction_and_lock_timeouts_do_not() {
    let (engine, _database) = engine().await;
    engine.execute(text("INSERT INTO users (id, name, age) VALUES (1, 'a', 1), (2, 'b', 2)")).await.unwrap();
    let change = |id: i64| text("UPDATE users SET age = age + 1 WHERE id = :id").bind("id", id);
    let (mut one, mut two) = (engine.begin().await.unwrap(), engine.begin().await.unwrap());
    one.execute(change(1)).await.unwrap();
    two.execute(change(2)).await.unwrap();
    let (first, second) = tokio::join!(one.execute(change(2)), two.execute(change(1)));
    let (failed, other, error) = match (first, second) {
        (Err(error), Ok(_)) => (one, two, error),
        (Ok(_), Err(error)) => (two, one, error),
        both => panic!("{both:?}"),
    };
    assert!(error.is_retryable());
    assert_eq!(error.database().unwrap().kind(), Kind::Deadlock);
    let mut failed = failed;
    let error = failed.execute(change(1)).await.unwrap_err().to_string();
    assert!(error.contains("the transaction is over"), "{error}");
    drop(failed);
    other.commit().await.unwrap();

    let mut holder = engine.begin().await.unwrap();
    holder.execute(change(1)).await.unwrap();
    let mut waiter = engine.begin().await.unwrap();
    waiter.execute(text("SET SESSION innodb_lock_wait_timeout = 1")).await.unwrap();
    waiter.execute(change(2)).await.unwrap();
    let error = waiter.execute(change(1)).await.unwrap_err();
    assert!(error.is_locked() && error.is_retryable(), "{error}");
    // What was done before is still there, and can be committed.
    waiter.commit().await.unwrap();
    holder.rollback().await.unwrap();
    let ages: Vec<i32> = engine.fetch_all(text("SELECT age FROM users ORDER BY id").rows_as::<i32>()).await.unwrap();
    assert_eq!(ages, [2, 4]);
}
