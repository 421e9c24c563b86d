//! Handles of the objects in a session.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroU32;

/// The handle of an object in a [`Session`](crate::Session): 8 bytes, `Copy`, and good as long as the object is there.
///
/// A key belongs to one session. One of another session, or of an object that was removed, is noticed: `session[key]`
/// panics and says why, [`Session::try_get`](crate::Session::try_get) gives the same as an error.
pub struct Key<T> {
    raw: RawKey,
    marker: PhantomData<fn() -> T>,
}

/// A key without the type of its object.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[doc(hidden)]
pub struct RawKey {
    pub(crate) slot: u32,
    /// Of the session and of the object that is in the slot now; no two objects of a program have the same, but by a wrap-around
    /// of 32 bits.
    pub(crate) tag: NonZeroU32,
}

impl<T> Key<T> {
    pub(crate) const fn new(raw: RawKey) -> Self {
        Self { raw, marker: PhantomData }
    }

    pub(crate) const fn raw(self) -> RawKey {
        self.raw
    }
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

impl<T> PartialEq for Key<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl<T> Eq for Key<T> {}

impl<T> PartialOrd for Key<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Key<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.raw.cmp(&other.raw)
    }
}

impl<T> Hash for Key<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl<T> fmt::Debug for Key<T> {
    /// `Key<User>(3)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = std::any::type_name::<T>();
        let name = name.rsplit("::").next().unwrap_or(name);
        write!(f, "Key<{name}>({})", self.raw.slot)
    }
}

impl fmt::Debug for RawKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.slot)
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn a_key_is_small_and_so_is_an_optional_one() {
        assert_eq!(size_of::<Key<String>>(), 8);
        assert_eq!(size_of::<Option<Key<String>>>(), 8);
    }
}
