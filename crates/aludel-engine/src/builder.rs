//! What an engine is made of, before it is made.

use std::fmt;
use std::future::Future;
use std::io::Write;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use aludel_core::{ConfigError, Result};
use aludel_sql::CompileOptions;
use aludel_sql::dialect::Dialect;

use crate::blocking::block_on;
use crate::cache::SharedCache;
use crate::driver::{Connector, Driver, Face, Opening};
use crate::engine::Engine;
use crate::hold::checkout;
use crate::log::Log;
use crate::options::{Echo, Options};
use crate::pool::{Pool, PoolOptions, in_time};
use crate::shared::Shared;
use crate::url::Url;

/// What an engine is made of: `E` is the async [`Engine`] or the one of [`blocking`](crate::blocking::Engine).
///
/// Through the `aludel` crate it is made by `Engine::builder(url)`, with the drivers that the crate's features choose.
#[must_use = "nothing is opened before `connect`"]
pub struct EngineBuilder<E = Engine> {
    url: String,
    drivers: Vec<Arc<dyn Driver>>,
    dialects: Vec<(String, Arc<dyn Dialect>)>,
    pool: PoolOptions,
    overflow: Option<usize>,
    cache_statements: usize,
    cache_bytes: u64,
    compile: CompileOptions,
    prepared: Option<usize>,
    options: Options,
    echo: Echo,
    echo_to: Option<Box<dyn Write + Send>>,
    logging_name: Option<String>,
    engine: PhantomData<fn() -> E>,
}

impl<E> EngineBuilder<E> {
    /// An engine for the database of a URL, which knows no driver yet: add one with [`driver`](Self::driver).
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            drivers: Vec::new(),
            dialects: Vec::new(),
            pool: PoolOptions {
                size: 5,
                overflow: 0,
                timeout: Duration::from_secs(30),
                recycle: None,
                pre_ping: false,
                fifo: false,
                keep_open: false,
                statements: 500,
            },
            overflow: None,
            cache_statements: 500,
            cache_bytes: 32 << 20,
            compile: CompileOptions::default(),
            prepared: None,
            options: Options::default(),
            echo: Echo::Off,
            echo_to: None,
            logging_name: None,
            engine: PhantomData,
        }
    }

    /// Adds a driver for the schemes that it names. One that is added later comes before those added earlier.
    pub fn driver(mut self, driver: impl Driver) -> Self {
        self.drivers.insert(0, Arc::new(driver));
        self
    }

    /// Uses a dialect for URLs with this scheme, in place of the driver's own.
    pub fn dialect(mut self, scheme: impl Into<String>, dialect: impl Dialect) -> Self {
        self.dialects.push((scheme.into().to_ascii_lowercase(), Arc::new(dialect)));
        self
    }

    /// How many connections are kept open; 5, and 10 more when they are needed, if nothing is said.
    pub fn pool_size(mut self, connections: usize) -> Self {
        self.pool.size = connections;
        self.overflow = self.overflow.or(Some(0));
        self
    }

    /// How many more may be opened when all are in use; they are closed when they come back.
    pub fn max_overflow(mut self, connections: usize) -> Self {
        self.overflow = Some(connections);
        self
    }

    /// How long to wait for a connection; 30 seconds if nothing is said.
    pub fn pool_timeout(mut self, timeout: Duration) -> Self {
        self.pool.timeout = timeout;
        self
    }

    /// Closes connections that are older than this instead of using them again.
    pub fn pool_recycle(mut self, age: Duration) -> Self {
        self.pool.recycle = Some(age);
        self
    }

    /// Asks a connection for a sign of life before it is used.
    pub fn pool_pre_ping(mut self, ping: bool) -> Self {
        self.pool.pre_ping = ping;
        self
    }

    /// Gives out the connection that has been idle longest, instead of the last one used.
    pub fn pool_fifo(mut self, fifo: bool) -> Self {
        self.pool.fifo = fifo;
        self
    }

    /// How many compiled statements the engine keeps; 500 if nothing is said, 0 for none.
    pub fn cache_size(mut self, statements: usize) -> Self {
        self.cache_statements = statements;
        self
    }

    /// How much memory compiled statements may take; 32 MiB if nothing is said.
    pub fn cache_bytes(mut self, bytes: u64) -> Self {
        self.cache_bytes = bytes;
        self
    }

    /// What changes the SQL of all statements: schemas in place of others, the linter.
    pub fn compile_options(mut self, options: CompileOptions) -> Self {
        self.compile = options;
        self
    }

    /// How many statements a connection keeps prepared; the driver's default if nothing is said.
    pub fn prepared_statements(mut self, statements: usize) -> Self {
        self.prepared = Some(statements);
        self
    }

    /// Prints statements: `true`, or [`Echo::Rows`] for rows too.
    pub fn echo(mut self, echo: impl Into<Echo>) -> Self {
        self.echo = echo.into();
        self
    }

    /// Where `echo` prints to; standard error if nothing is said.
    pub fn echo_to(mut self, writer: impl Write + Send + 'static) -> Self {
        self.echo_to = Some(Box::new(writer));
        self
    }

    /// A name before each of the engine's lines in the log.
    pub fn logging_name(mut self, name: impl Into<String>) -> Self {
        self.logging_name = Some(name.into());
        self
    }

    /// Leaves parameters out of logs and errors.
    pub fn hide_parameters(mut self, hide: bool) -> Self {
        self.options.hide_parameters = hide;
        self
    }

    /// Warns of statements that take at least so long.
    pub fn slow_threshold(mut self, time: Duration) -> Self {
        self.options.slow = Some(time);
        self
    }

    /// How many rows a stream fetches at once; 256 if nothing is said.
    pub fn stream_rows(mut self, rows: usize) -> Self {
        self.options.stream_rows = rows.max(1);
        self
    }

    /// SQL that each connection runs when it was opened.
    pub fn on_connect(mut self, sql: impl Into<String>) -> Self {
        self.options.on_connect.push(sql.into());
        self
    }

    /// SQL that a connection runs before it is used again, when somebody has given it back: `RESET ALL`, `RESET ROLE`. What
    /// was open (transaction, cursor) is ended in any case; settings, temporary tables and locks of the connection are not. Not
    /// `DISCARD ALL`: it forgets prepared statements too, which the driver counts on.
    pub fn reset_on_return(mut self, sql: impl Into<String>) -> Self {
        self.options.on_return.push(sql.into());
        self
    }

    /// How long opening a connection may take; 30 seconds if nothing is said.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.options.connect_timeout = timeout;
        self
    }

    pub(crate) fn build(self, face: Face) -> Result<Engine> {
        let connector = self.connector(face)?;
        Ok(self.finish(connector))
    }

    /// As [`build`](Self::build), and asks the server what it is.
    pub(crate) async fn build_prepared(self, face: Face) -> Result<Engine> {
        let connector = self.connector(face)?;
        in_time(self.options.connect_timeout, connector.prepare()).await?;
        Ok(self.finish(connector))
    }

    fn connector(&self, face: Face) -> Result<Arc<dyn Connector>> {
        let url = Url::parse(&self.url)?;
        let driver = self.driver_for(&url)?;
        let limit = self.pool.size + self.overflow.unwrap_or(10);
        if limit == 0 {
            return Err(ConfigError::new("a pool of 0 connections can't run anything; pool_size is at least 1").into());
        }
        let mut opening = Opening::new(face);
        opening.max_connections = limit;
        opening.statement_cache = self.prepared;
        opening.connect_timeout = self.options.connect_timeout;
        opening.dialect =
            self.dialects.iter().rev().find(|(scheme, _)| scheme == url.scheme()).map(|(_, d)| Arc::clone(d));
        driver.open(&url, &opening)
    }

    fn finish(mut self, connector: Arc<dyn Connector>) -> Engine {
        self.pool.overflow = self.overflow.unwrap_or(10);
        let traits = connector.traits();
        if let Some(most) = traits.max_connections {
            self.pool.size = self.pool.size.clamp(1, most.max(1));
            self.pool.overflow = self.pool.overflow.min(most.saturating_sub(self.pool.size));
        }
        self.pool.keep_open = traits.keep_one_open;
        self.pool.statements = self.cache_statements.max(1);
        let dialect = Arc::clone(connector.dialect());
        let pool = Pool::new(connector, self.pool);
        let log = Log::new(self.echo, self.logging_name, self.echo_to);
        let shared = Shared::new(
            pool,
            SharedCache::new(self.cache_statements, self.cache_bytes, self.compile),
            dialect,
            self.options,
            log,
        );
        Engine { shared: Arc::new(shared) }
    }

    fn driver_for(&self, url: &Url) -> Result<Arc<dyn Driver>> {
        let found = self.drivers.iter().find(|driver| driver.schemes().contains(&url.scheme()));
        found.cloned().ok_or_else(|| {
            let mut known: Vec<&str> = self.drivers.iter().flat_map(|driver| driver.schemes()).copied().collect();
            known.sort_unstable();
            let known = if known.is_empty() { "no driver was added".to_owned() } else { format!("there are drivers for {}", known.join(", ")) };
            let scheme = url.scheme();
            ConfigError::new(format!(
                "no driver knows the scheme {scheme:?} of the URL; {known}; a driver is chosen by a feature, or added to the builder"
            ))
            .into()
        })
    }
}

impl EngineBuilder {
    /// Opens a first connection and gives the engine.
    ///
    /// # Errors
    /// When the URL or an option makes no sense, no driver knows its scheme, or the connection can't be opened.
    #[track_caller]
    pub fn connect(self) -> impl Future<Output = Result<Engine>> + Send {
        let at = std::panic::Location::caller();
        async move {
            let engine = self.build_prepared(Face::Async).await?;
            let live = checkout(&engine.shared, at).await?;
            crate::hold::checkin(&engine.shared, live);
            Ok(engine)
        }
    }

    /// Gives the engine without opening a connection. Where a URL's scheme is of two databases (`mysql`), the driver takes it
    /// for what it says; see the driver.
    ///
    /// # Errors
    /// When the URL or an option makes no sense, or no driver knows its scheme.
    pub fn connect_lazily(self) -> Result<Engine> {
        self.build(Face::Async)
    }
}

impl EngineBuilder<crate::blocking::Engine> {
    /// Opens a first connection and gives the engine.
    ///
    /// # Errors
    /// When the URL or an option makes no sense, no driver knows its scheme, or the connection can't be opened.
    #[track_caller]
    pub fn connect(self) -> Result<crate::blocking::Engine> {
        let engine = crate::blocking::Engine { inner: block_on(self.build_prepared(Face::Blocking))? };
        drop(engine.acquire()?);
        Ok(engine)
    }

    /// Gives the engine without opening a connection. Where a URL's scheme is of two databases (`mysql`), the driver takes it
    /// for what it says; see the driver.
    ///
    /// # Errors
    /// When the URL or an option makes no sense, or no driver knows its scheme.
    pub fn connect_lazily(self) -> Result<crate::blocking::Engine> {
        Ok(crate::blocking::Engine { inner: self.build(Face::Blocking)? })
    }
}

impl<E> fmt::Debug for EngineBuilder<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineBuilder")
            .field("url", &Url::parse(&self.url).ok())
            .field("drivers", &self.drivers)
            .field("echo", &self.echo)
            .finish_non_exhaustive()
    }
}
