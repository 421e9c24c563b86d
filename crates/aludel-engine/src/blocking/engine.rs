//! The engine, without `async`.

use std::fmt;

use aludel_core::Result;

use super::methods::blocking_methods;
use super::{Conn, block_on};
use crate::cache::CacheStatistics;
use crate::events::Events;
use crate::pool::PoolStatus;

/// A database: its pool of connections and its cache of compiled statements; [`crate::Engine`] without `async`.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: crate::Engine,
}

impl Engine {
    /// Takes a connection from the pool.
    ///
    /// # Errors
    /// When none comes free in time, or one can't be opened.
    #[track_caller]
    pub fn acquire(&self) -> Result<Conn> {
        block_on(self.inner.acquire()).map(|inner| Conn { inner })
    }

    /// What listeners are registered with.
    #[must_use]
    pub fn events(&self) -> &Events {
        self.inner.events()
    }

    /// How the cache of compiled statements does.
    #[must_use]
    pub fn cache_statistics(&self) -> CacheStatistics {
        self.inner.cache_statistics()
    }

    /// How the pool stands.
    #[must_use]
    pub fn pool_status(&self) -> PoolStatus {
        self.inner.pool_status()
    }

    /// Closes idle connections, and those in use as soon as they come back. From now on nobody gets one.
    pub fn close(&self) {
        block_on(self.inner.close());
    }
}

blocking_methods!(Engine, [&self], self);

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
