//! What can be added to a session.

use aludel_sql::ColumnSet;

use crate::mapper::Mapped;

/// An object that is new to a session: a plain struct, or a builder that leaves columns to the database.
///
/// A builder is one as soon as every required column is set that is no foreign key: those may follow by
/// [`link`](crate::Session::link), or because the object stands in its parent's collection.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be added as a `{T}`",
    label = "neither `{T}` nor its builder",
    note = "a builder must have every required column set, but for foreign keys, before it can be added"
)]
pub trait IntoNew<T> {
    /// The object, and which of its columns were given.
    #[doc(hidden)]
    fn into_new(self) -> New<T>;
}

/// An object that is new to a session.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub struct New<T> {
    pub value: T,
    /// The columns that a builder has set; `None` for a plain struct, which gives all of them.
    pub given: Option<ColumnSet>,
}

impl<T: Mapped> IntoNew<T> for T {
    fn into_new(self) -> New<T> {
        New { value: self, given: None }
    }
}

impl<T> IntoNew<T> for New<T> {
    fn into_new(self) -> Self {
        self
    }
}
