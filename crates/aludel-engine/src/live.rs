//! An open connection, with what the engine knows of it.

use std::fmt;
use std::time::{Duration, Instant};

use aludel_core::{DatabaseErrorKind, Error, Result, UsageError};
use aludel_sql::dialect::Steps;

use crate::cache::LocalCache;
use crate::driver::{Connection, TransactionState};
use crate::info::Info;
use crate::shared::Shared;

/// An open connection, with what the engine knows of it.
pub(crate) struct Live {
    pub(crate) connection: Box<dyn Connection>,
    pub(crate) statements: LocalCache,
    /// Levels of transactions that are open: the transaction itself, and savepoints in it.
    pub(crate) depth: u32,
    /// What must be undone before the next use.
    pub(crate) owed: Owed,
    /// What else must run when the open transaction is rolled back.
    pub(crate) undo: Steps,
    pub(crate) number: u64,
    pub(crate) opened: Instant,
    pub(crate) info: Info,
    /// How long its present holder has waited for it, until a statement has told.
    pub(crate) waited: Duration,
    /// Marks the connection's lines in the log.
    pub(crate) token: Option<Box<str>>,
    /// An error has said that the connection is gone, though the driver may not know it.
    pub(crate) is_lost: bool,
    /// What the program has asked to run when a connection is given back is to run before the next use.
    pub(crate) needs_reset: bool,
    /// Its place in the pool's list of who holds what.
    pub(crate) place: usize,
}

/// What a transaction that was dropped has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owed {
    Nothing,
    /// ROLLBACK TO the savepoint.
    BackTo(Savepoint),
    /// ROLLBACK.
    RollBack,
}

/// A savepoint to go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Savepoint {
    pub(crate) level: u32,
    /// Whether it is known to be set: what sets it may have been dropped, or have failed, before it did.
    pub(crate) is_set: bool,
}

impl Live {
    pub(crate) fn new(connection: Box<dyn Connection>, number: u64, statements: usize) -> Self {
        Self {
            connection,
            statements: LocalCache::new(statements),
            depth: 0,
            owed: Owed::Nothing,
            undo: Steps::new(),
            number,
            opened: Instant::now(),
            info: Info::default(),
            waited: Duration::ZERO,
            token: None,
            is_lost: false,
            needs_reset: false,
            place: usize::MAX,
        }
    }

    /// Whether something must be settled before the next statement.
    #[inline]
    pub(crate) fn is_unsettled(&self) -> bool {
        self.owed != Owed::Nothing || self.needs_reset || self.connection.owes()
    }

    /// Whether a transaction or a part of it is to be undone before the next statement.
    pub(crate) fn owes_rollback(&self) -> bool {
        self.owed != Owed::Nothing
    }

    /// Settles what dropped futures and transactions have left.
    #[cold]
    pub(crate) async fn settle(&mut self, shared: &Shared) -> Result<()> {
        self.settle_owed(shared).await?;
        if self.needs_reset {
            for sql in &shared.options.on_return {
                self.connection.batch(sql).await?;
            }
            self.needs_reset = false;
        }
        Ok(())
    }

    async fn settle_owed(&mut self, shared: &Shared) -> Result<()> {
        match self.owed {
            Owed::Nothing => self.connection.settle(false).await,
            Owed::RollBack => {
                self.connection.settle(true).await?;
                self.finish_rollback().await
            }
            Owed::BackTo(savepoint) => {
                self.connection.settle(false).await?;
                if self.connection.transaction() == TransactionState::Idle {
                    // The database has ended the whole transaction by itself.
                    return self.finish_rollback().await;
                }
                let was_set = self.go_back(shared, savepoint).await?;
                match shared.dialect.release_sql(&savepoint_name(savepoint.level)) {
                    Some(release) if was_set => self.connection.batch(&release).await,
                    _ => Ok(()),
                }
            }
        }
    }

    /// Undoes what was done since the savepoint was set. The savepoint itself may stay: nothing counts on it any more, and the
    /// next one of its name hides it. Tells whether it was set.
    pub(crate) async fn go_back(&mut self, shared: &Shared, savepoint: Savepoint) -> Result<bool> {
        // Should this be dropped, it is done before the next use.
        self.owed = Owed::BackTo(savepoint);
        let back = shared.dialect.rollback_to_sql(&savepoint_name(savepoint.level));
        let was_set = match self.connection.batch(&back).await {
            Ok(()) => true,
            // Then nothing was done since, either.
            Err(error) if !savepoint.is_set && self.is_unknown(&error) => false,
            Err(error) => return Err(error),
        };
        self.owed = Owed::Nothing;
        self.depth = savepoint.level - 1;
        Ok(was_set)
    }

    /// Whether the database did not know what was meant, and the transaction goes on.
    fn is_unknown(&self, error: &Error) -> bool {
        error.database().is_some_and(|error| error.kind() == DatabaseErrorKind::InvalidStatement)
            && self.connection.transaction() == TransactionState::Open
    }

    /// Whoever had the connection is gone: begins to clear up without waiting.
    pub(crate) fn abandon(&mut self) {
        if self.depth > 0 || self.connection.transaction() != TransactionState::Idle {
            self.owed = Owed::RollBack;
        }
        self.connection.abandon(self.owed == Owed::RollBack);
        if self.undo.is_empty() && !self.connection.owes() && self.connection.transaction() == TransactionState::Idle {
            self.is_rolled_back();
        }
    }

    /// A transaction, or one that such a savepoint began, was dropped.
    pub(crate) fn owe_rollback(&mut self, savepoint: Savepoint) {
        self.owed = match self.owed {
            Owed::RollBack => Owed::RollBack,
            _ if savepoint.level <= 1 => Owed::RollBack,
            Owed::BackTo(other) if other.level < savepoint.level => Owed::BackTo(other),
            _ => Owed::BackTo(savepoint),
        };
        if self.owed == Owed::RollBack {
            self.abandon();
        }
    }

    async fn finish_rollback(&mut self) -> Result<()> {
        while let Some(step) = self.undo.first() {
            self.connection.batch(step).await?;
            self.undo.remove(0);
        }
        self.is_rolled_back();
        Ok(())
    }

    fn is_rolled_back(&mut self) {
        self.owed = Owed::Nothing;
        self.depth = 0;
    }

    /// How many levels there are when what is owed is paid.
    pub(crate) fn depth_settled(&self) -> u32 {
        match self.owed {
            Owed::Nothing => self.depth,
            Owed::BackTo(savepoint) => savepoint.level - 1,
            Owed::RollBack => 0,
        }
    }

    /// An error, if the transaction of this level is gone.
    pub(crate) fn check_level(&mut self, level: u32) -> Result<()> {
        if level == 0 {
            return Ok(());
        }
        if self.connection.transaction() == TransactionState::Idle {
            self.depth = 0;
        }
        if self.depth < level {
            let message = "the transaction is over: the database has rolled it back by itself, or a statement of it was \
                           dropped while it was writing; begin a new one";
            return Err(UsageError::new(message).into());
        }
        Ok(())
    }
}

/// Savepoints are named by their level.
pub(crate) fn savepoint_name(level: u32) -> String {
    format!("aludel_{level}")
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live")
            .field("number", &self.number)
            .field("depth", &self.depth)
            .field("owed", &self.owed)
            .finish_non_exhaustive()
    }
}
