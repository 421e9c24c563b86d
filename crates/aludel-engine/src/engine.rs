//! The engine: a database, its connections, and what was compiled for it.

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::sync::Arc;

use aludel_core::Result;
use aludel_sql::dialect::{Dialect, TransactionOptions};

use crate::cache::CacheStatistics;
use crate::conn::Conn;
use crate::driver::Connector;
use crate::events::Events;
use crate::hold::{Hold, checkout};
use crate::methods::methods;
use crate::pool::PoolStatus;
use crate::shared::Shared;
use crate::transaction::{self, Transaction, writing};

/// A database: its pool of connections and its cache of compiled statements.
///
/// Cloning it gives another handle to the same. Statements that are run on it take a connection from the pool each; for
/// several on one connection there are [`acquire`](Self::acquire) and [`begin`](Self::begin).
#[derive(Clone)]
pub struct Engine {
    pub(crate) shared: Arc<Shared>,
}

impl Engine {
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

    /// Begins a transaction on a connection of its own. It takes the right to write at once where the database has only one
    /// writer; [`begin_with`](Self::begin_with) says otherwise.
    ///
    /// # Errors
    /// When no connection can be had, or the database can't begin a transaction.
    #[track_caller]
    pub fn begin(&self) -> impl Future<Output = Result<Transaction<'static>>> + Send {
        self.begin_with(writing())
    }

    /// Begins a transaction that is like this.
    ///
    /// # Errors
    /// As [`begin`](Self::begin), and when the database has no such transactions.
    #[track_caller]
    pub fn begin_with(&self, options: TransactionOptions) -> impl Future<Output = Result<Transaction<'static>>> + Send {
        self.begin_at(options, Location::caller())
    }

    /// As [`begin_with`](Self::begin_with), for a layer that speaks for the line `at`.
    ///
    /// # Errors
    /// As [`begin_with`](Self::begin_with).
    pub async fn begin_at(
        &self,
        options: TransactionOptions,
        at: &'static Location<'static>,
    ) -> Result<Transaction<'static>> {
        let live = checkout(&self.shared, at).await?;
        Transaction::begin_owned(Arc::clone(&self.shared), live, options, at).await
    }

    /// Runs the work in a transaction: committed if it gives a value, rolled back if it gives an error or is dropped.
    ///
    /// # Errors
    /// The work's own, and what beginning and committing give.
    #[track_caller]
    pub fn transaction<T, F>(&self, work: F) -> impl Future<Output = Result<T>>
    where
        F: AsyncFnOnce(&mut Transaction<'_>) -> Result<T>,
    {
        transaction::run(&self.shared, writing(), Location::caller(), work)
    }

    /// Runs the work in a transaction that is like this, and once more while its error
    /// [may go away by itself](aludel_core::Error::is_retryable), `attempts` times in all. Between two attempts it
    /// waits a random part of 10 ms, and twice as much each further time, up to a second.
    ///
    /// # Errors
    /// Those of the last attempt.
    #[track_caller]
    pub fn transaction_with<T, F>(
        &self,
        options: TransactionOptions,
        attempts: u32,
        work: F,
    ) -> impl Future<Output = Result<T>>
    where
        F: AsyncFnMut(&mut Transaction<'_>) -> Result<T>,
    {
        transaction::run_again(&self.shared, options, attempts, Location::caller(), work)
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
