//! Tables known only at run time.

mod changes;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aludel_core::{Result, Row, SchemaError, SqlTyped};

use super::expr::Expr;
use super::raw::Raw;
use super::select::Select;
use super::selectable::Selectable;
use super::source::{IntoSource, node_named, push_node_source};
use crate::schema::Table;
use crate::tape::{Node, NodeHead, Op, Tape};

/// A table known only at run time: reflected from a database, or described by the program.
///
/// It can do what an entity's table can: stand in queries, joins and CTEs, be inserted into, updated and deleted from. Its
/// columns are got by name, and a name that it doesn't have is an error that tells the names that look like it. Rows come as
/// [`Row`]s, read by name, or as whatever the columns that were asked for make.
///
/// Its identity is a number that is never used again, so that a statement over a table that is gone is never mistaken
/// for one over a new table. Keep and clone one `RuntimeTable` rather than making it anew for each statement: then its
/// statements are compiled once, as those of entities are.
#[derive(Clone, Debug)]
pub struct RuntimeTable {
    node: Arc<Node>,
    table: Arc<Table>,
}

/// Stands in place of the entity in statements that change a [`RuntimeTable`].
#[derive(Clone, Copy, Debug)]
pub enum AtRunTime {}

/// All columns of a [`RuntimeTable`], read as one [`Row`].
#[derive(Clone, Debug)]
pub struct AllColumns(Arc<Node>);

impl RuntimeTable {
    /// A table with this definition.
    #[must_use]
    pub fn new(table: Arc<Table>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let node = Node::new(NodeHead::Runtime { number, table: Arc::clone(&table) }, Tape::new());
        Self { node, table }
    }

    /// The definition.
    #[must_use]
    pub fn definition(&self) -> &Arc<Table> {
        &self.table
    }

    /// The name, without the schema.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.table.name
    }

    /// A column by its name. The Rust type is the program's to say: rows are read into it, and values that the column is
    /// compared with are of it.
    ///
    /// # Errors
    /// When the table has no such column; the error has the names that look like it.
    pub fn column<T: SqlTyped>(&self, name: &str) -> Result<Expr<T>> {
        self.table.find_column(name)?;
        Ok(node_named(&self.node, name))
    }

    /// All columns, as one [`Row`]; last in a list of columns.
    #[must_use]
    pub fn all(&self) -> AllColumns {
        AllColumns(Arc::clone(&self.node))
    }

    /// A query for all columns, its rows read by name.
    #[must_use]
    pub fn select(&self) -> Select<Row> {
        super::select::select(self.all())
    }

    /// A query for these columns, its rows read by name.
    ///
    /// # Errors
    /// When the table has no such column.
    pub fn select_columns<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Select<Row>> {
        let mut tape = Tape::boxed(Op::BeginSelect);
        for name in names {
            self.push_column(&mut tape, name)?;
            tape.op(Op::Project);
        }
        Ok(Select::from_tape(tape))
    }

    /// The table under another name.
    #[must_use]
    pub fn alias(&self, name: &str) -> Self {
        let mut body = Tape::new();
        self.push_source(&mut body);
        let node = Node::new(NodeHead::Alias { name: Some(Arc::from(name)), sample: None }, body);
        Self { node, table: Arc::clone(&self.table) }
    }

    /// The proposed row's value of a column, in the assignments of `ON CONFLICT … DO UPDATE`.
    ///
    /// # Errors
    /// When the table has no such column.
    pub fn excluded<T: SqlTyped>(&self, name: &str) -> Result<Expr<T>> {
        self.table.find_column(name)?;
        Ok(Expr::from_raw(Raw::of(|tape| {
            tape.op(Op::ExcludedNamed);
            tape.text(name);
            tape.sql_type(&T::SQL_TYPE);
        })))
    }

    fn push_column(&self, tape: &mut Tape, name: &str) -> Result<(), SchemaError> {
        let position = self.table.find_column(name)?;
        if let Some(column) = self.table.columns.get(position) {
            super::source::push_node_named(tape, &self.node, name, &column.sql_type);
        }
        Ok(())
    }
}

impl From<Arc<Table>> for RuntimeTable {
    fn from(table: Arc<Table>) -> Self {
        Self::new(table)
    }
}

impl From<Table> for RuntimeTable {
    fn from(table: Table) -> Self {
        Self::new(Arc::new(table))
    }
}

impl IntoSource for RuntimeTable {
    fn push_source(&self, tape: &mut Tape) {
        push_node_source(tape, &self.node);
    }
}

impl Selectable for AllColumns {
    type Row = Row;
    fn project(self, tape: &mut Tape) {
        tape.op(Op::ProjectRuntime);
        tape.node(self.0);
    }
}
