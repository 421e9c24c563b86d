//! The two servers, and what all tests do with them.

use std::net::SocketAddr;
use std::time::Duration;

use aludel::prelude::*;
use aludel::{Engine, EngineBuilder, Error};
use aludel_testsuite::Backend;
use aludel_testsuite::servers::{self, Database, Options, Server};

pub(crate) const POOL: usize = 3;

/// What differs between the servers.
pub(crate) trait OnServer {
    /// A fresh database of the shared server.
    fn fresh(self) -> Database;
    fn private(self, options: Options) -> Server;
    /// The number of a connection, by which it is killed.
    fn own_number(self) -> &'static str;
    fn kill(self, number: i64) -> String;
    fn sleep(self, seconds: u32) -> String;
    /// Numbers from 1 on.
    fn numbers(self, count: u32) -> String;
}

impl OnServer for Backend {
    fn fresh(self) -> Database {
        self.database().expect("these tests are about servers")
    }

    fn private(self, options: Options) -> Server {
        match self {
            Self::Postgres => servers::private_postgres(options),
            _ => servers::private_mysql(options),
        }
    }

    fn own_number(self) -> &'static str {
        self.pick("", "SELECT pg_backend_pid()::bigint", "SELECT CONNECTION_ID()")
    }

    fn kill(self, number: i64) -> String {
        match self {
            Self::Postgres => format!("SELECT pg_terminate_backend({number})"),
            _ => format!("KILL {number}"),
        }
    }

    fn sleep(self, seconds: u32) -> String {
        match self {
            Self::Postgres => format!("SELECT 1 FROM pg_sleep({seconds})"),
            _ => format!("SELECT SLEEP({seconds})"),
        }
    }

    fn numbers(self, count: u32) -> String {
        match self {
            Self::Postgres => format!("SELECT n::bigint FROM generate_series(1, {count}) AS s (n)"),
            _ => format!("SELECT seq FROM seq_1_to_{count}"),
        }
    }
}

/// With a query option behind what is there.
pub(crate) fn with(url: &str, option: &str) -> String {
    format!("{url}{}{option}", if url.contains('?') { '&' } else { '?' })
}

/// Where a server listens on TCP, out of its URL.
pub(crate) fn address(url: &str) -> SocketAddr {
    let url = aludel::Url::parse(url).unwrap();
    let host = url.host().unwrap();
    SocketAddr::new(
        if host == "localhost" { [127, 0, 0, 1].into() } else { host.parse().unwrap() },
        url.port().unwrap(),
    )
}

pub(crate) fn builder(url: &str) -> EngineBuilder<Engine> {
    <Engine as Connect>::builder(url).pool_size(POOL).pool_timeout(Duration::from_secs(10))
}

pub(crate) async fn engine(url: &str) -> Engine {
    builder(url).connect().await.unwrap()
}

/// Two accounts with 100 each.
pub(crate) async fn accounts(engine: &Engine) {
    let mut conn = engine.acquire().await.unwrap();
    conn.batch("CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)").await.unwrap();
    conn.batch("INSERT INTO account (id, balance) VALUES (1, 100), (2, 100)").await.unwrap();
}

pub(crate) async fn balances(engine: &Engine) -> (i64, i64) {
    let rows: Vec<i64> =
        engine.fetch_all(text("SELECT balance FROM account ORDER BY id").rows_as::<i64>()).await.unwrap();
    assert_eq!(rows.len(), 2);
    (rows[0], rows[1])
}

pub(crate) fn take_from_first() -> aludel::language::Text {
    text("UPDATE account SET balance = balance - 10 WHERE id = 1")
}

pub(crate) fn add_to_second() -> aludel::language::Text {
    text("UPDATE account SET balance = balance + 10 WHERE id = 2")
}

/// All of the pool's connections can be had at once, and each gives the answer to its own question.
pub(crate) async fn check_pool(engine: &Engine) {
    let mut held = Vec::new();
    for number in 0..i64::try_from(POOL).unwrap() {
        let mut conn = engine.acquire().await.unwrap();
        assert_eq!(conn.fetch_one(select(value(number))).await.unwrap(), number);
        held.push(conn);
    }
    let status = engine.pool_status();
    assert_eq!((status.open, status.idle, status.waiting), (POOL, 0, 0), "{status:?}");
    drop(held);
    let status = engine.pool_status();
    assert_eq!((status.idle, status.waiting), (POOL, 0), "{status:?}");
}

#[track_caller]
pub(crate) fn assert_lost(error: &Error) {
    assert!(error.is_disconnect(), "{error:?}");
}
