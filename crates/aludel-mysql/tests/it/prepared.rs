//! Statements that are kept prepared, and tables that change under them.

use aludel::prelude::*;
use aludel_testsuite::servers::{self, Options};

use crate::support::{User, engine};

async fn closed(connection: &mut aludel::Conn) -> i64 {
    let row = connection.fetch_one(text("SHOW SESSION STATUS LIKE 'Com_stmt_close'").rows_as::<(String, String)>());
    row.await.unwrap().1.parse().unwrap()
}

#[tokio::test]
async fn no_more_than_were_said() {
    let database = servers::mysql();
    let engine = Engine::connect(format!("{}?statement_cache=5", database.url())).await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    for round in 0..2 {
        for number in 0..30_i64 {
            let sql = format!("SELECT {number} + :x");
            let found: i64 = connection.fetch_scalar(text(&sql).bind("x", round)).await.unwrap();
            assert_eq!(found, number + round);
        }
        assert!(connection.driver().prepared() <= 5);
    }
    assert!(closed(&mut connection).await >= 54);
}

#[tokio::test]
async fn tables_that_change_under_statements() {
    let (engine, _database) = engine().await;
    let mut connection = engine.acquire().await.unwrap();
    connection.batch("INSERT IGNORE INTO users (id, name, age) VALUES (1, 'user 1', NULL)").await.unwrap();
    let all = || text("SELECT * FROM users WHERE id = :id").bind("id", 1_i64);
    let widths = [
        ("DO 0", 3),
        ("ALTER TABLE users ADD COLUMN more VARCHAR(20) DEFAULT 'much'", 4),
        ("ALTER TABLE users MODIFY COLUMN age VARCHAR(10)", 4),
        ("ALTER TABLE users DROP COLUMN more, MODIFY COLUMN age INT", 3),
        ("ALTER TABLE users ADD COLUMN first INT DEFAULT 9 FIRST", 4),
    ];
    for (change, width) in widths {
        connection.batch(change).await.unwrap();
        for _ in 0..3 {
            let row = connection.fetch_one(all()).await.unwrap();
            assert_eq!(row.values().len(), width, "{change}");
            let name: String = row.get("name").unwrap();
            assert_eq!(name, "user 1");
            let typed = connection.fetch_one(User::select().filter(User::ID.eq(1))).await;
            if !change.contains("VARCHAR(10)") {
                assert_eq!(typed.unwrap().name, "user 1");
            }
        }
    }
    connection.batch("DROP TABLE users").await.unwrap();
    let error = connection.fetch_one(all()).await.unwrap_err();
    assert_eq!(error.database().unwrap().code(), "1146");
    connection.batch("CREATE TABLE users (id BIGINT PRIMARY KEY, name INT)").await.unwrap();
    connection.batch("INSERT INTO users VALUES (1, 5)").await.unwrap();
    let row = connection.fetch_one(all()).await.unwrap();
    assert_eq!(row.get::<i64>("name").unwrap(), 5);
}

#[tokio::test]
async fn a_server_that_takes_no_more_statements() {
    let server = servers::private_mysql(Options::new().setting("max-prepared-stmt-count", "10"));
    let engine = Engine::connect(server.url()).await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    for number in 0..40_i64 {
        let found: i64 = connection.fetch_scalar(text(format!("SELECT {number}"))).await.unwrap();
        assert_eq!(found, number);
    }
    // Another connection finds no room, and has nothing to give up.
    let mut other = engine.acquire().await.unwrap();
    let mut refused = None;
    for number in 0..10_i64 {
        if let Err(error) = other.fetch_scalar::<i64>(text(format!("SELECT {number}"))).await {
            refused = Some(error);
        }
    }
    if let Some(error) = refused {
        assert_eq!(error.database().unwrap().kind(), aludel::DatabaseErrorKind::Full, "{error}");
    }
}
