//! What is in a schema, to be asked about by name.

use std::fmt;
use std::sync::Arc;

use aludel_core::{EnumType, Result, SchemaError};
use aludel_sql::RuntimeTable;
use aludel_sql::ddl::{Difference, Sequence, Sorted, differences, sorted_tables};
use aludel_sql::dialect::{Catalog, Dialect};
use aludel_sql::schema::{Check, ColumnDef, ForeignKey, Index, Note, Schema, Table, Unique, View};

/// What is in a schema of a database, and the names of the other schemas: read at once, in a number of statements that does not
/// depend on the number of tables. Asking it runs no further statement, so it tells how things were when it was made.
///
/// ```
/// # use aludel_engine::{EngineBuilder, blocking::Engine};
/// # let engine = EngineBuilder::<Engine>::new("sqlite::memory:").driver(aludel_sqlite::Sqlite).connect()?;
/// engine.acquire()?.batch("CREATE TABLE film (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE)")?;
/// let inspector = engine.inspect()?;
/// assert_eq!(inspector.table_names(), ["film"]);
/// assert_eq!(inspector.columns("film")?[1].name, "title");
/// assert_eq!(inspector.primary_key("film")?, ["id"]);
/// assert!(inspector.unsupported().is_empty());
/// # Ok::<(), aludel_engine::Error>(())
/// ```
pub struct Inspector {
    dialect: Arc<dyn Dialect>,
    schemas: Vec<(String, bool)>,
    schema: Schema,
}

impl Inspector {
    pub(super) fn new(dialect: Arc<dyn Dialect>, schemas: Vec<(String, bool)>, schema: Schema) -> Self {
        Self { dialect, schemas, schema }
    }

    /// The schemas of the database; databases, where a database has no schemas in it.
    #[must_use]
    pub fn schema_names(&self) -> Vec<&str> {
        self.schemas.iter().map(|(name, _)| &**name).collect()
    }

    /// The schema that names without a schema lead to.
    #[must_use]
    pub fn default_schema_name(&self) -> Option<&str> {
        self.schemas.iter().find(|(_, is_default)| *is_default).map(|(name, _)| &**name)
    }

    /// Names of the tables, in alphabetical order.
    #[must_use]
    pub fn table_names(&self) -> Vec<&str> {
        self.schema.tables.iter().map(|table| &*table.name).collect()
    }

    /// Names of the views, in alphabetical order.
    #[must_use]
    pub fn view_names(&self) -> Vec<&str> {
        self.schema.views.iter().map(|view| &*view.table.name).collect()
    }

    /// Names of the sequences that no column owns.
    #[must_use]
    pub fn sequence_names(&self) -> Vec<&str> {
        self.schema.sequences.iter().map(|sequence| &*sequence.name).collect()
    }

    /// Whether there is a table of this name.
    #[must_use]
    pub fn has_table(&self, name: &str) -> bool {
        self.schema.tables.iter().any(|table| self.is_called(table, name))
    }

    /// The definition of a table or view.
    ///
    /// # Errors
    /// When there is none of this name; the error has the names that look like it.
    pub fn table(&self, name: &str) -> Result<&Arc<Table>> {
        self.find(name).ok_or_else(|| SchemaError::no_table(name, name, self.all_names()).into())
    }

    /// A table or view, to be used in statements. Keep it: another call gives another one, whose statements are compiled anew.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn runtime_table(&self, name: &str) -> Result<RuntimeTable> {
        self.table(name).map(|table| RuntimeTable::new(Arc::clone(table)))
    }

    /// The columns of a table or view, in order.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn columns(&self, table: &str) -> Result<&[ColumnDef]> {
        self.table(table).map(|table| &*table.columns)
    }

    /// The names of the primary key's columns, in the key's order.
    ///
    /// # Errors
    /// When there is no table of this name.
    pub fn primary_key(&self, table: &str) -> Result<Vec<&str>> {
        let table = self.table(table)?;
        let column = |position: &usize| table.columns.get(*position).map(|column| &*column.name);
        Ok(table.primary_key.iter().filter_map(column).collect())
    }

    /// The foreign keys of a table.
    ///
    /// # Errors
    /// When there is no table of this name.
    pub fn foreign_keys(&self, table: &str) -> Result<&[ForeignKey]> {
        self.table(table).map(|table| &*table.foreign_keys)
    }

    /// The indexes of a table, but for those that constraints make.
    ///
    /// # Errors
    /// When there is no table of this name.
    pub fn indexes(&self, table: &str) -> Result<&[Index]> {
        self.table(table).map(|table| &*table.indexes)
    }

    /// The UNIQUE constraints of a table.
    ///
    /// # Errors
    /// When there is no table of this name.
    pub fn uniques(&self, table: &str) -> Result<&[Unique]> {
        self.table(table).map(|table| &*table.uniques)
    }

    /// The CHECK constraints of a table.
    ///
    /// # Errors
    /// When there is no table of this name.
    pub fn checks(&self, table: &str) -> Result<&[Check]> {
        self.table(table).map(|table| &*table.checks)
    }

    /// The comment on a table or view.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn table_comment(&self, table: &str) -> Result<Option<&str>> {
        self.table(table).map(|table| table.comment.as_deref())
    }

    /// A view with its query.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn view(&self, name: &str) -> Result<&View> {
        let found = self.schema.views.iter().find(|view| self.is_called(&view.table, name));
        found.ok_or_else(|| SchemaError::no_table(name, name, self.view_names()).into())
    }

    /// The sequences that no column owns.
    #[must_use]
    pub fn sequences(&self) -> &[Sequence] {
        &self.schema.sequences
    }

    /// The enumerations that are types of their own.
    #[must_use]
    pub fn enums(&self) -> &[EnumType] {
        &self.schema.enums
    }

    /// What is there and has no place in the definitions.
    #[must_use]
    pub fn unsupported(&self) -> &[Note] {
        &self.schema.notes
    }

    /// The tables, each behind those that it refers to, and the foreign keys that go round in a circle.
    #[must_use]
    pub fn sorted_tables(&self) -> Sorted<'_> {
        let tables: Vec<_> = self.schema.tables.iter().map(|table| &**table).collect();
        sorted_tables(&tables)
    }

    /// Where the tables are not as a program wants them; see [`differences`].
    ///
    /// # Errors
    /// When the dialect has no word for a part of what is wanted.
    pub fn differences(&self, wanted: &[&Table]) -> Result<Vec<Difference>> {
        let found: Vec<_> = self.schema.tables.iter().map(|table| &**table).collect();
        Ok(differences(&*self.dialect, wanted, &found)?)
    }

    /// All of it.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// All of it, to be kept.
    #[must_use]
    pub fn into_schema(self) -> Schema {
        self.schema
    }

    fn find(&self, name: &str) -> Option<&Arc<Table>> {
        let views = self.schema.views.iter().map(|view| &view.table);
        self.schema.tables.iter().chain(views).find(|table| self.is_called(table, name))
    }

    fn is_called(&self, table: &Table, name: &str) -> bool {
        self.dialect.catalog().is_some_and(|catalog: &dyn Catalog| catalog.is_same_name(&table.name, name))
    }

    fn all_names(&self) -> Vec<&str> {
        self.table_names().into_iter().chain(self.view_names()).collect()
    }
}

impl fmt::Debug for Inspector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inspector")
            .field("schemas", &self.schemas)
            .field("schema", &self.schema.name)
            .field("tables", &self.table_names())
            .field("views", &self.view_names())
            .finish_non_exhaustive()
    }
}
