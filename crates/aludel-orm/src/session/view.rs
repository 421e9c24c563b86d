//! Reading a graph.

use std::fmt;
use std::ops::Deref;

use serde::ser::{Serialize, Serializer};

use super::Session;
use crate::key::Key;
use crate::mapper::Mapped;
use crate::relation::{ToMany, ToOne};

/// An object of a session, read together with its relationships; `Copy`.
///
/// It serializes as the object with what is loaded of its graph; see [`Session::owned`] for where that is cut.
pub struct View<'s, T> {
    session: &'s Session,
    key: Key<T>,
    object: &'s T,
}

impl<'s, T: Mapped> View<'s, T> {
    pub(super) fn new(session: &'s Session, key: Key<T>, object: &'s T) -> Self {
        Self { session, key, object }
    }

    /// The object's key.
    #[must_use]
    pub const fn key(self) -> Key<T> {
        self.key
    }

    /// The object, for as long as the session is borrowed.
    #[must_use]
    pub const fn get(self) -> &'s T {
        self.object
    }

    /// The objects of a relationship to many, in their order.
    ///
    /// # Panics
    /// When it was not loaded; the text says how to load it.
    #[track_caller]
    pub fn many<B: Mapped>(self, relationship: ToMany<T, B>) -> impl ExactSizeIterator<Item = View<'s, B>> {
        let keys = self.session.keys(self.key, relationship);
        let session = self.session;
        keys.into_iter().map(move |key| session.view(key))
    }

    /// The object of a relationship to one, if there is one.
    ///
    /// # Panics
    /// When it is not known; the text says how to load it.
    #[track_caller]
    #[must_use]
    pub fn one<B: Mapped>(self, relationship: ToOne<T, B>) -> Option<View<'s, B>> {
        self.session.one(self.key, relationship).map(|key| self.session.view(key))
    }

    /// The objects at the end of two relationships: an association object's far side, as an association proxy gives it.
    ///
    /// # Panics
    /// When one of them was not loaded.
    #[track_caller]
    pub fn through<B: Mapped, C: Mapped>(
        self,
        first: ToMany<T, B>,
        second: ToOne<B, C>,
    ) -> impl Iterator<Item = View<'s, C>> {
        self.many(first).filter_map(move |between| between.one(second))
    }

    /// A copy of the object with what is loaded of its graph.
    #[must_use]
    pub fn owned(self) -> T {
        self.session.owned(self.key)
    }
}

impl<T> Clone for View<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for View<'_, T> {}

impl<T> Deref for View<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.object
    }
}

impl<T: Mapped + Serialize> Serialize for View<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.owned().serialize(serializer)
    }
}

impl<T: fmt::Debug> fmt::Debug for View<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.object.fmt(f)
    }
}
