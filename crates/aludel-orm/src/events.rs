//! Events of sessions and of their objects.
//!
//! | event | when | how often |
//! |---|---|---|
//! | `after_begin` | the session has begun a transaction | each |
//! | `before_flush`, `after_flush` | a flush that has something to do | each flush |
//! | `before_insert`, `before_update`, `before_delete` | a flush is about to write the object | each object |
//! | `after_insert`, `after_update`, `after_delete` | the flush has written everything | each object |
//! | `before_commit`, `after_commit`, `after_rollback` | | each |
//! | `do_orm_execute` | a query, an UPDATE or DELETE, or a load of a relationship is about to run | each statement |
//! | `state_changed` | an object was added, inserted, loaded, deleted, detached, or a rollback undoes that | each object |
//! | `n_plus_one` | a line has loaded a relationship for one object after another | once for each line and relationship |
//!
//! [`bulk_insert`](crate::Session::bulk_insert), [`bulk_update`](crate::Session::bulk_update) and
//! [`execute`](crate::Session::execute) write rows that are no objects: they fire `do_orm_execute` (execute) and the engine's
//! events, and none of the objects' events.

mod execute;
mod rows;

use std::any::TypeId;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aludel_core::Result;

use crate::arena::AnyKey;
use crate::key::{Key, RawKey};
use crate::lazy::NPlusOne;
use crate::mapper::Mapped;
use crate::session::Session;

pub use execute::{OrmExecute, OrmStatement};

type SessionListener = dyn Fn(&mut Session) -> Result<()> + Send + Sync;
type RowListener = dyn Fn(&mut Session, RawKey) -> Result<()> + Send + Sync;
type PlainListener = dyn Fn() + Send + Sync;
type ExecuteListener = dyn Fn(&mut OrmExecute<'_>) -> Result<()> + Send + Sync;
type StateListener = dyn Fn(&Session, AnyKey, StateChange) + Send + Sync;
type LazyListener = dyn Fn(&NPlusOne) + Send + Sync;

/// The listeners of a session, or of all sessions of one [`SessionBuilder`](crate::SessionBuilder).
///
/// They are called in the order in which they were registered, and must not wait. One that gives an error stops what is under
/// way, which gives out the error.
#[derive(Default)]
pub struct SessionEvents {
    before_flush: Listeners<SessionListener>,
    after_flush: Listeners<PlainListener>,
    after_begin: Listeners<PlainListener>,
    before_commit: Listeners<PlainListener>,
    after_commit: Listeners<PlainListener>,
    after_rollback: Listeners<PlainListener>,
    execute: Listeners<ExecuteListener>,
    n_plus_one: Listeners<LazyListener>,
    states: Listeners<StateListener>,
    rows: RwLock<Vec<(TypeId, RowEvent, Arc<RowListener>)>>,
}

/// What becomes of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StateChange {
    /// It was added: it is pending.
    Added,
    /// Its row was inserted: it is persistent.
    Inserted,
    /// It was read from the database: it is persistent.
    Loaded,
    /// Its row was deleted; it can be read until the commit.
    Deleted,
    /// A rollback has brought its row back: it is persistent again.
    Restored,
    /// A rollback is about to undo its addition; its key ends.
    Undone,
    /// It leaves the session: it was expunged or detached, or its deletion was committed. Its key ends.
    Detached,
}

/// What happens to an object's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowEvent {
    BeforeInsert,
    AfterInsert,
    BeforeUpdate,
    AfterUpdate,
    BeforeDelete,
    AfterDelete,
}

struct Listeners<F: ?Sized>(RwLock<Vec<Arc<F>>>);

impl<F: ?Sized> Default for Listeners<F> {
    fn default() -> Self {
        Self(RwLock::new(Vec::new()))
    }
}

impl<F: ?Sized> Listeners<F> {
    fn add(&self, listener: Arc<F>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// The listeners as they are now: one that registers another may do so.
    fn all(&self) -> Vec<Arc<F>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

macro_rules! row_events {
    ($($(#[$doc:meta])* $name:ident => $event:ident;)+) => {
        impl SessionEvents {
            $(
                $(#[$doc])*
                pub fn $name<T: Mapped>(
                    &self,
                    listener: impl Fn(&mut Session, Key<T>) -> Result<()> + Send + Sync + 'static,
                ) {
                    let listener = move |session: &mut Session, key: RawKey| listener(session, Key::new(key));
                    let entry = (TypeId::of::<T>(), RowEvent::$event, Arc::new(listener) as Arc<RowListener>);
                    self.rows.write().unwrap_or_else(PoisonError::into_inner).push(entry);
                }
            )+
        }
    };
}

row_events! {
    /// A new object is about to be inserted; what the listener changes of it is inserted too.
    before_insert => BeforeInsert;
    /// A new object was inserted. What the listener changes is written by the next flush; a commit goes on until nothing is
    /// left.
    after_insert => AfterInsert;
    /// A changed object is about to be written; what the listener changes of it is written too.
    before_update => BeforeUpdate;
    /// A changed object was written.
    after_update => AfterUpdate;
    /// An object is about to be deleted.
    before_delete => BeforeDelete;
    /// An object was deleted; it can be read until the commit.
    after_delete => AfterDelete;
}

impl SessionEvents {
    /// A flush has something to do. The listener may change objects, add and delete them: that is part of the flush. So is what a
    /// listener adds before a row is written, but then no listener is asked before the rows that come of it.
    pub fn before_flush(&self, listener: impl Fn(&mut Session) -> Result<()> + Send + Sync + 'static) {
        self.before_flush.add(Arc::new(listener));
    }

    /// A flush is done.
    pub fn after_flush(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.after_flush.add(Arc::new(listener));
    }

    /// The session has begun a transaction.
    pub fn after_begin(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.after_begin.add(Arc::new(listener));
    }

    /// A commit begins.
    pub fn before_commit(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.before_commit.add(Arc::new(listener));
    }

    /// A commit is done.
    pub fn after_commit(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.after_commit.add(Arc::new(listener));
    }

    /// A rollback is done.
    pub fn after_rollback(&self, listener: impl Fn() + Send + Sync + 'static) {
        self.after_rollback.add(Arc::new(listener));
    }

    /// A query, an UPDATE or DELETE, or a load of a relationship is about to run. The listener may add conditions to it, and an
    /// error of its own forbids it.
    pub fn do_orm_execute(&self, listener: impl Fn(&mut OrmExecute<'_>) -> Result<()> + Send + Sync + 'static) {
        self.execute.add(Arc::new(listener));
    }

    /// A line of the program has loaded a relationship for one object after another.
    pub fn n_plus_one(&self, listener: impl Fn(&NPlusOne) + Send + Sync + 'static) {
        self.n_plus_one.add(Arc::new(listener));
    }

    /// What becomes of objects: added, inserted, loaded, deleted, detached. [`Session::typed`] tells the key of an entity.
    pub fn state_changed(&self, listener: impl Fn(&Session, AnyKey, StateChange) + Send + Sync + 'static) {
        self.states.add(Arc::new(listener));
    }

    /// Whether anybody wants to hear what becomes of objects.
    pub(crate) fn hears_states(&self) -> bool {
        !self.states.0.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    pub(crate) fn fire_state(&self, session: &Session, key: AnyKey, change: StateChange) {
        self.states.all().iter().for_each(|listener| listener(session, key, change));
    }

    pub(crate) fn fire_before_flush(&self, session: &mut Session) -> Result<()> {
        self.before_flush.all().iter().try_for_each(|listener| listener(session))
    }

    pub(crate) fn fire_after_flush(&self) {
        self.after_flush.all().iter().for_each(|listener| listener());
    }

    pub(crate) fn fire_begin(&self) {
        self.after_begin.all().iter().for_each(|listener| listener());
    }

    pub(crate) fn fire_before_commit(&self) {
        self.before_commit.all().iter().for_each(|listener| listener());
    }

    pub(crate) fn fire_after_commit(&self) {
        self.after_commit.all().iter().for_each(|listener| listener());
    }

    pub(crate) fn fire_after_rollback(&self) {
        self.after_rollback.all().iter().for_each(|listener| listener());
    }

    pub(crate) fn fire_execute(&self, execute: &mut OrmExecute<'_>) -> Result<()> {
        self.execute.all().iter().try_for_each(|listener| listener(execute))
    }

    /// Whether anybody wants to hear of statements.
    pub(crate) fn hears_execute(&self) -> bool {
        !self.execute.0.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    pub(crate) fn fire_n_plus_one(&self, found: &NPlusOne) {
        self.n_plus_one.all().iter().for_each(|listener| listener(found));
    }

    pub(crate) fn has_row_listeners(&self) -> bool {
        !self.rows.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn of(&self, entity: TypeId, event: RowEvent) -> Vec<Arc<RowListener>> {
        let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner);
        let is_it = |(other, of, _): &&(TypeId, RowEvent, Arc<RowListener>)| *other == entity && *of == event;
        rows.iter().filter(is_it).map(|(_, _, listener)| Arc::clone(listener)).collect()
    }
}

impl fmt::Debug for SessionEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.rows.read().unwrap_or_else(PoisonError::into_inner).len();
        f.debug_struct("SessionEvents").field("rows", &rows).finish_non_exhaustive()
    }
}
