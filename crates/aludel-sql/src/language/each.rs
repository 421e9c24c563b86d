//! Statements that are run for each of many rows.

use crate::ast::BinaryOp;
use crate::dialect::Dialect;
use crate::schema::StaticColumn;
use crate::tape::{Arguments, Op, Tape};

/// A statement that is prepared once and run for each of many rows, which give its values.
///
/// It is untyped: tables and columns are told by their definitions, a table by the stand-in that
/// [`Entity::table`](super::Entity::table) gives. Layers above the language use it for rows whose columns are known at run
/// time only; programs use [`Insert::rows`](super::Insert::rows).
#[derive(Clone, Debug)]
pub struct Each {
    /// All but what is said of an INSERT's rows, and RETURNING.
    tape: Box<Tape>,
    fields: Vec<(usize, &'static StaticColumn)>,
    returned: Vec<&'static StaticColumn>,
    is_insert: bool,
}

impl Each {
    /// What is added to a column's position where the row is asked for the value that tells which row is meant: so a row can
    /// give the key that it had beside the one that it gets.
    pub const KEY: usize = 256;

    /// `INSERT INTO table (a, b) VALUES (?, ?)`. Without columns it inserts a row of defaults.
    #[must_use]
    pub fn insert(table: &'static StaticColumn, columns: &[&'static StaticColumn]) -> Self {
        let mut each = Self::begin(table, Op::BeginInsert);
        each.is_insert = true;
        for column in columns {
            each.tape.op(Op::InsertColumn);
            each.tape.column(column);
            each.fields.push((column.index(), column));
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
        self.returned.extend_from_slice(columns);
        self
    }

    /// The statement, to be looked up: its key is the table and the columns.
    #[must_use]
    pub fn arguments(&self) -> Arguments {
        self.rows(1).unwrap_or_else(|| self.finish(self.tape.clone()))
    }

    /// The INSERT with so many rows in it; none for other statements, and for rows of defaults.
    #[must_use]
    pub fn rows(&self, rows: usize) -> Option<Arguments> {
        let mut tape = self.insert_tape()?;
        tape.op(Op::InsertRows);
        tape.count(rows);
        Some(self.finish(tape))
    }

    /// The INSERT with one array for each column, of any number of rows; none for other statements, for rows of defaults, and
    /// where the dialect has no array for one of the columns.
    #[must_use]
    pub fn arrays(&self, dialect: &dyn Dialect) -> Option<Arguments> {
        let mut tape = self.insert_tape()?;
        if !self.fields.iter().all(|(_, column)| dialect.array_of(&column.def().sql_type).is_some()) {
            return None;
        }
        tape.op(Op::InsertArrays);
        Some(self.finish(tape))
    }

    /// The statement that rows can follow in the database's own format; none for other statements than an INSERT of values
    /// that returns nothing, and where the database has none.
    #[must_use]
    pub fn copy(&self, dialect: &dyn Dialect) -> Option<Arguments> {
        let mut tape = self.insert_tape()?;
        if !self.returned.is_empty() || !dialect.capabilities().binary_copy {
            return None;
        }
        tape.op(Op::InsertCopy);
        Some(self.finish(tape))
    }

    fn insert_tape(&self) -> Option<Box<Tape>> {
        (self.is_insert && !self.fields.is_empty()).then(|| self.tape.clone())
    }

    fn finish(&self, mut tape: Box<Tape>) -> Arguments {
        self.returned.iter().for_each(|column| tape.project_column(column));
        Arguments::new(tape)
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
        Self { tape, fields: Vec::new(), returned: Vec::new(), is_insert: false }
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
