//! Opens PostgreSQL connections.

use std::sync::Arc;

use aludel_core::Result;
use aludel_engine::Url;
use aludel_engine::driver::{BulkForm, Connection, Connector, Driver, DriverTraits, Face, Opening, Reply};
use aludel_sql::dialect::{Dialect, Postgres as PostgresDialect};

use crate::connection::PostgresConnection;
use crate::options::{Options, StatementCache};
use crate::startup;
use crate::types::registry::Registry;

/// Rows in one statement of arrays.
const ROWS: usize = 16_384;
/// So few rows go with placeholders of their own: up to here the server is done with them sooner than with arrays.
const FEW: usize = 16;

/// The PostgreSQL driver, for URLs with the schemes `postgres` and `postgresql`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Postgres;

impl Driver for Postgres {
    fn schemes(&self) -> &'static [&'static str] {
        &["postgres", "postgresql"]
    }

    fn open(&self, url: &Url, opening: &Opening) -> Result<Arc<dyn Connector>> {
        let mut options = Options::parse(url)?;
        options.socket.connect_timeout = options.socket.connect_timeout.min(opening.connect_timeout);
        let statements = match options.statement_cache {
            StatementCache::Default => opening.statement_cache.unwrap_or(100),
            StatementCache::Size(size) => size,
            StatementCache::Off => 0,
        };
        Ok(Arc::new(PostgresConnector {
            settings: Arc::new(Settings { options, statements, face: opening.face, registry: Registry::default() }),
            dialect: opening.dialect.clone().unwrap_or_else(|| Arc::new(PostgresDialect)),
        }))
    }
}

/// Opens connections to one database.
#[derive(Debug)]
struct PostgresConnector {
    settings: Arc<Settings>,
    dialect: Arc<dyn Dialect>,
}

/// What each connection is opened with.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) options: Options,
    /// How many statements a connection keeps prepared; 0 for none.
    pub(crate) statements: usize,
    pub(crate) face: Face,
    /// Types that are not built in.
    pub(crate) registry: Registry,
}

impl Connector for PostgresConnector {
    fn dialect(&self) -> &Arc<dyn Dialect> {
        &self.dialect
    }

    fn connect(&self) -> Reply<'_, Box<dyn Connection>> {
        Reply::on(self.settings.face, async {
            let channel = startup::open(&self.settings.options, self.settings.face).await?;
            let connection = PostgresConnection::new(channel, Arc::clone(&self.settings));
            Ok(Box::new(connection) as Box<dyn Connection>)
        })
    }

    fn traits(&self) -> DriverTraits {
        let mut traits = DriverTraits::default();
        traits.bulk = BulkForm::Arrays { rows: ROWS, few: FEW };
        traits
    }

    fn system(&self) -> &'static str {
        "postgresql"
    }

    fn database(&self) -> String {
        self.settings.options.database.clone()
    }
}
