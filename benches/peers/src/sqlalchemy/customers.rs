//! Aludel's database: the same table, rows and settings as in the Python program.

use std::path::PathBuf;

use super::{Outcome, Suite};
use crate::bulk::File;
use crate::data::numbers;
use crate::turns::Result;

/// How many rows are written.
pub(crate) const WRITTEN: i64 = 100_000;

/// How many are read.
pub(super) const READ: i64 = 500_000;

/// After how many objects a flush comes.
pub(crate) const CHUNK: i64 = 1_000;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    CREATE TABLE customer (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(255), description VARCHAR(255));
";

/// A file of customers.
#[derive(Debug)]
pub(crate) struct Database {
    file: File,
}

impl Database {
    /// A new one, with the rows that the case begins with.
    pub(crate) fn fresh(case: Suite) -> Result<Self> {
        let database = Self { file: File::fresh()? };
        let connection = rusqlite::Connection::open(database.path())?;
        connection.execute_batch(SCHEMA)?;
        let rows = match case {
            Suite::Inserts => return Ok(database),
            Suite::Updates => WRITTEN,
            Suite::List => READ,
        };
        connection.execute_batch(&format!(
            "INSERT INTO customer (name, description) {}
             SELECT 'customer name ' || (i + 1), 'customer description ' || (i + 1) FROM numbers",
            numbers(usize::try_from(rows)?)
        ))?;
        Ok(database)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> PathBuf {
        self.file.path()
    }

    /// Makes it again what it was before the first round.
    pub(crate) fn prepare(&self, case: Suite) -> Result {
        let sql = match case {
            Suite::Inserts => "DELETE FROM customer",
            Suite::Updates => "UPDATE customer SET description = 'customer description ' || id",
            Suite::List => return Ok(()),
        };
        Ok(rusqlite::Connection::open(self.path())?.execute_batch(sql)?)
    }

    /// What the file holds, after so many seconds.
    pub(crate) fn outcome(&self, seconds: f64) -> Result<Outcome> {
        let connection = rusqlite::Connection::open(self.path())?;
        let sums = "SELECT count(*), sum(id + length(name) + length(description)) FROM customer";
        Ok(connection.query_row(sums, [], |row| Ok(Outcome { seconds, rows: row.get(0)?, total: row.get(1)? }))?)
    }
}
