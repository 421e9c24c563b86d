//! Transactions and savepoints, without `async`.

use aludel_core::Result;

use super::block_on;
use super::methods::blocking_methods;
use crate::info::Info;

/// A transaction, or a savepoint in one; [`crate::Transaction`] without `async`. Dropped without [`commit`](Self::commit),
/// it is rolled back.
#[derive(Debug)]
pub struct Transaction<'c> {
    pub(crate) inner: crate::Transaction<'c>,
}

impl<'c> Transaction<'c> {
    /// Keeps what was done: commits the transaction, or forgets the savepoint.
    ///
    /// # Errors
    /// When the database can't; then everything is rolled back.
    #[track_caller]
    pub fn commit(self) -> Result<()> {
        block_on(self.inner.commit())
    }

    /// Undoes what was done since the transaction or the savepoint began.
    ///
    /// # Errors
    /// When the database can't; the connection is then thrown away.
    #[track_caller]
    pub fn rollback(self) -> Result<()> {
        block_on(self.inner.rollback())
    }

    /// Sets a savepoint: a transaction inside this one.
    ///
    /// # Errors
    /// When the database has none, or the transaction is over.
    #[track_caller]
    pub fn savepoint(&mut self) -> Result<Transaction<'_>> {
        block_on(self.inner.savepoint()).map(|inner| Transaction { inner })
    }

    /// Runs SQL without placeholders, one or several statements, and throws rows away.
    ///
    /// # Errors
    /// When the database refuses one of them; those before it have run.
    #[track_caller]
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        block_on(self.inner.batch(sql))
    }

    /// The transaction underneath, for layers that wait by [`block_on`](super::block_on).
    pub fn as_async(&mut self) -> &mut crate::Transaction<'c> {
        &mut self.inner
    }

    /// The transaction underneath, as its owner.
    #[must_use]
    pub fn into_async(self) -> crate::Transaction<'c> {
        self.inner
    }

    /// What the program keeps with the connection.
    pub fn info(&mut self) -> &mut Info {
        self.inner.info()
    }
}

blocking_methods!(Transaction<'_>, [&mut self], self);
