//! What happens to the objects on the other side.

/// What of what is done to an object is done to those on the other side of a relationship too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cascade {
    /// They are deleted with it. Otherwise a foreign key that may be NULL is set to NULL.
    pub delete: bool,
    /// They are deleted when they are taken out of the relationship and have no other parent in it.
    pub delete_orphan: bool,
    /// They are merged with it.
    pub merge: bool,
    /// They are expunged with it.
    pub expunge: bool,
}

impl Cascade {
    /// What holds if nothing is said: they are merged with it.
    pub const DEFAULT: Self = Self { delete: false, delete_orphan: false, merge: true, expunge: false };

    /// `cascade = "delete"`
    #[doc(hidden)]
    #[must_use]
    pub const fn delete(mut self) -> Self {
        self.delete = true;
        self
    }

    /// `cascade = "delete-orphan"`
    #[doc(hidden)]
    #[must_use]
    pub const fn delete_orphan(mut self) -> Self {
        self.delete = true;
        self.delete_orphan = true;
        self
    }

    /// `cascade = "expunge"`
    #[doc(hidden)]
    #[must_use]
    pub const fn expunge(mut self) -> Self {
        self.expunge = true;
        self
    }

    /// `cascade = "all"`: delete, merge and expunge.
    #[doc(hidden)]
    #[must_use]
    pub const fn all(self) -> Self {
        self.delete().expunge()
    }

    /// `cascade = "none"`
    #[doc(hidden)]
    #[must_use]
    pub const fn none(mut self) -> Self {
        self.merge = false;
        self
    }
}
