//! Kinds that are entities of their own, with no table in common: concrete-table inheritance.
//!
//! The rows of all kinds are read by one statement, a `UNION ALL` of their tables in which each row says by a label of which
//! kind it is. In a session each is an object of its kind.

use std::fmt;
use std::marker::PhantomData;

use aludel_core::{Fault, FromRow, RowRef, SqlTyped};
use aludel_sql::{Column, Expr, Expression, IntoSource, Select, Selectable, Tape, Together};

use crate::arena::{Hows, Partial};
use crate::key::Key;
use crate::mapper::{Mapped, Mapper};
use crate::session_row::{Loading, SessionRow};

/// What the column is called that says of which kind a row is.
const LABEL: &str = "aludel_kind";

/// Kinds that are entities of their own. `#[derive(Kinds)]` writes it for an enum with `#[kinds(concrete)]`.
#[diagnostic::on_unimplemented(
    message = "the kinds of `{Self}` are not entities of their own",
    label = "not an enum of entities",
    note = "derive it: `#[derive(aludel::Kinds)] #[kinds(concrete)]`"
)]
pub trait ConcreteKinds: SessionRow {
    /// The name of their rows in a statement.
    #[doc(hidden)]
    const NAME: &'static str;
    /// The columns that any of them has.
    #[doc(hidden)]
    const COLUMNS: &'static [&'static str];
    /// The kinds with their labels.
    #[doc(hidden)]
    fn tables() -> Vec<(&'static str, &'static Mapper)>;
}

/// An entity that is one of the kinds `K`.
#[diagnostic::on_unimplemented(message = "`{Self}` is none of the kinds `{K}`", label = "not one of the kinds")]
pub trait KindOf<K>: Mapped {
    /// Its label.
    const LABEL: &'static str;
}

/// The rows of all kinds, to read from: `Staff::union()`.
pub struct KindUnion<K> {
    tables: Together,
    marker: PhantomData<fn() -> K>,
}

impl<K: ConcreteKinds> KindUnion<K> {
    /// What the derive writes.
    #[doc(hidden)]
    #[must_use]
    pub fn new() -> Self {
        let tables: Vec<_> = K::tables().into_iter().map(|(label, mapper)| (label, mapper.table())).collect();
        Self { tables: Together::new(K::NAME, LABEL, K::COLUMNS, &tables), marker: PhantomData }
    }

    /// A query of whole rows.
    #[must_use]
    pub fn select(&self) -> Select<K> {
        self.tables.select().retyped()
    }

    /// Whole rows beside other columns: `select((staff.all(), Project::TITLE)).from(&staff)`.
    #[must_use]
    pub fn all(&self) -> KindRows<K> {
        KindRows(self.clone())
    }

    /// A column, named by any kind that has it. It is that of all kinds with a column of this name, and NULL for the others.
    #[must_use]
    pub fn col<E: KindOf<K>, T: SqlTyped>(&self, column: Column<E, T>) -> Expr<T> {
        self.tables.column(column.name())
    }

    /// The label of a row's kind.
    #[must_use]
    pub fn kind(&self) -> Expr<String> {
        self.tables.label()
    }

    /// Whether a row is of the kind `E`.
    #[must_use]
    pub fn is<E: KindOf<K>>(&self) -> Expr<bool> {
        self.kind().eq(E::LABEL)
    }
}

impl<K: ConcreteKinds> Default for KindUnion<K> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K> Clone for KindUnion<K> {
    fn clone(&self) -> Self {
        Self { tables: self.tables.clone(), marker: PhantomData }
    }
}

impl<K> IntoSource for KindUnion<K> {
    fn push_source(&self, tape: &mut Tape) {
        self.tables.push_source(tape);
    }
}

impl<K> fmt::Debug for KindUnion<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KindUnion").field(&self.tables).finish()
    }
}

/// Whole rows of all kinds, to be selected; see [`KindUnion::all`].
pub struct KindRows<K>(KindUnion<K>);

impl<K: ConcreteKinds> Selectable for KindRows<K> {
    type Row = K;
    fn project(self, tape: &mut Tape) {
        self.0.tables.project_all(tape);
    }
}

impl<K> fmt::Debug for KindRows<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KindRows").field(&self.0).finish()
    }
}

/// Reads a row of one kind; `places` are those of its columns.
#[doc(hidden)]
pub fn read_kind<T: FromRow>(row: &dyn RowRef, start: usize, places: &[u16]) -> Result<T, Fault> {
    T::from_row(&Partial { row, start, places, names: None }, 0).map_err(|fault| located(fault, start, places))
}

/// As [`read_kind`], into a session.
#[doc(hidden)]
pub fn load_kind<T: Mapped>(
    row: &dyn RowRef,
    start: usize,
    places: &[u16],
    into: &mut Loading<'_>,
) -> Result<Key<T>, Fault> {
    // All columns are there, whatever an option says of a query of this entity alone.
    let hows = Hows { populate: into.hows.populate, special: Vec::new() };
    let mut into = Loading { arena: into.arena, hows: &hows };
    let row = Partial { row, start, places, names: None };
    <T as SessionRow>::load(&row, 0, &mut into).map_err(|fault| located(fault, start, places))
}

#[cold]
fn located(fault: Fault, start: usize, places: &[u16]) -> Fault {
    fault.moved(|column| start + places.get(column).map_or(column, |place| usize::from(*place)))
}
