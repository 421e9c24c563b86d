//! The driver and the connector: a URL becomes connections.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aludel::dialect::Dialect;
use aludel::driver::{Connection, Connector, Driver, DriverTraits, Opening, Reply};
use aludel::{ConfigError, Result, Url};

use crate::connection::LiteConnection;
use crate::dialect::LiteDialect;
use crate::error::from_rusqlite;

/// The driver for URLs such as `lite:file.db`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lite;

impl Driver for Lite {
    fn schemes(&self) -> &'static [&'static str] {
        &["lite"]
    }

    fn open(&self, url: &Url, opening: &Opening) -> Result<Arc<dyn Connector>> {
        // An option that nobody knows is most likely misspelt.
        if let Some((option, _)) = url.options().next() {
            return Err(ConfigError::new(format!("URLs with the scheme lite have no option {option:?}")).into());
        }
        let dialect = opening.dialect.clone().unwrap_or_else(|| Arc::new(LiteDialect));
        Ok(Arc::new(LiteConnector { path: url.body()?.into(), dialect }))
    }
}

#[derive(Debug)]
struct LiteConnector {
    path: PathBuf,
    dialect: Arc<dyn Dialect>,
}

impl LiteConnector {
    fn open(&self) -> rusqlite::Result<rusqlite::Connection> {
        let db = rusqlite::Connection::open(&self.path)?;
        db.busy_timeout(Duration::from_secs(5))?;
        db.execute_batch("PRAGMA foreign_keys = ON; PRAGMA journal_mode = wal; PRAGMA synchronous = off")?;
        Ok(db)
    }
}

impl Connector for LiteConnector {
    fn dialect(&self) -> &Arc<dyn Dialect> {
        &self.dialect
    }

    fn connect(&self) -> Reply<'_, Box<dyn Connection>> {
        let connection = self.open().map(|db| Box::new(LiteConnection::new(db)) as Box<dyn Connection>);
        Reply::now(connection.map_err(from_rusqlite))
    }

    fn traits(&self) -> DriverTraits {
        let mut traits = DriverTraits::default();
        // The key of each row that a bulk insert has made can be told, although there is no RETURNING.
        traits.inserted_keys = true;
        traits.may_go_stale = false;
        traits
    }

    fn system(&self) -> &'static str {
        "sqlite"
    }

    fn database(&self) -> String {
        self.path.display().to_string()
    }
}
