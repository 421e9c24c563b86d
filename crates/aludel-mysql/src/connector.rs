//! Opens connections to MySQL and MariaDB servers.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aludel_core::{ConfigError, Result};
use aludel_engine::Url;
use aludel_engine::driver::{BulkForm, Connection, Connector, Driver, DriverTraits, Face, Opening, Reply};
use aludel_sql::dialect::{Dialect, MariaDb as MariaDbDialect, MySql as MySqlDialect};

use crate::bulk::VALUES_ROWS;
use crate::connection::MySqlConnection;
use crate::handshake;
use crate::options::{BulkMode, Options};
use crate::server::Product;

/// The driver of MySQL and MariaDB, for URLs with the schemes `mysql` and `mariadb`.
#[derive(Clone, Copy, Debug, Default)]
pub struct MySql;

impl Driver for MySql {
    fn schemes(&self) -> &'static [&'static str] {
        &["mysql", "mariadb"]
    }

    fn open(&self, url: &Url, opening: &Opening) -> Result<Arc<dyn Connector>> {
        let options = Options::parse(url, opening)?;
        let product = options.product.map_or_else(OnceLock::new, OnceLock::from);
        let target = Arc::new(Target { options, face: opening.face });
        Ok(Arc::new(MySqlConnector {
            target,
            own_dialect: opening.dialect.clone(),
            product,
            spare: Mutex::default(),
            dialects: [Arc::new(MySqlDialect), Arc::new(MariaDbDialect)],
        }))
    }
}

/// Where connections lead to, and how they are opened. Each connection has it, to open another one that stops it.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) options: Options,
    pub(crate) face: Face,
}

#[derive(Debug)]
struct MySqlConnector {
    target: Arc<Target>,
    /// The program's own dialect for the scheme.
    own_dialect: Option<Arc<dyn Dialect>>,
    /// Which database it is: the URL has said it, or the first connection, or somebody has asked before either.
    product: OnceLock<Product>,
    /// The connection that was opened to find that out.
    spare: Mutex<Option<Box<MySqlConnection>>>,
    dialects: [Arc<dyn Dialect>; 2],
}

impl MySqlConnector {
    async fn open(&self) -> Result<Box<MySqlConnection>> {
        let opened = handshake::open(&self.target.options, self.target.face).await?;
        let found = opened.greeting.product;
        let taken_for = *self.product.get_or_init(|| found);
        if taken_for != found && self.own_dialect.is_none() {
            return Err(wrong_product(taken_for, found, &opened.greeting.version).into());
        }
        Ok(Box::new(MySqlConnection::new(opened, Arc::clone(&self.target))))
    }
}

impl Connector for MySqlConnector {
    /// An engine that was made lazily asks before a connection could tell: then it is MySQL's.
    fn dialect(&self) -> &Arc<dyn Dialect> {
        if let Some(dialect) = &self.own_dialect {
            return dialect;
        }
        let [mysql, mariadb] = &self.dialects;
        match self.product.get_or_init(|| Product::MySql) {
            Product::MySql => mysql,
            Product::MariaDb => mariadb,
        }
    }

    /// Both databases are reached by `mysql://`, so the server is asked which one it is.
    fn prepare(&self) -> Reply<'_, ()> {
        if self.product.get().is_some() || self.own_dialect.is_some() {
            return Reply::now(Ok(()));
        }
        Reply::later(async {
            let connection = self.open().await?;
            *self.spare.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
            Ok(())
        })
    }

    fn connect(&self) -> Reply<'_, Box<dyn Connection>> {
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).take();
        match spare {
            Some(connection) => Reply::now(Ok(connection)),
            None => Reply::later(async { Ok(self.open().await? as Box<dyn Connection>) }),
        }
    }

    fn traits(&self) -> DriverTraits {
        let is_mysql = self.product.get() != Some(&Product::MariaDb);
        let mut traits = DriverTraits::default();
        if is_mysql || self.target.options.bulk == BulkMode::Values {
            traits.bulk = BulkForm::Values { rows: VALUES_ROWS };
        }
        // MariaDB returns them, which is cheaper.
        traits.inserted_keys = is_mysql;
        traits
    }

    fn system(&self) -> &'static str {
        match self.product.get() {
            Some(Product::MariaDb) => "mariadb",
            _ => "mysql",
        }
    }

    fn database(&self) -> String {
        let options = &self.target.options;
        match &options.database {
            Some(database) => format!("{}/{database}", options.address),
            None => options.address.to_string(),
        }
    }
}

#[cold]
fn wrong_product(taken_for: Product, found: Product, version: &str) -> ConfigError {
    let scheme = match found {
        Product::MySql => "mysql",
        Product::MariaDb => "mariadb",
    };
    ConfigError::new(format!(
        "the server is {} (version {version}), and the engine's SQL is {}'s; put server={scheme} into the URL's options",
        found.name(),
        taken_for.name()
    ))
}
