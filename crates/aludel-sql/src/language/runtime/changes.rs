//! INSERT, UPDATE and DELETE of tables known only at run time.

use aludel_core::{EncodeRow, Kind, Value};

use super::{AtRunTime, RuntimeTable};
use crate::language::delete::Delete;
use crate::language::insert::{
    Assigned, Assignment, BulkColumns, BulkInsert, BulkTarget, Insert, OnConflict, TupleRows,
};
use crate::language::into_expr::IntoExpr;
use crate::language::raw::Raw;
use crate::language::select::Select;
use crate::language::source::IntoSource;
use crate::language::update::Update;
use crate::schema::StaticColumn;
use crate::tape::{Op, Tape};

impl RuntimeTable {
    /// An INSERT into the table: add values with [`set`](Insert::set), or any number of rows with [`rows`](Insert::rows).
    /// Without any it inserts one row of defaults. A name that the table doesn't have is an error when the statement is
    /// compiled.
    #[must_use]
    pub fn insert(&self) -> Insert<AtRunTime> {
        Insert::of(self.begin(Op::BeginInsert))
    }

    /// An UPDATE of the table. Without a [`filter`](Update::filter) it changes every row.
    #[must_use]
    pub fn update(&self) -> Update<AtRunTime> {
        Update::of(self.begin(Op::BeginUpdate))
    }

    /// A DELETE from the table. Without a [`filter`](Delete::filter) it deletes every row.
    #[must_use]
    pub fn delete(&self) -> Delete<AtRunTime> {
        Delete::of(self.begin(Op::BeginDelete))
    }

    /// `column = value`, for `ON CONFLICT … DO UPDATE`.
    #[must_use]
    pub fn set<B>(&self, column: &str, value: impl IntoExpr<B>) -> Assignment<AtRunTime> {
        Assignment::new(Assigned::Named(column.to_owned()), value.into_raw_expr())
    }

    fn begin(&self, op: Op) -> Box<Tape> {
        let mut tape = Box::<Tape>::default();
        self.push_source(&mut tape);
        tape.op(op);
        tape
    }
}

impl BulkTarget for AtRunTime {
    fn bulk_columns() -> &'static [StaticColumn] {
        &[]
    }
}

impl<R> Insert<AtRunTime, R> {
    /// The value of a column of the one row; it may be an expression.
    #[must_use]
    pub fn set<B>(mut self, column: &str, value: impl IntoExpr<B>) -> Self {
        push_set(self.tape_mut(), column, value.into_raw_expr());
        self
    }

    /// As [`set`](Self::set), of a value whose type is known at run time only.
    #[must_use]
    pub fn set_value(mut self, column: &str, value: Value) -> Self {
        push_set(self.tape_mut(), column, plain(value));
        self
    }

    /// Any number of rows for these columns, taken from the iterator one by one and encoded straight into the driver: tuples, or
    /// `Vec<Value>`s, or [`Row`](aludel_core::Row)s that were read elsewhere. They are inserted in one transaction: all or none.
    #[must_use]
    pub fn rows<'a, I>(
        self,
        columns: impl IntoIterator<Item = &'a str>,
        rows: I,
    ) -> BulkInsert<AtRunTime, TupleRows<(), I::IntoIter>, R>
    where
        I: IntoIterator,
        I::Item: EncodeRow,
    {
        let columns = columns.into_iter().map(str::to_owned).collect();
        BulkInsert::of(self.into_tape(), Some(BulkColumns::Named(columns)), TupleRows::new(rows.into_iter()))
    }

    /// The rows of a query, for these columns: `INSERT INTO … SELECT`.
    #[must_use]
    pub fn from_query<'a, Q>(mut self, columns: impl IntoIterator<Item = &'a str>, query: Select<Q>) -> Self {
        let tape = self.tape_mut();
        for column in columns {
            tape.op(Op::InsertNamed);
            tape.text(column);
        }
        tape.append(&mut query.into_tape());
        tape.op(Op::EndQuery);
        tape.op(Op::InsertQuery);
        self
    }

    /// What to do when a row with the same values of these columns is there already.
    pub fn on_conflict_of<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> OnConflict<Self> {
        push_conflict(self.tape_mut(), columns);
        OnConflict::of(self)
    }
}

impl<I, R> BulkInsert<AtRunTime, I, R> {
    /// What to do when a row with the same values of these columns is there already.
    pub fn on_conflict_of<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> OnConflict<Self> {
        push_conflict(self.tail_mut(), columns);
        OnConflict::of(self)
    }
}

impl<R> Update<AtRunTime, R> {
    /// `SET column = value`; the value may be an expression over the row as it was.
    #[must_use]
    pub fn set<B>(mut self, column: &str, value: impl IntoExpr<B>) -> Self {
        push_set(self.tape_mut(), column, value.into_raw_expr());
        self
    }

    /// As [`set`](Self::set), of a value whose type is known at run time only.
    #[must_use]
    pub fn set_value(mut self, column: &str, value: Value) -> Self {
        push_set(self.tape_mut(), column, plain(value));
        self
    }
}

fn push_set(tape: &mut Tape, column: &str, value: Raw) {
    value.append_to(tape);
    tape.op(Op::SetNamed);
    tape.text(column);
}

fn plain(value: Value) -> Raw {
    Raw::Value(value, Kind::Other)
}

fn push_conflict<'a>(tape: &mut Tape, columns: impl IntoIterator<Item = &'a str>) {
    let mut count = 0;
    for column in columns {
        tape.op(Op::Name);
        tape.text(column);
        count += 1;
    }
    tape.op2(Op::Conflict, 1);
    tape.count(count);
}
