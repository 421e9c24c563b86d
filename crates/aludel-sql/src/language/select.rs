//! SELECT.

use std::fmt;
use std::marker::PhantomData;

use aludel_core::{Encode, FromRow, Kind, SqlTyped};

use super::executable::{Executable, Layers, RowsAs};
use super::expr::{Expr, Expression};
use super::into_expr::{ExprList, IntoExpr};
use super::order::IntoOrder;
use super::raw::Raw;
use super::selectable::Selectable;
use super::source::IntoSource;
use super::subquery::{Cte, CteOptions, Subquery};
use crate::ast::{JoinKind, LockStrength, LockWait};
use crate::tape::{Arguments, Op, Tape};

/// A query whose rows are `R` in Rust.
///
/// What it reads from follows from what it mentions, as in SQLAlchemy: `select(User::NAME)` reads `users`. Add
/// [`from`](Self::from) where that is not what is meant.
pub struct Select<R> {
    tape: Box<Tape>,
    marker: PhantomData<fn() -> R>,
}

/// A query for these columns.
///
/// ```
/// # use aludel_sql::{func, literal, select};
/// let query = select((func::now(), literal(1)));
/// ```
#[inline]
pub fn select<S: Selectable>(columns: S) -> Select<S::Row> {
    let mut tape = Tape::boxed(Op::BeginSelect);
    columns.project(&mut tape);
    Select::from_tape(tape)
}

impl<R> Select<R> {
    pub(crate) fn from_tape(tape: Box<Tape>) -> Self {
        Self { tape, marker: PhantomData }
    }

    pub(crate) fn into_tape(self) -> Box<Tape> {
        self.tape
    }

    pub(crate) fn tape(&self) -> &Tape {
        &self.tape
    }

    pub(crate) fn tape_mut(&mut self) -> &mut Tape {
        &mut self.tape
    }

    pub(crate) fn into_scalar_raw(self) -> Raw {
        Raw::Tape(self.tape).then(|tape| {
            tape.op(Op::EndQuery);
            tape.op(Op::ScalarQuery);
        })
    }

    /// Reads from this too, and first, whatever the columns mention.
    #[must_use]
    pub fn from(mut self, source: impl IntoSource) -> Self {
        source.push_source(&mut self.tape);
        self.tape.op(Op::From);
        self
    }

    /// Further columns; the row becomes a pair of what it was and these.
    #[must_use]
    pub fn columns<S: Selectable>(mut self, columns: S) -> Select<(R, S::Row)>
    where
        R: FromRow,
    {
        columns.project(&mut self.tape);
        Select::from_tape(self.tape)
    }

    /// `JOIN target ON condition`
    ///
    /// A condition may read the target of a join that is named later: this join then comes behind that one.
    #[must_use]
    pub fn join(self, target: impl IntoSource, on: impl IntoExpr<bool>) -> Self {
        self.join_on(JoinKind::Inner, &target, on.into_raw_expr())
    }

    /// `LEFT JOIN target ON condition`; read the target's columns with `optional()`.
    #[must_use]
    pub fn left_join(self, target: impl IntoSource, on: impl IntoExpr<bool>) -> Self {
        self.join_on(JoinKind::Left, &target, on.into_raw_expr())
    }

    /// `RIGHT JOIN target ON condition`; read the columns of what stands before with `optional()`.
    #[must_use]
    pub fn right_join(self, target: impl IntoSource, on: impl IntoExpr<bool>) -> Self {
        self.join_on(JoinKind::Right, &target, on.into_raw_expr())
    }

    /// `FULL JOIN target ON condition`; read the columns of both sides with `optional()`.
    #[must_use]
    pub fn full_join(self, target: impl IntoSource, on: impl IntoExpr<bool>) -> Self {
        self.join_on(JoinKind::Full, &target, on.into_raw_expr())
    }

    /// `CROSS JOIN target`: every pair of rows, and no warning about it.
    #[must_use]
    pub fn cross_join(self, target: impl IntoSource) -> Self {
        self.join_bare(JoinKind::Cross, &target)
    }

    /// `JOIN target` on the one foreign key between it and what stands before. None, or several, is an error when the
    /// statement is compiled.
    #[must_use]
    pub fn join_by_key(self, target: impl IntoSource) -> Self {
        self.join_bare(JoinKind::Inner, &target)
    }

    /// `LEFT JOIN target` on the one foreign key between it and what stands before.
    #[must_use]
    pub fn left_join_by_key(self, target: impl IntoSource) -> Self {
        self.join_bare(JoinKind::Left, &target)
    }

    fn join_on(mut self, kind: JoinKind, target: &impl IntoSource, on: Raw) -> Self {
        target.push_source(&mut self.tape);
        on.append_to(&mut self.tape);
        self.tape.op3(Op::Join, kind as u8, 1);
        self
    }

    fn join_bare(mut self, kind: JoinKind, target: &impl IntoSource) -> Self {
        target.push_source(&mut self.tape);
        self.tape.op3(Op::Join, kind as u8, 0);
        self
    }

    /// `WHERE condition`; called again, both must hold.
    #[must_use]
    pub fn filter(mut self, condition: impl IntoExpr<bool>) -> Self {
        push_filter(&mut self.tape, condition.into_raw_expr());
        self
    }

    /// As [`filter`](Self::filter) if there is a condition.
    #[must_use]
    pub fn filter_if<C: IntoExpr<bool>>(self, condition: Option<C>) -> Self {
        match condition {
            Some(condition) => self.filter(condition),
            None => self,
        }
    }

    /// `GROUP BY`
    #[must_use]
    pub fn group_by(mut self, expressions: impl ExprList) -> Self {
        let count = expressions.push_all(&mut self.tape);
        self.tape.op(Op::GroupBy);
        self.tape.count(count);
        self
    }

    /// `HAVING condition`; called again, both must hold.
    #[must_use]
    pub fn having(mut self, condition: impl IntoExpr<bool>) -> Self {
        condition.into_raw_expr().append_to(&mut self.tape);
        self.tape.op(Op::Having);
        self
    }

    /// `ORDER BY`; called again, the further terms come after those before.
    #[must_use]
    pub fn order_by(mut self, order: impl IntoOrder) -> Self {
        let count = order.push_orders(&mut self.tape);
        self.tape.op(Op::OrderBy);
        self.tape.count(count);
        self
    }

    /// At most so many rows.
    #[must_use]
    pub fn limit(mut self, rows: u64) -> Self {
        push_number(&mut self.tape, rows, Op::Limit);
        self
    }

    /// Without the first so many rows.
    #[must_use]
    pub fn offset(mut self, rows: u64) -> Self {
        push_number(&mut self.tape, rows, Op::Offset);
        self
    }

    /// Whether [`limit`](Self::limit) or [`offset`](Self::offset) was called, so that which rows there are depends on how many
    /// come before them.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.tape.is_limited()
    }

    /// `FETCH FIRST … WITH TIES`: also the rows that tie with the last one of [`limit`](Self::limit).
    #[must_use]
    pub fn with_ties(mut self) -> Self {
        self.tape.op(Op::WithTies);
        self
    }

    /// `SELECT DISTINCT`
    #[must_use]
    pub fn distinct(mut self) -> Self {
        self.tape.op(Op::Distinct);
        self
    }

    /// `SELECT DISTINCT ON (…)`, where the database has it.
    #[must_use]
    pub fn distinct_on(mut self, expressions: impl ExprList) -> Self {
        let count = expressions.push_all(&mut self.tape);
        self.tape.op(Op::DistinctOn);
        self.tape.count(count);
        self
    }

    /// `FOR UPDATE`. SQLite has no row locks and leaves it out: begin the transaction as `IMMEDIATE` there.
    #[must_use]
    pub fn for_update(self) -> Self {
        self.lock(LockStrength::Update, LockWait::Wait)
    }

    /// `FOR UPDATE` and its kin, with what to do about rows that are locked already.
    #[must_use]
    pub fn lock(mut self, strength: LockStrength, wait: LockWait) -> Self {
        self.tape.op3(Op::Lock, strength as u8, wait as u8);
        self.tape.count(0);
        self
    }

    /// As [`lock`](Self::lock), of one table's rows alone.
    #[must_use]
    pub fn lock_of(mut self, strength: LockStrength, wait: LockWait, source: impl IntoSource) -> Self {
        source.push_source(&mut self.tape);
        self.tape.op3(Op::Lock, strength as u8, wait as u8);
        self.tape.count(1);
        self
    }

    /// A word after SELECT, for one dialect or (with `None`) for all.
    #[must_use]
    pub fn prefix(mut self, text: &str, dialect: Option<&str>) -> Self {
        push_word(&mut self.tape, Op::Prefix, text, dialect);
        self
    }

    /// Text after the statement, for one dialect or (with `None`) for all.
    #[must_use]
    pub fn suffix(mut self, text: &str, dialect: Option<&str>) -> Self {
        push_word(&mut self.tape, Op::Suffix, text, dialect);
        self
    }

    /// A hint behind a table, for one dialect or (with `None`) for all.
    #[must_use]
    pub fn hint(mut self, source: impl IntoSource, text: &str, dialect: Option<&str>) -> Self {
        source.push_source(&mut self.tape);
        push_word(&mut self.tape, Op::Hint, text, dialect);
        self
    }

    /// Takes this from the enclosing query, when this query is used inside one.
    #[must_use]
    pub fn correlate(mut self, source: impl IntoSource) -> Self {
        source.push_source(&mut self.tape);
        self.tape.op(Op::Correlate);
        self.tape.count(1);
        self
    }

    /// Takes everything but this from the enclosing query, when this query is used inside one.
    #[must_use]
    pub fn correlate_except(mut self, source: impl IntoSource) -> Self {
        source.push_source(&mut self.tape);
        self.tape.op(Op::CorrelateExcept);
        self.tape.count(1);
        self
    }

    /// Takes nothing from the enclosing query.
    #[must_use]
    pub fn correlate_nothing(mut self) -> Self {
        self.tape.op(Op::Correlate);
        self.tape.count(0);
        self
    }

    /// `EXISTS (…)`
    #[must_use]
    pub fn exists(self) -> Expr<bool> {
        self.existence(0)
    }

    /// `NOT EXISTS (…)`
    #[must_use]
    pub fn not_exists(self) -> Expr<bool> {
        self.existence(1)
    }

    fn existence(self, negated: u8) -> Expr<bool> {
        Expr::from_raw(Raw::Tape(self.tape).then(|tape| {
            tape.op(Op::EndQuery);
            tape.op2(Op::Exists, negated);
        }))
    }

    /// The query as something to read from, under a name.
    #[must_use]
    pub fn subquery(self, name: impl Into<String>) -> Subquery<R> {
        Subquery::new(self.tape, Some(name.into()), false)
    }

    /// The query as something to read from, under a name that is made up.
    #[must_use]
    pub fn anonymous(self) -> Subquery<R> {
        Subquery::new(self.tape, None, false)
    }

    /// As [`subquery`](Self::subquery), able to read what stands before it: `LATERAL`.
    #[must_use]
    pub fn lateral(self, name: impl Into<String>) -> Subquery<R> {
        Subquery::new(self.tape, Some(name.into()), true)
    }

    /// The query as a common table expression: `WITH name AS (…)`.
    #[must_use]
    pub fn cte(self, name: impl Into<String>) -> Cte<R> {
        Cte::new(self.tape, name.into(), &CteOptions::default())
    }

    /// As [`cte`](Self::cte), with options.
    #[must_use]
    pub fn cte_with(self, name: impl Into<String>, options: CteOptions) -> Cte<R> {
        Cte::new(self.tape, name.into(), &options)
    }

    /// A recursive common table expression: this query's rows, then again and again those that `step` makes of them.
    /// Duplicates are kept (`UNION ALL`).
    #[must_use]
    pub fn recursive(self, name: impl Into<String>, step: impl FnOnce(&Cte<R>) -> Self) -> Cte<R> {
        Cte::recursive(self, name.into(), step, true)
    }

    /// As [`recursive`](Self::recursive), without duplicates (`UNION`).
    #[must_use]
    pub fn recursive_distinct(self, name: impl Into<String>, step: impl FnOnce(&Cte<R>) -> Self) -> Cte<R> {
        Cte::recursive(self, name.into(), step, false)
    }

    /// Reads the rows into another type, its fields matched with the columns by name.
    #[must_use]
    pub fn rows_as<T: FromRow>(self) -> RowsAs<Self, T> {
        RowsAs::new(self)
    }
}

impl<T: SqlTyped> Select<T> {
    /// The one value of a query of one column: `(SELECT …)`. NULL when there is no row.
    #[must_use]
    pub fn scalar(self) -> Expr<Option<T::Base>> {
        Expr::from_raw(self.into_scalar_raw())
    }

    /// The one value under a name, as a column of another query.
    #[must_use]
    pub fn label(self, name: impl Into<super::LabelName<Option<T::Base>>>) -> super::Labeled<Option<T::Base>> {
        self.scalar().label(name)
    }
}

impl<R> Clone for Select<R> {
    fn clone(&self) -> Self {
        Self { tape: self.tape.clone(), marker: PhantomData }
    }
}

impl<R> fmt::Debug for Select<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Select").field(&self.tape).finish()
    }
}

impl<R: FromRow + Send + 'static> Executable for Select<R> {
    type Row = R;
    fn into_arguments(self) -> Arguments {
        Arguments::new(self.tape)
    }
    fn into_layers(self) -> Layers<R> {
        Layers::Query(self, None)
    }
}

pub(crate) fn push_filter(tape: &mut Tape, condition: Raw) {
    condition.append_to(tape);
    tape.op(Op::Filter);
}

pub(crate) fn push_number(tape: &mut Tape, number: u64, op: Op) {
    // No database counts further; a larger number means "all" there as here.
    tape.bind(i64::try_from(number).unwrap_or(i64::MAX).into_value(), Kind::BigInt);
    tape.limit(op);
}

pub(crate) fn push_word(tape: &mut Tape, op: Op, text: &str, dialect: Option<&str>) {
    tape.op(op);
    tape.text(text);
    tape.optional_text(dialect);
}
