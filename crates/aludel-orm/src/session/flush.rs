//! Flush, commit and rollback.

use std::future::Future;
use std::panic::Location;

use aludel_core::Result;

use super::{Session, Usage};
use crate::arena::{AnyKey, State, Undo};
use crate::error::usage;
use crate::flush::{Plan, Work};

/// Flushes in one commit.
const MOST_FLUSHES: usize = 100;

impl Session {
    /// Writes what was added, changed, linked and deleted, inside the transaction.
    ///
    /// All of it or nothing: after an error the database is as before the flush and the objects keep their changes, so that
    /// they can be put right and flushed again.
    ///
    /// # Errors
    /// When the database refuses a row, or a row was changed by another program in the meantime
    /// ([`is_stale_data`](aludel_core::Error::is_stale_data)).
    #[track_caller]
    pub fn flush(&mut self) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        async move {
            self.recover(at).await?;
            self.flush_at(at).await
        }
    }

    /// Flushes, and commits the transaction. Objects are stale afterwards, and deleted ones leave the session.
    ///
    /// # Errors
    /// As [`flush`](Self::flush); and when the database can't commit: then everything since the last commit is undone, in the
    /// session as in the database.
    #[track_caller]
    pub fn commit(&mut self) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        async move {
            self.recover(at).await?;
            if !self.marks.is_empty() {
                return Err(
                    usage("a savepoint is open: commit it or roll it back before the session").with_location(at)
                );
            }
            self.events.fire_before_commit();
            self.flush_all(at).await?;
            self.commit_transaction(at).await
        }
    }

    /// Undoes everything since the last commit: in the database, and in the objects, which return to their state. Keys of
    /// objects that were added end.
    ///
    /// # Errors
    /// When the database can't be reached; its transaction is rolled back there all the same.
    #[track_caller]
    pub fn rollback(&mut self) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        async move {
            if matches!(self.work, Some(Work::Commit)) {
                // What a commit that was dropped has done is not undone any more.
                let _: Result<()> = self.recover(at).await;
            }
            // Whatever was under way is undone with everything else. Once that is begun, the database undoes it too, also where
            // nobody waits for that.
            if let Some(Work::Flush(flush)) = self.work.take() {
                flush.undo(&mut self.arena);
            }
            self.owed = 0;
            self.forget_transaction();
            let ended = self.end_transaction(at).await;
            self.events.fire_after_rollback();
            ended
        }
    }

    /// What a flush would do now, without doing it. What is deleted along may have to be read for that.
    ///
    /// # Errors
    /// As [`flush`](Self::flush), but for what only the database can find.
    #[track_caller]
    pub fn plan(&mut self) -> impl Future<Output = Result<Plan>> + Send {
        let at = Location::caller();
        async move {
            self.recover(at).await?;
            self.gather(at).await?;
            self.plan_of_changes()
        }
    }

    /// The plan, on this database.
    fn plan_of_changes(&self) -> Result<Plan> {
        Plan::of(&self.arena, self.engine.dialect().capabilities().own_references_hold)
    }

    /// Flushes if a query should see what is pending.
    pub(crate) async fn autoflush(&mut self, at: &'static Location<'static>) -> Result<()> {
        self.recover(at).await?;
        if self.options.autoflush && self.quiet == 0 && self.arena.has_changes() {
            self.flush_at(at).await?;
        }
        Ok(())
    }

    pub(crate) async fn flush_at(&mut self, at: &'static Location<'static>) -> Result<()> {
        if !self.arena.has_changes() {
            return Ok(());
        }
        let events = std::sync::Arc::clone(&self.events);
        events.fire_before_flush(self)?;
        self.gather(at).await?;
        let plan = self.plan_of_changes()?;
        if plan.is_empty() {
            self.flushed(&plan);
            return Ok(());
        }
        let plan = match events.has_row_listeners() {
            false => plan,
            true => {
                events.before_rows(self, &plan)?;
                // A listener may have changed what is to be written.
                self.gather(at).await?;
                self.plan_of_changes()?
            }
        };
        self.begin_if_needed(true, at).await?;
        // Alone in its transaction, the flush is undone by rolling that back; otherwise by a savepoint.
        let is_alone = !self.is_used();
        let has_level = self.needs_level(plan.rows());
        if has_level {
            let (tx, _) = self.parts()?;
            tx.begin_level(at).await?;
        }
        let usage_before = std::mem::replace(&mut self.usage, Usage::Writing);
        if let Err(error) = self.execute_plan(&plan, has_level, at).await {
            let error = error.with_location(at);
            if has_level || is_alone {
                // The first error says more than one of undoing it.
                let _: Result<()> = self.recover(at).await;
            } else if let Some(Work::Flush(flush)) = self.work.take() {
                // Nothing was done, and the transaction goes on.
                flush.undo(&mut self.arena);
                self.usage = usage_before;
            }
            return Err(error);
        }
        self.work = None;
        self.flushed(&plan);
        if has_level {
            self.release_flush(at).await?;
        }
        self.tell_flushed(&plan);
        events.after_rows(self, &plan)?;
        events.fire_after_flush();
        Ok(())
    }

    /// Flushes until nothing is left: listeners may leave more to do.
    async fn flush_all(&mut self, at: &'static Location<'static>) -> Result<()> {
        for _ in 0..MOST_FLUSHES {
            if !self.arena.has_changes() {
                return Ok(());
            }
            self.flush_at(at).await?;
        }
        let message =
            format!("after {MOST_FLUSHES} flushes there is still something to do: a listener makes more each time");
        Err(usage(message).with_location(at))
    }

    /// The objects are as the database has them.
    fn flushed(&mut self, plan: &Plan) {
        self.arena.drop_aside();
        let epoch = self.arena.epoch();
        let mut renamed = Vec::new();
        for step in plan.steps() {
            if let Some((table, slots)) = step.changed() {
                renamed.extend(self.arena.renamed(table, slots));
                let mut settled = Vec::new();
                self.arena.any_mut(table).settle_all(slots, epoch, &mut settled);
                self.arena.log.extend(settled.into_iter().map(|raw| Undo::Changed(AnyKey { table, raw })));
            }
        }
        for id in 0..self.arena.table_count() {
            let table = self.arena.any_mut(id);
            let rest: Vec<u32> =
                table.pending().iter().copied().filter(|slot| table.state(*slot) == State::Pending).collect();
            table.set_pending(rest);
            // Touched, and found the same, but for columns that are not the program's to write.
            for slot in table.touched() {
                match table.state(slot) {
                    State::Doomed => {}
                    _ if table.changes(slot).is_empty() => table.forget_changes(slot),
                    _ => table.restore_first(slot),
                }
            }
            let mut gone = Vec::new();
            for slot in std::mem::take(table.doomed_mut()) {
                // What was changed and then deleted comes back as it was before both.
                if table.settle_changes(slot, epoch) {
                    gone.extend(table.key(slot).map(|raw| Undo::Changed(AnyKey { table: id, raw })));
                }
                table.unregister(slot);
                table.set_state(slot, State::Gone);
                gone.extend(table.key(slot).map(|raw| Undo::Gone(AnyKey { table: id, raw })));
            }
            table.forget_touched();
            self.arena.log.extend(gone);
        }
        // They are of the same types.
        let _: Result<()> = self.arena.rename_children(renamed);
        self.arena.parents.clear();
        self.arena.placed.clear();
        self.arena.links.clear();
        self.arena.displaced.clear();
        self.arena.orphans.clear();
    }
}
