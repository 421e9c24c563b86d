//! The session's transaction: begun when it is first needed, and put right after a dropped future.

use std::panic::Location;
use std::sync::PoisonError;

use aludel_core::Result;
use aludel_engine::{Transaction, writing};
use aludel_sql::dialect::TransactionOptions;

use super::{Session, Usage};
use crate::arena::{Arena, Mark};
use crate::error::usage;
use crate::flush::Work;

impl Session {
    /// The open transaction.
    pub(crate) fn tx(&mut self) -> Option<&mut Transaction<'static>> {
        self.connection.get_mut().unwrap_or_else(PoisonError::into_inner).as_deref_mut()
    }

    fn take_tx(&mut self) -> Option<Box<Transaction<'static>>> {
        self.connection.get_mut().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The transaction and the objects, side by side.
    pub(crate) fn parts(&mut self) -> Result<(&mut Transaction<'static>, &mut Arena)> {
        let Self { connection, arena, .. } = self;
        match connection.get_mut().unwrap_or_else(PoisonError::into_inner).as_deref_mut() {
            Some(tx) => Ok((tx, arena)),
            None => Err(usage("the session has no transaction open")),
        }
    }

    /// As [`parts`](Self::parts), with what is under way.
    pub(crate) fn working_parts(&mut self) -> Result<(&mut Transaction<'static>, &mut Arena, &mut Option<Work>)> {
        let Self { connection, arena, work, .. } = self;
        match connection.get_mut().unwrap_or_else(PoisonError::into_inner).as_deref_mut() {
            Some(tx) => Ok((tx, arena, work)),
            None => Err(usage("the session has no transaction open")),
        }
    }

    /// Puts right what a dropped future has left, and begins a transaction if none is open.
    pub(crate) async fn begin_if_needed(&mut self, writes: bool, at: &'static Location<'static>) -> Result<()> {
        self.recover(at).await?;
        self.watch_loads();
        if let Some(tx) = self.tx() {
            if tx.is_usable() {
                return Ok(());
            }
            return Err(usage(
                "the session's transaction is over: the database has ended it, or a statement of it was dropped while it was \
                 writing; call `rollback` to go on",
            )
            .with_location(at));
        }
        let options =
            self.options.begin.unwrap_or_else(|| if writes { writing() } else { TransactionOptions::default() });
        let tx = self.engine.begin_at(options, at).await?;
        *self.connection.get_mut().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(tx));
        self.usage = Usage::Nothing;
        self.events.fire_begin();
        Ok(())
    }

    /// Undoes what a dropped or failed call has left half-done.
    pub(crate) async fn recover(&mut self, at: &'static Location<'static>) -> Result<()> {
        if self.is_loose {
            self.release_flush(at).await?;
        }
        if self.work.is_some() {
            self.undo_work(at).await?;
        }
        while self.owed > 0 {
            self.rollback_nested(at).await?;
            self.owed -= 1;
        }
        Ok(())
    }

    /// Whether the database has a level open above those of the savepoints.
    fn has_open_level(&mut self) -> bool {
        let expected = self.marks.len() + 1;
        self.tx().is_some_and(|tx| tx.is_usable() && tx.level() as usize > expected)
    }

    /// The level of a flush that is done ends. Dropped half-way, that is done before the next use.
    pub(crate) async fn release_flush(&mut self, at: &'static Location<'static>) -> Result<()> {
        self.is_loose = true;
        if self.has_open_level() {
            let (tx, _) = self.parts()?;
            if let Err(error) = tx.release_level(at).await {
                // Nobody knows what the level has: everything since the last commit is undone.
                let _: Result<()> = self.end_transaction(at).await;
                self.forget_transaction();
                return Err(error);
            }
        }
        self.is_loose = false;
        Ok(())
    }

    async fn undo_work(&mut self, at: &'static Location<'static>) -> Result<()> {
        let Some(work) = &self.work else { return Ok(()) };
        match work {
            Work::Flush(flush) if flush.has_level => {
                // Where the database has ended the transaction, the next use tells so; and where this was dropped before, the
                // level has ended.
                if self.has_open_level() {
                    let (tx, _) = self.parts()?;
                    tx.rollback_level(at).await?;
                }
            }
            Work::Flush(_) => self.end_transaction(at).await?,
            // Whether anything came of it, only the database can tell.
            Work::Commit => {
                let is_open = match self.tx() {
                    Some(tx) => tx.is_open(at).await?,
                    None => false,
                };
                self.work = None;
                if !is_open {
                    self.committed();
                }
            }
        }
        if let Some(Work::Flush(flush)) = self.work.take() {
            flush.undo(&mut self.arena);
        }
        Ok(())
    }

    /// Rolls the transaction back. One that the database has ended is let go.
    pub(crate) async fn end_transaction(&mut self, at: &'static Location<'static>) -> Result<()> {
        self.usage = Usage::Nothing;
        match self.take_tx() {
            Some(tx) => tx.rollback_at(at).await,
            None => Ok(()),
        }
    }

    /// The objects go back to before the transaction.
    pub(crate) fn forget_transaction(&mut self) {
        self.is_loose = false;
        self.marks.clear();
        let changes = self.states_before(Mark::START);
        self.tell_all(changes);
        self.arena.roll_back(Mark::START);
        self.arena.commit();
    }

    /// Ends the transaction with success.
    pub(crate) async fn commit_transaction(&mut self, at: &'static Location<'static>) -> Result<()> {
        if self.tx().is_some() {
            self.work = Some(Work::Commit);
            let (tx, _) = self.parts()?;
            let result = tx.commit_kept(at).await;
            self.work = None;
            if let Err(error) = result {
                // The first error says more than one of undoing it.
                self.forget_transaction();
                let _: Result<()> = self.end_transaction(at).await;
                return Err(error);
            }
        }
        self.committed();
        Ok(())
    }

    /// What was done is there to stay.
    fn committed(&mut self) {
        drop(self.take_tx());
        self.usage = Usage::Nothing;
        let gone = self.deleted_keys();
        self.tell_all(gone);
        self.arena.commit();
        if self.options.expire_on_commit {
            self.arena.expire_all();
        }
        let events = std::sync::Arc::clone(&self.events);
        events.fire_after_commit();
    }

    /// The transaction has read something.
    pub(crate) const fn note_read(&mut self) {
        if matches!(self.usage, Usage::Nothing) {
            self.usage = Usage::Reading;
        }
    }

    /// The transaction has written or locked something.
    pub(crate) const fn note_written(&mut self) {
        self.usage = Usage::Writing;
    }

    /// Whether a flush of so many rows has to be undone by itself, since other things of its transaction are to stay. A single
    /// row that is refused has done nothing.
    pub(crate) fn needs_level(&mut self, rows: usize) -> bool {
        let aborts = |tx: &mut Transaction<'static>| tx.dialect().capabilities().aborts_on_error;
        match self.usage {
            Usage::Nothing => false,
            Usage::Reading => rows > 1 || self.tx().is_some_and(aborts),
            Usage::Writing => true,
        }
    }

    /// Whether the transaction was used for anything.
    pub(crate) const fn is_used(&self) -> bool {
        !matches!(self.usage, Usage::Nothing)
    }
}
