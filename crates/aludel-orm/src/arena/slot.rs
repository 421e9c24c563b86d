//! A place for one object.

/// What an object is to the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nobody is here.
    Free,
    /// It was added and not flushed.
    Pending,
    /// It is a row of the database.
    Persistent,
    /// It is a row that the next flush deletes.
    Doomed,
    /// Its row was deleted; it can be read until the commit.
    Gone,
}

/// A place for one object.
pub(super) struct Slot<T> {
    pub(super) value: Option<T>,
    pub(super) tag: u32,
    /// When it was read from the database; older than the session's, it is stale.
    pub(super) epoch: u32,
    /// The first copy of an object that was changed, from 1; for a new one, which columns a builder gave.
    pub(super) note: u32,
    pub(super) state: State,
    pub(super) flags: u8,
}

/// Some columns were not loaded.
pub(super) const PARTIAL: u8 = 1;
/// A new object that was changed after it was added.
pub(super) const RETOUCHED: u8 = 2;
/// A new object that may hold values in its relationships.
pub(super) const HAS_VALUES: u8 = 4;
/// It was expired by itself.
pub(super) const EXPIRED: u8 = 8;
