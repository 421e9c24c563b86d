//! The engine: a database, its connections, and what was compiled for it.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::sync::Arc;

use aludel_core::Result;
use aludel_sql::dialect::Dialect;

use crate::builder::EngineBuilder;
use crate::cache::CacheStatistics;
use crate::conn::Conn;
use crate::driver::Connector;
use crate::events::Events;
use crate::hold::{Hold, checkout};
use crate::methods::methods;
use crate::pool::PoolStatus;
use crate::shared::Shared;

/// A database: its pool of connections and its cache of compiled statements.
///
/// Cloning it gives another handle to the same. Statements that are run on it take a connection from the pool each; for
/// several on one connection there are [`acquire`](Self::acquire) and [`begin`](Self::begin).
#[derive(Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

impl Engine {
    /// What an engine is made of, to be changed before it is: `Engine::builder("sqlite:app.db").pool_size(4)`.
    #[must_use]
    pub fn builder(url: impl Into<String>) -> EngineBuilder {
        EngineBuilder::new(url)
    }

    /// Takes a connection from the pool.
    ///
    /// # Errors
    /// When none comes free in time, or one can't be opened.
    #[track_caller]
    pub fn acquire(&self) -> impl Future<Output = Result<Conn>> + Send {
        let at = Location::caller();
        async move {
            let live = checkout(&self.shared, at).await?;
            Ok(Conn::new(Arc::clone(&self.shared), live))
        }
    }

    /// What listeners are registered with.
    #[must_use]
    pub fn events(&self) -> &Events {
        &self.shared.events
    }

    /// The dialect that statements are compiled for.
    #[must_use]
    pub fn dialect(&self) -> &Arc<dyn Dialect> {
        &self.shared.dialect
    }

    /// What opens connections.
    #[must_use]
    pub fn connector(&self) -> &Arc<dyn Connector> {
        &self.shared.pool.connector
    }

    /// How the cache of compiled statements does.
    #[must_use]
    pub fn cache_statistics(&self) -> CacheStatistics {
        self.shared.cache.statistics()
    }

    /// Forgets all compiled statements. Connections that are open keep those that they know.
    pub fn clear_cache(&self) {
        self.shared.cache.clear();
    }

    /// How the pool stands.
    #[must_use]
    pub fn pool_status(&self) -> PoolStatus {
        self.shared.pool.status()
    }

    /// Closes idle connections, and those in use as soon as they come back. From now on nobody gets one.
    pub async fn close(&self) {
        self.shared.pool.close(&self.shared).await;
    }

    #[inline]
    pub(crate) fn hold(&self) -> Hold<'_> {
        Hold::Pool(&self.shared)
    }
}

methods!(Engine, [&self], self);

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("system", &self.shared.system)
            .field("database", &self.shared.database)
            .field("pool", &self.pool_status())
            .finish_non_exhaustive()
    }
}
