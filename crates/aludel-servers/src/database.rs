//! A fresh database for one test.

use std::env;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::client::{Client, Url};
use crate::error::{Error, Result};
use crate::kind::Kind;

/// The variable with the URL of a PostgreSQL server in which tests make databases.
pub const POSTGRES_VARIABLE: &str = "ALUDEL_TEST_POSTGRES_URL";
/// The variable with the URL of a MySQL or MariaDB server in which tests make databases.
pub const MYSQL_VARIABLE: &str = "ALUDEL_TEST_MYSQL_URL";

/// A fresh database in the PostgreSQL server of `ALUDEL_TEST_POSTGRES_URL`.
///
/// # Errors
/// When the variable is unset, or the server does not answer.
pub fn postgres() -> Result<Database> {
    of_variable(Kind::Postgres, POSTGRES_VARIABLE)
}

/// A fresh database, with the character set `utf8mb4`, in the MySQL or MariaDB server of `ALUDEL_TEST_MYSQL_URL`.
///
/// # Errors
/// When the variable is unset, or the server does not answer.
pub fn mysql() -> Result<Database> {
    of_variable(Kind::MariaDb, MYSQL_VARIABLE)
}

fn of_variable(kind: Kind, variable: &str) -> Result<Database> {
    let url = env::var(variable).ok().filter(|url| !url.is_empty()).ok_or_else(|| {
        Error::new(format!(
            "{variable} is not set: run the tests by `cargo xtask test`, which starts the servers, or run `cargo xtask \
             servers` and set the variable as it says, or set it to the URL of a server in which databases may be made"
        ))
    })?;
    let url = Url::parse(&url)?;
    Database::make(kind, Client::Url(kind, url.clone()), &url, true)
}

/// A database that was made for one test. It is dropped with this guard, with whoever is still connected to it.
#[derive(Debug)]
pub struct Database {
    kind: Kind,
    client: Client,
    name: String,
    url: String,
    is_dropped: bool,
}

impl Database {
    pub(crate) fn make(kind: Kind, client: Client, server: &Url, is_dropped: bool) -> Result<Self> {
        let name = fresh_name();
        client.run(&kind.create_database(&name))?;
        let url = server.with_database(&name);
        Ok(Self { kind, client, name, url, is_dropped })
    }

    /// The URL with which a program connects to it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs statements as the user of the variable's URL, or as administrator of a private server, by the database's own
    /// program and in that user's own database; gives the rows, columns separated by tabs.
    ///
    /// # Errors
    /// When the server does not answer or refuses a statement.
    pub fn run(&self, sql: &str) -> Result<String> {
        self.client.run(sql)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if !self.is_dropped {
            return;
        }
        if let Err(error) = self.kind.drop_database(&self.client, &self.name) {
            // It may be a panic's way out, and what a test has found must not be lost over this.
            eprintln!("warning: {error}");
        }
    }
}

/// Names must differ between the processes that use a server at once, on whatever machine.
fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_micros() % 10_000_000_000);
    format!("aludel_{}_{now}_{count}", process::id())
}
