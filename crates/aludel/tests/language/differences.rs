//! Where databases differ by themselves, so that their results are not compared.

use crate::backend::Backend;

/// How a database differs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Difference {
    /// It lacks something that the construct names: its error has these words.
    Lacks(&'static str),
    /// It counts changed rows in another way.
    Counts,
    /// It tells the time.
    Time,
}

impl Difference {
    pub(crate) const fn error(self) -> Option<&'static str> {
        match self {
            Self::Lacks(words) => Some(words),
            Self::Counts | Self::Time => None,
        }
    }
}

use Backend::{MariaDb, Postgres, Sqlite};
use Difference::{Counts, Lacks, Time};

const DIFFERENCES: &[(&str, Backend, Difference)] = &[
    // The row of the test is all NULL.
    ("ins-all", Sqlite, Lacks("NOT NULL")),
    ("ins-all", Postgres, Lacks("NOT NULL")),
    ("ins-all", MariaDb, Lacks("NOT NULL")),
    // A row that is there already is found, and counted; one that is changed counts twice.
    ("ins-sqlite-nothing", MariaDb, Counts),
    ("ins-sqlite-upsert", MariaDb, Counts),
    // Operators that the program brings along.
    ("op-custom", Sqlite, Lacks("syntax error")),
    ("op-custom", Postgres, Lacks("operator does not exist")),
    ("op-bool-custom", Sqlite, Lacks("syntax error")),
    ("op-bool-custom", MariaDb, Lacks("SQL syntax")),
    ("op-collate", MariaDb, Lacks("Unknown collation")),
    ("fn-generic", Sqlite, Lacks("no such function: my_func")),
    // Only virtual tables have it.
    ("match-mysql", Sqlite, Lacks("MATCH")),
    ("fn-now", Sqlite, Time),
    ("fn-now", Postgres, Time),
    ("fn-now", MariaDb, Time),
    ("select-no-from", Sqlite, Time),
    ("select-no-from", Postgres, Time),
    ("select-no-from", MariaDb, Time),
];

/// Constructs whose Rust type, as the language's tests write it, does not fit all rows: only their values are compared.
const NOT_TYPED: &[(&str, &str)] = &[
    ("join-left", "NULL in a column that is NOT NULL in its table"),
    ("join-full", "NULL in a column that is NOT NULL in its table"),
    ("fn-cube", "NULL in a column that is NOT NULL in its table"),
    ("op-type-coerce", "text is said to be a number"),
    ("array-agg", "an array is said to be text"),
];

pub(crate) fn is_typed(id: &str) -> bool {
    NOT_TYPED.iter().all(|(one, _)| *one != id)
}

pub(crate) fn of(id: &str, backend: Backend) -> Option<Difference> {
    DIFFERENCES.iter().find(|(one, on, _)| *one == id && *on == backend).map(|(_, _, difference)| *difference)
}

pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    DIFFERENCES.iter().map(|(id, _, _)| *id).chain(NOT_TYPED.iter().map(|(id, _)| *id))
}
