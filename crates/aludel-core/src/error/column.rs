//! A value that could not be written or read, with the column it belongs to.

use std::fmt;

use super::Fault;

/// A value of a column that could not be written to or read from the database.
#[derive(Clone, Debug)]
pub struct ColumnError {
    /// Whether the value was on its way in (a parameter) or out (a result).
    pub direction: Direction,
    /// The table, where the column is one of a table.
    pub table: Option<String>,
    /// The column's or label's name; empty for a bare parameter.
    pub column: String,
    /// Its position among the result's columns or the statement's parameters, from 0.
    pub index: Option<usize>,
    /// What is wrong with the value.
    pub fault: Fault,
}

/// Which way a value was going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Into the database.
    Write,
    /// Out of it.
    Read,
}

impl fmt::Display for ColumnError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.direction, self.index) {
            (Direction::Write, Some(index)) => write!(f, "parameter {}", index + 1)?,
            (Direction::Write, None) => f.write_str("a parameter")?,
            (Direction::Read, Some(index)) => write!(f, "result column {}", index + 1)?,
            (Direction::Read, None) => f.write_str("a result column")?,
        }
        match (&self.table, self.column.as_str()) {
            (_, "") => {}
            (Some(table), column) => write!(f, ", {table}.{column}")?,
            (None, column) => write!(f, ", {column:?}")?,
        }
        write!(f, ": {}", self.fault)
    }
}

impl std::error::Error for ColumnError {}
