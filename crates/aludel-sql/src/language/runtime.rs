//! Tables known only at run time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aludel_core::{Row, SqlTyped};

use super::expr::Expr;
use super::select::Select;
use super::source::{IntoSource, node_named, push_node_source};
use crate::schema::Table;
use crate::tape::{Node, NodeHead, Op, Tape};

/// A table known only at run time: reflected from a database, or described by the program.
///
/// Its identity is a number that is never used again, so that a statement over a table that is gone is never mistaken
/// for one over a new table. Keep and clone one `RuntimeTable` rather than making it anew for each statement.
#[derive(Clone, Debug)]
pub struct RuntimeTable {
    node: Arc<Node>,
    table: Arc<Table>,
}

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

    /// A column by its name. A name that the table does not have is an error when the statement is compiled.
    #[must_use]
    pub fn column<T: SqlTyped>(&self, name: &str) -> Expr<T> {
        node_named(&self.node, name)
    }

    /// A query for all columns, its rows read by name.
    #[must_use]
    pub fn select(&self) -> Select<Row> {
        let mut tape = Tape::boxed(Op::BeginSelect);
        tape.op(Op::ProjectRuntime);
        tape.node(Arc::clone(&self.node));
        Select::from_tape(tape)
    }

    /// The table under another name.
    #[must_use]
    pub fn alias(&self, name: &str) -> Self {
        let mut body = Tape::new();
        self.push_source(&mut body);
        let node = Node::new(NodeHead::Alias { name: Some(Arc::from(name)), sample: None }, body);
        Self { node, table: Arc::clone(&self.table) }
    }
}

impl IntoSource for RuntimeTable {
    fn push_source(&self, tape: &mut Tape) {
        push_node_source(tape, &self.node);
    }
}
