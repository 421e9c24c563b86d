//! The tape: a statement as flat memory that is its own cache key.
//!
//! Building a statement appends to four lanes: operation bytes in postfix order, references to `static` columns (a table
//! is the last of its columns), values, and shared nodes. The bytes hold everything that changes the SQL text except
//! which column, which value and which node: those are taken from their lanes in the order of the bytes. So two
//! fragments are put together by putting their lanes together, and a statement is looked up by comparing bytes and
//! addresses: no tree is walked and no text is made.
//!
//! - [`op`]: the operations.
//! - [`node`]: what is shared or has an identity of its own: aliases, subqueries, CTEs, run-time tables, custom elements.
//! - [`key`]: what is hashed and compared. A tape with nodes is flattened for it, in first-seen order.
//! - [`arguments`]: the tape again, as the values of a run.
//! - [`decode`]: on a miss, the tape becomes a syntax tree.

mod arguments;
mod decode;
mod flat;
mod key;
mod lanes;
mod node;
mod op;
mod sql_type;

use std::fmt;
use std::sync::Arc;

use aludel_core::{Kind, Value};
use smallvec::SmallVec;

use crate::ast::BinaryOp;
use crate::schema::{StaticColumn, Table};

pub use arguments::Arguments;
pub use decode::decode;
pub use key::{Key, OwnedKey};
pub(crate) use node::{Node, NodeHead};
pub(crate) use op::Op;

use lanes::{Ops, Refs};

/// A statement, or a part of one, as flat memory.
#[derive(Clone, Default)]
pub struct Tape {
    ops: Ops,
    refs: Refs,
    values: SmallVec<[Value; 8]>,
    nodes: Vec<Arc<Node>>,
    /// Whether the statement that is being written, and not one inside it, has a LIMIT or an OFFSET: noted here, since nobody
    /// else can tell it without decoding.
    is_limited: bool,
}

impl Tape {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A tape in a box, with its first operation.
    pub(crate) fn boxed(op: Op) -> Box<Self> {
        let mut tape = Box::<Self>::default();
        tape.op(op);
        tape
    }

    #[inline]
    pub(crate) fn op(&mut self, op: Op) {
        self.ops.push([op as u8, 0, 0, 0], 1);
    }

    #[inline]
    pub(crate) fn op2(&mut self, op: Op, operand: u8) {
        self.ops.push([op as u8, operand, 0, 0], 2);
    }

    #[inline]
    pub(crate) fn op3(&mut self, op: Op, first: u8, second: u8) {
        self.ops.push([op as u8, first, second, 0], 3);
    }

    #[inline]
    pub(crate) fn byte(&mut self, byte: u8) {
        self.ops.push([byte, 0, 0, 0], 1);
    }

    /// A count; counts beyond 32 bits can't be met by a program that fits into memory.
    pub(crate) fn count(&mut self, count: usize) {
        match u8::try_from(count) {
            Ok(small) if small < 255 => self.byte(small),
            _ => {
                self.byte(255);
                self.ops.extend(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
            }
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.count(text.len());
        self.ops.extend(text.as_bytes());
    }

    pub(crate) fn optional_text(&mut self, text: Option<&str>) {
        self.byte(u8::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.ops.extend(bytes);
    }

    #[inline]
    pub(crate) fn column(&mut self, column: &'static StaticColumn) {
        self.refs.push(column);
    }

    #[inline]
    pub(crate) fn value(&mut self, value: Value) {
        self.values.push(value);
    }

    pub(crate) fn node(&mut self, node: Arc<Node>) {
        self.nodes.push(node);
    }

    /// A placeholder.
    #[inline]
    pub(crate) fn bind(&mut self, value: Value, kind: Kind) {
        self.op2(Op::Bind, kind as u8);
        self.value(value);
    }

    /// A column of the result: the most frequent part of a statement.
    pub(crate) fn project_column(&mut self, column: &'static StaticColumn) {
        self.op(Op::ProjectColumn);
        self.column(column);
    }

    /// `column op column`, as joins have it.
    #[inline]
    pub(crate) fn compare_columns(&mut self, op: BinaryOp, left: &'static StaticColumn, right: &'static StaticColumn) {
        self.op2(Op::CompareColumns, op as u8);
        self.column(left);
        self.column(right);
    }

    /// `column op value`, the most frequent condition.
    #[inline]
    pub(crate) fn compare(&mut self, op: BinaryOp, column: &'static StaticColumn, value: Value) {
        self.op2(Op::CompareValue, op as u8);
        self.column(column);
        self.value(value);
    }

    /// Puts another tape behind this one. It is taken by reference, since moving a tape means to copy all its places.
    pub(crate) fn append(&mut self, other: &mut Self) {
        self.ops.extend(other.ops.as_slice());
        self.refs.extend(other.refs.as_slice());
        self.values.append(&mut other.values);
        self.nodes.append(&mut other.nodes);
    }

    /// As [`append`](Self::append) for a tape that stays.
    pub(crate) fn append_copy(&mut self, other: &Self) {
        self.ops.extend(other.ops.as_slice());
        self.refs.extend(other.refs.as_slice());
        self.values.extend(other.values.iter().cloned());
        self.nodes.extend(other.nodes.iter().cloned());
    }

    /// Notes a LIMIT or an OFFSET of the statement itself.
    pub(crate) fn limit(&mut self, op: Op) {
        self.is_limited = true;
        self.op(op);
    }

    pub(crate) fn is_limited(&self) -> bool {
        self.is_limited
    }

    /// The values, in the order of the bytes.
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    /// Whether a column of the table is among the references, or the table itself.
    pub(crate) fn mentions(&self, table: &'static StaticColumn) -> bool {
        self.refs.as_slice().iter().any(|column| std::ptr::eq(column.table, table.table))
    }

    /// The definition of the table made at run time that the statement begins with, under its own name.
    pub(crate) fn runtime_table(&self) -> Option<&Table> {
        match &self.nodes.first()?.head {
            NodeHead::Runtime { table, .. } => Some(table),
            _ => None,
        }
    }

    /// Whether something has another name than its own, or is a query.
    pub(crate) fn has_nodes(&self) -> bool {
        !self.nodes.is_empty()
    }

    /// Whether this operation, which has no operands behind it, is the last one.
    pub(crate) fn ends_with(&self, op: Op) -> bool {
        self.ops.as_slice().last() == Some(&(op as u8))
    }

    /// How much memory the tape's key takes, in bytes.
    #[must_use]
    pub fn key_size(&self) -> usize {
        self.ops.as_slice().len() + size_of_val(self.refs.as_slice())
    }
}

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tape")
            .field("ops", &self.ops.as_slice().len())
            .field("columns", &self.refs.as_slice().len())
            .field("values", &self.values)
            .field("nodes", &self.nodes.len())
            .finish()
    }
}
