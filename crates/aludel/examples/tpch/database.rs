//! The database that is filled and asked.

use std::fmt;

use aludel::Connect;
use aludel::blocking::Engine;
use tempfile::TempDir;

use crate::Failure;
use crate::entities;

/// The database that is filled and asked.
#[derive(Debug)]
pub(crate) struct Database {
    engine: Engine,
    url: String,
    /// Removes the file in the end, where nobody asked for one.
    directory: Option<TempDir>,
}

impl Database {
    /// Opens the database at the URL, or a file of its own, and makes the eight tables anew.
    pub(crate) fn open(url: Option<&str>, echo: bool) -> Result<Self, Failure> {
        let (url, directory) = match url {
            Some(url) => (url.to_owned(), None),
            None => own_file()?,
        };
        let engine = Engine::builder(&url).echo(echo).connect()?;
        engine.drop_all(entities::TABLES)?;
        engine.create_all(entities::TABLES)?;
        Ok(Self { engine, url, directory })
    }

    /// What runs statements on it.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)?;
        if self.directory.is_some() { f.write_str(" (removed afterwards)") } else { Ok(()) }
    }
}

/// A file in a directory of its own, since SQLite keeps further files beside it.
fn own_file() -> Result<(String, Option<TempDir>), Failure> {
    let directory = tempfile::Builder::new().prefix("aludel-tpch-").tempdir()?;
    let file = directory.path().join("tpch.db");
    Ok((format!("sqlite:{}", file.display()), Some(directory)))
}
