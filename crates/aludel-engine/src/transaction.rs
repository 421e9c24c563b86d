//! Transactions and savepoints.

mod levels;
mod run;
mod savepoint;

use std::fmt;
use std::future::Future;
use std::panic::Location;
use std::sync::Arc;

use aludel_core::{Result, UsageError};
use aludel_sql::dialect::{Begin, Steps, TransactionOptions};

use crate::control;
use crate::driver::TransactionState;
use crate::events::{TransactionEvent, fire};
use crate::hold::{Hold, checkin};
use crate::info::Info;
use crate::live::{Live, Savepoint, savepoint_name};
use crate::methods::methods;
use crate::shared::Shared;

pub(crate) use run::{pause, run, run_again};

type At = &'static Location<'static>;

/// What a transaction is like if nothing else is said: it takes the right to write at once, where the database has only
/// one writer, so that it can't fail half-way because another one writes.
#[must_use]
pub fn writing() -> TransactionOptions {
    TransactionOptions { begin: Begin::Immediate, ..TransactionOptions::default() }
}

/// A transaction, or a savepoint in one. Dropped without [`commit`](Self::commit), it is rolled back.
///
/// Rolling back on drop does not wait: it begins at once, and the connection is not used for anything else before it is done.
pub struct Transaction<'c> {
    pub(crate) shared: Arc<Shared>,
    live: Place<'c>,
    /// 1 for the transaction, 2 and more for savepoints. Levels that it has begun itself stand above it.
    level: u32,
    options: TransactionOptions,
    /// Whether what begins it has run, as far as is known.
    is_set: bool,
    is_over: bool,
}

enum Place<'c> {
    /// None only while it is being given back.
    Owned(Option<Box<Live>>),
    Borrowed(&'c mut Live),
}

impl Transaction<'static> {
    /// On a connection of its own.
    pub(crate) async fn begin_owned(
        shared: Arc<Shared>,
        live: Box<Live>,
        options: TransactionOptions,
        at: &'static Location<'static>,
    ) -> Result<Self> {
        Self::begin(shared, Place::Owned(Some(live)), options, at).await
    }
}

impl<'c> Transaction<'c> {
    /// On a connection that somebody else has.
    pub(crate) async fn begin_borrowed(
        shared: Arc<Shared>,
        live: &'c mut Live,
        options: TransactionOptions,
        at: &'static Location<'static>,
    ) -> Result<Self> {
        Self::begin(shared, Place::Borrowed(live), options, at).await
    }

    /// On a connection of its own, by these statements in place of the dialect's.
    pub(crate) async fn begin_by(shared: Arc<Shared>, live: Box<Live>, steps: &Steps, at: At) -> Result<Self> {
        let options = TransactionOptions::default();
        Self::begin_with_steps(shared, Place::Owned(Some(live)), options, Some(steps), at).await
    }

    /// Releases levels that are open, and ends the transaction by these statements. After an error it is rolled back.
    pub(crate) async fn end_by(&mut self, steps: &Steps, at: At) -> Result<()> {
        let (shared, level) = (Arc::clone(&self.shared), self.level);
        let live = self.live_mut();
        if live.is_unsettled() {
            live.settle(&shared).await?;
        }
        live.check_level(level).map_err(|error| error.with_location(at))?;
        while live.depth > level {
            savepoint::release(&shared, live, at).await?;
        }
        for step in steps {
            control::log(&shared, live, || step.to_string());
            control::run(&shared, live, step, at).await?;
        }
        live.depth = 0;
        live.undo.clear();
        self.is_over = true;
        Ok(())
    }

    pub(crate) fn parts(&mut self) -> (&Shared, &mut Live) {
        let live = match &mut self.live {
            Place::Owned(Some(live)) => &mut **live,
            Place::Borrowed(live) => live,
            Place::Owned(None) => unreachable!("a connection is given back only when its holder is dropped"),
        };
        (&self.shared, live)
    }

    async fn begin(shared: Arc<Shared>, live: Place<'c>, options: TransactionOptions, at: At) -> Result<Self> {
        Self::begin_with_steps(shared, live, options, None, at).await
    }

    async fn begin_with_steps(
        shared: Arc<Shared>,
        live: Place<'c>,
        options: TransactionOptions,
        steps: Option<&Steps>,
        at: At,
    ) -> Result<Self> {
        // From here on a dropped future rolls back what has begun.
        let mut tx = Self { shared, live, level: 1, options, is_set: true, is_over: false };
        let shared = Arc::clone(&tx.shared);
        let live = tx.live_mut();
        if live.is_unsettled() {
            live.settle(&shared).await?;
        }
        if live.connection.transaction() != TransactionState::Idle {
            tx.is_over = true;
            let message = "a transaction is open on this connection already; use `savepoint` inside it";
            return Err(aludel_core::Error::from(UsageError::new(message)).with_location(at));
        }
        let steps = steps.map_or_else(|| shared.dialect.begin_sql(&options), |steps| Ok(steps.clone()))?;
        live.depth = 1;
        let mut undo = shared.dialect.rollback_sql(&options);
        live.undo = if undo.len() > 1 { undo.split_off(1) } else { Vec::new() };
        for step in &steps {
            control::log(&shared, live, || step.to_string());
            control::run(&shared, live, step, at).await?;
        }
        fire::begin(&shared.events, || event(live, 1));
        Ok(tx)
    }

    /// Keeps what was done: commits the transaction, or forgets the savepoint. Levels that are open are released first.
    ///
    /// # Errors
    /// When the database can't; then everything is rolled back.
    #[track_caller]
    pub fn commit(self) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        self.commit_at(at)
    }

    /// As [`commit`](Self::commit), for a layer that speaks for the line `at`.
    ///
    /// # Errors
    /// As [`commit`](Self::commit).
    pub async fn commit_at(mut self, at: &'static Location<'static>) -> Result<()> {
        let (shared, level) = (Arc::clone(&self.shared), self.level);
        let live = self.live_mut();
        if live.is_unsettled() {
            live.settle(&shared).await?;
        }
        live.check_level(level).map_err(|error| error.with_location(at))?;
        while live.depth > level {
            savepoint::release(&shared, live, at).await?;
        }
        if level > 1 {
            // Dropped half-way it counts as released, and nothing is left to undo.
            self.is_over = true;
            let released = savepoint::release(&shared, self.live_mut(), at).await;
            self.is_over = released.is_ok();
            return released;
        }
        self.commit_kept(at).await
    }

    /// Undoes what was done since the transaction or the savepoint began.
    ///
    /// # Errors
    /// When the database can't; the connection is then thrown away.
    #[track_caller]
    pub fn rollback(self) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        self.rollback_at(at)
    }

    /// As [`rollback`](Self::rollback), for a layer that speaks for the line `at`.
    ///
    /// # Errors
    /// As [`rollback`](Self::rollback).
    pub async fn rollback_at(mut self, at: &'static Location<'static>) -> Result<()> {
        let shared = Arc::clone(&self.shared);
        let live = self.live_mut();
        if live.is_unsettled() {
            live.settle(&shared).await?;
        }
        self.undo(at).await
    }

    /// Sets a savepoint: a transaction inside this one.
    ///
    /// # Errors
    /// When the database has none, or the transaction is over.
    #[track_caller]
    pub fn savepoint(&mut self) -> impl Future<Output = Result<Transaction<'_>>> + Send {
        let at = Location::caller();
        async move {
            let (shared, options, own) = (Arc::clone(&self.shared), self.options, self.level);
            let live = self.live_mut();
            if live.is_unsettled() {
                live.settle(&shared).await?;
            }
            live.check_level(own).map_err(|error| error.with_location(at))?;
            Transaction::set_savepoint(shared, live, options, at).await
        }
    }

    pub(crate) async fn set_savepoint<'s>(
        shared: Arc<Shared>,
        live: &'s mut Live,
        options: TransactionOptions,
        at: &'static Location<'static>,
    ) -> Result<Transaction<'s>> {
        let level = savepoint::set(&shared, live, at).await?;
        Ok(Transaction { shared, live: Place::Borrowed(live), level, options, is_set: true, is_over: false })
    }

    /// A transaction, or a savepoint in the open one, that somebody else begins and commits along with other things.
    /// Dropping it undoes what has begun.
    pub(crate) fn prepare(shared: Arc<Shared>, live: &'c mut Live) -> Self {
        let is_open = live.depth > 0 || live.connection.transaction() != TransactionState::Idle;
        let level = if is_open { live.depth.max(1) + 1 } else { 1 };
        live.depth = level;
        Self { shared, live: Place::Borrowed(live), level, options: writing(), is_set: false, is_over: false }
    }

    /// What begins it.
    pub(crate) fn begin_steps(&self) -> Result<Steps> {
        match self.level {
            1 => Ok(self.shared.dialect.begin_sql(&self.options)?),
            level => Ok(vec![self.shared.dialect.savepoint_sql(&savepoint_name(level)).into()]),
        }
    }

    /// What commits it.
    pub(crate) fn commit_steps(&self) -> Steps {
        match self.level {
            1 => self.shared.dialect.commit_sql(&self.options),
            level => self.shared.dialect.release_sql(&savepoint_name(level)).map(Into::into).into_iter().collect(),
        }
    }

    /// Logs what begins or commits it.
    pub(crate) fn log_steps(&mut self, steps: &Steps) {
        let shared = Arc::clone(&self.shared);
        for step in steps {
            control::log(&shared, self.live_mut(), || step.to_string());
        }
    }

    /// Somebody else has committed it.
    pub(crate) fn note_committed(mut self, commit: &Steps) {
        self.log_steps(commit);
        let (shared, level) = (Arc::clone(&self.shared), self.level);
        let live = self.live_mut();
        live.depth = level - 1;
        if level == 1 {
            fire::begin(&shared.events, || event(live, 1));
            fire::commit(&shared.events, || event(live, 1));
        }
        self.is_over = true;
    }

    /// Runs SQL without placeholders, one or several statements, and throws rows away.
    ///
    /// # Errors
    /// When the database refuses one of them; those before it have run.
    #[track_caller]
    pub fn batch<'a>(&'a mut self, sql: &'a str) -> impl Future<Output = Result<()>> + Send + 'a {
        let at = Location::caller();
        async move {
            let mut held = self.hold().take(at).await?;
            control::batch(held.shared, held.live(), sql, at).await
        }
    }

    /// What the program keeps with the connection.
    pub fn info(&mut self) -> &mut Info {
        &mut self.live_mut().info
    }

    async fn undo(&mut self, at: &'static Location<'static>) -> Result<()> {
        let (shared, level, options, is_set) = (Arc::clone(&self.shared), self.level, self.options, self.is_set);
        let live = self.live_mut();
        if live.depth < level || live.connection.transaction() == TransactionState::Idle {
            // It is over already, and nothing is left to undo.
            live.depth = live.depth.min(level - 1);
        } else if level > 1 {
            savepoint::roll_back(&shared, live, Savepoint { level, is_set }, at).await?;
        } else {
            for step in shared.dialect.rollback_sql(&options) {
                control::log(&shared, live, || step.to_string());
                control::run(&shared, live, &step, at).await?;
            }
            live.depth = 0;
            live.undo.clear();
            fire::rollback(&shared.events, || event(live, 1));
        }
        self.is_over = true;
        Ok(())
    }

    #[inline]
    pub(crate) fn hold(&mut self) -> Hold<'_> {
        let live = match &mut self.live {
            Place::Owned(Some(live)) => &mut **live,
            Place::Borrowed(live) => live,
            Place::Owned(None) => unreachable!("a connection is given back only when its holder is dropped"),
        };
        Hold::Live { shared: &self.shared, live, level: self.level }
    }

    fn live(&self) -> &Live {
        match &self.live {
            Place::Owned(Some(live)) => live,
            Place::Borrowed(live) => live,
            Place::Owned(None) => unreachable!("a connection is given back only when its holder is dropped"),
        }
    }

    pub(crate) fn live_mut(&mut self) -> &mut Live {
        match &mut self.live {
            Place::Owned(Some(live)) => live,
            Place::Borrowed(live) => live,
            Place::Owned(None) => unreachable!("a connection is given back only when its holder is dropped"),
        }
    }
}

methods!(Transaction<'_>, [&mut self], self);

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // Without its level it has been undone already, or the whole transaction has.
        if !self.is_over && (self.level == 1 || self.live().depth >= self.level) {
            let (shared, level, is_set) = (Arc::clone(&self.shared), self.level, self.is_set);
            let live = self.live_mut();
            let words = if level > 1 { "ROLLBACK TO SAVEPOINT (dropped)" } else { "ROLLBACK (dropped)" };
            control::log(&shared, live, || words.to_owned());
            live.owe_rollback(Savepoint { level, is_set });
            if level > 1 {
                fire::rollback_savepoint(&shared.events, || event(live, level));
            } else {
                fire::rollback(&shared.events, || event(live, 1));
            }
        }
        if let Place::Owned(live) = &mut self.live
            && let Some(live) = live.take()
        {
            checkin(&self.shared, live);
        }
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction")
            .field("level", &self.level)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

fn event(live: &mut Live, level: u32) -> TransactionEvent<'_> {
    TransactionEvent { connection: live.number, level, info: &mut live.info }
}
