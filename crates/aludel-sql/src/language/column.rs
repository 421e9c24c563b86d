//! Columns and tables of entities.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use aludel_core::{FromRow, SqlTyped};

use super::entity::Entity;
use super::expr::{Expr, Expression};
use super::raw::Raw;
use super::selectable::Selectable;
use super::source::{Alias, IntoSource};
use crate::schema::StaticColumn;
use crate::tape::{Node, Op, Tape};

/// A column of the entity `E` with values of type `T`: `User::NAME`.
pub struct Column<E, T> {
    pub(crate) column: &'static StaticColumn,
    marker: PhantomData<fn() -> (E, T)>,
}

impl<E, T> Column<E, T> {
    /// What the derives write; the Rust type is theirs to get right.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(column: &'static StaticColumn) -> Self {
        Self { column, marker: PhantomData }
    }

    /// The column's definition and table.
    #[must_use]
    pub const fn definition(self) -> &'static StaticColumn {
        self.column
    }

    /// The column's name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.column.name()
    }
}

impl<E, T: SqlTyped> Column<E, T> {
    /// The column as it is read from the missing side of an outer join: `Option`.
    #[must_use]
    pub fn optional(self) -> Expr<Option<T::Base>> {
        Expr::from_raw(Raw::Column(self.column))
    }
}

impl<E, T> Clone for Column<E, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, T> Copy for Column<E, T> {}

impl<E, T> fmt::Debug for Column<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.column.table.name, self.column.name())
    }
}

impl<E, T: SqlTyped> Expression for Column<E, T> {
    type Sql = T;
    fn into_raw(self) -> Raw {
        Raw::Column(self.column)
    }
    fn static_column(&self) -> Option<&'static StaticColumn> {
        Some(self.column)
    }
}

impl<E, T: SqlTyped + FromRow> Selectable for Column<E, T> {
    type Row = T;
    fn project(self, tape: &mut Tape) {
        tape.project_column(self.column);
    }
}

/// The table of the entity `E`: `User::TABLE`.
pub struct TableRef<E> {
    table: &'static StaticColumn,
    marker: PhantomData<fn() -> E>,
}

impl<E> TableRef<E> {
    /// What the derives write.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(table: &'static StaticColumn) -> Self {
        Self { table, marker: PhantomData }
    }

    /// The table's definition.
    #[must_use]
    pub const fn definition(self) -> &'static crate::schema::Table {
        self.table.table
    }

    pub(crate) const fn stand_in(self) -> &'static StaticColumn {
        self.table
    }
}

impl<E: Entity> TableRef<E> {
    /// The table under another name, to be joined to itself or read twice.
    #[must_use]
    pub fn alias(self, name: impl Into<Cow<'static, str>>) -> Alias<E> {
        Alias::new(self, Some(name.into()))
    }
}

impl<E> Clone for TableRef<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for TableRef<E> {}

impl<E> fmt::Debug for TableRef<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table.table.full_name())
    }
}

impl<E> IntoSource for TableRef<E> {
    fn push_source(&self, tape: &mut Tape) {
        tape.op(Op::SourceTable);
        tape.column(self.table);
    }
}

/// All columns of an entity, read as the entity: `User::ALL`, or `alias.all()`.
pub struct All<E> {
    table: &'static StaticColumn,
    node: Option<std::sync::Arc<Node>>,
    marker: PhantomData<fn() -> E>,
}

impl<E> All<E> {
    /// What the derives write.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(table: &'static StaticColumn) -> Self {
        Self { table, node: None, marker: PhantomData }
    }

    pub(crate) fn through(table: &'static StaticColumn, node: std::sync::Arc<Node>) -> Self {
        Self { table, node: Some(node), marker: PhantomData }
    }

    /// The entity, or `None` where an outer join found no row.
    #[must_use]
    pub fn optional(self) -> Optional<Self> {
        Optional(self)
    }

    fn push(self, tape: &mut Tape) {
        match self.node {
            None => tape.op(Op::ProjectTable),
            Some(node) => {
                tape.op(Op::ProjectNode);
                tape.node(node);
            }
        }
        tape.column(self.table);
    }
}

impl<E> Clone for All<E> {
    fn clone(&self) -> Self {
        Self { table: self.table, node: self.node.clone(), marker: PhantomData }
    }
}

impl<E> fmt::Debug for All<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.*", self.table.table.name)
    }
}

impl<E: Entity> Selectable for All<E> {
    type Row = E;
    fn project(self, tape: &mut Tape) {
        self.push(tape);
    }
}

/// Something that an outer join may not find.
#[derive(Clone, Debug)]
pub struct Optional<S>(S);

impl<E: Entity> Selectable for Optional<All<E>> {
    type Row = Option<E>;
    fn project(self, tape: &mut Tape) {
        self.0.push(tape);
    }
}
