//! What `bulk400k` writes, and where.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::backend::Backend;
use crate::turns::Result;

/// How many rows.
pub(crate) const ROWS: i32 = 400_000;

/// On SQLite the same settings for every library, and the table. A write-ahead log, synced when it is folded into the
/// database: what a server would use.
pub(crate) const SCRIPT: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE items (id INTEGER PRIMARY KEY NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL);
";

/// The table.
pub(crate) fn script(backend: Backend) -> String {
    match backend {
        Backend::Sqlite => SCRIPT.to_owned(),
        Backend::Postgres | Backend::Mysql => {
            let text = backend.text();
            format!(
                "CREATE TABLE items (id INTEGER PRIMARY KEY NOT NULL, name {text} NOT NULL, description {text} NOT NULL)"
            )
        }
    }
}

/// A row that `bulk400k` writes; making it is part of the work, and nobody need hold them all.
#[derive(Clone, Debug, Default, Hash)]
pub(crate) struct Item {
    pub(crate) id: i32,
    pub(crate) name: String,
    pub(crate) description: String,
}

/// The rows.
pub(crate) fn items() -> impl Iterator<Item = Item> {
    (1..=ROWS).map(|id| Item {
        id,
        name: format!("customer name {id}"),
        description: format!("customer description {id}"),
    })
}

/// A database file that does not exist yet, in a folder that goes with it.
#[derive(Debug)]
pub(crate) struct File {
    folder: TempDir,
}

impl File {
    /// Makes the folder.
    pub(crate) fn fresh() -> Result<Self> {
        Ok(Self { folder: tempfile::Builder::new().prefix("aludel-bench-").tempdir()? })
    }

    /// Where the library makes its database.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("bulk.db")
    }

    /// The path as text, for libraries that take no other.
    pub(crate) fn path_text(&self) -> String {
        self.path().to_string_lossy().into_owned()
    }

    /// What a library left in the file, read past that library.
    pub(crate) fn contents(&self) -> Result<Vec<Item>> {
        read(&self.path())
    }
}

fn read(path: &Path) -> Result<Vec<Item>> {
    let connection = rusqlite::Connection::open(path)?;
    let mut statement = connection.prepare("SELECT id, name, description FROM items ORDER BY id")?;
    let items =
        statement.query_map([], |row| Ok(Item { id: row.get(0)?, name: row.get(1)?, description: row.get(2)? }))?;
    Ok(items.collect::<rusqlite::Result<_>>()?)
}
