//! What the session knows of its objects.

use aludel_core::{Result, Value};
use aludel_sql::Column;
use aludel_sql::schema::StaticColumn;

use super::Session;
use crate::arena::{AnyKey, State};
use crate::error::usage;
use crate::key::Key;
use crate::mapper::Mapped;

/// What a column was, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History<T> {
    /// Its value when the object was read, if it is another one now.
    pub old: Option<T>,
    /// Its value now.
    pub now: T,
}

impl<T> History<T> {
    /// Whether it was changed.
    #[must_use]
    pub const fn is_changed(&self) -> bool {
        self.old.is_some()
    }
}

/// A column that differs from what was read; see [`Session::changes`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ColumnChange {
    /// The column.
    pub column: &'static StaticColumn,
    /// Its value when the object was read.
    pub old: Value,
    /// Its value now.
    pub now: Value,
}

impl Session {
    /// Whether a flush would write something of the object: it is new, deleted, or has a column that differs.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    #[must_use]
    pub fn is_modified<T: Mapped>(&self, key: Key<T>) -> bool {
        let _: &T = &self[key];
        let Some(id) = self.arena.known_id(T::mapper()) else { return false };
        let table = self.arena.any(id);
        let slot = key.raw().slot;
        matches!(table.state(slot), State::Pending | State::Doomed) || !table.changes(slot).is_empty()
    }

    /// What a column was when the object was read, and what it is.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    #[must_use]
    pub fn history<T: Mapped, V: Clone + PartialEq + 'static>(&self, key: Key<T>, column: Column<T, V>) -> History<V> {
        let now = self.column_of(&self[key], column).clone();
        let old = self.arena.table::<T>().and_then(|table| table.first_of(key.raw().slot));
        let old = old.map(|old| self.column_of(old, column).clone()).filter(|old| *old != now);
        History { old, now }
    }

    /// Every column of the object that differs from what was read; none of a new object.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    #[must_use]
    pub fn changes<T: Mapped>(&self, key: Key<T>) -> Vec<ColumnChange> {
        let _: &T = &self[key];
        let Some(id) = self.arena.known_id(T::mapper()) else { return Vec::new() };
        let (table, slot) = (self.arena.any(id), key.raw().slot);
        let change = |at: usize| {
            let column = T::mapper().columns().get(at)?;
            Some(ColumnChange { column, old: table.first_column(slot, at), now: table.column(slot, at) })
        };
        table.changes(slot).iter().filter_map(change).collect()
    }

    /// The values of the object's primary key; those that the database has yet to make are 0, or whatever is blank.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    #[must_use]
    pub fn identity<T: Mapped>(&self, key: Key<T>) -> Vec<Value> {
        let _: &T = &self[key];
        let id = self.arena.known_id(T::mapper());
        id.map(|id| self.arena.any(id).identity(key.raw().slot)).unwrap_or_default()
    }

    fn column_of<'a, T: Mapped, V: 'static>(&self, object: &'a T, column: Column<T, V>) -> &'a V {
        let position = column.definition().index();
        match object.column_any(position).and_then(|value| value.downcast_ref()) {
            Some(value) => value,
            None => panic!("{column:?} has no field of its own in {}: read it from the object", T::mapper().name()),
        }
    }

    /// Whether the column was loaded, and not left out by [`load_only`](crate::load_only) or [`defer`](crate::defer).
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    #[must_use]
    pub fn is_column_loaded<T: Mapped, V>(&self, key: Key<T>, column: Column<T, V>) -> bool {
        let _: &T = &self[key];
        let id = self.arena.known_id(T::mapper());
        id.is_some_and(|id| !self.arena.any(id).missing(key.raw().slot).has(column.definition().index()))
    }

    /// The column's value, or an error if it was not loaded.
    ///
    /// # Errors
    /// When the key is no good, or the column was left out by [`load_only`](crate::load_only) or [`defer`](crate::defer).
    pub fn value<T: Mapped, V: 'static>(&self, key: Key<T>, column: Column<T, V>) -> Result<&V> {
        let object = self.try_get(key)?;
        if !self.is_column_loaded(key, column) {
            let (entity, name) = (T::mapper().name(), column.name().to_uppercase());
            return Err(usage(format!(
                "{entity}.{} of {key:?} was not loaded: read it by `session.refresh_only({key:?}, {entity}::{name})`",
                column.name()
            )));
        }
        Ok(self.column_of(object, column))
    }

    /// Whether the object is stale: it was read before the last commit or expire, and the next `get` or query reads it again.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    #[must_use]
    pub fn is_stale<T: Mapped>(&self, key: Key<T>) -> bool {
        let _: &T = &self[key];
        let id = self.arena.known_id(T::mapper());
        id.is_some_and(|id| !self.arena.any(id).is_fresh(key.raw().slot, self.arena.epoch()))
    }

    /// Whether the object is in the session.
    #[must_use]
    pub fn contains<T: Mapped>(&self, key: Key<T>) -> bool {
        self.arena.get::<T>(key.raw()).is_some()
    }

    /// The entity's new objects, which the next flush inserts, in the order in which they were added.
    #[must_use]
    pub fn pending<T: Mapped>(&self) -> Vec<Key<T>> {
        self.keys_in::<T>(|_, _, state| state == State::Pending)
    }

    /// The entity's objects that differ from what was read.
    #[must_use]
    pub fn dirty<T: Mapped>(&self) -> Vec<Key<T>> {
        self.keys_in::<T>(|table, slot, state| state == State::Persistent && !table.changes(slot).is_empty())
    }

    /// The entity's objects that the next flush deletes.
    #[must_use]
    pub fn deleted<T: Mapped>(&self) -> Vec<Key<T>> {
        self.keys_in::<T>(|_, _, state| state == State::Doomed)
    }

    /// All objects of an entity that are in the session and not deleted, in no particular order.
    #[must_use]
    pub fn all<T: Mapped>(&self) -> Vec<Key<T>> {
        self.keys_in::<T>(|_, _, state| matches!(state, State::Pending | State::Persistent))
    }

    /// How many objects are in the session.
    #[must_use]
    pub fn len(&self) -> usize {
        self.arena.tables().map(|(_, table)| table.slots().len()).sum()
    }

    /// Whether there are no objects in the session.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a flush has something to do.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.arena.has_changes()
    }

    fn keys_in<T: Mapped>(&self, is_wanted: impl Fn(&dyn crate::arena::AnyTable, u32, State) -> bool) -> Vec<Key<T>> {
        let Some(id) = self.arena.known_id(T::mapper()) else { return Vec::new() };
        let table = self.arena.any(id);
        let slots = table.slots().into_iter().filter(|slot| is_wanted(table, *slot, table.state(*slot)));
        slots.filter_map(|slot| table.key(slot).map(Key::new)).collect()
    }

    /// The typed key of an object, if it is of this entity.
    #[must_use]
    pub fn typed<T: Mapped>(&self, key: AnyKey) -> Option<Key<T>> {
        (self.arena.known_id(T::mapper()) == Some(key.table)).then(|| Key::new(key.raw))
    }
}
