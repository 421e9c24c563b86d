//! The engine, without `async`.

use std::fmt;

use aludel_core::Result;
use aludel_sql::dialect::TransactionOptions;

use super::methods::blocking_methods;
use super::{Conn, Transaction, block_on};
use crate::cache::CacheStatistics;
use crate::events::Events;
use crate::pool::PoolStatus;
use crate::transaction::{pause, writing};

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

    /// Begins a transaction on a connection of its own; see [`crate::Engine::begin`].
    ///
    /// # Errors
    /// When no connection can be had, or the database can't begin a transaction.
    #[track_caller]
    pub fn begin(&self) -> Result<Transaction<'static>> {
        self.begin_with(writing())
    }

    /// Begins a transaction that is like this.
    ///
    /// # Errors
    /// As [`begin`](Self::begin), and when the database has no such transactions.
    #[track_caller]
    pub fn begin_with(&self, options: TransactionOptions) -> Result<Transaction<'static>> {
        block_on(self.inner.begin_with(options)).map(|inner| Transaction { inner })
    }

    /// Runs the work in a transaction: committed if it gives a value, rolled back if it gives an error.
    ///
    /// # Errors
    /// The work's own, and what beginning and committing give.
    #[track_caller]
    pub fn transaction<T>(&self, work: impl FnOnce(&mut Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut tx = self.begin()?;
        match work(&mut tx) {
            Ok(value) => tx.commit().map(|()| value),
            Err(error) => {
                // The work's own error says more than one of undoing it.
                let _: Result<()> = tx.rollback();
                Err(error)
            }
        }
    }

    /// Runs the work in a transaction that is like this, and once more while its error
    /// [may go away by itself](aludel_core::Error::is_retryable), `attempts` times in all. Between two attempts it
    /// waits a random part of 10 ms, and twice as much each further time, up to a second.
    ///
    /// # Errors
    /// Those of the last attempt.
    #[track_caller]
    pub fn transaction_with<T>(
        &self,
        options: TransactionOptions,
        attempts: u32,
        mut work: impl FnMut(&mut Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut attempt = 1;
        loop {
            let result = self.begin_with(options).and_then(|mut tx| {
                let value = work(&mut tx)?;
                tx.commit().map(|()| value)
            });
            match result {
                Err(error) if error.is_retryable() && attempt < attempts => {
                    std::thread::sleep(pause(attempt));
                    attempt += 1;
                }
                result => return result,
            }
        }
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

    /// The engine underneath, for layers that wait by [`block_on`](super::block_on).
    #[must_use]
    pub fn as_async(&self) -> &crate::Engine {
        &self.inner
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
