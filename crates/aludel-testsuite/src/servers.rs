//! Databases for tests: fresh ones in the servers that `cargo xtask test` starts, and private servers.
//!
//! The functions panic where a server can't be had: a test that needs one fails then, and is never left out in silence.
//!
//! ```no_run
//! use aludel_testsuite::servers;
//!
//! let database = servers::postgres(); // dropped with the guard
//! println!("{}", database.url());
//! ```

use aludel_servers::Result;

pub use aludel_servers::{Bouncer, Database, Error, MYSQL_VARIABLE, Options, POSTGRES_VARIABLE, Server};

/// A fresh database for one test in the PostgreSQL server of `ALUDEL_TEST_POSTGRES_URL`, dropped with the guard.
///
/// # Panics
/// When the variable is unset, with a message that says what to do, or the server does not answer.
#[track_caller]
#[must_use]
pub fn postgres() -> Database {
    wanted(aludel_servers::postgres())
}

/// A fresh database for one test, in `utf8mb4`, in the MySQL or MariaDB server of `ALUDEL_TEST_MYSQL_URL`, dropped with the
/// guard.
///
/// # Panics
/// When the variable is unset, with a message that says what to do, or the server does not answer.
#[track_caller]
#[must_use]
pub fn mysql() -> Database {
    wanted(aludel_servers::mysql())
}

/// A PostgreSQL server of the test's own, to be restarted, paused or killed, or with settings of its own. It stops with the
/// guard.
///
/// # Panics
/// When PostgreSQL is not installed or the server does not start.
#[track_caller]
#[must_use]
pub fn private_postgres(options: Options) -> Server {
    wanted(Server::postgres(options))
}

/// A MariaDB server of the test's own, to be restarted, paused or killed, or with settings of its own. It stops with the
/// guard.
///
/// # Panics
/// When MariaDB is not installed or the server does not start.
#[track_caller]
#[must_use]
pub fn private_mysql(options: Options) -> Server {
    wanted(Server::mariadb(options))
}

/// A pgbouncer in front of a database, in transaction mode unless a setting says otherwise.
///
/// # Panics
/// When pgbouncer is not installed or does not start.
#[track_caller]
#[must_use]
pub fn private_pgbouncer(database_url: &str, options: &Options) -> Bouncer {
    wanted(Bouncer::start(database_url, options))
}

#[track_caller]
fn wanted<T>(result: Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("this test needs a database: {error}"))
}
