//! DELETE.

use std::marker::PhantomData;

use aludel_core::FromRow;

use super::column::TableRef;
use super::entity::Entity;
use super::executable::{Executable, RowsAs};
use super::into_expr::IntoExpr;
use super::select::{Select, push_filter, push_number};
use super::selectable::Selectable;
use super::source::IntoSource;
use super::subquery::{Cte, CteOptions};
use crate::tape::{Arguments, Op, Tape};

/// A DELETE from the table of `E`; `R` is what it returns.
#[derive(Clone, Debug)]
pub struct Delete<E, R = ()> {
    tape: Box<Tape>,
    marker: PhantomData<fn() -> (E, R)>,
}

/// `DELETE FROM table`. Without a [`filter`](Delete::filter) it deletes every row.
#[must_use]
pub fn delete<E: Entity>(table: TableRef<E>) -> Delete<E> {
    let mut tape = Box::<Tape>::default();
    table.push_source(&mut tape);
    tape.op(Op::BeginDelete);
    Delete { tape, marker: PhantomData }
}

impl<E, R> Delete<E, R> {
    pub(super) fn of(tape: Box<Tape>) -> Self {
        Self { tape, marker: PhantomData }
    }

    /// `WHERE condition`; called again, both must hold.
    #[must_use]
    pub fn filter(mut self, condition: impl IntoExpr<bool>) -> Self {
        push_filter(&mut self.tape, condition.into_raw_expr());
        self
    }

    /// Reads further tables: `DELETE … USING`, where the database has it.
    #[must_use]
    pub fn using(mut self, source: impl IntoSource) -> Self {
        source.push_source(&mut self.tape);
        self.tape.op(Op::From);
        self
    }

    /// At most so many rows, where the database has it in a DELETE.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        push_number(&mut self.tape, rows, Op::Limit);
        self
    }

    /// Gives the deleted rows.
    #[must_use]
    pub fn returning<S: Selectable>(mut self, columns: S) -> Delete<E, S::Row> {
        columns.project(&mut self.tape);
        Delete { tape: self.tape, marker: PhantomData }
    }

    /// A query of the rows that it deletes, for layers that must know them where the database can't return them.
    #[doc(hidden)]
    pub fn matched<S: Selectable>(&self, columns: S) -> Select<S::Row> {
        let mut tape = self.tape.clone();
        tape.op(Op::Matched);
        columns.project(&mut tape);
        Select::from_tape(tape)
    }

    /// The returned rows as a common table expression, where the database has it.
    #[must_use]
    pub fn cte(self, name: impl Into<String>) -> Cte<R> {
        Cte::new(self.tape, name.into(), &CteOptions::default())
    }

    /// Reads the returned rows into another type, its fields matched with the columns by name.
    #[must_use]
    pub fn rows_as<T: FromRow>(self) -> RowsAs<Self, T> {
        RowsAs::new(self)
    }
}

impl<E, R: FromRow + Send + 'static> Executable for Delete<E, R> {
    type Row = R;
    fn into_arguments(self) -> Arguments {
        Arguments::new(self.tape)
    }
}
