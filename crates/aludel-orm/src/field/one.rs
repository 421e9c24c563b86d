//! A relationship to one, or none.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::RelationField;
use super::keys::{holds_keys, holds_values, not_loaded};
use crate::arena::{Arena, Walk};
use crate::key::{Key, RawKey};
use crate::mapper::Mapped;
use crate::new::{IntoNew, New};
use crate::session::{Merged, Merging, Session, merge_one};

/// The field of a relationship to one object, or none: one pointer wide.
///
/// Outside a session it is unloaded or holds a value (or that there is none). Inside, a loaded one holds a key. A value
/// that is [set](Self::set) becomes an object of the session at the next flush.
///
/// Reading one that was not loaded panics and says which loader to add; it never does I/O.
pub struct One<T>(Option<Arc<Inner<T>>>);

enum Inner<T> {
    /// Of the program.
    Value(Option<T>),
    /// Of the session, and when it was read from the database; 0 for never.
    Key(Option<RawKey>, u32),
    /// What the session has yet to take over.
    New(New<T>),
}

impl<T> One<T> {
    /// Not loaded.
    #[must_use]
    pub const fn unloaded() -> Self {
        Self(None)
    }

    /// Known to be nobody.
    #[must_use]
    pub fn nobody() -> Self {
        Self(Some(Arc::new(Inner::Value(None))))
    }

    /// A new object, given as a plain struct or as a builder.
    #[must_use]
    pub fn new(new: impl IntoNew<T>) -> Self {
        Self::of_new(new.into_new())
    }

    /// What the derive's builders write.
    #[doc(hidden)]
    #[must_use]
    pub fn of_new(new: New<T>) -> Self {
        Self(Some(Arc::new(Inner::New(new))))
    }

    /// Whether the other side is known.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        self.0.is_some()
    }

    /// Whether it is not known who is on the other side: for `#[serde(skip_serializing_if = "One::is_unloaded")]`.
    #[must_use]
    pub fn is_unloaded(&self) -> bool {
        self.0.is_none()
    }

    /// Whether there is somebody.
    ///
    /// # Panics
    /// When it was not loaded.
    #[must_use]
    pub fn is_some(&self) -> bool {
        match self.0.as_deref() {
            None => not_loaded("One", std::any::type_name::<T>()),
            Some(Inner::Value(value)) => value.is_some(),
            Some(Inner::Key(key, _)) => key.is_some(),
            Some(Inner::New(_)) => true,
        }
    }

    /// Whether there is nobody.
    ///
    /// # Panics
    /// When it was not loaded.
    #[must_use]
    pub fn is_none(&self) -> bool {
        !self.is_some()
    }

    /// The key of the object, of a field inside a session.
    ///
    /// # Panics
    /// When it was not loaded, or holds a value.
    #[must_use]
    pub fn key(&self) -> Option<Key<T>> {
        match self.0.as_deref() {
            None => not_loaded("One", std::any::type_name::<T>()),
            Some(Inner::Key(key, _)) => key.map(Key::new),
            Some(Inner::Value(None)) => None,
            Some(Inner::Value(Some(_)) | Inner::New(_)) => holds_values("One", std::any::type_name::<T>()),
        }
    }

    /// The value, of a field outside a session.
    ///
    /// # Panics
    /// When it was not loaded, or holds a key.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        match self.0.as_deref() {
            None => not_loaded("One", std::any::type_name::<T>()),
            Some(Inner::Value(value)) => value.as_ref(),
            Some(Inner::New(new)) => Some(&new.value),
            Some(Inner::Key(None, _)) => None,
            Some(Inner::Key(Some(_), _)) => holds_keys("One", std::any::type_name::<T>()),
        }
    }

    /// Takes the value out and leaves it unloaded.
    #[must_use]
    pub fn take(&mut self) -> Option<T> {
        match self.0.take().map(Arc::try_unwrap) {
            Some(Ok(Inner::Value(value))) => value,
            Some(Ok(Inner::New(new))) => Some(new.value),
            _ => None,
        }
    }

    /// Sets a new object; in a session it becomes one at the next flush.
    pub fn set(&mut self, new: impl IntoNew<T>) {
        *self = Self::of_new(new.into_new());
    }
}

impl<T: Mapped> RelationField for One<T> {
    fn is_loaded(&self) -> bool {
        Self::is_loaded(self)
    }

    fn has_values(&self) -> bool {
        matches!(self.0.as_deref(), Some(Inner::Value(_) | Inner::New(_)))
    }

    fn is_assigned(&self) -> bool {
        self.has_values()
    }

    fn keys(&self) -> &[RawKey] {
        match self.0.as_deref() {
            Some(Inner::Key(key, _)) => key.as_slice(),
            _ => &[],
        }
    }

    fn is_same(&self, other: &dyn RelationField) -> bool {
        match (&self.0, other.as_any().downcast_ref::<Self>().map(|other| &other.0)) {
            (None, Some(None)) => true,
            (Some(one), Some(Some(other))) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }

    fn share(&mut self, other: &dyn RelationField) {
        if let Some(other) = other.as_any().downcast_ref::<Self>() {
            self.0.clone_from(&other.0);
        }
    }

    fn set_keys(&mut self, keys: Vec<RawKey>, epoch: u32) {
        self.0 = Some(Arc::new(Inner::Key(keys.first().copied(), epoch)));
    }

    fn epoch(&self) -> u32 {
        match self.0.as_deref() {
            Some(Inner::Key(_, epoch)) => *epoch,
            _ => 0,
        }
    }

    fn unload(&mut self) {
        self.0 = None;
    }

    fn has_key(&mut self, key: RawKey) -> bool {
        self.keys() == [key]
    }

    fn insert_key(&mut self, key: RawKey, _: Option<usize>) -> Option<usize> {
        if !Self::is_loaded(self) || self.keys() == [key] {
            return None;
        }
        let epoch = self.epoch();
        self.0 = Some(Arc::new(Inner::Key(Some(key), epoch)));
        Some(0)
    }

    fn push_key(&mut self, key: RawKey) -> Option<usize> {
        self.insert_key(key, None)
    }

    fn take_values(&mut self) -> Option<Box<dyn RelationField>> {
        self.has_values().then(|| Box::new(std::mem::take(self)) as Box<dyn RelationField>)
    }

    fn remove_key(&mut self, key: RawKey) -> Option<usize> {
        (self.keys() == [key]).then(|| {
            let epoch = self.epoch();
            self.0 = Some(Arc::new(Inner::Key(None, epoch)));
            0
        })
    }

    fn adopt(&mut self, arena: &mut Arena) -> (Vec<RawKey>, bool) {
        let new = match self.0.take().map(Arc::try_unwrap) {
            Some(Ok(Inner::Value(None))) => {
                self.0 = Some(Arc::new(Inner::Key(None, 0)));
                return (Vec::new(), true);
            }
            Some(Ok(Inner::Value(Some(value)))) => New { value, given: None },
            Some(Ok(Inner::New(new))) => new,
            Some(Ok(key @ Inner::Key(..))) => {
                self.0 = Some(Arc::new(key));
                return (Vec::new(), false);
            }
            Some(Err(shared)) => {
                self.0 = Some(shared);
                return (Vec::new(), false);
            }
            None => return (Vec::new(), false),
        };
        (vec![arena.adopt(new)], true)
    }

    fn merge<'s>(
        mut self: Box<Self>,
        session: &'s mut Session,
        merging: &'s mut Merging,
    ) -> Merged<'s, (Vec<RawKey>, bool)> {
        Box::pin(async move {
            if matches!(self.0.as_deref(), Some(Inner::Value(Some(_)))) {
                let mut keys = Vec::new();
                if let Some(value) = self.take() {
                    keys.push(merge_one(session, value, merging).await?);
                }
                return Ok((keys, true));
            }
            Ok(self.adopt(&mut session.arena))
        })
    }

    fn own(&mut self, source: &dyn RelationField, arena: &Arena, walk: &mut Walk) {
        let value = match source.as_any().downcast_ref::<Self>().and_then(|source| source.0.as_deref()) {
            None => return,
            Some(Inner::Value(value)) => value.as_ref().map(|value| walk.value(arena, value)),
            Some(Inner::New(new)) => Some(walk.value(arena, &new.value)),
            Some(Inner::Key(None, _)) => None,
            // Where the graph comes back to an object on the way, it ends: nobody is known there.
            Some(Inner::Key(Some(key), _)) if walk.is_on_way::<T>(arena, *key) => return,
            // Somebody who has left the session is not known any more.
            Some(Inner::Key(Some(key), _)) => match walk.element::<T>(arena, *key) {
                Some(value) => Some(value),
                None => return,
            },
        };
        self.0 = Some(Arc::new(Inner::Value(value)));
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl<T> Default for One<T> {
    fn default() -> Self {
        Self::unloaded()
    }
}

impl<T> From<T> for One<T> {
    fn from(value: T) -> Self {
        Self(Some(Arc::new(Inner::Value(Some(value)))))
    }
}

impl<T> From<Option<T>> for One<T> {
    fn from(value: Option<T>) -> Self {
        Self(Some(Arc::new(Inner::Value(value))))
    }
}

impl<T: Clone> Clone for One<T> {
    fn clone(&self) -> Self {
        Self(self.0.as_deref().map(|inner| {
            Arc::new(match inner {
                Inner::Value(value) => Inner::Value(value.clone()),
                Inner::Key(key, epoch) => Inner::Key(*key, *epoch),
                Inner::New(new) => Inner::New(new.clone()),
            })
        }))
    }
}

impl<T: PartialEq> PartialEq for One<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self.0.as_deref(), other.0.as_deref()) {
            (None, None) => true,
            (Some(Inner::Value(one)), Some(Inner::Value(other))) => one == other,
            (Some(Inner::Key(one, _)), Some(Inner::Key(other, _))) => one == other,
            _ => false,
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for One<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_deref() {
            None => f.write_str("Unloaded"),
            Some(Inner::Value(value)) => value.fmt(f),
            Some(Inner::Key(key, _)) => key.fmt(f),
            Some(Inner::New(new)) => new.value.fmt(f),
        }
    }
}
