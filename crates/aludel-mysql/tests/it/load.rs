//! LOAD DATA LOCAL: only what the program gives.

use aludel::mysql::MySqlConnection;
use aludel::prelude::*;
use aludel::{Conn, Error};
use aludel_testsuite::servers;

use crate::support::{SCHEMA, poll_and_drop};

const LOAD: &str = "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE users FIELDS TERMINATED BY ',' (id, name)";

fn raw(connection: &mut Conn) -> &mut MySqlConnection {
    connection.driver().as_any_mut().downcast_mut().unwrap()
}

fn lines(count: usize) -> impl Iterator<Item = Result<String>> + Send {
    (1..=count).map(|number| Ok(format!("{number},name {number}\n")))
}

#[tokio::test]
async fn data_of_the_programs_own() {
    let database = servers::mysql();
    let engine = Engine::connect(format!("{}?local_infile=on", database.url())).await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    connection.batch(SCHEMA).await.unwrap();
    assert_eq!(raw(&mut connection).load_local(LOAD, lines(100_000)).await.unwrap(), 100_000);
    let count = text("SELECT count(*) FROM users WHERE name = concat('name ', id)");
    assert_eq!(connection.fetch_scalar::<i64>(count).await.unwrap(), 100_000);
    connection.execute(text("DELETE FROM users")).await.unwrap();
    // Nobody has said that a file may be sent.
    for error in [
        connection.batch(LOAD).await.unwrap_err(),
        connection.execute(text(LOAD)).await.unwrap_err(),
        raw(&mut connection).load_local("SELECT 1", lines(1)).await.unwrap_err(),
        raw(&mut connection).load_local("LOAD DATA LOCAL nonsense", lines(1)).await.unwrap_err(),
    ] {
        assert!(!error.is_disconnect(), "{error}");
    }
    assert_eq!(connection.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), 0);
    // Rows that are refused.
    let twice = lines(10).chain(lines(10));
    let loaded = raw(&mut connection).load_local(LOAD, twice).await;
    assert_eq!(loaded.unwrap(), 10, "LOCAL ignores rows that are there");
    connection.execute(text("DELETE FROM users")).await.unwrap();
    drop(connection);
    // What is given up half-way leaves nothing.
    for polls in 0..12 {
        let mut connection = engine.acquire().await.unwrap();
        let ended = poll_and_drop(raw(&mut connection).load_local(LOAD, lines(300_000)), polls).await;
        drop(connection);
        let mut connection = engine.acquire().await.unwrap();
        assert_eq!(connection.fetch_one(select(value(7))).await.unwrap(), 7);
        if ended {
            break;
        }
        let mut left = i64::MAX;
        for _ in 0..200 {
            left = connection.fetch_scalar(text("SELECT count(*) FROM users")).await.unwrap();
            if left == 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(left, 0);
    }
    let mut connection = engine.acquire().await.unwrap();
    connection.execute(text("DELETE FROM users")).await.unwrap();
    let broken = lines(1_000).chain([Err(Error::other("the source is gone"))]);
    let error = raw(&mut connection).load_local(LOAD, broken).await.unwrap_err();
    assert!(error.to_string().contains("the source is gone"));
    drop(connection);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(engine.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), 0);
}

#[tokio::test]
async fn off_if_nothing_is_said() {
    let (engine, _database) = crate::support::engine().await;
    let mut connection = engine.acquire().await.unwrap();
    let error = raw(&mut connection).load_local(LOAD, lines(1)).await.unwrap_err().to_string();
    assert!(error.contains("local_infile=on"), "{error}");
    assert!(connection.execute(text(LOAD)).await.is_err());
    assert!(connection.batch(LOAD).await.is_err());
    assert_eq!(connection.fetch_scalar::<i64>(text("SELECT count(*) FROM users")).await.unwrap(), 0);
}
