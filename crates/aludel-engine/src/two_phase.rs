//! Transactions that are committed in two steps, so that those of several databases end in the same way.

use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aludel_core::{CompileError, Result, UsageError};
use aludel_sql::dialect::{Steps, TwoPhase};
use aludel_sql::text;

use crate::control;
use crate::engine::Engine;
use crate::hold::checkout;
use crate::shared::Shared;
use crate::transaction::Transaction;

type At = &'static Location<'static>;

/// How long a prepared transaction may still be bound to a connection that is being closed.
const MOST_BOUND: Duration = Duration::from_secs(3);
/// How long to wait between two attempts to end it.
const BETWEEN: Duration = Duration::from_millis(20);

impl Engine {
    /// Begins a transaction that is committed in two steps, under a name that no other one of the database has:
    /// [`prepare`](TwoPhaseTransaction::prepare) it on each database, and when all have, [commit](Prepared::commit) it on each.
    ///
    /// Needs `max_prepared_transactions` above 0 on PostgreSQL; on MySQL and MariaDB it is an XA transaction.
    ///
    /// # Errors
    /// When the database has no such transactions, no connection can be had, or the name is taken.
    #[track_caller]
    pub fn begin_two_phase<'e>(
        &'e self,
        name: &'e str,
    ) -> impl Future<Output = Result<TwoPhaseTransaction<'static>>> + Send + 'e {
        let at = Location::caller();
        async move {
            let steps = steps(&self.shared, name)?;
            let live = checkout(&self.shared, at).await?;
            let tx = Transaction::begin_by(Arc::clone(&self.shared), live, &steps.begin, at).await?;
            Ok(TwoPhaseTransaction { tx, steps })
        }
    }

    /// Commits a transaction that was prepared under this name, by whatever program. MySQL and MariaDB bind it to the connection
    /// that has prepared it until that one is closed: this waits a few seconds for that.
    ///
    /// # Errors
    /// When there is none, or another connection keeps it.
    #[track_caller]
    pub fn commit_prepared<'e>(&'e self, name: &'e str) -> impl Future<Output = Result<()>> + Send + 'e {
        let at = Location::caller();
        async move {
            let steps = steps(&self.shared, name)?;
            self.end_prepared(name, &steps.commit, steps.stays_bound, at).await
        }
    }

    /// Undoes a transaction that was prepared under this name, by whatever program. MySQL and MariaDB bind it to the connection
    /// that has prepared it until that one is closed: this waits a few seconds for that.
    ///
    /// # Errors
    /// When there is none, or another connection keeps it.
    #[track_caller]
    pub fn rollback_prepared<'e>(&'e self, name: &'e str) -> impl Future<Output = Result<()>> + Send + 'e {
        let at = Location::caller();
        async move {
            let steps = steps(&self.shared, name)?;
            self.end_prepared(name, &steps.rollback, steps.stays_bound, at).await
        }
    }

    /// The names of transactions that were prepared and have not ended: what a program that was interrupted has left.
    ///
    /// # Errors
    /// When the database has no such transactions, or may not tell this user.
    #[track_caller]
    pub fn prepared_transactions(&self) -> impl Future<Output = Result<Vec<String>>> + Send + '_ {
        let at = Location::caller();
        async move {
            let Some((sql, column)) = self.shared.dialect.prepared_transactions_sql() else {
                return Err(unsupported(&self.shared));
            };
            let mut rows = Vec::new();
            for row in self.fetch_all(text(sql)).await.map_err(|error| error.with_location(at))? {
                // MariaDB gives names as bytes.
                rows.push(match row.get::<Vec<u8>>(column) {
                    Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                    Err(_) => row.get::<String>(column)?,
                });
            }
            Ok(rows)
        }
    }

    async fn end_prepared(&self, name: &str, steps: &Steps, stays_bound: bool, at: At) -> Result<()> {
        let until = Instant::now() + MOST_BOUND;
        loop {
            let Err(error) = self.run_steps(steps, at).await else {
                return Ok(());
            };
            // The server says that there is none while the connection that has prepared it is being closed.
            let may_be_bound = stays_bound && error.database().is_some();
            if !may_be_bound || !self.prepared_transactions().await?.iter().any(|prepared| prepared == name) {
                return Err(error);
            }
            if Instant::now() >= until {
                return Err(still_bound(name, &error, at));
            }
            self.shared.pool.sleep(BETWEEN).await;
        }
    }

    async fn run_steps(&self, steps: &Steps, at: At) -> Result<()> {
        let mut conn = self.acquire().await?;
        let (shared, live) = conn.parts();
        for step in steps {
            control::batch(shared, live, step, at).await?;
        }
        Ok(())
    }
}

fn steps(shared: &Shared, name: &str) -> Result<TwoPhase> {
    if name.is_empty() {
        return Err(UsageError::new("a transaction in two phases needs a name").into());
    }
    shared.dialect.two_phase(name).ok_or_else(|| unsupported(shared))
}

#[cold]
fn still_bound(name: &str, error: &aludel_core::Error, at: At) -> aludel_core::Error {
    let words = format!(
        "the transaction {name:?} is prepared, but can't be ended here ({}): end it on the connection that has prepared it, or \
         close that connection",
        error.kind()
    );
    aludel_core::Error::from(UsageError::new(words)).with_location(at)
}

#[cold]
fn unsupported(shared: &Shared) -> aludel_core::Error {
    CompileError::unsupported(shared.dialect.name(), "a transaction in two phases").into()
}

/// A transaction that is committed in two steps. Whatever a [`Transaction`] can do, it can; dropped before it is prepared, it is
/// rolled back.
#[derive(Debug)]
pub struct TwoPhaseTransaction<'c> {
    tx: Transaction<'c>,
    steps: TwoPhase,
}

impl<'c> TwoPhaseTransaction<'c> {
    /// The first step: the database promises that the second can't fail. From now on the transaction outlives the connection
    /// and the program; its locks stay until it ends.
    ///
    /// # Errors
    /// When the database can't promise it; then everything is rolled back.
    #[track_caller]
    pub fn prepare(self) -> impl Future<Output = Result<Prepared<'c>>> + Send {
        let at = Location::caller();
        async move {
            let Self { mut tx, steps } = self;
            tx.end_by(&steps.prepare, at).await?;
            Ok(Prepared { tx, steps, is_over: false })
        }
    }

    /// Undoes everything.
    ///
    /// # Errors
    /// When the database can't; the connection is then thrown away.
    #[track_caller]
    pub fn rollback(self) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        async move {
            let Self { mut tx, steps } = self;
            tx.end_by(&steps.undo, at).await
        }
    }
}

impl<'c> TwoPhaseTransaction<'c> {
    pub(crate) fn into_parts(self) -> (Transaction<'c>, TwoPhase) {
        (self.tx, self.steps)
    }

    pub(crate) fn from_parts(tx: Transaction<'c>, steps: TwoPhase) -> Self {
        Self { tx, steps }
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

/// A transaction that was prepared. Dropped, it stays as it is: [`Engine::commit_prepared`] and [`Engine::rollback_prepared`] end
/// it later.
#[derive(Debug)]
#[must_use = "a prepared transaction keeps its locks until it is committed or rolled back"]
pub struct Prepared<'c> {
    tx: Transaction<'c>,
    steps: TwoPhase,
    is_over: bool,
}

impl Prepared<'_> {
    /// The second step.
    ///
    /// # Errors
    /// When the connection is lost; the transaction then waits to be ended by its name.
    #[track_caller]
    pub fn commit(mut self) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        async move {
            let steps = std::mem::take(&mut self.steps.commit);
            self.end(&steps, at).await
        }
    }

    /// Undoes it.
    ///
    /// # Errors
    /// When the connection is lost; the transaction then waits to be ended by its name.
    #[track_caller]
    pub fn rollback(mut self) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        async move {
            let steps = std::mem::take(&mut self.steps.rollback);
            self.end(&steps, at).await
        }
    }

    async fn end(&mut self, steps: &[std::borrow::Cow<'static, str>], at: At) -> Result<()> {
        let (shared, live) = self.tx.parts();
        for step in steps {
            control::log(shared, live, || step.to_string());
            control::run(shared, live, step, at).await?;
        }
        self.is_over = true;
        Ok(())
    }
}

impl Drop for Prepared<'_> {
    fn drop(&mut self) {
        if !self.is_over && self.steps.stays_bound {
            // Nobody else can end it while this connection is open.
            self.tx.parts().1.is_lost = true;
        }
    }
}
