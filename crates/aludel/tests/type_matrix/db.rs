//! The databases of the matrix.

use aludel::blocking::Engine;
use aludel::prelude::*;
use aludel_testsuite::servers::{self, Database};

/// A database of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::enum_variant_names, reason = "MariaDB is called so")]
pub(crate) enum Db {
    Sqlite,
    Postgres,
    MariaDb,
}

/// A fresh database, dropped at the end.
pub(crate) struct Open {
    // Before the guard, so that no connection is open when the database is dropped.
    pub(crate) engine: Engine,
    _database: Option<Database>,
}

impl Db {
    pub(crate) fn open(self) -> Open {
        let database = match self {
            Self::Sqlite => None,
            Self::Postgres => Some(servers::postgres()),
            Self::MariaDb => Some(servers::mysql()),
        };
        let url = database.as_ref().map_or("sqlite::memory:", Database::url);
        let engine = Engine::connect(url).unwrap();
        if self == Self::Postgres {
            for extension in ["hstore", "citext", "ltree"] {
                engine.execute(text(format!("CREATE EXTENSION {extension}"))).unwrap();
            }
        }
        Open { engine, _database: database }
    }

    /// The name of its dialect.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgresql",
            Self::MariaDb => "mariadb",
        }
    }

    /// What a value is cut to: SQLite keeps nanoseconds, the servers microseconds.
    pub(crate) fn fraction(self, nanos: u32) -> u32 {
        if self == Self::Sqlite { nanos } else { nanos / 1_000 * 1_000 }
    }
}

pub(crate) const ALL: [Db; 3] = [Db::Sqlite, Db::Postgres, Db::MariaDb];

/// The message of a value that can't be inserted.
#[macro_export]
macro_rules! refusal {
    ($engine:expr, $type:ty, $value:expr) => {{
        #[derive(aludel::prelude::Entity)]
        #[entity(table = "refused")]
        struct Refused {
            #[column(primary_key)]
            #[allow(dead_code, reason = "a table has a key")]
            id: i64,
            #[allow(dead_code, reason = "written only")]
            plain: $type,
        }
        let engine = &$engine.engine;
        engine.execute(aludel::prelude::text("DROP TABLE IF EXISTS refused")).unwrap();
        engine.create_all(aludel::prelude::schema![Refused]).unwrap();
        let one =
            engine.execute(Refused::insert().row(Refused { id: 1, plain: $value })).expect_err("refused").to_string();
        let many =
            engine.insert(Refused::insert().rows([Refused { id: 1, plain: $value }])).expect_err("refused").to_string();
        [one, many]
    }};
}
