//! Locks that have a name and protect whatever programs agree upon.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;

use aludel_core::{CompileError, Error, Result, UsageError};
use aludel_sql::dialect::NamedLock;
use aludel_sql::text;

use crate::conn::Conn;
use crate::engine::Engine;
use crate::shared::Shared;
use crate::transaction::Transaction;

type At = &'static Location<'static>;

impl Engine {
    /// Waits for the lock of this name (an advisory lock: it protects whatever programs agree that it protects) on a connection
    /// of its own.
    ///
    /// On PostgreSQL the lock's number is the hash of its name; on MySQL and MariaDB a name has 64 characters at most.
    ///
    /// # Errors
    /// When the database has no such locks, or no connection can be had.
    #[track_caller]
    pub fn named_lock<'e>(&'e self, name: &'e str) -> impl Future<Output = Result<NamedLockGuard>> + Send + 'e {
        let at = Location::caller();
        async move {
            match take(self, name, NamedLock::Take, at).await? {
                Some(guard) => Ok(guard),
                None => {
                    let message = format!("the database did not give the lock {name:?}");
                    Err(Error::from(UsageError::new(message)).with_location(at))
                }
            }
        }
    }

    /// As [`named_lock`](Self::named_lock), but gives nothing if somebody else has the lock.
    ///
    /// # Errors
    /// When the database has no such locks, or no connection can be had.
    #[track_caller]
    pub fn try_named_lock<'e>(
        &'e self,
        name: &'e str,
    ) -> impl Future<Output = Result<Option<NamedLockGuard>>> + Send + 'e {
        let at = Location::caller();
        async move { take(self, name, NamedLock::TryTake, at).await }
    }
}

async fn take(engine: &Engine, name: &str, what: NamedLock, at: At) -> Result<Option<NamedLockGuard>> {
    let sql = sql(&engine.shared, what)?;
    let conn = engine.acquire().await?;
    // A future that is dropped while it waits may have the lock all the same.
    let mut guard = NamedLockGuard { conn, name: name.into(), is_held: true };
    let taken = guard.conn.fetch_scalar::<bool>(text(sql).bind_text("name", name)).await;
    let taken = taken.map_err(|error| error.with_location(at))?;
    guard.is_held = taken;
    Ok(taken.then_some(guard))
}

fn sql(shared: &Shared, what: NamedLock) -> Result<&'static str> {
    let lacking = || CompileError::unsupported(shared.dialect.name(), "a lock with a name").into();
    shared.dialect.named_lock_sql(what).ok_or_else(lacking)
}

/// A lock with a name, and the connection that has it. Dropped without [`unlock`](Self::unlock), the connection is closed, which
/// lets the lock go.
pub struct NamedLockGuard {
    conn: Conn,
    name: Box<str>,
    is_held: bool,
}

impl NamedLockGuard {
    /// Lets the lock go and gives the connection back.
    ///
    /// # Errors
    /// When the connection is lost, and the lock with it, or it is not held any more.
    pub async fn unlock(mut self) -> Result<()> {
        let sql = sql(&self.conn.shared, NamedLock::Release)?;
        let name = self.name.clone();
        if self.conn.fetch_scalar::<bool>(text(sql).bind_text("name", &name)).await? {
            self.is_held = false;
            return Ok(());
        }
        Err(UsageError::new(format!("the lock {name:?} was not held any more")).into())
    }
}

impl Deref for NamedLockGuard {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for NamedLockGuard {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Drop for NamedLockGuard {
    fn drop(&mut self) {
        if self.is_held {
            self.conn.invalidate();
        }
    }
}

impl fmt::Debug for NamedLockGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedLockGuard").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Transaction<'_> {
    /// Waits for the lock of this name, which this transaction then has until its end.
    ///
    /// # Errors
    /// When the database has no such locks; see [`Engine::named_lock`] for those that a connection has.
    #[track_caller]
    pub fn named_lock<'t>(&'t mut self, name: &'t str) -> impl Future<Output = Result<()>> + Send + 't {
        let at = Location::caller();
        async move { take_in(self, name, NamedLock::TakeForTransaction, at).await.map(|_| ()) }
    }

    /// As [`named_lock`](Self::named_lock), but tells whether it has the lock instead of waiting for it.
    ///
    /// # Errors
    /// When the database has no such locks.
    #[track_caller]
    pub fn try_named_lock<'t>(&'t mut self, name: &'t str) -> impl Future<Output = Result<bool>> + Send + 't {
        let at = Location::caller();
        async move { take_in(self, name, NamedLock::TryTakeForTransaction, at).await }
    }
}

async fn take_in(tx: &mut Transaction<'_>, name: &str, what: NamedLock, at: At) -> Result<bool> {
    let sql = sql(&tx.shared, what).map_err(|error| error.with_location(at))?;
    tx.fetch_scalar::<bool>(text(sql).bind_text("name", name)).await.map_err(|error| error.with_location(at))
}
