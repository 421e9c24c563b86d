//! ALTER TABLE.

use aludel_core::CompileError;

use super::{Constraint, Ddl};
use crate::schema::{ColumnDef, Table};

impl Ddl<'_> {
    /// The statement that adds a constraint to a table that is there.
    ///
    /// # Errors
    /// Where the database can't.
    pub fn add_constraint(&self, table: &Table, constraint: Constraint<'_>) -> Result<String, CompileError> {
        self.needs_constraints()?;
        Ok(format!("ALTER TABLE {} ADD {}", self.table_name(table), self.constraint(table, constraint)?))
    }

    /// The statement that drops a constraint by its name.
    ///
    /// # Errors
    /// Where the database can't.
    pub fn drop_constraint(&self, table: &Table, name: &str) -> Result<String, CompileError> {
        self.needs_constraints()?;
        let exists = self.condition("IF EXISTS ", self.facts().constraint_if_exists)?;
        Ok(format!("ALTER TABLE {} DROP CONSTRAINT {exists}{}", self.table_name(table), self.quoted(name)))
    }

    /// The statement that adds a column.
    ///
    /// # Errors
    /// Where the database has no such column, or can't add it later: a key, say.
    pub fn add_column(&self, table: &Table, column: &ColumnDef) -> Result<String, CompileError> {
        let word = self.facts().add_column;
        Ok(format!("ALTER TABLE {} {word} {}", self.table_name(table), self.column(table, column)?))
    }

    /// The statement that drops a column.
    #[must_use]
    pub fn drop_column(&self, table: &Table, column: &str) -> String {
        format!("ALTER TABLE {} DROP COLUMN {}", self.table_name(table), self.quoted(column))
    }

    /// The statement that gives a column another name.
    #[must_use]
    pub fn rename_column(&self, table: &Table, from: &str, to: &str) -> String {
        self.dialect.rename_column_sql(&self.table_name(table), from, to)
    }

    /// The statement that gives a table another name.
    #[must_use]
    pub fn rename_table(&self, table: &Table, to: &str) -> String {
        self.dialect.rename_table_sql(&self.table_name(table), to)
    }

    fn needs_constraints(&self) -> Result<(), CompileError> {
        if self.facts().alter_constraints {
            return Ok(());
        }
        Err(CompileError::unsupported_with(
            self.dialect.name(),
            "a change of constraints on a table that is there",
            "make a new table and copy the rows",
        ))
    }
}
