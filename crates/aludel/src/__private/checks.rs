//! What the compiler checks for the derives.

use aludel_core::SqlTyped;
use aludel_sql::Column;

/// Two columns of one type.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` can't refer to a column of type `{T}`",
    label = "this is a `{T}`",
    note = "a foreign key has the type of the column it refers to, or `Option` of it"
)]
pub trait SameType<T, M> {}

impl<T> SameType<T, ()> for T {}

/// Keeps the compiler from taking the first implementation for the only one, and so from inferring that the types are
/// the same before it knows the second: its own message would come then, and not the one above.
impl<T> SameType<Nothing, Nothing> for T {}

/// No type of a column.
#[derive(Debug)]
pub struct Nothing;

/// An entity with columns that a foreign key can refer to.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no column that a foreign key can refer to",
    label = "an entity with a primary key or a unique column is needed here"
)]
pub trait Keyed {
    /// Has a function of the name of each such column.
    type Unique;
}

/// Compiles when the first column can refer to the second.
pub fn references<E, F, T, U, A, B, M>(_: (Column<E, T>, Column<F, U>))
where
    T: SqlTyped<Base = A>,
    U: SqlTyped<Base = B>,
    A: SameType<B, M>,
{
}
