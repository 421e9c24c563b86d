//! Schema definition as text.

mod alter;
mod column;
mod constraint;
mod enumeration;
mod index;
mod plan;
mod schema;
mod table;
mod view;

use aludel_core::CompileError;

use super::options::SchemaMap;
use crate::ddl::NamingConvention;
use crate::dialect::{DdlCapabilities, Dialect};
use crate::schema::Table;

pub use constraint::Constraint;

/// Writes schema definition for one dialect.
#[derive(Clone, Debug)]
pub struct Ddl<'a> {
    dialect: &'a dyn Dialect,
    names: NamingConvention,
    schemas: SchemaMap,
    checked: bool,
}

impl<'a> Ddl<'a> {
    /// A writer without naming conventions but the default one for indexes.
    #[must_use]
    pub fn new(dialect: &'a dyn Dialect) -> Self {
        Self { dialect, names: NamingConvention::default(), schemas: SchemaMap::default(), checked: false }
    }

    /// Names for constraints and indexes that have none.
    #[must_use]
    pub fn naming(mut self, names: NamingConvention) -> Self {
        self.names = names;
        self
    }

    /// Other schemas in place of those that the tables say.
    #[must_use]
    pub fn schemas(mut self, schemas: SchemaMap) -> Self {
        self.schemas = schemas;
        self
    }

    /// Whether what is there already is no error: `IF NOT EXISTS` and `IF EXISTS`.
    #[must_use]
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    fn facts(&self) -> &'static DdlCapabilities {
        &self.dialect.capabilities().ddl
    }

    fn unsupported(&self, construct: impl Into<String>) -> CompileError {
        CompileError::unsupported(self.dialect.name(), construct)
    }

    fn quoted(&self, name: &str) -> String {
        self.dialect.quoted(name)
    }

    fn qualified(&self, schema: Option<&str>, name: &str) -> String {
        match self.schemas.get(schema) {
            Some(schema) => format!("{}.{}", self.quoted(schema), self.quoted(name)),
            None => self.quoted(name),
        }
    }

    fn table_name(&self, table: &Table) -> String {
        self.qualified(table.schema.as_deref(), &table.name)
    }

    fn literal(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 2);
        self.dialect.text_literal(&mut out, text);
        out
    }

    /// `IF NOT EXISTS `, where it is asked for and the database has it.
    fn if_not_exists(&self) -> Result<&'static str, CompileError> {
        self.condition("IF NOT EXISTS ", self.facts().if_not_exists)
    }

    /// `IF EXISTS `, where it is asked for and the database has it.
    fn if_exists(&self) -> Result<&'static str, CompileError> {
        self.condition("IF EXISTS ", self.facts().if_exists)
    }

    fn condition(&self, words: &'static str, exists: bool) -> Result<&'static str, CompileError> {
        match (self.checked, exists) {
            (false, _) => Ok(""),
            (true, true) => Ok(words),
            (true, false) => Err(self.unsupported(words.trim_end())),
        }
    }

    /// As `columns`, for whoever compares.
    pub(crate) fn column_list(&self, table: &Table, positions: &[usize]) -> Result<String, CompileError> {
        self.columns(table, positions)
    }

    /// Names of a table's columns, in quotes where they need them, with commas between.
    fn columns(&self, table: &Table, positions: &[usize]) -> Result<String, CompileError> {
        let names: Result<Vec<_>, _> = positions.iter().map(|position| self.column_name(table, *position)).collect();
        Ok(names?.join(", "))
    }

    fn column_name(&self, table: &Table, position: usize) -> Result<String, CompileError> {
        match table.columns.get(position) {
            Some(column) => Ok(self.quoted(&column.name)),
            None => Err(CompileError::invalid(format!("table \"{}\" has no column {position}", table.full_name()))),
        }
    }
}
