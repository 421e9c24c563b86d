//! INSERT.

use std::marker::PhantomData;

use aludel_core::{EncodeRow, FromRow, SqlTyped};

use super::column::{Column, TableRef};
use super::entity::{ColumnSet, Entity, NewRow};
use super::executable::{Executable, RowsAs};
use super::expr::Expr;
use super::into_expr::{ExprList, IntoExpr};
use super::raw::Raw;
use super::select::{Select, push_word};
use super::selectable::Selectable;
use super::source::IntoSource;
use super::subquery::{Cte, CteOptions};
use crate::dialect::Dialect;
use crate::schema::{ColumnDef, StaticColumn};
use crate::tape::{Arguments, Op, Tape};

/// An INSERT into the table of `E`; `R` is what it returns.
#[derive(Clone, Debug)]
pub struct Insert<E, R = ()> {
    tape: Box<Tape>,
    given: Option<ColumnSet>,
    marker: PhantomData<fn() -> (E, R)>,
}

/// `INSERT INTO table`: add values with [`set`](Insert::set), whole rows with [`row`](Insert::row), or any number of them
/// with [`rows`](Insert::rows). Without any it inserts one row of defaults.
#[must_use]
pub fn insert<E: Entity>(table: TableRef<E>) -> Insert<E> {
    let mut tape = Box::<Tape>::default();
    table.push_source(&mut tape);
    tape.op(Op::BeginInsert);
    Insert { tape, given: None, marker: PhantomData }
}

/// The proposed row's value, in the assignments of `ON CONFLICT … DO UPDATE`.
#[must_use]
pub fn excluded<E, T: SqlTyped>(column: Column<E, T>) -> Expr<T> {
    Expr::from_raw(Raw::of(|tape| {
        tape.op(Op::Excluded);
        tape.column(column.definition());
    }))
}

impl<E: Entity, R> Insert<E, R> {
    /// The value of a column of the one row; it may be an expression.
    #[must_use]
    pub fn set<T: SqlTyped>(mut self, column: Column<E, T>, value: impl IntoExpr<T::Base>) -> Self {
        value.into_raw_expr().append_to(&mut self.tape);
        self.tape.op(Op::Set);
        self.tape.column(column.definition());
        self
    }

    /// A row: an entity or its builder. Rows of one statement must give the same columns; for rows that do not, or for
    /// many, use [`rows`](Self::rows).
    #[must_use]
    pub fn row(mut self, row: impl NewRow<E>) -> Self {
        let given = row.given();
        match self.given {
            None => {
                self.given = Some(given);
                given.iter().filter_map(|index| E::columns().get(index)).for_each(|column| {
                    insert_column(&mut self.tape, column);
                });
            }
            Some(first) if first != given => {
                self.tape.op(Op::Invalid);
                self.tape.text("the rows of one INSERT give values for different columns; use rows(…) for them");
            }
            Some(_) => {}
        }
        for column in given.iter().filter_map(|index| E::columns().get(index)) {
            self.tape.bind(row.column_value(column.index()), column.def().sql_type.kind());
        }
        self.tape.op(Op::InsertRow);
        self.tape.count(given.len());
        self
    }

    /// Any number of rows, each an entity or its builder, taken from the iterator one by one and encoded straight into
    /// the driver. They are inserted in one transaction: all or none.
    #[must_use]
    pub fn rows<I>(self, rows: I) -> BulkInsert<E, I::IntoIter, R>
    where
        I: IntoIterator,
        I::Item: NewRow<E>,
    {
        BulkInsert {
            head: self.tape,
            tail: Tail::default(),
            columns: None,
            rows: rows.into_iter(),
            marker: PhantomData,
        }
    }

    /// Any number of rows given as tuples, for these columns.
    ///
    /// ```ignore (needs an entity, and the derive for one stands in another crate)
    /// insert(User::TABLE).tuples((User::NAME, User::AGE), [("ed", 5), ("wendy", 7)])
    /// ```
    #[must_use]
    pub fn tuples<C, I>(self, columns: C, rows: I) -> BulkInsert<E, TupleRows<C, I::IntoIter>, R>
    where
        C: ColumnTuple<E>,
        I: IntoIterator,
        I::Item: EncodeRow,
    {
        BulkInsert {
            head: self.tape,
            tail: Tail::default(),
            columns: Some(BulkColumns::Static(C::definitions(&columns))),
            rows: TupleRows { rows: rows.into_iter(), marker: PhantomData },
            marker: PhantomData,
        }
    }

    /// The rows of a query, for these columns: `INSERT INTO … SELECT`.
    #[must_use]
    pub fn from_query<C: ColumnTuple<E>, Q>(mut self, columns: C, query: Select<Q>) -> Self {
        for column in columns.definitions() {
            insert_column(&mut self.tape, column);
        }
        self.tape.append(&mut query.into_tape());
        self.tape.op(Op::EndQuery);
        self.tape.op(Op::InsertQuery);
        self
    }
}

impl<E, R> Insert<E, R> {
    pub(super) fn of(tape: Box<Tape>) -> Self {
        Self { tape, given: None, marker: PhantomData }
    }

    pub(super) fn tape_mut(&mut self) -> &mut Tape {
        &mut self.tape
    }

    pub(super) fn into_tape(self) -> Box<Tape> {
        self.tape
    }

    /// A word after INSERT, for one dialect or (with `None`) for all: `OR REPLACE`, `IGNORE`.
    #[must_use]
    pub fn prefix(mut self, text: &str, dialect: Option<&str>) -> Self {
        push_word(&mut self.tape, Op::Prefix, text, dialect);
        self
    }

    /// What to do when a row with the same values of these columns is there already.
    pub fn on_conflict(mut self, columns: impl ExprList) -> OnConflict<Self> {
        push_conflict(&mut self.tape, columns);
        OnConflict(self)
    }

    /// What to do when the row violates the constraint of this name.
    pub fn on_constraint(mut self, name: &str) -> OnConflict<Self> {
        self.tape.op2(Op::Conflict, 2);
        self.tape.text(name);
        OnConflict(self)
    }

    /// Leaves rows out that are there already, by any UNIQUE constraint.
    #[must_use]
    pub fn on_conflict_do_nothing(mut self) -> Self {
        self.tape.op2(Op::Conflict, 0);
        self
    }

    /// Gives the inserted rows.
    #[must_use]
    pub fn returning<S: Selectable>(mut self, columns: S) -> Insert<E, S::Row> {
        columns.project(&mut self.tape);
        Insert { tape: self.tape, given: self.given, marker: PhantomData }
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

impl<E, R: FromRow + Send + 'static> Executable for Insert<E, R> {
    type Row = R;
    fn into_arguments(self) -> Arguments {
        Arguments::new(self.tape)
    }
}

pub(super) fn push_conflict(tape: &mut Tape, columns: impl ExprList) {
    let count = columns.push_all(tape);
    tape.op2(Op::Conflict, 1);
    tape.count(count);
}

/// What to do about a conflict; the INSERT goes on after it.
#[derive(Clone, Debug)]
#[must_use = "say what to do about the conflict: do_nothing() or do_update(…)"]
pub struct OnConflict<I>(I);

/// An INSERT that a conflict clause can be put into.
#[doc(hidden)]
pub trait ConflictTape {
    type Entity;
    fn conflict_tape(&mut self) -> &mut Tape;
}

impl<E, R> ConflictTape for Insert<E, R> {
    type Entity = E;
    fn conflict_tape(&mut self) -> &mut Tape {
        &mut self.tape
    }
}

impl<E, I, R> ConflictTape for BulkInsert<E, I, R> {
    type Entity = E;
    fn conflict_tape(&mut self) -> &mut Tape {
        self.tail.tape()
    }
}

impl<I> OnConflict<I> {
    pub(super) fn of(insert: I) -> Self {
        Self(insert)
    }
}

impl<I: ConflictTape> OnConflict<I> {
    /// Only where this holds: the condition of the partial index that is the target, its values written with
    /// [`literal`](super::literal). A database does not look into placeholders to tell which index is meant.
    pub fn where_target(mut self, condition: impl IntoExpr<bool>) -> Self {
        let tape = self.0.conflict_tape();
        condition.into_raw_expr().append_to(tape);
        tape.op(Op::ConflictTargetFilter);
        self
    }

    /// Leaves the row that is there.
    #[must_use]
    pub fn do_nothing(self) -> I {
        self.0
    }

    /// Changes the row that is there; [`excluded`] gives the proposed row's values.
    #[must_use]
    pub fn do_update(mut self, assignments: impl IntoIterator<Item = Assignment<I::Entity>>) -> I {
        let tape = self.0.conflict_tape();
        for assignment in assignments {
            assignment.value.append_to(tape);
            match assignment.column {
                Assigned::Static(column) => {
                    tape.op(Op::ConflictSet);
                    tape.column(column);
                }
                Assigned::Named(name) => {
                    tape.op(Op::ConflictSetNamed);
                    tape.text(&name);
                }
            }
        }
        self.0
    }

    /// Changes the row that is there where the condition holds.
    #[must_use]
    pub fn do_update_where(
        self,
        assignments: impl IntoIterator<Item = Assignment<I::Entity>>,
        condition: impl IntoExpr<bool>,
    ) -> I {
        let mut insert = self.do_update(assignments);
        let tape = insert.conflict_tape();
        condition.into_raw_expr().append_to(tape);
        tape.op(Op::ConflictFilter);
        insert
    }
}

/// `column = value`; see [`Column::set`].
#[derive(Clone, Debug)]
pub struct Assignment<E> {
    column: Assigned,
    value: Raw,
    marker: PhantomData<fn() -> E>,
}

/// What is assigned to.
#[derive(Clone, Debug)]
pub(super) enum Assigned {
    Static(&'static StaticColumn),
    Named(String),
}

impl<E> Assignment<E> {
    pub(super) fn new(column: Assigned, value: Raw) -> Self {
        Self { column, value, marker: PhantomData }
    }
}

impl<E, T: SqlTyped> Column<E, T> {
    /// `column = value`, for `ON CONFLICT … DO UPDATE`.
    #[must_use]
    pub fn set(self, value: impl IntoExpr<T::Base>) -> Assignment<E> {
        Assignment::new(Assigned::Static(self.definition()), value.into_raw_expr())
    }
}

/// An INSERT of any number of rows, which are encoded one by one straight into the driver.
#[derive(Debug)]
pub struct BulkInsert<E, I, R = ()> {
    head: Box<Tape>,
    tail: Tail,
    columns: Option<BulkColumns>,
    rows: I,
    marker: PhantomData<fn() -> (E, R)>,
}

/// The columns that every row of a bulk insert gives.
#[derive(Clone, Debug)]
pub(super) enum BulkColumns {
    Static(Vec<&'static StaticColumn>),
    Named(Vec<String>),
}

/// What a bulk insert is into: an entity's table, or one that is known at run time only.
#[doc(hidden)]
pub trait BulkTarget {
    /// The table's columns, for rows that say themselves which of them they give.
    fn bulk_columns() -> &'static [StaticColumn];
}

impl<E: Entity> BulkTarget for E {
    fn bulk_columns() -> &'static [StaticColumn] {
        E::columns()
    }
}

impl<E: BulkTarget, I, R> BulkInsert<E, I, R> {
    pub(super) fn tail_mut(&mut self) -> &mut Tape {
        self.tail.tape()
    }

    pub(super) fn of(head: Box<Tape>, columns: Option<BulkColumns>, rows: I) -> Self {
        Self { head, tail: Tail::default(), columns, rows, marker: PhantomData }
    }

    /// Gives the inserted rows, in the order of the rows given.
    #[must_use]
    pub fn returning<S: Selectable>(mut self, columns: S) -> BulkInsert<E, I, S::Row> {
        columns.project(self.tail.tape());
        BulkInsert { head: self.head, tail: self.tail, columns: self.columns, rows: self.rows, marker: PhantomData }
    }

    /// What to do when a row with the same values of these columns is there already.
    pub fn on_conflict(mut self, columns: impl ExprList) -> OnConflict<Self> {
        push_conflict(self.tail.tape(), columns);
        OnConflict(self)
    }

    /// Leaves rows out that are there already, by any UNIQUE constraint.
    #[must_use]
    pub fn on_conflict_do_nothing(mut self) -> Self {
        self.tail.tape().op2(Op::Conflict, 0);
        self
    }

    /// The shape of the statements and the rows: what an engine runs.
    #[doc(hidden)]
    #[must_use]
    pub fn into_parts(self) -> (BulkShape, I) {
        let shape = BulkShape { head: self.head, tail: self.tail, table: E::bulk_columns(), columns: self.columns };
        (shape, self.rows)
    }
}

/// What comes behind the rows; most bulk inserts have nothing there.
#[derive(Debug, Default)]
struct Tail(Option<Box<Tape>>);

impl Tail {
    fn tape(&mut self) -> &mut Tape {
        self.0.get_or_insert_default()
    }
}

/// Everything about a bulk insert but its rows.
#[derive(Debug)]
#[doc(hidden)]
pub struct BulkShape {
    head: Box<Tape>,
    tail: Tail,
    table: &'static [StaticColumn],
    columns: Option<BulkColumns>,
}

impl BulkShape {
    /// The statement for so many rows that give these columns. Its key is the columns and the number of rows.
    #[must_use]
    pub fn statement(&self, given: ColumnSet, rows: usize) -> Arguments {
        let mut tape = self.with_columns(given);
        tape.op(Op::InsertRows);
        tape.count(rows);
        self.append_tail(&mut tape);
        Arguments::new(tape)
    }

    /// The statement for any number of rows that give these columns, as one array for each column; none where the dialect has
    /// none for one of them.
    #[must_use]
    pub fn arrays(&self, given: ColumnSet, dialect: &dyn Dialect) -> Option<Arguments> {
        let columns = self.definitions(given)?;
        if columns.is_empty() || !columns.iter().all(|column| dialect.array_of(&column.sql_type).is_some()) {
            return None;
        }
        let mut tape = self.with_columns(given);
        tape.op(Op::InsertArrays);
        self.append_tail(&mut tape);
        Some(Arguments::new(tape))
    }

    /// The statement that rows of these columns can follow in the database's own format; none where it has none, or the
    /// statement has words before its table or a clause behind its rows.
    #[must_use]
    pub fn copy(&self, given: ColumnSet, dialect: &dyn Dialect) -> Option<Arguments> {
        let is_plain = self.tail.0.is_none() && self.head.ends_with(Op::BeginInsert);
        if !dialect.capabilities().binary_copy || !is_plain {
            return None;
        }
        // A name that the table does not have is told by the statement for one row.
        if self.definitions(given)?.is_empty() {
            return None;
        }
        let mut tape = self.with_columns(given);
        tape.op(Op::InsertCopy);
        Some(Arguments::new(tape))
    }

    fn with_columns(&self, given: ColumnSet) -> Box<Tape> {
        let mut tape = self.head.clone();
        match &self.columns {
            Some(BulkColumns::Static(columns)) => columns.iter().for_each(|column| insert_column(&mut tape, column)),
            Some(BulkColumns::Named(names)) => {
                for name in names {
                    tape.op(Op::InsertNamed);
                    tape.text(name);
                }
            }
            None => {
                let columns = given.iter().filter_map(|index| self.table.get(index));
                columns.for_each(|column| insert_column(&mut tape, column));
            }
        }
        tape
    }

    /// The definitions of the columns that a row gives; none where the table does not have one of them.
    fn definitions(&self, given: ColumnSet) -> Option<Vec<&ColumnDef>> {
        match &self.columns {
            Some(BulkColumns::Named(names)) => {
                let table = self.head.runtime_table()?;
                names.iter().map(|name| table.named_column(name)).collect()
            }
            _ => self.placeholders(given).into_iter().map(|(_, column)| column.map(StaticColumn::def)).collect(),
        }
    }

    fn append_tail(&self, tape: &mut Tape) {
        if let Some(tail) = &self.tail.0 {
            tape.append_copy(tail);
        }
    }

    /// The most columns that a row can give.
    #[must_use]
    pub fn widest(&self) -> usize {
        match &self.columns {
            Some(BulkColumns::Static(columns)) => columns.len(),
            Some(BulkColumns::Named(names)) => names.len(),
            None => self.table.len(),
        }
    }

    /// For each placeholder of a row, the field that [`EncodeRow::encode_field`] is asked for, and its column, where it is an
    /// entity's.
    #[must_use]
    pub fn placeholders(&self, given: ColumnSet) -> Vec<(usize, Option<&'static StaticColumn>)> {
        match &self.columns {
            Some(BulkColumns::Static(columns)) => columns.iter().copied().map(Some).enumerate().collect(),
            Some(BulkColumns::Named(names)) => (0..names.len()).map(|index| (index, None)).collect(),
            None => given.iter().filter_map(|index| Some((index, Some(self.table.get(index)?)))).collect(),
        }
    }
}

fn insert_column(tape: &mut Tape, column: &'static StaticColumn) {
    tape.op(Op::InsertColumn);
    tape.column(column);
}

/// Gives the rows of a bulk insert; see [`Insert::rows`] and [`Insert::tuples`].
#[doc(hidden)]
pub trait BulkRows<E> {
    type Item: EncodeRow;
    fn next_row(&mut self) -> Option<Self::Item>;
    fn given(row: &Self::Item) -> ColumnSet;
}

impl<E, I> BulkRows<E> for I
where
    I: Iterator,
    I::Item: NewRow<E>,
{
    type Item = I::Item;
    fn next_row(&mut self) -> Option<I::Item> {
        self.next()
    }
    fn given(row: &I::Item) -> ColumnSet {
        row.given()
    }
}

/// Rows given as tuples.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub struct TupleRows<C, I> {
    rows: I,
    marker: PhantomData<fn() -> C>,
}

impl<C, I> TupleRows<C, I> {
    pub(super) fn new(rows: I) -> Self {
        Self { rows, marker: PhantomData }
    }
}

impl<E, C, I> BulkRows<E> for TupleRows<C, I>
where
    I: Iterator,
    I::Item: EncodeRow,
{
    type Item = I::Item;
    fn next_row(&mut self) -> Option<I::Item> {
        self.rows.next()
    }
    fn given(_: &I::Item) -> ColumnSet {
        ColumnSet::default()
    }
}

/// A tuple of columns of one entity.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of columns of `{E}`",
    label = "expected columns such as `(User::NAME, User::AGE)`"
)]
pub trait ColumnTuple<E> {
    /// The columns.
    #[doc(hidden)]
    fn definitions(&self) -> Vec<&'static StaticColumn>;
}

impl<E, T> ColumnTuple<E> for Column<E, T> {
    fn definitions(&self) -> Vec<&'static StaticColumn> {
        vec![self.definition()]
    }
}

macro_rules! column_tuple {
    ($($name:ident $index:tt)+) => {
        impl<Ent, $($name),+> ColumnTuple<Ent> for ($(Column<Ent, $name>,)+) {
            fn definitions(&self) -> Vec<&'static StaticColumn> {
                vec![$(self.$index.definition()),+]
            }
        }
    };
}

column_tuple!(A 0);
column_tuple!(A 0 B 1);
column_tuple!(A 0 B 1 C 2);
column_tuple!(A 0 B 1 C 2 D 3);
column_tuple!(A 0 B 1 C 2 D 3 E 4);
column_tuple!(A 0 B 1 C 2 D 3 E 4 F 5);
column_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
column_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
column_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
column_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
column_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
column_tuple!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
