//! What rows come from.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::Arc;

use aludel_core::{Encode, SqlType, SqlTyped};

use super::column::{All, Column, TableRef};
use super::entity::Entity;
use super::expr::Expr;
use super::into_expr::ExprList;
use super::raw::Raw;
use super::rows::RowValues;
use crate::tape::{Node, NodeHead, Op, Tape};

/// Something to read from or to join: a table, an alias, a subquery, a CTE, a run-time table, a table function.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is nothing to read rows from",
    label = "expected a table (`User::TABLE`), an alias, a subquery or a CTE"
)]
pub trait IntoSource {
    /// Appends a reference to it.
    #[doc(hidden)]
    fn push_source(&self, tape: &mut Tape);
}

impl<S: IntoSource> IntoSource for &S {
    fn push_source(&self, tape: &mut Tape) {
        (**self).push_source(tape);
    }
}

pub(crate) fn push_node_source(tape: &mut Tape, node: &Arc<Node>) {
    tape.op(Op::SourceNode);
    tape.node(Arc::clone(node));
}

/// A column of a node by its definition.
pub(crate) fn node_column<T>(node: &Arc<Node>, column: &'static crate::schema::StaticColumn) -> Expr<T> {
    Expr::from_raw(Raw::of(|tape| {
        tape.op(Op::NodeColumn);
        tape.node(Arc::clone(node));
        tape.column(column);
    }))
}

/// A column of a node by its name.
pub(crate) fn node_named<T: SqlTyped>(node: &Arc<Node>, name: &str) -> Expr<T> {
    Expr::from_raw(Raw::of(|tape| push_node_named(tape, node, name, &T::SQL_TYPE)))
}

pub(crate) fn push_node_named(tape: &mut Tape, node: &Arc<Node>, name: &str, sql_type: &SqlType) {
    tape.op(Op::NodeNamed);
    tape.node(Arc::clone(node));
    tape.text(name);
    tape.byte(1);
    tape.sql_type(sql_type);
}

/// An entity's table under another name.
#[derive(Debug)]
pub struct Alias<E> {
    table: TableRef<E>,
    node: Arc<Node>,
    marker: PhantomData<fn() -> E>,
}

impl<E: Entity> Alias<E> {
    pub(crate) fn new(table: TableRef<E>, name: Option<Cow<'static, str>>) -> Self {
        Self::with_sample(table, name, None, Tape::new())
    }

    fn with_sample(
        table: TableRef<E>,
        name: Option<Cow<'static, str>>,
        sample: Option<Arc<str>>,
        mut argument: Tape,
    ) -> Self {
        let mut body = Tape::new();
        table.push_source(&mut body);
        body.append(&mut argument);
        let head = NodeHead::Alias { name: name.map(|name| Arc::from(&*name)), sample };
        Self { table, node: Node::new(head, body), marker: PhantomData }
    }

    /// The table under a name, sampled: `TABLESAMPLE method(argument)`.
    #[must_use]
    pub fn sampled(table: TableRef<E>, name: impl Into<Cow<'static, str>>, method: &str, argument: f64) -> Self {
        let mut tape = Tape::new();
        tape.bind(argument.into_value(), aludel_core::Kind::Double);
        Self::with_sample(table, Some(name.into()), Some(Arc::from(method)), tape)
    }

    /// A column as the alias shows it.
    #[must_use]
    pub fn col<T: SqlTyped>(&self, column: Column<E, T>) -> Expr<T> {
        node_column(&self.node, column.definition())
    }

    pub(crate) const fn node(&self) -> &Arc<Node> {
        &self.node
    }

    /// All columns, read as the entity.
    #[must_use]
    pub fn all(&self) -> All<E> {
        All::through(self.table.stand_in(), Arc::clone(&self.node))
    }
}

impl<E> Clone for Alias<E> {
    fn clone(&self) -> Self {
        Self { table: self.table, node: Arc::clone(&self.node), marker: PhantomData }
    }
}

impl<E> IntoSource for Alias<E> {
    fn push_source(&self, tape: &mut Tape) {
        push_node_source(tape, &self.node);
    }
}

/// A function that gives rows; see [`table_function`].
#[derive(Clone, Debug)]
pub struct TableFunction {
    node: Arc<Node>,
}

/// A function call to read rows from, its columns named: `table_function("json_each", (doc,), "j", ["key", "value"])`.
pub fn table_function<'a>(
    name: &str,
    arguments: impl ExprList,
    alias: &str,
    columns: impl IntoIterator<Item = &'a str>,
) -> TableFunction {
    TableFunction::new(name, arguments, alias, columns.into_iter().map(Arc::from).collect(), false, false)
}

impl TableFunction {
    fn new(
        name: &str,
        arguments: impl ExprList,
        alias: &str,
        columns: Vec<Arc<str>>,
        ordinality: bool,
        scalar: bool,
    ) -> Self {
        let mut body = Tape::new();
        let count = arguments.push_all(&mut body);
        body.op2(Op::Function, 0);
        body.count(count);
        body.text(name);
        let head = NodeHead::Function { name: Some(Arc::from(alias)), columns, ordinality, scalar };
        Self { node: Node::new(head, body) }
    }

    /// As [`table_function`], with a last column that numbers the rows: `WITH ORDINALITY`.
    pub fn with_ordinality<'a>(
        name: &str,
        arguments: impl ExprList,
        alias: &str,
        columns: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::new(name, arguments, alias, columns.into_iter().map(Arc::from).collect(), true, false)
    }

    /// A function whose rows are single values, read by the alias itself; see [`value`](Self::value).
    pub fn scalar(name: &str, arguments: impl ExprList, alias: &str) -> Self {
        Self::new(name, arguments, alias, vec![Arc::from(alias)], false, true)
    }

    /// A column by its name.
    #[must_use]
    pub fn column<T: SqlTyped>(&self, name: &str) -> Expr<T> {
        node_named(&self.node, name)
    }

    /// The one column of a function made by [`scalar`](Self::scalar).
    #[must_use]
    pub fn value<T: SqlTyped>(&self) -> Expr<T> {
        match &self.node.head {
            NodeHead::Function { columns, .. } => node_named(&self.node, columns.first().map_or("", |name| name)),
            _ => node_named(&self.node, ""),
        }
    }
}

impl IntoSource for TableFunction {
    fn push_source(&self, tape: &mut Tape) {
        push_node_source(tape, &self.node);
    }
}

/// Rows of values to read from; see [`values`].
#[derive(Clone, Debug)]
pub struct Values {
    node: Arc<Node>,
}

/// Rows of values to read from: `values("v", ["id", "name"], [(1_i64, "a"), (2, "b")])`.
pub fn values<'a, I>(alias: &str, columns: impl IntoIterator<Item = &'a str>, rows: I) -> Values
where
    I: IntoIterator,
    I::Item: RowValues,
{
    let columns: Vec<Arc<str>> = columns.into_iter().map(Arc::from).collect();
    let mut body = Tape::new();
    let mut count = 0;
    for row in rows {
        let mut cells = Vec::new();
        row.push_values(&mut cells);
        let width = cells.len();
        cells.into_iter().for_each(|cell| {
            // Nothing else tells the database a column's type.
            let kind = cell.kind();
            body.bind(cell, kind);
        });
        body.op(Op::Tuple);
        body.count(width);
        count += 1;
    }
    Values { node: Node::new(NodeHead::Values { name: Some(Arc::from(alias)), columns, rows: count }, body) }
}

impl Values {
    /// A column by its name.
    #[must_use]
    pub fn column<T: SqlTyped>(&self, name: &str) -> Expr<T> {
        node_named(&self.node, name)
    }
}

impl IntoSource for Values {
    fn push_source(&self, tape: &mut Tape) {
        push_node_source(tape, &self.node);
    }
}

/// SQL of the program's own to read from, under a name; see [`text_source`].
#[derive(Clone, Debug)]
pub struct TextSource {
    node: Arc<Node>,
}

/// SQL of the program's own to read from, under a name: `text_source("pragma_table_info('users')", "info")`.
#[must_use]
pub fn text_source(sql: &str, alias: &str) -> TextSource {
    let mut body = Tape::new();
    body.op(Op::Raw);
    body.count(0);
    body.count(1);
    body.text(sql);
    TextSource { node: Node::new(NodeHead::Text { name: Some(Arc::from(alias)) }, body) }
}

impl TextSource {
    /// A column by its name.
    #[must_use]
    pub fn column<T: SqlTyped>(&self, name: &str) -> Expr<T> {
        node_named(&self.node, name)
    }
}

impl IntoSource for TextSource {
    fn push_source(&self, tape: &mut Tape) {
        push_node_source(tape, &self.node);
    }
}
