//! Bad input: each a specific error with the statement it befell, and nothing half-written.

use aludel::prelude::*;
use aludel::{DatabaseErrorKind, blocking};

use crate::support::{User, blocking_engine, engine, user, users};

fn open(url: &str) -> String {
    blocking::Engine::connect(url).map(|_| ()).unwrap_err().to_string()
}

#[test]
fn urls() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing.db");
    let nowhere = folder.path().join("no/folder/a.db");
    for (url, expected) in [
        ("app.db".to_owned(), "begins with no scheme"),
        (
            "oracle://host/db".to_owned(),
            // Which drivers there are depends on the features.
            "no driver knows the scheme \"oracle\" of the URL; there are drivers for ",
        ),
        ("sqlite:a.db?mood=ro".to_owned(), "SQLite URLs have no option \"mood\""),
        (format!("sqlite:{}?mode=rw", missing.display()), "does not exist, and its URL's mode forbids to create it"),
        (format!("sqlite:{}", nowhere.display()), "the folder"),
        (format!("sqlite:{}", folder.path().display()), "is a folder"),
    ] {
        let error = open(&url);
        assert!(error.contains(expected), "{error}");
    }
    assert!(!missing.exists());
    std::fs::write(&missing, "This is no database, though it is long enough to have a header of one. ".repeat(20))
        .unwrap();
    let error = open(&format!("sqlite:{}", missing.display()));
    assert!(error.contains("is not a database"), "{error}");
}

#[test]
fn constraints_name_table_and_column() {
    let engine = blocking_engine();
    engine.insert(User::insert().rows([user(1)])).unwrap();
    let error = engine.insert(User::insert().rows([User { id: 2, ..user(1) }])).unwrap_err();
    assert!(error.is_unique_violation());
    let database = error.database().unwrap();
    assert_eq!((database.table(), database.column()), (Some("users"), Some("name")));
    let error = engine.insert(User::insert().rows([User { age: Some(500), ..user(2) }])).unwrap_err();
    assert!(error.is_check_violation(), "{error}");
    let error = engine.execute(text("INSERT INTO users VALUES (3, NULL, 1)")).unwrap_err();
    assert!(error.is_not_null_violation());
    let mut connection = engine.acquire().unwrap();
    connection.batch("CREATE TABLE child (u INTEGER REFERENCES users (id))").unwrap();
    let error = connection.execute(text("INSERT INTO child VALUES (77)")).unwrap_err();
    assert!(error.is_foreign_key_violation());
}

#[test]
fn an_error_has_statement_parameters_fingerprint_and_line() {
    let engine = blocking_engine();
    let line = line!() + 1;
    let error = engine.fetch_all(text("SELECT nome FROM users WHERE id = :id").bind("id", 5_i64)).unwrap_err();
    assert_eq!(error.database().unwrap().kind(), DatabaseErrorKind::InvalidStatement);
    let told = error.to_string();
    assert!(told.contains("no such column: nome, at byte 7 of the SQL"), "{told}");
    assert!(told.contains("\n  SQL: SELECT nome FROM users WHERE id = ?"), "{told}");
    assert!(told.contains("\n  parameters: (5)"), "{told}");
    assert!(told.contains(&format!("\n  fingerprint: {:016x}", error.fingerprint().unwrap())), "{told}");
    assert!(told.contains(&format!("\n  at crates/aludel-sqlite/tests/it/errors.rs:{line}:")), "{told}");

    let engine = blocking::Engine::builder("sqlite::memory:").hide_parameters(true).connect().unwrap();
    let told = engine.fetch_all(text("SELECT a, :b").bind("b", "secret".to_owned())).unwrap_err().to_string();
    assert!(told.contains("[parameters hidden]") && !told.contains("secret"), "{told}");
}

#[test]
fn values_that_do_not_fit() {
    let engine = blocking_engine();
    let mut connection = engine.acquire().unwrap();
    connection.batch("INSERT INTO users VALUES (1, 'a', 5), (2, 'b', NULL)").unwrap();
    #[derive(Entity, Debug)]
    #[entity(table = "users")]
    struct Narrow {
        #[column(primary_key)]
        id: i64,
        age: i32,
    }
    let error = connection.fetch_all(Narrow::select().order_by(Narrow::ID)).unwrap_err();
    assert!(error.to_string().starts_with("result column 2, users.age: is NULL, and its Rust type"), "{error}");
    let rows = connection.fetch_all(Narrow::select().filter(Narrow::ID.eq(1))).unwrap();
    assert_eq!((rows[0].id, rows[0].age), (1, 5));
    let wrong = |sql: &str| connection_error(&engine, sql);
    assert!(wrong("SELECT 'x' AS n").contains("column 1, \"n\": is text, where an integer was wanted"));
    assert!(wrong("SELECT 1.5 AS n").contains("is a floating-point number, where an integer was wanted"));
    assert!(wrong("SELECT 1, 2").contains("gives 2 column(s) and the Rust type takes 1"));
    let text = engine.fetch_scalar::<String>(text("SELECT CAST(x'ff41' AS TEXT) AS t")).unwrap_err().to_string();
    assert!(text.contains("bytes that are not UTF-8"), "{text}");
    let nan = engine.fetch_one(select(value(f64::NAN))).unwrap_err().to_string();
    assert!(nan.starts_with("parameter 1: this driver has no form for NaN"), "{nan}");
}

fn connection_error(engine: &blocking::Engine, sql: &str) -> String {
    engine.fetch_all(text(sql).column::<i64>("n").rows_as::<i64>()).unwrap_err().to_string()
}

#[test]
fn statements_that_are_none_or_several() {
    let engine = blocking_engine();
    let error = engine.execute(text("-- nothing")).unwrap_err().to_string();
    assert!(error.contains("holds no statement"), "{error}");
    let error = engine.execute(text("SELECT 1; SELECT 2")).unwrap_err().to_string();
    assert!(error.contains("more than one statement"), "{error}");
    engine.execute(text("SELECT 1; -- and no more")).unwrap();
    let error = engine.execute(text("SELECT ?")).unwrap_err().to_string();
    assert!(error.contains("its SQL has 1 parameter(s), and 0 value(s) are bound"), "{error}");
}

#[test]
fn a_locked_database() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?busy_timeout=20ms", folder.path().join("a.db").display());
    let engine = blocking::Engine::connect(&url).unwrap();
    engine.acquire().unwrap().batch(crate::support::SCHEMA).unwrap();
    let mut holder = engine.begin().unwrap();
    holder.insert(User::insert().rows([user(1)])).unwrap();
    let error = engine.insert(User::insert().rows(users(3))).unwrap_err();
    assert!(error.is_locked() && error.is_retryable(), "{error}");
    assert!(engine.begin().unwrap_err().is_locked());
    holder.commit().unwrap();
    engine.insert(User::insert().rows(users(3).skip(1))).unwrap();
    assert_eq!(engine.fetch_all(User::select()).unwrap().len(), 3);
}

#[tokio::test]
async fn a_full_disk() {
    let engine = Engine::builder("sqlite::memory:").pool_size(1).connect().await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    connection.batch(crate::support::SCHEMA).await.unwrap();
    connection.batch("PRAGMA max_page_count = 20").await.unwrap();
    let error = connection.insert(User::insert().rows(users(100_000))).await.unwrap_err();
    assert_eq!(error.database().unwrap().kind(), DatabaseErrorKind::Full, "{error}");
    assert!(error.sql().unwrap().starts_with("INSERT INTO users"), "{error}");
    assert!(connection.fetch_all(User::select()).await.unwrap().is_empty());
    connection.insert(User::insert().rows(users(10))).await.unwrap();
}

#[tokio::test]
async fn a_panic_in_a_decoder_breaks_one_connection() {
    struct Panics;
    impl aludel::FromRow for Panics {
        const WIDTH: usize = 1;
        fn from_row(_: &dyn aludel::RowRef, _: usize) -> Result<Self, aludel::Fault> {
            panic!("on purpose")
        }
    }
    let engine = engine().await;
    let error = engine.fetch_all(text("SELECT 1").rows_as::<Panics>()).await.map(|_| ()).unwrap_err();
    assert!(error.is_disconnect(), "{error}");
    // The others go on, and the database in memory is still there.
    assert!(engine.fetch_all(User::select()).await.unwrap().is_empty());
}

#[test]
fn huge_parameters() {
    let engine = blocking_engine();
    let long = "x".repeat(3_000_000);
    assert_eq!(engine.fetch_one(select(value(long.clone()))).unwrap(), long);
    let error = engine.fetch_one(text("SELECT nothing WHERE :a = 1").bind("a", long)).unwrap_err().to_string();
    assert!(error.len() < 1_000, "{}", error.len());
}

#[test]
fn a_zero_byte_is_told() {
    let engine = blocking_engine();
    for error in [
        engine.execute(text("SELECT 1\0; DROP TABLE users")).unwrap_err(),
        engine.acquire().unwrap().batch("\0").unwrap_err(),
    ] {
        assert!(error.to_string().contains("the SQL holds a zero byte"), "{error}");
    }
}
