//! A relationship to many.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::RelationField;
use super::key_list::{KeyList, place};
use super::keys::{holds_keys, holds_values, not_loaded};
use crate::arena::{Arena, Walk};
use crate::key::{Key, RawKey};
use crate::mapper::Mapped;
use crate::new::{IntoNew, New};
use crate::session::{Merged, Merging, Session, merge_one};

/// The field of a relationship to many objects: one pointer wide.
///
/// Outside a session it is unloaded or holds values. Inside, a loaded one holds the keys of the objects, in their order; the
/// session keeps it, by [`link`](crate::Session::link) and [`unlink`](crate::Session::unlink). Values that are
/// [pushed](Self::push) become objects of the session at the next flush, and a whole new list that is assigned
/// replaces what was there.
///
/// Reading one that was not loaded panics and says which loader to add; it never does I/O.
pub struct Many<T>(Option<Arc<Inner<T>>>);

enum Inner<T> {
    /// Of the program.
    Values(Vec<T>),
    /// Of the session.
    Keys(List<T>),
}

struct List<T> {
    is_loaded: bool,
    /// When it was read from the database; 0 for never, or in part.
    epoch: u32,
    keys: KeyList,
    /// What the session has yet to take over.
    new: Vec<New<T>>,
}

impl<T> Many<T> {
    /// Not loaded.
    #[must_use]
    pub const fn unloaded() -> Self {
        Self(None)
    }

    /// Whether the other side is known.
    #[must_use]
    pub fn is_loaded(&self) -> bool {
        match self.0.as_deref() {
            None => false,
            Some(Inner::Values(_)) => true,
            Some(Inner::Keys(list)) => list.is_loaded,
        }
    }

    /// Whether it is not known who is on the other side: for `#[serde(skip_serializing_if = "Many::is_unloaded")]`.
    #[must_use]
    pub fn is_unloaded(&self) -> bool {
        !self.is_loaded()
    }

    /// How many there are; those that were pushed and not flushed yet count.
    ///
    /// # Panics
    /// When it was not loaded.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.0.as_deref() {
            Some(Inner::Values(values)) => values.len(),
            Some(Inner::Keys(list)) if list.is_loaded => list.keys.as_slice().len() + list.new.len(),
            _ => not_loaded("Many", std::any::type_name::<T>()),
        }
    }

    /// Whether there are none.
    ///
    /// # Panics
    /// When it was not loaded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The keys of the objects, of a field inside a session. It copies nothing, so it keeps the session borrowed;
    /// [`Session::keys`](crate::Session::keys) gives a list to change the session by.
    ///
    /// # Panics
    /// When it was not loaded, or holds values.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = Key<T>> + DoubleEndedIterator {
        match self.0.as_deref() {
            Some(Inner::Keys(list)) if list.is_loaded => list.keys.as_slice().iter().map(|key| Key::new(*key)),
            Some(Inner::Values(_)) => holds_values("Many", std::any::type_name::<T>()),
            _ => not_loaded("Many", std::any::type_name::<T>()),
        }
    }

    /// The values, of a field outside a session.
    ///
    /// # Panics
    /// When it was not loaded, or holds keys.
    #[must_use]
    pub fn values(&self) -> &[T] {
        match self.0.as_deref() {
            Some(Inner::Values(values)) => values,
            Some(Inner::Keys(list)) if list.is_loaded => holds_keys("Many", std::any::type_name::<T>()),
            _ => not_loaded("Many", std::any::type_name::<T>()),
        }
    }

    /// The values, if it holds values.
    #[must_use]
    pub fn try_values(&self) -> Option<&[T]> {
        match self.0.as_deref() {
            Some(Inner::Values(values)) => Some(values),
            _ => None,
        }
    }

    /// The values one by one, as [`values`](Self::values).
    ///
    /// # Panics
    /// When it was not loaded, or holds keys.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.values().iter()
    }

    /// Takes the values out and leaves it unloaded; none where there are no values.
    #[must_use]
    pub fn take(&mut self) -> Vec<T> {
        match self.0.take().map(Arc::try_unwrap) {
            Some(Ok(Inner::Values(values))) => values,
            _ => Vec::new(),
        }
    }

    /// Adds a new object: to the values, or, in a session, to those that become objects at the next flush. It need not be
    /// loaded for that.
    pub fn push(&mut self, new: impl IntoNew<T>) {
        let new = new.into_new();
        if let Some(Inner::Values(values)) = self.0.as_mut().and_then(Arc::get_mut) {
            values.push(new.value);
            return;
        }
        self.list().new.push(new);
    }

    /// The list, to be changed. One that is shared is left to whoever shares it.
    fn list(&mut self) -> &mut List<T> {
        let is_own = matches!(self.0.as_mut().and_then(Arc::get_mut), Some(Inner::Keys(_)));
        if !is_own {
            let list = match self.0.as_deref() {
                Some(Inner::Keys(list)) => List { new: Vec::new(), keys: list.keys.clone(), ..*list },
                _ => List::unknown(),
            };
            self.0 = Some(Arc::new(Inner::Keys(list)));
        }
        match self.0.as_mut().and_then(Arc::get_mut) {
            Some(Inner::Keys(list)) => list,
            _ => unreachable!("the list was just made and nobody shares it"),
        }
    }
}

impl<T> List<T> {
    fn unknown() -> Self {
        Self { is_loaded: false, epoch: 0, keys: KeyList::default(), new: Vec::new() }
    }
}

impl<T: Mapped> RelationField for Many<T> {
    fn is_loaded(&self) -> bool {
        Self::is_loaded(self)
    }

    fn has_values(&self) -> bool {
        match self.0.as_deref() {
            None => false,
            Some(Inner::Values(_)) => true,
            Some(Inner::Keys(list)) => !list.new.is_empty(),
        }
    }

    fn is_assigned(&self) -> bool {
        matches!(self.0.as_deref(), Some(Inner::Values(_)))
    }

    fn keys(&self) -> &[RawKey] {
        match self.0.as_deref() {
            Some(Inner::Keys(list)) => list.keys.as_slice(),
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
        let new = match self.0.as_mut().and_then(Arc::get_mut) {
            Some(Inner::Keys(list)) => std::mem::take(&mut list.new),
            _ => Vec::new(),
        };
        self.0 = Some(Arc::new(Inner::Keys(List { is_loaded: true, epoch, keys: KeyList::new(keys), new })));
    }

    fn epoch(&self) -> u32 {
        match self.0.as_deref() {
            Some(Inner::Keys(list)) if list.is_loaded => list.epoch,
            _ => 0,
        }
    }

    fn unload(&mut self) {
        self.0 = None;
    }

    fn has_key(&mut self, key: RawKey) -> bool {
        match self.0.as_mut().map(Arc::get_mut) {
            Some(Some(Inner::Keys(list))) => list.keys.has(key),
            _ => RelationField::keys(self).contains(&key),
        }
    }

    fn insert_key(&mut self, key: RawKey, at: Option<usize>) -> Option<usize> {
        match self.0.as_deref() {
            Some(Inner::Keys(list)) if list.is_loaded => self.list().keys.insert(key, at),
            _ => None,
        }
    }

    fn push_key(&mut self, key: RawKey) -> Option<usize> {
        match self.0.as_deref() {
            Some(Inner::Keys(list)) if list.is_loaded => Some(self.list().keys.push(key)),
            _ => None,
        }
    }

    fn take_values(&mut self) -> Option<Box<dyn RelationField>> {
        if !self.has_values() {
            return None;
        }
        if let Some(Inner::Values(_)) = self.0.as_deref() {
            return Some(Box::new(std::mem::take(self)));
        }
        let list = self.list();
        let new = std::mem::take(&mut list.new);
        let taken = List { new, ..List::unknown() };
        Some(Box::new(Self(Some(Arc::new(Inner::Keys(taken))))))
    }

    fn remove_key(&mut self, key: RawKey) -> Option<usize> {
        let at = place(RelationField::keys(self), key)?;
        self.list().keys.remove(at);
        Some(at)
    }

    fn adopt(&mut self, arena: &mut Arena) -> (Vec<RawKey>, bool) {
        match self.0.take().map(Arc::try_unwrap) {
            Some(Ok(Inner::Values(values))) => {
                let new = values.into_iter().map(|value| New { value, given: None });
                (new.map(|new| arena.adopt(new)).collect(), true)
            }
            Some(Ok(Inner::Keys(mut list))) => {
                let new = std::mem::take(&mut list.new);
                let added = new.into_iter().map(|new| arena.adopt(new)).collect();
                self.0 = Some(Arc::new(Inner::Keys(list)));
                (added, false)
            }
            Some(Err(shared)) => {
                self.0 = Some(shared);
                (Vec::new(), false)
            }
            None => (Vec::new(), false),
        }
    }

    fn merge<'s>(
        mut self: Box<Self>,
        session: &'s mut Session,
        merging: &'s mut Merging,
    ) -> Merged<'s, (Vec<RawKey>, bool)> {
        Box::pin(async move {
            if self.try_values().is_none() {
                return Ok(self.adopt(&mut session.arena));
            }
            let mut keys = Vec::new();
            for value in self.take() {
                keys.push(merge_one(session, value, merging).await?);
            }
            Ok((keys, true))
        })
    }

    fn own(&mut self, source: &dyn RelationField, arena: &Arena, walk: &mut Walk) {
        let values = match source.as_any().downcast_ref::<Self>().and_then(|source| source.0.as_deref()) {
            Some(Inner::Values(values)) => values.iter().map(|value| walk.value(arena, value)).collect(),
            Some(Inner::Keys(list)) if list.is_loaded => {
                let mut values: Vec<T> =
                    list.keys.as_slice().iter().filter_map(|key| walk.element(arena, *key)).collect();
                values.extend(list.new.iter().map(|new| walk.value(arena, &new.value)));
                values
            }
            _ => return,
        };
        self.0 = Some(Arc::new(Inner::Values(values)));
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self::unloaded()
    }
}

impl<T> From<Vec<T>> for Many<T> {
    fn from(values: Vec<T>) -> Self {
        Self(Some(Arc::new(Inner::Values(values))))
    }
}

impl<T> FromIterator<T> for Many<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        values.into_iter().collect::<Vec<_>>().into()
    }
}

impl<T: Clone> Clone for Many<T> {
    /// Values are copied; of a list of keys the keys alone.
    fn clone(&self) -> Self {
        match self.0.as_deref() {
            None => Self(None),
            Some(Inner::Values(values)) => values.clone().into(),
            Some(Inner::Keys(list)) => {
                let (keys, new) = (list.keys.clone(), list.new.clone());
                Self(Some(Arc::new(Inner::Keys(List { keys, new, ..*list }))))
            }
        }
    }
}

impl<T: PartialEq> PartialEq for Many<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self.0.as_deref(), other.0.as_deref()) {
            (None, None) => true,
            (Some(Inner::Values(one)), Some(Inner::Values(other))) => one == other,
            (Some(Inner::Keys(one)), Some(Inner::Keys(other))) => {
                one.is_loaded == other.is_loaded
                    && one.keys.as_slice() == other.keys.as_slice()
                    && one.new.is_empty()
                    && other.new.is_empty()
            }
            _ => false,
        }
    }
}

impl<'a, T> IntoIterator for &'a Many<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: fmt::Debug> fmt::Debug for Many<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_deref() {
            None => f.write_str("Unloaded"),
            Some(Inner::Values(values)) => values.fmt(f),
            Some(Inner::Keys(list)) if list.is_loaded => list.keys.as_slice().fmt(f),
            Some(Inner::Keys(_)) => f.write_str("Unloaded"),
        }
    }
}

/// What a builder takes for a relationship to many: anything that gives new objects one by one.
pub trait IntoMany<T> {
    /// The field.
    #[doc(hidden)]
    fn into_many(self) -> Many<T>;
}

impl<T, I> IntoMany<T> for I
where
    I: IntoIterator,
    I::Item: IntoNew<T>,
{
    fn into_many(self) -> Many<T> {
        let new = self.into_iter().map(IntoNew::into_new).collect();
        Many(Some(Arc::new(Inner::Keys(List { is_loaded: true, new, ..List::unknown() }))))
    }
}
