//! The session, without `async`.

use std::ops::{Deref, DerefMut, Index};
use std::sync::Arc;

use aludel_core::Result;
use aludel_engine::blocking::Engine;
use aludel_sql::dialect::TransactionOptions;
use aludel_sql::{BulkInsert, BulkRows, Executable, NewRow};

use super::block_on;
use crate::events::SessionEvents;
use crate::flush::Plan;
use crate::key::Key;
use crate::load::ColumnNames;
use crate::mapper::Mapped;
use crate::new::IntoNew;
use crate::query::QueryOptions;
use crate::relation::Link;
use crate::session::{KeyList, LoadTarget};
use crate::session_row::SessionRow;

/// A workspace of objects; [`crate::Session`] without `async`. What does no I/O is found there: `session[key]`, `add`, `link`,
/// `delete` and so on.
#[derive(Debug)]
pub struct Session {
    inner: crate::Session,
}

impl Session {
    /// A session on an engine. It takes no connection before it needs one.
    #[must_use]
    pub fn new(engine: &Engine) -> Self {
        Self { inner: crate::Session::new(engine.as_async()) }
    }

    /// A session with other settings.
    pub fn builder(engine: &Engine) -> SessionBuilder {
        SessionBuilder { inner: crate::Session::builder(engine.as_async()) }
    }
}

impl Deref for Session {
    type Target = crate::Session;
    fn deref(&self) -> &crate::Session {
        &self.inner
    }
}

impl DerefMut for Session {
    fn deref_mut(&mut self) -> &mut crate::Session {
        &mut self.inner
    }
}

/// Settings of a session; [`crate::SessionBuilder`] for blocking ones.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until a session is built"]
pub struct SessionBuilder {
    inner: crate::SessionBuilder,
}

impl SessionBuilder {
    /// Whether queries flush pending changes first; true if nothing is said.
    pub fn autoflush(self, autoflush: bool) -> Self {
        Self { inner: self.inner.autoflush(autoflush) }
    }

    /// Whether objects are stale after a commit; true if nothing is said.
    pub fn expire_on_commit(self, expire: bool) -> Self {
        Self { inner: self.inner.expire_on_commit(expire) }
    }

    /// What the session's transactions are like.
    pub fn transactions(self, options: TransactionOptions) -> Self {
        Self { inner: self.inner.transactions(options) }
    }

    /// How many keys [`Session::load`] asks for in one statement; 500 if nothing is said.
    pub fn load_chunk(self, keys: usize) -> Self {
        Self { inner: self.inner.load_chunk(keys) }
    }

    /// Listeners that all sessions of these settings share.
    pub fn events(self, events: Arc<SessionEvents>) -> Self {
        Self { inner: self.inner.events(events) }
    }

    /// A session like this.
    #[must_use]
    pub fn build(&self) -> Session {
        Session { inner: self.inner.build() }
    }
}

/// What a session and a savepoint's guard share: what waits, and what changes the session, so that its arguments may read the
/// session (`session.unlink(ed, User::ADDRESSES, session.keys(ed, User::ADDRESSES)[0])`). Through `Deref` they could not.
macro_rules! waiting_methods {
    ($type:ty) => {
        impl $type {
            /// [`crate::Session::get`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn get<T: Mapped>(&mut self, identity: T::Identity) -> Result<Option<Key<T>>> {
                block_on(self.inner.get(identity))
            }

            /// [`crate::Session::get_one`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn get_one<T: Mapped>(&mut self, identity: T::Identity) -> Result<Key<T>> {
                block_on(self.inner.get_one(identity))
            }

            /// [`crate::Session::get_for_update`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn get_for_update<T: Mapped>(&mut self, identity: T::Identity) -> Result<Option<Key<T>>> {
                block_on(self.inner.get_for_update(identity))
            }

            /// [`crate::Session::fetch_all`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn fetch_all<S>(&mut self, statement: S) -> Result<Vec<<S::Row as SessionRow>::Loaded>>
            where
                S: Executable + Send,
                S::Row: SessionRow,
            {
                block_on(self.inner.fetch_all(statement))
            }

            /// [`crate::Session::fetch_one`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn fetch_one<S>(&mut self, statement: S) -> Result<<S::Row as SessionRow>::Loaded>
            where
                S: Executable + Send,
                S::Row: SessionRow,
            {
                block_on(self.inner.fetch_one(statement))
            }

            /// [`crate::Session::fetch_optional`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn fetch_optional<S>(&mut self, statement: S) -> Result<Option<<S::Row as SessionRow>::Loaded>>
            where
                S: Executable + Send,
                S::Row: SessionRow,
            {
                block_on(self.inner.fetch_optional(statement))
            }

            /// [`crate::Session::stream`]
            #[track_caller]
            pub fn stream<R: SessionRow>(&mut self, query: impl QueryOptions<R>, per: usize) -> Objects<'_, R> {
                Objects { inner: self.inner.stream(query, per) }
            }

            /// [`crate::Session::load`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn load<T: Mapped>(&mut self, keys: impl KeyList<T>, what: impl LoadTarget<T>) -> Result<()> {
                block_on(self.inner.load(keys, what))
            }

            /// [`crate::Session::refresh`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn refresh<T: Mapped>(&mut self, key: Key<T>) -> Result<()> {
                block_on(self.inner.refresh(key))
            }

            /// [`crate::Session::refresh_only`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn refresh_only<T: Mapped>(&mut self, key: Key<T>, columns: impl ColumnNames<T>) -> Result<()> {
                block_on(self.inner.refresh_only(key, columns))
            }

            /// [`crate::Session::merge`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn merge<T: Mapped>(&mut self, object: T) -> Result<Key<T>> {
                block_on(self.inner.merge(object))
            }

            /// [`crate::Session::flush`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn flush(&mut self) -> Result<()> {
                block_on(self.inner.flush())
            }

            /// [`crate::Session::plan`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn plan(&mut self) -> Result<Plan> {
                block_on(self.inner.plan())
            }

            /// [`crate::Session::insert`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn insert<E, I, R>(&mut self, rows: BulkInsert<E, I, R>) -> Result<u64>
            where
                E: Mapped,
                I: BulkRows<E> + Send,
                I::Item: Send,
                R: 'static,
            {
                block_on(self.inner.insert(rows))
            }

            /// [`crate::Session::insert_returning`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn insert_returning<E, I, R>(&mut self, rows: BulkInsert<E, I, R>) -> Result<Vec<R::Loaded>>
            where
                E: Mapped,
                I: BulkRows<E> + Send,
                I::Item: Send,
                R: SessionRow,
            {
                block_on(self.inner.insert_returning(rows))
            }

            /// [`crate::Session::bulk_insert`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn bulk_insert<T, I>(&mut self, rows: I) -> Result<u64>
            where
                T: Mapped,
                I: IntoIterator,
                I::Item: NewRow<T> + Send + Sync,
            {
                block_on(self.inner.bulk_insert::<T, I>(rows))
            }

            /// [`crate::Session::bulk_update`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn bulk_update<T, I>(&mut self, columns: impl ColumnNames<T>, rows: I) -> Result<u64>
            where
                T: Mapped,
                I: IntoIterator<Item = T>,
            {
                block_on(self.inner.bulk_update(columns, rows))
            }

            /// [`crate::Session::execute`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn execute<S: crate::session::SessionStatement>(&mut self, statement: S) -> Result<u64> {
                block_on(self.inner.execute(statement))
            }

            /// [`crate::Session::begin_nested`]
            ///
            /// # Errors
            /// As there.
            #[track_caller]
            pub fn begin_nested(&mut self) -> Result<Nested<'_>> {
                block_on(self.inner.begin_nested()).map(|inner| Nested { inner })
            }

            /// [`crate::Session::add`]
            pub fn add<T: Mapped>(&mut self, new: impl IntoNew<T>) -> Key<T> {
                self.inner.add(new)
            }

            /// [`crate::Session::delete`]
            ///
            /// # Panics
            /// As there.
            #[track_caller]
            pub fn delete<T: Mapped>(&mut self, key: Key<T>) {
                self.inner.delete(key);
            }

            /// [`crate::Session::link`]
            ///
            /// # Panics
            /// As there.
            #[track_caller]
            pub fn link<A: Mapped, B: Mapped>(&mut self, owner: Key<A>, relationship: impl Link<A, B>, target: Key<B>) {
                self.inner.link(owner, relationship, target);
            }

            /// [`crate::Session::link_at`]
            ///
            /// # Panics
            /// As there.
            #[track_caller]
            pub fn link_at<A: Mapped, B: Mapped>(
                &mut self,
                owner: Key<A>,
                relationship: impl Link<A, B>,
                place: usize,
                target: Key<B>,
            ) {
                self.inner.link_at(owner, relationship, place, target);
            }

            /// [`crate::Session::unlink`]
            ///
            /// # Panics
            /// As there.
            #[track_caller]
            pub fn unlink<A: Mapped, B: Mapped>(
                &mut self,
                owner: Key<A>,
                relationship: impl Link<A, B>,
                target: Key<B>,
            ) {
                self.inner.unlink(owner, relationship, target);
            }

            /// [`crate::Session::no_autoflush`]
            pub fn no_autoflush(&mut self) -> NoAutoflush<'_> {
                NoAutoflush { inner: self.inner.no_autoflush() }
            }
        }
    };
}

waiting_methods!(Session);
waiting_methods!(Nested<'_>);
waiting_methods!(NoAutoflush<'_>);

impl Session {
    /// [`crate::Session::commit`]
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn commit(&mut self) -> Result<()> {
        block_on(self.inner.commit())
    }

    /// [`crate::Session::rollback`]
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn rollback(&mut self) -> Result<()> {
        block_on(self.inner.rollback())
    }

    /// [`crate::Session::close`]
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn close(&mut self) -> Result<()> {
        block_on(self.inner.close())
    }
}

/// A session inside a savepoint; [`crate::Nested`] without `async`.
#[derive(Debug)]
pub struct Nested<'s> {
    inner: crate::Nested<'s>,
}

impl Nested<'_> {
    /// [`crate::Nested::commit`]
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn commit(self) -> Result<()> {
        block_on(self.inner.commit())
    }

    /// [`crate::Nested::rollback`]
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn rollback(self) -> Result<()> {
        block_on(self.inner.rollback())
    }
}

impl Deref for Nested<'_> {
    type Target = crate::Session;
    fn deref(&self) -> &crate::Session {
        &self.inner
    }
}

impl DerefMut for Nested<'_> {
    fn deref_mut(&mut self) -> &mut crate::Session {
        &mut self.inner
    }
}

/// A session whose queries don't flush; [`crate::NoAutoflush`] without `async`.
#[derive(Debug)]
pub struct NoAutoflush<'s> {
    inner: crate::NoAutoflush<'s>,
}

impl Deref for NoAutoflush<'_> {
    type Target = crate::Session;
    fn deref(&self) -> &crate::Session {
        &self.inner
    }
}

impl DerefMut for NoAutoflush<'_> {
    fn deref_mut(&mut self) -> &mut crate::Session {
        &mut self.inner
    }
}

/// The rows of a query, some at a time; [`crate::Objects`] without `async`.
#[derive(Debug)]
#[must_use = "nothing is fetched before `next` is called"]
pub struct Objects<'s, R: SessionRow> {
    inner: crate::Objects<'s, R>,
}

impl<R: SessionRow> Objects<'_, R> {
    /// [`crate::Objects::next`]
    ///
    /// # Errors
    /// As there.
    #[allow(clippy::should_implement_trait, reason = "an iterator could not lend the session between its items")]
    pub fn next(&mut self) -> Result<Option<Vec<R::Loaded>>> {
        block_on(self.inner.next())
    }

    /// [`crate::Objects::session`]
    #[must_use]
    pub fn session(&self) -> &crate::Session {
        self.inner.session()
    }

    /// [`crate::Objects::expunge_all`]
    pub fn expunge_all(&mut self) {
        self.inner.expunge_all();
    }
}

impl<R: SessionRow, T: Mapped> Index<Key<T>> for Objects<'_, R> {
    type Output = T;
    #[track_caller]
    fn index(&self, key: Key<T>) -> &T {
        &self.inner[key]
    }
}
