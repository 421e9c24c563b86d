//! The databases that Aludel has drivers for.

use crate::servers::{self, Database};

/// One of the databases that Aludel has drivers for, for a test that runs on each of them.
///
/// ```no_run
/// use aludel::blocking::Engine;
/// use aludel::prelude::*;
/// use aludel_testsuite::{Backend, servers::Database};
///
/// for backend in Backend::ALL {
///     let database = backend.database(); // dropped with the guard
///     let engine = Engine::connect(database.as_ref().map_or("sqlite::memory:", Database::url))?;
///     assert_eq!(engine.fetch_one(select(value(1_i64)))?, 1);
/// }
/// # Ok::<(), aludel::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::enum_variant_names, reason = "MariaDB is called so")]
pub enum Backend {
    /// SQLite, in the test's own process.
    Sqlite,
    /// The server of `ALUDEL_TEST_POSTGRES_URL`.
    Postgres,
    /// The server of `ALUDEL_TEST_MYSQL_URL`.
    MariaDb,
}

impl Backend {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::MariaDb];
    /// Those that are servers.
    pub const SERVERS: [Self; 2] = [Self::Postgres, Self::MariaDb];

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.pick("SQLite", "PostgreSQL", "MariaDB")
    }

    /// What is said of each, of this one.
    pub const fn pick<T: Copy>(self, sqlite: T, postgres: T, mariadb: T) -> T {
        match self {
            Self::Sqlite => sqlite,
            Self::Postgres => postgres,
            Self::MariaDb => mariadb,
        }
    }

    /// A fresh database for one test, dropped with the guard; none for SQLite, whose URL makes one.
    ///
    /// # Panics
    /// When the server can't be had.
    #[track_caller]
    #[must_use]
    pub fn database(self) -> Option<Database> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(servers::postgres()),
            Self::MariaDb => Some(servers::mysql()),
        }
    }
}
