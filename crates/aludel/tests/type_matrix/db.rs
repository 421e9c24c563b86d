//! The databases of the matrix.

use aludel::blocking::Engine;
use aludel::prelude::*;
use aludel_testsuite::servers::Database;

pub(crate) use aludel_testsuite::Backend as Db;

/// A fresh database, dropped at the end.
pub(crate) struct Open {
    // Before the guard, so that no connection is open when the database is dropped.
    pub(crate) engine: Engine,
    _database: Option<Database>,
}

/// What the matrix asks each database.
pub(crate) trait InMatrix {
    fn open(self) -> Open;
    /// The name of its dialect.
    fn dialect_name(self) -> &'static str;
    /// What a value is cut to: SQLite keeps nanoseconds, the servers microseconds.
    fn fraction(self, nanos: u32) -> u32;
}

impl InMatrix for Db {
    fn open(self) -> Open {
        let database = self.database();
        let url = database.as_ref().map_or("sqlite::memory:", Database::url);
        let engine = Engine::connect(url).unwrap();
        if self == Self::Postgres {
            for extension in ["hstore", "citext", "ltree"] {
                engine.execute(text(format!("CREATE EXTENSION {extension}"))).unwrap();
            }
        }
        Open { engine, _database: database }
    }

    fn dialect_name(self) -> &'static str {
        self.pick("sqlite", "postgresql", "mariadb")
    }

    fn fraction(self, nanos: u32) -> u32 {
        if self == Self::Sqlite { nanos } else { nanos / 1_000 * 1_000 }
    }
}

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
