//! Levels that one transaction begins and ends itself, for a layer that keeps it and cannot keep a savepoint that borrows it.

use std::panic::Location;
use std::sync::Arc;

use aludel_core::{Error, Result, UsageError};

use super::{Transaction, event, savepoint};
use crate::control;
use crate::driver::TransactionState;
use crate::events::fire;
use crate::live::{Owed, Savepoint};

type At = &'static Location<'static>;

impl Transaction<'_> {
    /// Begins a level inside the present one and tells its number: a savepoint that this transaction keeps itself, for a
    /// layer that speaks for the line `at`. A dropped future has begun none.
    ///
    /// # Errors
    /// When the database has no savepoints, or the transaction is over.
    pub async fn begin_level(&mut self, at: At) -> Result<u32> {
        self.settle_level(at).await?;
        let shared = Arc::clone(&self.shared);
        savepoint::set(&shared, self.live_mut(), at).await
    }

    /// Ends the innermost level and keeps what was done in it, as part of the level below. A dropped future that was polled
    /// has ended it; [`level`](Self::level) tells.
    ///
    /// # Errors
    /// When no level is open, the transaction is over, or the database can't; then the level stays open.
    pub async fn release_level(&mut self, at: At) -> Result<()> {
        self.settle_level(at).await?;
        self.check_open(at)?;
        let shared = Arc::clone(&self.shared);
        savepoint::release(&shared, self.live_mut(), at).await
    }

    /// Ends the innermost level and undoes what was done in it. A dropped future that was polled has ended it, and what it did
    /// is undone before the next use. Where the database has ended the whole transaction by itself there is nothing to do.
    ///
    /// # Errors
    /// When no level is open, or the database can't.
    pub async fn rollback_level(&mut self, at: At) -> Result<()> {
        let shared = Arc::clone(&self.shared);
        let live = self.live_mut();
        if live.is_unsettled() {
            live.settle(&shared).await?;
        }
        if live.connection.transaction() == TransactionState::Idle {
            live.depth = 0;
            return Ok(());
        }
        self.check_open(at)?;
        let live = self.live_mut();
        let savepoint = Savepoint { level: live.depth, is_set: true };
        savepoint::roll_back(&shared, live, savepoint, at).await
    }

    /// Commits the transaction, levels and all, and keeps it for a layer that speaks for the line `at` and must know what came
    /// of it: where the future was dropped, [`is_open`](Self::is_open) tells.
    ///
    /// # Errors
    /// When the transaction is over, or the database can't.
    pub async fn commit_kept(&mut self, at: At) -> Result<()> {
        self.settle_level(at).await?;
        let (shared, options) = (Arc::clone(&self.shared), self.options);
        let live = self.live_mut();
        for step in shared.dialect.commit_sql(&options) {
            control::log(&shared, live, || step.to_string());
            control::run(&shared, live, &step, at).await?;
        }
        live.depth = 0;
        live.undo.clear();
        fire::commit(&shared.events, || event(live, 1));
        self.is_over = true;
        Ok(())
    }

    /// Settles what a dropped future has left, and tells whether the transaction is still open. If what was dropped was its
    /// commit, it is open where nothing came of that; otherwise it was committed, unless the database ends a transaction that
    /// it can't commit.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn is_open(&mut self, _: At) -> Result<bool> {
        let shared = Arc::clone(&self.shared);
        let live = self.live_mut();
        if live.is_unsettled() {
            live.settle(&shared).await?;
        }
        if live.connection.transaction() != TransactionState::Idle {
            return Ok(true);
        }
        live.depth = 0;
        self.is_over = true;
        Ok(false)
    }

    /// The present level: 1 in a transaction, 2 and more in savepoints and in levels that were begun inside.
    #[must_use]
    pub fn level(&self) -> u32 {
        self.live().depth_settled().max(self.level)
    }

    /// Whether the transaction goes on: not where the database has ended it by itself, as some do after some errors, nor where
    /// it will be rolled back before the next use. While a dropped future has not been settled it is not known, and taken to
    /// go on.
    pub fn is_usable(&mut self) -> bool {
        let level = self.level;
        let live = self.live_mut();
        let is_there = live.connection.transaction() != TransactionState::Idle && live.owed != Owed::RollBack;
        is_there && !live.is_lost && !live.connection.is_broken() && live.depth_settled() >= level
    }

    /// Settles what a dropped future left, and checks that the transaction is not over.
    async fn settle_level(&mut self, at: At) -> Result<()> {
        let (shared, own) = (Arc::clone(&self.shared), self.level);
        let live = self.live_mut();
        if live.is_unsettled() {
            live.settle(&shared).await?;
        }
        live.check_level(own).map_err(|error| error.with_location(at))
    }

    fn check_open(&self, at: At) -> Result<()> {
        if self.live().depth > self.level {
            return Ok(());
        }
        let message = "no level is open in this transaction: end the transaction itself";
        Err(Error::from(UsageError::new(message)).with_location(at))
    }
}
