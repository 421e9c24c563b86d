//! What all handles of an engine share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aludel_core::Result;
use aludel_sql::dialect::Dialect;

use crate::cache::SharedCache;
use crate::events::{Events, PoolEvent, fire};
use crate::live::Live;
use crate::log::Log;
use crate::options::Options;
use crate::pool::Pool;

/// What all handles of an engine share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) pool: Pool,
    pub(crate) cache: SharedCache,
    pub(crate) dialect: Arc<dyn Dialect>,
    pub(crate) options: Options,
    pub(crate) events: Events,
    pub(crate) log: Log,
    pub(crate) system: &'static str,
    pub(crate) database: String,
    /// Whether echo or a threshold for slow statements wants to know of every statement.
    pub(crate) is_watched: AtomicBool,
}

impl Shared {
    pub(crate) fn new(pool: Pool, cache: SharedCache, dialect: Arc<dyn Dialect>, options: Options, log: Log) -> Self {
        let connector = Arc::clone(&pool.connector);
        let is_watched = log.is_on() || options.slow.is_some();
        Self {
            system: connector.system(),
            database: connector.database(),
            pool,
            cache,
            dialect,
            options,
            events: Events::default(),
            log,
            is_watched: AtomicBool::new(is_watched),
        }
    }

    /// Whether anybody wants to know of statements.
    #[inline]
    pub(crate) fn watches_statements(&self) -> bool {
        self.is_watched.load(Ordering::Relaxed) || self.events.watch_statements() || crate::log::is_traced()
    }

    pub(crate) fn pool_connected(&self, live: &mut Live) -> Result<()> {
        tracing::debug!(target: "aludel::pool", connection = live.number, database = %self.database, "connection opened");
        fire::connect(&self.events, || pool_event(live, None));
        Ok(())
    }

    pub(crate) fn pool_invalidated(&self, live: &mut Live, reason: &str) {
        tracing::info!(target: "aludel::pool", connection = live.number, reason, "connection invalidated");
        fire::invalidate(&self.events, || pool_event(live, Some(reason)));
    }

    pub(crate) fn pool_closed(&self, live: &mut Live, is_broken: bool) {
        if is_broken {
            self.pool_invalidated(live, "it was lost");
        }
        tracing::debug!(target: "aludel::pool", connection = live.number, "connection closed");
        fire::close(&self.events, || pool_event(live, None));
    }
}

pub(crate) fn pool_event<'a>(live: &'a mut Live, reason: Option<&'a str>) -> PoolEvent<'a> {
    PoolEvent { connection: live.number, reason, location: None, info: &mut live.info }
}
