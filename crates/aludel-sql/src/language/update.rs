//! UPDATE.

use std::marker::PhantomData;

use aludel_core::{FromRow, SqlTyped};

use super::column::{Column, TableRef};
use super::entity::Entity;
use super::executable::{Executable, RowsAs};
use super::into_expr::IntoExpr;
use super::order::IntoOrder;
use super::select::{Select, push_filter, push_number};
use super::selectable::Selectable;
use super::source::IntoSource;
use super::subquery::{Cte, CteOptions};
use crate::tape::{Arguments, Op, Tape};

/// An UPDATE of the table of `E`; `R` is what it returns.
#[derive(Clone, Debug)]
pub struct Update<E, R = ()> {
    tape: Box<Tape>,
    marker: PhantomData<fn() -> (E, R)>,
}

/// `UPDATE table`. Without a [`filter`](Update::filter) it changes every row.
#[must_use]
pub fn update<E: Entity>(table: TableRef<E>) -> Update<E> {
    let mut tape = Box::<Tape>::default();
    table.push_source(&mut tape);
    tape.op(Op::BeginUpdate);
    Update { tape, marker: PhantomData }
}

impl<E: Entity, R> Update<E, R> {
    /// `SET column = value`; the value may be an expression over the row as it was.
    #[must_use]
    pub fn set<T: SqlTyped>(mut self, column: Column<E, T>, value: impl IntoExpr<T::Base>) -> Self {
        value.into_raw_expr().append_to(&mut self.tape);
        self.tape.op(Op::Set);
        self.tape.column(column.definition());
        self
    }

    /// As [`set`](Self::set) if there is a value.
    #[must_use]
    pub fn set_if<T: SqlTyped, V: IntoExpr<T::Base>>(self, column: Column<E, T>, value: Option<V>) -> Self {
        match value {
            Some(value) => self.set(column, value),
            None => self,
        }
    }
}

impl<E, R> Update<E, R> {
    pub(super) fn of(tape: Box<Tape>) -> Self {
        Self { tape, marker: PhantomData }
    }

    pub(super) fn tape_mut(&mut self) -> &mut Tape {
        &mut self.tape
    }

    /// Reads further tables: `UPDATE … FROM`.
    #[must_use]
    pub fn from(mut self, source: impl IntoSource) -> Self {
        source.push_source(&mut self.tape);
        self.tape.op(Op::From);
        self
    }

    /// `WHERE condition`; called again, both must hold.
    #[must_use]
    pub fn filter(mut self, condition: impl IntoExpr<bool>) -> Self {
        push_filter(&mut self.tape, condition.into_raw_expr());
        self
    }

    /// `ORDER BY`, where the database has it in an UPDATE.
    #[must_use]
    pub fn order_by(mut self, order: impl IntoOrder) -> Self {
        let count = order.push_orders(&mut self.tape);
        self.tape.op(Op::OrderBy);
        self.tape.count(count);
        self
    }

    /// At most so many rows, where the database has it in an UPDATE.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        push_number(&mut self.tape, rows, Op::Limit);
        self
    }

    /// Gives the changed rows.
    #[must_use]
    pub fn returning<S: Selectable>(mut self, columns: S) -> Update<E, S::Row> {
        columns.project(&mut self.tape);
        Update { tape: self.tape, marker: PhantomData }
    }

    /// A query of the rows that it changes, for layers that must know them where the database can't return them.
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

impl<E, R: FromRow + Send + 'static> Executable for Update<E, R> {
    type Row = R;
    fn into_arguments(self) -> Arguments {
        Arguments::new(self.tape)
    }
}
