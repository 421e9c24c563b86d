//! What the compiler checks for the derives.

use aludel_core::SqlTyped;
use aludel_sql::Column;

/// Two columns of one type.
#[diagnostic::on_unimplemented(
    message = "a column of type `{Self}` can't refer to a column of type `{T}`",
    label = "this is a `{T}`",
    note = "a foreign key has the type of the column it refers to, or `Option` of it"
)]
pub trait SameType<T> {}

impl<T> SameType<T> for T {}

/// Compiles when the first column can refer to the second.
pub const fn references<E, F, T, U>(_: Column<E, T>, _: Column<F, U>)
where
    T: SqlTyped<Base: SameType<U::Base>>,
    U: SqlTyped,
{
}
