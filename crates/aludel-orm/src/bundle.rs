//! Some columns of a query as one value.

use std::marker::PhantomData;

use aludel_core::FromRow;
use aludel_sql::Selectable;

/// Some columns of a query that are read as one value; see [`bundle`].
#[derive(Clone, Debug)]
pub struct Bundle<T, S> {
    columns: S,
    marker: PhantomData<fn() -> T>,
}

/// Some columns of a query as one value of a type that implements `FromRow`, beside whatever else is selected:
/// `select((User::ID, bundle::<Names, _>((User::NAME, User::FULLNAME))))`.
///
/// The type takes the columns in their order; another number of columns than it takes doesn't compile.
pub fn bundle<T: FromRow, S: Selectable>(columns: S) -> Bundle<T, S> {
    const { assert!(T::WIDTH == <S::Row as FromRow>::WIDTH, "the bundle's type takes another number of columns") };
    Bundle { columns, marker: PhantomData }
}

impl<T: FromRow, S: Selectable> Selectable for Bundle<T, S> {
    type Row = T;
    fn project(self, tape: &mut aludel_sql::Tape) {
        self.columns.project(tape);
    }
}
