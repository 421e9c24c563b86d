//! The database that a run of the tests is on: `ALUDEL_TEST_BACKEND` says `sqlite` (as when it is unset), `postgres` or
//! `mariadb`.
//!
//! The same tests run on all three. Each gets an empty database of its own ([`url`], [`file`]); SQL that a test writes as text
//! is given in SQLite's words and put into the others' ([`words`]); statements that ran are told in SQLite's words
//! ([`told`]), so that one expectation serves all three. What is about SQLite itself says so with [`only_sqlite!`].

#![allow(dead_code, unused_imports, unused_macros, reason = "each test program uses some of it")]

mod database;
mod left_out;
mod words;

use std::sync::LazyLock;

use aludel::Connect;
use aludel::blocking::Engine;
use aludel::schema::Table;

pub(crate) use aludel_testsuite::Backend;
pub(crate) use database::{Lease, file, lease, schema_of, url, url_of};
pub(crate) use left_out::{is_left_out, is_left_out_on_sqlite, only_servers, only_sqlite};
pub(crate) use words::{set_sequences, set_sequences_of, text, told, words};

/// The one that this run is on.
pub(crate) fn backend() -> Backend {
    static BACKEND: LazyLock<Backend> = LazyLock::new(|| match std::env::var("ALUDEL_TEST_BACKEND").as_deref() {
        Err(_) | Ok("" | "sqlite") => Backend::Sqlite,
        Ok("postgres") => Backend::Postgres,
        Ok("mariadb") => Backend::MariaDb,
        Ok(other) => panic!("ALUDEL_TEST_BACKEND is {other:?}; it knows sqlite, postgres and mariadb"),
    });
    *BACKEND
}

pub(crate) fn is_sqlite() -> bool {
    backend() == Backend::Sqlite
}

/// What is expected of each.
pub(crate) fn on<T>(sqlite: T, postgres: T, mariadb: T) -> T {
    match backend() {
        Backend::Sqlite => sqlite,
        Backend::Postgres => postgres,
        Backend::MariaDb => mariadb,
    }
}

/// SQL after which a connection to a server does not wait for others' locks; on SQLite the URL says so.
pub(crate) fn impatience() -> &'static str {
    on("SELECT 1", "SET lock_timeout = '20ms'", "SET innodb_lock_wait_timeout = 0")
}

/// SQL that tells a connection to a server apart from all others, as a number.
pub(crate) fn connection_number() -> &'static str {
    on("SELECT 1", "SELECT CAST(pg_backend_pid() AS BIGINT)", "SELECT CAST(connection_id() AS SIGNED)")
}

/// SQL that ends the connection of that number, and with it its transaction.
pub(crate) fn kill(number: i64) -> String {
    on(String::new(), format!("SELECT pg_terminate_backend({number})"), format!("KILL {number}"))
}

/// An engine on an empty database.
pub(crate) fn engine() -> Engine {
    Engine::connect(url()).unwrap_or_else(|error| panic!("this test needs a database: {error}"))
}

/// An engine on a database with these tables and rows, which are INSERTs in SQLite's words.
pub(crate) fn filled(tables: &[&Table], rows: &[&str]) -> Engine {
    let engine = engine();
    engine.create_all(tables).unwrap();
    fill(&engine, rows);
    engine
}

/// The same in a program that waits.
pub(crate) async fn fill_async(engine: &aludel::Engine, rows: &[&str]) {
    for sql in rows {
        engine.execute(text(sql)).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    if let Some(sql) = set_sequences() {
        engine.execute(aludel::language::text(sql)).await.unwrap();
    }
}

/// Runs INSERTs that give keys; keys that the database counts go on behind them.
pub(crate) fn fill(engine: &Engine, rows: &[&str]) {
    for sql in rows {
        engine.execute(text(sql)).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    if let Some(sql) = set_sequences() {
        engine.execute(aludel::language::text(sql)).unwrap();
    }
}
