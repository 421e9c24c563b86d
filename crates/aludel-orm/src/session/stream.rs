//! Objects as they come.

use std::ops::Index;
use std::panic::Location;

use aludel_core::Result;

use super::Session;
use crate::error::usage;
use crate::fetch::{Fetched, ObjectSink, Part, PartSink};
use crate::key::Key;
use crate::load::LoadPlan;
use crate::mapper::Mapped;
use crate::query::{Query, QueryOptions};
use crate::session_row::SessionRow;

/// The rows of a query, some at a time; see [`Session::stream`].
#[must_use = "nothing is fetched before `next` is called"]
pub struct Objects<'s, R: SessionRow> {
    session: &'s mut Session,
    state: State<R>,
    per: usize,
    at: &'static Location<'static>,
}

enum State<R: SessionRow> {
    New(Box<Query<R>>),
    /// A cursor is open; nothing else may run before it is at its end.
    Open(Box<LoadPlan>),
    /// The rows were fetched at once, because further statements belong to each part.
    Held {
        parts: std::vec::IntoIter<Part<R>>,
        plan: Box<LoadPlan>,
    },
    Over,
    /// A call is under way, or has failed, or its future was dropped.
    Broken,
}

impl Session {
    /// Runs a query and gives its rows `per` at a time. A cursor stays open, and memory stays flat if each part's objects are
    /// [expunged](Objects::expunge_all) when they are done with. With loader options that take further statements the rows are
    /// fetched at once as plain values, and become objects with their relationships part by part.
    #[track_caller]
    pub fn stream<R: SessionRow>(&mut self, query: impl QueryOptions<R>, per: usize) -> Objects<'_, R> {
        let state = State::New(Box::new(query.into_query()));
        Objects { session: self, state, per: per.max(1), at: Location::caller() }
    }
}

impl<R: SessionRow> Objects<'_, R> {
    /// The next rows; none at the end.
    ///
    /// # Errors
    /// As [`Session::fetch_all`]; and for a joined collection, which can't be cut into parts: use `selectinload`.
    pub async fn next(&mut self) -> Result<Option<Vec<R::Loaded>>> {
        match std::mem::replace(&mut self.state, State::Broken) {
            State::Over => {
                self.state = State::Over;
                Ok(None)
            }
            State::Broken => {
                let message = "the stream's last call has failed or was dropped before it was done, so rows may be missing: \
                               begin it anew";
                Err(usage(message).with_location(self.at))
            }
            State::New(query) => self.begin(*query).await,
            State::Open(plan) => {
                let hows = plan.hows();
                let (tx, arena) = self.session.parts()?;
                let mut sink = ObjectSink::<R>::new(arena, &hows, &plan.joined, false, usize::MAX);
                let outcome = tx.resume(&mut sink, self.per, self.at).await?;
                let fetched = sink.into_fetched()?;
                self.session.tell_loaded();
                self.read(fetched, plan, outcome.finished).await
            }
            State::Held { parts, plan } => self.part(parts, plan).await,
        }
    }

    /// A part that the open cursor has given.
    async fn read(
        &mut self,
        fetched: Fetched<R>,
        plan: Box<LoadPlan>,
        is_finished: bool,
    ) -> Result<Option<Vec<R::Loaded>>> {
        let rows = self.session.complete::<R>(fetched, &plan, usize::MAX, self.at).await?;
        self.state = if is_finished { State::Over } else { State::Open(plan) };
        Ok((!rows.is_empty()).then_some(rows))
    }

    async fn begin(&mut self, query: Query<R>) -> Result<Option<Vec<R::Loaded>>> {
        let at = self.at;
        self.session.autoflush(at).await?;
        let (arguments, plan) = self.session.lower(query, at)?;
        if plan.joined.iter().any(|node| node.relation.may_repeat()) {
            let message =
                "a joined collection can't be streamed, since its owner's rows are cut apart: use selectinload";
            return Err(usage(message).with_location(at));
        }
        self.session.begin_if_needed(false, at).await?;
        self.session.note_read();
        let hows = plan.hows();
        let needs_more = !plan.loads.is_empty() || plan.joined.iter().any(|node| !node.inner.is_empty());
        if !needs_more {
            let (tx, arena) = self.session.parts()?;
            let mut sink = ObjectSink::<R>::new(arena, &hows, &plan.joined, false, usize::MAX);
            let outcome = tx.run_some(arguments, &mut sink, self.per, at).await?;
            let fetched = sink.into_fetched()?;
            self.session.tell_loaded();
            return self.read(fetched, Box::new(plan), outcome.finished).await;
        }
        let (tx, _) = self.session.parts()?;
        let mut sink = PartSink::<R>::new(self.per, hows, plan.joined.clone());
        tx.run(arguments, &mut sink, at).await?;
        self.part(sink.into_parts().into_iter(), Box::new(plan)).await
    }

    /// The next part of those that are held.
    async fn part(
        &mut self,
        mut parts: std::vec::IntoIter<Part<R>>,
        plan: Box<LoadPlan>,
    ) -> Result<Option<Vec<R::Loaded>>> {
        let Some(part) = parts.next() else {
            self.state = State::Over;
            return Ok(None);
        };
        let fetched = part.adopt(&mut self.session.arena, &plan.hows(), &plan.joined)?;
        self.session.tell_loaded();
        let rows = self.session.complete::<R>(fetched, &plan, usize::MAX, self.at).await?;
        self.state = State::Held { parts, plan };
        Ok(Some(rows))
    }

    /// The session, to read objects; a statement on it would end the stream, so it can't be changed.
    #[must_use]
    pub fn session(&self) -> &Session {
        self.session
    }

    /// Lets all objects of the session go, to keep memory flat.
    pub fn expunge_all(&mut self) {
        self.session.expunge_all();
    }
}

impl<R: SessionRow, T: Mapped> Index<Key<T>> for Objects<'_, R> {
    type Output = T;
    #[track_caller]
    fn index(&self, key: Key<T>) -> &T {
        &self.session[key]
    }
}

impl<R: SessionRow> std::fmt::Debug for Objects<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects").field("per", &self.per).finish_non_exhaustive()
    }
}
