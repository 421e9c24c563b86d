//! Queries to read from: subqueries and common table expressions.

use std::marker::PhantomData;
use std::sync::Arc;

use aludel_core::SqlTyped;

use super::column::{All, Column};
use super::entity::Entity;
use super::expr::Expr;
use super::label::Label;
use super::select::Select;
use super::source::{IntoSource, node_column, node_named, push_node_source};
use crate::tape::{Node, NodeHead, Op, Tape};

/// A query in FROM.
#[derive(Debug)]
pub struct Subquery<R> {
    node: Arc<Node>,
    marker: PhantomData<fn() -> R>,
}

/// A common table expression: a query with a name, that may be read several times.
#[derive(Debug)]
pub struct Cte<R> {
    node: Arc<Node>,
    marker: PhantomData<fn() -> R>,
}

/// Options of a common table expression.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CteOptions {
    /// `MATERIALIZED` or `NOT MATERIALIZED`, where the database has it.
    pub materialized: Option<bool>,
    /// Names of its columns, written behind its name.
    pub columns: Vec<String>,
}

impl CteOptions {
    /// `MATERIALIZED` (true) or `NOT MATERIALIZED` (false).
    #[must_use]
    pub fn materialized(mut self, materialized: bool) -> Self {
        self.materialized = Some(materialized);
        self
    }

    /// Names of its columns.
    #[must_use]
    pub fn columns<'a>(mut self, names: impl IntoIterator<Item = &'a str>) -> Self {
        self.columns = names.into_iter().map(str::to_owned).collect();
        self
    }
}

macro_rules! columns_of_a_query {
    ($type:ident) => {
        impl<R> $type<R> {
            /// A column that the query selects, by its definition: one called `name` when the query selects
            /// `User::NAME`.
            #[must_use]
            pub fn col<E, T: SqlTyped>(&self, column: Column<E, T>) -> Expr<T> {
                node_column(&self.node, column.definition())
            }

            /// A column that the query selects, by its label.
            #[must_use]
            pub fn get<T: SqlTyped>(&self, label: Label<T>) -> Expr<T> {
                node_named(&self.node, label.name())
            }

            /// A column that the query selects, by its name.
            #[must_use]
            pub fn column<T: SqlTyped>(&self, name: &str) -> Expr<T> {
                node_named(&self.node, name)
            }
        }

        impl<E: Entity> $type<E> {
            /// All columns of a query that selects an entity, read as the entity.
            #[must_use]
            pub fn all(&self) -> All<E> {
                All::through(E::table(), Arc::clone(&self.node))
            }
        }

        impl<R> Clone for $type<R> {
            fn clone(&self) -> Self {
                Self { node: Arc::clone(&self.node), marker: PhantomData }
            }
        }

        impl<R> IntoSource for $type<R> {
            fn push_source(&self, tape: &mut Tape) {
                push_node_source(tape, &self.node);
            }
        }
    };
}

columns_of_a_query!(Subquery);
columns_of_a_query!(Cte);

impl<R> Subquery<R> {
    pub(crate) fn new(mut query: Box<Tape>, name: Option<String>, lateral: bool) -> Self {
        query.op(Op::EndQuery);
        let head = NodeHead::Derived { name: name.map(Arc::from), lateral };
        Self { node: Node::new(head, *query), marker: PhantomData }
    }
}

impl<R> Cte<R> {
    /// The statement is a query or a data-modifying statement that returns rows.
    pub(crate) fn new(statement: Box<Tape>, name: String, options: &CteOptions) -> Self {
        let columns = options.columns.iter().map(|name| Arc::from(name.as_str())).collect();
        let head = NodeHead::Cte {
            name: Some(Arc::from(name)),
            recursive: false,
            materialized: options.materialized,
            columns,
        };
        Self { node: Node::new(head, *statement), marker: PhantomData }
    }

    pub(crate) fn recursive(first: Select<R>, name: String, step: impl FnOnce(&Self) -> Select<R>, all: bool) -> Self {
        let itself = Self { node: Node::new(NodeHead::Itself, Tape::new()), marker: PhantomData };
        let mut body = Tape::new();
        // The first node tells the decoder what stands for this CTE inside its own body.
        body.node(Arc::clone(&itself.node));
        body.append(&mut first.into_tape());
        body.op(Op::EndQuery);
        body.append(&mut step(&itself).into_tape());
        body.op(Op::EndQuery);
        body.op3(Op::Compound, crate::ast::SetOp::Union as u8, u8::from(all));
        body.count(2);
        let head =
            NodeHead::Cte { name: Some(Arc::from(name)), recursive: true, materialized: None, columns: Vec::new() };
        Self { node: Node::new(head, body), marker: PhantomData }
    }

    /// The CTE under another name, to be read twice in one FROM.
    #[must_use]
    pub fn alias(&self, name: impl Into<String>) -> Self {
        let mut body = Tape::new();
        self.push_source(&mut body);
        let head = NodeHead::Alias { name: Some(Arc::from(name.into())), sample: None };
        Self { node: Node::new(head, body), marker: PhantomData }
    }
}
