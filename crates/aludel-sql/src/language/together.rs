//! Several tables read as one.

use std::sync::Arc;

use aludel_core::{SqlType, SqlTyped};

use super::compound::union_all;
use super::expr::{Expr, LiteralValue};
use super::select::Select;
use super::selectable::Selectable;
use super::source::{IntoSource, node_named, push_node_named, push_node_source};
use crate::schema::StaticColumn;
use crate::tape::{Node, NodeHead, Op, Tape};

/// The rows of several tables as those of one: a `UNION ALL` in FROM, for layers that learn at run time which tables these are.
///
/// Its first column says which table a row is of, by a label. Behind it are columns by their names, NULL in the rows of tables
/// that have none of that name.
#[derive(Clone, Debug)]
pub struct Together {
    node: Arc<Node>,
    label: &'static str,
    columns: Arc<[(&'static str, SqlType)]>,
}

/// What one of the tables gives.
struct Part<'a> {
    label: &'static str,
    value: &'static str,
    table: &'static StaticColumn,
    columns: &'a [(&'static str, SqlType)],
}

/// All columns of tables that are read as one.
struct All<'a>(&'a Together);

impl Together {
    /// The tables, each with the label of its rows, under a name; `label` is what the column of the labels is called.
    #[must_use]
    pub fn new(
        name: &str,
        label: &'static str,
        columns: &[&'static str],
        tables: &[(&'static str, &'static StaticColumn)],
    ) -> Self {
        let typed = |name: &&'static str| {
            let found = tables.iter().find_map(|(_, table)| column_of(table, name));
            (*name, found.map_or(SqlType::Text, |column| column.def().sql_type.clone()))
        };
        let columns: Arc<[_]> = columns.iter().map(typed).collect();
        let parts = tables.iter().map(|(value, table)| {
            let part = Part { label, value, table, columns: &columns };
            Select::nothing().besides(part)
        });
        let mut body = union_all(parts).into_tape();
        body.op(Op::EndQuery);
        let head = NodeHead::Derived { name: Some(Arc::from(name)), lateral: false };
        Self { node: Node::new(head, *body), label, columns }
    }

    /// The label of a row's table.
    #[must_use]
    pub fn label(&self) -> Expr<String> {
        node_named(&self.node, self.label)
    }

    /// A column by its name.
    #[must_use]
    pub fn column<T: SqlTyped>(&self, name: &str) -> Expr<T> {
        node_named(&self.node, name)
    }

    /// A query of the label and of all columns; whoever runs it reads the rows.
    #[must_use]
    pub fn select(&self) -> Select<()> {
        Select::nothing().besides(All(self)).from(self)
    }

    /// Appends the label and all columns to what is selected.
    pub fn project_all(&self, tape: &mut Tape) {
        All(self).project(tape);
    }
}

impl IntoSource for Together {
    fn push_source(&self, tape: &mut Tape) {
        push_node_source(tape, &self.node);
    }
}

impl Selectable for Part<'_> {
    type Row = ();
    fn project(self, tape: &mut Tape) {
        let named = |tape: &mut Tape, name: &str| {
            tape.op(Op::Label);
            tape.text(name);
            tape.op(Op::Project);
        };
        self.value.push_literal(tape);
        named(tape, self.label);
        for (name, sql_type) in self.columns {
            match column_of(self.table, name) {
                Some(column) => tape.project_column(column),
                None => {
                    // Without a type, some databases would take it for a text.
                    tape.op(Op::Null);
                    tape.op2(Op::Cast, 0);
                    tape.sql_type(sql_type);
                    named(tape, name);
                }
            }
        }
    }
}

impl Selectable for All<'_> {
    type Row = ();
    fn project(self, tape: &mut Tape) {
        let text = (self.0.label, SqlType::Text);
        for (name, sql_type) in std::iter::once(&text).chain(&*self.0.columns) {
            push_node_named(tape, &self.0.node, name, sql_type);
            tape.op(Op::Project);
        }
    }
}

/// The table's column of this name, by its stand-in.
fn column_of(table: &'static StaticColumn, name: &str) -> Option<&'static StaticColumn> {
    table.siblings().iter().find(|column| column.name() == name)
}
