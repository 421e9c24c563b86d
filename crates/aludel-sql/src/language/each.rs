//! Statements that are run for each of many rows.

use crate::ast::BinaryOp;
use crate::schema::StaticColumn;
use crate::tape::{Arguments, Op, Tape};

/// A statement that is prepared once and run for each of many rows, which give its values.
///
/// It is untyped: tables and columns are told by their definitions, a table by the stand-in that
/// [`Entity::table`](super::Entity::table) gives. Layers above the language use it for rows whose columns are known at run
/// time only; programs use [`Insert::rows`](super::Insert::rows).
#[derive(Clone, Debug)]
pub struct Each {
    tape: Box<Tape>,
    fields: Vec<(usize, &'static StaticColumn)>,
}

impl Each {
    /// What is added to a column's position where the row is asked for the value that tells which row is meant: so a row can
    /// give the key that it had beside the one that it gets.
    pub const KEY: usize = 256;

    /// `INSERT INTO table (a, b) VALUES (?, ?)`. Without columns it inserts a row of defaults.
    #[must_use]
    pub fn insert(table: &'static StaticColumn, columns: &[&'static StaticColumn]) -> Self {
        let mut each = Self::begin(table, Op::BeginInsert);
        for column in columns {
            each.tape.op(Op::InsertColumn);
            each.tape.column(column);
            each.fields.push((column.index(), column));
        }
        if !columns.is_empty() {
            each.tape.op(Op::InsertRows);
            each.tape.count(1);
        }
        each
    }

    /// `UPDATE table SET a = ?, b = ? WHERE k = ? AND l = ?`. No part of the key may be NULL.
    #[must_use]
    pub fn update(table: &'static StaticColumn, set: &[&'static StaticColumn], key: &[&'static StaticColumn]) -> Self {
        let mut each = Self::begin(table, Op::BeginUpdate);
        for column in set {
            each.placeholder(column, column.index());
            each.tape.op(Op::Set);
            each.tape.column(column);
        }
        each.filter(key);
        each
    }

    /// `DELETE FROM table WHERE k = ? AND l = ?`. No part of the key may be NULL.
    #[must_use]
    pub fn delete(table: &'static StaticColumn, key: &[&'static StaticColumn]) -> Self {
        let mut each = Self::begin(table, Op::BeginDelete);
        each.filter(key);
        each
    }

    /// Gives these columns of each row.
    #[must_use]
    pub fn returning(mut self, columns: &[&'static StaticColumn]) -> Self {
        columns.iter().for_each(|column| self.tape.project_column(column));
        self
    }

    /// The statement, to be looked up: its key is the table and the columns.
    #[must_use]
    pub fn arguments(&self) -> Arguments {
        Arguments::new(self.tape.clone())
    }

    /// For each placeholder, in their order, what [`EncodeRow::encode_field`](aludel_core::EncodeRow::encode_field) is asked
    /// for, and its column: the column's position in its table, and for a part of the key [`KEY`](Self::KEY) more than that.
    #[must_use]
    pub fn fields(&self) -> Vec<(usize, &'static StaticColumn)> {
        self.fields.clone()
    }

    fn begin(table: &'static StaticColumn, op: Op) -> Self {
        let mut tape = Tape::boxed(Op::SourceTable);
        tape.column(table);
        tape.op(op);
        Self { tape, fields: Vec::new() }
    }

    fn placeholder(&mut self, column: &'static StaticColumn, field: usize) {
        self.tape.op(Op::RowBind);
        self.tape.column(column);
        self.fields.push((field, column));
    }

    fn filter(&mut self, key: &[&'static StaticColumn]) {
        if key.is_empty() {
            self.tape.op(Op::Invalid);
            self.tape.text("a statement for each row that does not say which row would change all of them");
        }
        for column in key {
            self.tape.op(Op::Column);
            self.tape.column(column);
            self.placeholder(column, column.index() + Self::KEY);
            self.tape.op2(Op::Binary, BinaryOp::Eq as u8);
            self.tape.op(Op::Filter);
        }
    }
}
