//! Which columns are loaded.

use std::marker::PhantomData;

use aludel_sql::{Column, ColumnSet};

use super::{LoadOption, LoadPlan};
use crate::mapper::Mapped;

/// Columns of an entity: one, or a tuple of them.
pub trait ColumnNames<A> {
    /// Their positions.
    #[doc(hidden)]
    fn positions(&self) -> ColumnSet;
}

impl<A, T> ColumnNames<A> for Column<A, T> {
    fn positions(&self) -> ColumnSet {
        ColumnSet::default().with(self.definition().index())
    }
}

macro_rules! tuples {
    ($($name:ident $index:tt)+) => {
        impl<Ent, $($name),+> ColumnNames<Ent> for ($(Column<Ent, $name>,)+) {
            fn positions(&self) -> ColumnSet {
                ColumnSet::default()$(.with(self.$index.definition().index()))+
            }
        }
    };
}

tuples!(A 0);
tuples!(A 0 B 1);
tuples!(A 0 B 1 C 2);
tuples!(A 0 B 1 C 2 D 3);
tuples!(A 0 B 1 C 2 D 3 E 4);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);

/// Which columns of an entity are loaded; see [`load_only`] and [`defer`].
#[derive(Clone, Debug)]
#[must_use = "an option does nothing until it is given to a query"]
pub struct Columns<A> {
    columns: ColumnSet,
    /// Whether they are those that were named, and not those that were left over.
    is_only: bool,
    marker: PhantomData<fn() -> A>,
}

/// Loads only these columns, and those of the primary key. The fields of the others are blank (`None`, 0, the empty text)
/// until [`Session::refresh_only`](crate::Session::refresh_only) or a wider query loads them;
/// [`Session::is_column_loaded`](crate::Session::is_column_loaded) tells, and a flush doesn't write them unless they were set.
pub fn load_only<A: Mapped>(columns: impl ColumnNames<A>) -> Columns<A> {
    Columns { columns: with_identity::<A>(columns.positions()), is_only: true, marker: PhantomData }
}

/// Loads all columns but these; see [`load_only`] for what stands in their fields. The primary key is always loaded.
pub fn defer<A: Mapped>(columns: impl ColumnNames<A>) -> Columns<A> {
    let all = ColumnSet::first(A::mapper().columns().len());
    let kept = columns.positions().iter().fold(all, ColumnSet::without);
    Columns { columns: with_identity::<A>(kept), is_only: false, marker: PhantomData }
}

/// What says which object it is, and of which kind, is always loaded.
fn with_identity<A: Mapped>(columns: ColumnSet) -> ColumnSet {
    let mapper = A::mapper();
    mapper.primary_key().iter().copied().chain(mapper.kind_column()).fold(columns, ColumnSet::with)
}

impl<A: Mapped> LoadOption<A> for Columns<A> {
    fn apply(self, plan: &mut LoadPlan) {
        let known = plan.columns.iter_mut().find(|(mapper, _)| std::ptr::eq(*mapper, A::mapper()));
        match known {
            None => plan.columns.push((A::mapper(), self.columns)),
            Some((_, columns)) if self.is_only => *columns = self.columns.iter().fold(*columns, ColumnSet::with),
            // Left out by one of them is left out.
            Some((_, columns)) => {
                let kept = columns.iter().filter(|column| self.columns.has(*column));
                *columns = kept.fold(ColumnSet::default(), ColumnSet::with);
            }
        }
    }
}
