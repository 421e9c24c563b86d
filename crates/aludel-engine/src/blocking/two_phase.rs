//! Transactions in two steps and locks with names, without `async`.

use std::ops::{Deref, DerefMut};

use aludel_core::Result;
use aludel_sql::dialect::TwoPhase;

use super::{Engine, Transaction, block_on};

impl Engine {
    /// Begins a transaction that is committed in two steps; see [`crate::Engine::begin_two_phase`].
    ///
    /// # Errors
    /// When the database has no such transactions, no connection can be had, or the name is taken.
    #[track_caller]
    pub fn begin_two_phase(&self, name: &str) -> Result<TwoPhaseTransaction<'static>> {
        let (inner, steps) = block_on(self.inner.begin_two_phase(name))?.into_parts();
        Ok(TwoPhaseTransaction { tx: Transaction { inner }, steps })
    }

    /// Commits a transaction that was prepared under this name, by whatever program.
    ///
    /// # Errors
    /// When there is none.
    #[track_caller]
    pub fn commit_prepared(&self, name: &str) -> Result<()> {
        block_on(self.inner.commit_prepared(name))
    }

    /// Undoes a transaction that was prepared under this name, by whatever program.
    ///
    /// # Errors
    /// When there is none.
    #[track_caller]
    pub fn rollback_prepared(&self, name: &str) -> Result<()> {
        block_on(self.inner.rollback_prepared(name))
    }

    /// The names of transactions that were prepared and have not ended.
    ///
    /// # Errors
    /// When the database has no such transactions, or may not tell this user.
    #[track_caller]
    pub fn prepared_transactions(&self) -> Result<Vec<String>> {
        block_on(self.inner.prepared_transactions())
    }

    /// Waits for the lock of this name; see [`crate::Engine::named_lock`].
    ///
    /// # Errors
    /// When the database has no such locks, or no connection can be had.
    #[track_caller]
    pub fn named_lock(&self, name: &str) -> Result<NamedLockGuard> {
        block_on(self.inner.named_lock(name)).map(|inner| NamedLockGuard { inner })
    }

    /// As [`named_lock`](Self::named_lock), but gives nothing if somebody else has the lock.
    ///
    /// # Errors
    /// When the database has no such locks, or no connection can be had.
    #[track_caller]
    pub fn try_named_lock(&self, name: &str) -> Result<Option<NamedLockGuard>> {
        Ok(block_on(self.inner.try_named_lock(name))?.map(|inner| NamedLockGuard { inner }))
    }
}

/// A transaction that is committed in two steps; [`crate::TwoPhaseTransaction`] without `async`.
#[derive(Debug)]
pub struct TwoPhaseTransaction<'c> {
    tx: Transaction<'c>,
    steps: TwoPhase,
}

impl<'c> TwoPhaseTransaction<'c> {
    /// The first step: the database promises that the second can't fail.
    ///
    /// # Errors
    /// When the database can't promise it; then everything is rolled back.
    #[track_caller]
    pub fn prepare(self) -> Result<Prepared<'c>> {
        let inner = crate::TwoPhaseTransaction::from_parts(self.tx.inner, self.steps);
        block_on(inner.prepare()).map(|inner| Prepared { inner })
    }

    /// Undoes everything.
    ///
    /// # Errors
    /// When the database can't; the connection is then thrown away.
    #[track_caller]
    pub fn rollback(self) -> Result<()> {
        block_on(crate::TwoPhaseTransaction::from_parts(self.tx.inner, self.steps).rollback())
    }
}

impl<'c> Deref for TwoPhaseTransaction<'c> {
    type Target = Transaction<'c>;
    fn deref(&self) -> &Transaction<'c> {
        &self.tx
    }
}

impl<'c> DerefMut for TwoPhaseTransaction<'c> {
    fn deref_mut(&mut self) -> &mut Transaction<'c> {
        &mut self.tx
    }
}

/// A transaction that was prepared; [`crate::Prepared`] without `async`. Dropped, it stays as it is.
#[derive(Debug)]
#[must_use = "a prepared transaction keeps its locks until it is committed or rolled back"]
pub struct Prepared<'c> {
    inner: crate::Prepared<'c>,
}

impl Prepared<'_> {
    /// The second step.
    ///
    /// # Errors
    /// When the connection is lost; the transaction then waits to be ended by its name.
    #[track_caller]
    pub fn commit(self) -> Result<()> {
        block_on(self.inner.commit())
    }

    /// Undoes it.
    ///
    /// # Errors
    /// When the connection is lost; the transaction then waits to be ended by its name.
    #[track_caller]
    pub fn rollback(self) -> Result<()> {
        block_on(self.inner.rollback())
    }
}

/// A lock with a name; [`crate::NamedLockGuard`] without `async`. Dropped without [`unlock`](Self::unlock), its connection is
/// closed, which lets the lock go.
#[derive(Debug)]
pub struct NamedLockGuard {
    inner: crate::NamedLockGuard,
}

impl NamedLockGuard {
    /// Lets the lock go and gives the connection back.
    ///
    /// # Errors
    /// When the connection is lost, and the lock with it, or it is not held any more.
    pub fn unlock(self) -> Result<()> {
        block_on(self.inner.unlock())
    }
}

impl Transaction<'_> {
    /// Waits for the lock of this name, which this transaction then has until its end.
    ///
    /// # Errors
    /// When the database has no such locks.
    #[track_caller]
    pub fn named_lock(&mut self, name: &str) -> Result<()> {
        block_on(self.inner.named_lock(name))
    }

    /// As [`named_lock`](Self::named_lock), but tells whether it has the lock instead of waiting for it.
    ///
    /// # Errors
    /// When the database has no such locks.
    #[track_caller]
    pub fn try_named_lock(&mut self, name: &str) -> Result<bool> {
        block_on(self.inner.try_named_lock(name))
    }
}
