//! Columns, tables and conditions by their definitions, for layers that learn at run time which ones they are about.
//!
//! Values are [`Value`]s of the column's own type; whoever uses this sees to that.

use std::sync::Arc;

use aludel_core::Value;

use super::column::TableRef;
use super::entity::{ColumnSet, Entity};
use super::executable::Executable;
use super::expr::Expr;
use super::into_expr::IntoExpr;
use super::order::Ordering;
use super::raw::Raw;
use super::select::Select;
use super::selectable::Selectable;
use super::source::{Alias, IntoSource, node_column, push_node_source};
use super::tuple::TupleExpr;
use crate::ast::BinaryOp;
use crate::lower::lacks::{lacks, reads};
use crate::schema::StaticColumn;
use crate::tape::{Node, NodeHead, Op, Tape, decode};

/// A table by its stand-in, under its own name or another one, or a query that shows the table's columns.
#[derive(Clone, Debug)]
pub struct AnySource {
    table: &'static StaticColumn,
    node: Option<Arc<Node>>,
}

/// Some columns of a source; their rows are read by whoever selects them.
#[derive(Clone, Debug)]
pub struct AnyColumns {
    source: AnySource,
    columns: Option<Vec<&'static StaticColumn>>,
}

impl AnySource {
    /// The table itself, by its stand-in.
    #[must_use]
    pub const fn table(table: &'static StaticColumn) -> Self {
        Self { table, node: None }
    }

    /// The table under another name that is made up.
    #[must_use]
    pub fn alias(table: &'static StaticColumn) -> Self {
        Self::alias_of(table, None)
    }

    /// The table under this name.
    #[must_use]
    pub fn named(table: &'static StaticColumn, name: &str) -> Self {
        Self::alias_of(table, Some(Arc::from(name)))
    }

    fn alias_of(table: &'static StaticColumn, name: Option<Arc<str>>) -> Self {
        let mut body = Tape::new();
        Self::table(table).push_source(&mut body);
        Self { table, node: Some(Node::new(NodeHead::Alias { name, sample: None }, body)) }
    }

    /// A query that selects the table's columns, to be read from in the table's place.
    #[must_use]
    pub fn query<R>(table: &'static StaticColumn, query: Select<R>) -> Self {
        let mut body = query.into_tape();
        body.op(Op::EndQuery);
        Self { table, node: Some(Node::new(NodeHead::Derived { name: None, lateral: false }, *body)) }
    }

    /// The stand-in of the table.
    #[must_use]
    pub const fn stand_in(&self) -> &'static StaticColumn {
        self.table
    }

    /// A column. The type is whatever the caller says that it is.
    #[must_use]
    pub fn column<T>(&self, column: &'static StaticColumn) -> Expr<T> {
        match &self.node {
            None => Expr::from_raw(Raw::Column(column)),
            Some(node) => node_column(node, column),
        }
    }

    /// A column that the query selects under a label.
    #[must_use]
    pub fn labeled<T: aludel_core::SqlTyped>(&self, name: &str) -> Expr<T> {
        match &self.node {
            None => Expr::from_raw(Raw::of(|tape| {
                tape.op(Op::Name);
                tape.text(name);
            })),
            Some(node) => super::source::node_named(node, name),
        }
    }

    /// All columns.
    #[must_use]
    pub fn all(&self) -> AnyColumns {
        AnyColumns { source: self.clone(), columns: None }
    }

    /// These columns.
    #[must_use]
    pub fn columns(&self, columns: Vec<&'static StaticColumn>) -> AnyColumns {
        AnyColumns { source: self.clone(), columns: Some(columns) }
    }

    /// By this column.
    #[must_use]
    pub fn order(&self, column: &'static StaticColumn, descending: bool) -> Ordering {
        Ordering::new(self.raw(column), u8::from(descending))
    }

    /// `column = value`; of NULL, `column IS NULL`.
    #[must_use]
    pub fn is(&self, column: &'static StaticColumn, value: Value) -> Expr<bool> {
        let value = Raw::Value(value, column.def().sql_type.kind());
        Expr::from_raw(match &self.node {
            None => Raw::compare_column(column, BinaryOp::Eq, value),
            Some(_) => Raw::compare(self.raw(column), BinaryOp::Eq, value),
        })
    }

    /// `column IS NULL`
    #[must_use]
    pub fn is_null(&self, column: &'static StaticColumn) -> Expr<bool> {
        Expr::from_raw(self.raw(column).is_null(false))
    }

    /// `column = other.column`
    #[must_use]
    pub fn matches(&self, column: &'static StaticColumn, other: &Self, to: &'static StaticColumn) -> Expr<bool> {
        Expr::from_raw(Raw::compare(self.raw(column), BinaryOp::Eq, other.raw(to)))
    }

    /// `column = a.column AND column = b.column …`, column for column.
    #[must_use]
    pub fn matches_all(
        &self,
        columns: &[&'static StaticColumn],
        other: &Self,
        to: &[&'static StaticColumn],
    ) -> Expr<bool> {
        let mut pairs = columns.iter().zip(to).map(|(column, to)| self.matches(column, other, to));
        match (pairs.next(), pairs.next()) {
            (Some(only), None) => only,
            (Some(first), Some(second)) => super::expr::all_of([first, second].into_iter().chain(pairs)),
            (None, _) => super::expr::all_of(std::iter::empty::<Expr<bool>>()),
        }
    }

    /// `(a, b) = (1, 2)`, column for column.
    #[must_use]
    pub fn is_all(&self, columns: &[&'static StaticColumn], values: Vec<Value>) -> Expr<bool> {
        let mut pairs = columns.iter().zip(values).map(|(column, value)| self.is(column, value));
        match (pairs.next(), pairs.next()) {
            (Some(only), None) => only,
            (Some(first), Some(second)) => super::expr::all_of([first, second].into_iter().chain(pairs)),
            (None, _) => super::expr::all_of(std::iter::empty::<Expr<bool>>()),
        }
    }

    /// `column IN (…)`, or `(a, b) IN (…)` of several columns. Each row has a value for each column.
    #[must_use]
    pub fn among(&self, columns: &[&'static StaticColumn], rows: Vec<Vec<Value>>) -> Expr<bool> {
        if let [column] = columns {
            let kind = column.def().sql_type.kind();
            let values = rows.into_iter().flatten().map(|value| Raw::Value(value, kind));
            return Expr::from_raw(super::expr::in_list(self.raw(column), values, false));
        }
        let tape = Raw::of(|tape| {
            columns.iter().for_each(|column| self.raw(column).append_to(tape));
            tape.op(Op::Tuple);
            tape.count(columns.len());
        });
        TupleExpr::of(tape, columns.len()).in_(rows)
    }

    fn raw(&self, column: &'static StaticColumn) -> Raw {
        match &self.node {
            None => Raw::Column(column),
            Some(node) => Raw::of(|tape| {
                tape.op(Op::NodeColumn);
                tape.node(Arc::clone(node));
                tape.column(column);
            }),
        }
    }
}

impl<E: Entity> From<&Alias<E>> for AnySource {
    fn from(alias: &Alias<E>) -> Self {
        Self { table: E::table(), node: Some(Arc::clone(alias.node())) }
    }
}

impl<E: Entity> From<Alias<E>> for AnySource {
    fn from(alias: Alias<E>) -> Self {
        Self::from(&alias)
    }
}

impl<E: Entity> From<TableRef<E>> for AnySource {
    fn from(_: TableRef<E>) -> Self {
        Self::table(E::table())
    }
}

impl IntoSource for AnySource {
    fn push_source(&self, tape: &mut Tape) {
        match &self.node {
            None => {
                tape.op(Op::SourceTable);
                tape.column(self.table);
            }
            Some(node) => push_node_source(tape, node),
        }
    }
}

impl Selectable for AnyColumns {
    type Row = ();
    fn project(self, tape: &mut Tape) {
        match (self.columns, &self.source.node) {
            (None, None) => {
                tape.op(Op::ProjectTable);
                tape.column(self.source.table);
            }
            (None, Some(node)) => {
                tape.op(Op::ProjectNode);
                tape.node(Arc::clone(node));
                tape.column(self.source.table);
            }
            (Some(columns), None) => columns.iter().for_each(|column| tape.project_column(column)),
            (Some(columns), Some(_)) => columns.iter().for_each(|column| {
                self.source.raw(column).append_to(tape);
                tape.op(Op::Project);
            }),
        }
    }
}

impl Select<()> {
    /// A query that selects nothing yet.
    #[must_use]
    pub fn nothing() -> Self {
        Self::from_tape(Tape::boxed(Op::BeginSelect))
    }
}

impl<R> Select<R> {
    /// Keeps of a table's columns in the result only these, by position; with `only`, nothing else either. The rows are then
    /// read by whoever runs the query.
    #[must_use]
    pub fn narrow(mut self, table: &'static StaticColumn, keep: ColumnSet, only: bool) -> Self {
        let tape = self.tape_mut();
        tape.op2(Op::Narrow, u8::from(only));
        tape.count(keep.len());
        keep.iter().for_each(|index| tape.byte(u8::try_from(index).unwrap_or(u8::MAX)));
        tape.column(table);
        self
    }

    /// A last column under this name that numbers the rows in the query's order.
    #[must_use]
    pub fn number_rows(mut self, name: &str) -> Self {
        let tape = self.tape_mut();
        tape.op(Op::NumberRows);
        tape.text(name);
        self
    }

    /// A condition on the rows of a table, wherever the query reads them under the table's own name, in its subqueries too: in
    /// WHERE, or in the ON of a LEFT JOIN of the table. CTEs are left as they are.
    #[must_use]
    pub fn restrict(mut self, table: &'static StaticColumn, condition: impl IntoExpr<bool>) -> Self {
        let tape = self.tape_mut();
        condition.into_raw_expr().append_to(tape);
        tape.op(Op::Restrict);
        tape.column(table);
        self
    }

    /// The same query, its rows read as another type: by whoever knows that they are of it.
    #[must_use]
    pub fn retyped<Q>(self) -> Select<Q> {
        Select::from_tape(self.into_tape())
    }

    /// Whether a column of the table, or the table itself, is mentioned outside subqueries.
    #[must_use]
    pub fn mentions(&self, table: &'static StaticColumn) -> bool {
        self.tape().mentions(table)
    }

    /// Whether it reads rows of the table under the table's own name, outside subqueries.
    #[must_use]
    pub fn reads(&self, table: &'static StaticColumn) -> bool {
        // Without other names a mention is enough.
        self.mentions(table)
            && (!self.tape().has_nodes() || {
                let statement = decode(&self.clone().retyped::<()>().into_arguments());
                statement.is_ok_and(|statement| reads(&statement, table))
            })
    }

    /// Whether columns of the table stand in it, outside subqueries, while nothing in FROM is the table: whoever joins it then
    /// gives these columns their rows.
    #[must_use]
    pub fn lacks(&self, table: &'static StaticColumn) -> bool {
        self.mentions(table) && {
            let statement = decode(&self.clone().retyped::<()>().into_arguments());
            statement.is_ok_and(|statement| lacks(&statement, table))
        }
    }

    /// Without ORDER BY, unless there is a limit.
    #[must_use]
    pub fn unordered(mut self) -> Self {
        self.tape_mut().op(Op::Unordered);
        self
    }

    /// Further columns that the row type knows nothing of: whoever runs the query reads them.
    #[must_use]
    pub fn besides<S: Selectable>(mut self, columns: S) -> Self {
        columns.project(self.tape_mut());
        self
    }
}
