//! Savepoints, and leave from autoflush.

use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::panic::Location;

use aludel_core::Result;

use super::Session;
use crate::arena::Mark;

/// A session inside a savepoint; see [`Session::begin_nested`].
///
/// Dropped without [`commit`](Self::commit), what was done in it is undone at the session's next use.
#[derive(Debug)]
pub struct Nested<'s> {
    session: &'s mut Session,
    is_over: bool,
}

/// A session whose queries don't flush; see [`Session::no_autoflush`].
#[derive(Debug)]
pub struct NoAutoflush<'s> {
    session: &'s mut Session,
}

impl Session {
    /// Sets a savepoint, after a flush. What is done through the guard is kept by [`Nested::commit`], or undone by
    /// [`Nested::rollback`], in the database and in the objects.
    ///
    /// # Errors
    /// As [`flush`](Self::flush), and when the database has no savepoints.
    #[track_caller]
    pub fn begin_nested(&mut self) -> impl Future<Output = Result<Nested<'_>>> + Send {
        let at = Location::caller();
        async move {
            self.begin_if_needed(true, at).await?;
            self.flush_at(at).await?;
            self.note_written();
            let (tx, arena) = self.parts()?;
            let mark = arena.mark();
            tx.begin_level(at).await?;
            self.marks.push(mark);
            Ok(Nested { session: self, is_over: false })
        }
    }

    /// The session, its queries not flushing what is pending.
    pub fn no_autoflush(&mut self) -> NoAutoflush<'_> {
        self.quiet += 1;
        NoAutoflush { session: self }
    }

    /// A savepoint's guard was dropped: it is undone at the session's next use.
    fn owe_nested(&mut self) {
        self.owed += 1;
    }

    /// Undoes the innermost savepoint.
    pub(crate) async fn rollback_nested(&mut self, at: &'static Location<'static>) -> Result<()> {
        let Some(mark) = self.marks.last().copied() else { return Ok(()) };
        let depth = self.marks.len() + 1;
        let level = self.tx().map(|tx| (tx.is_usable(), tx.level() as usize));
        let Some((true, level)) = level else {
            self.forget_transaction();
            return self.end_transaction(at).await;
        };
        // Where it is not open any more, its end was dropped half-way: it was kept, or undone together with the objects.
        if level >= depth {
            let changes = self.states_before(mark);
            self.tell_all(changes);
            self.arena.roll_back(mark);
            let (tx, _) = self.parts()?;
            tx.rollback_level(at).await?;
        }
        let _: Option<Mark> = self.marks.pop();
        Ok(())
    }
}

impl Nested<'_> {
    /// Keeps what was done since the savepoint, after a flush.
    ///
    /// # Errors
    /// As [`Session::flush`]; then nothing is kept.
    #[track_caller]
    pub fn commit(mut self) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        async move {
            self.session.recover(at).await?;
            self.session.flush_at(at).await?;
            let (tx, _) = self.session.parts()?;
            tx.release_level(at).await?;
            self.end();
            let _: Option<Mark> = self.session.marks.pop();
            Ok(())
        }
    }

    /// Undoes what was done since the savepoint.
    ///
    /// # Errors
    /// When the database can't be reached.
    #[track_caller]
    pub fn rollback(mut self) -> impl Future<Output = Result<()>> + Send {
        let at = Location::caller();
        async move {
            self.session.recover(at).await?;
            self.session.rollback_nested(at).await?;
            self.end();
            Ok(())
        }
    }

    /// Nothing is left for the guard to undo.
    const fn end(&mut self) {
        self.is_over = true;
    }
}

impl Drop for Nested<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            self.session.owe_nested();
        }
    }
}

impl Deref for Nested<'_> {
    type Target = Session;
    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for Nested<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}

impl Drop for NoAutoflush<'_> {
    fn drop(&mut self) {
        self.session.quiet -= 1;
    }
}

impl Deref for NoAutoflush<'_> {
    type Target = Session;
    fn deref(&self) -> &Session {
        self.session
    }
}

impl DerefMut for NoAutoflush<'_> {
    fn deref_mut(&mut self) -> &mut Session {
        self.session
    }
}
