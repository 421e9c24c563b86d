//! How a database tells what is in it.

pub(in crate::dialect) mod draft;
pub(in crate::dialect) mod normal;
mod parse;
pub(crate) mod tokens;

use std::borrow::Cow;
use std::fmt;

use aludel_core::{Result, Row};

use crate::language::Text;
use crate::schema::{ColumnDef, Schema, Table, TableOption};

/// What of a database is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    /// The schema (namespace); none for the one that names without a schema mean.
    pub schema: Option<&'a str>,
    /// The one table or view; none for all.
    pub table: Option<&'a str>,
}

/// How a database's catalogs are read, and what they say.
///
/// A dialect gives the statements, whoever runs them gives their rows back, and the dialect makes definitions of these. The
/// number of statements does not depend on the number of tables. A dialect of one's own gives its `Catalog` by
/// [`Dialect::catalog`](super::Dialect::catalog); everything that reflects then works with it.
///
/// What is kept in the database in other words than it was created with is told by the second half of the methods: they give
/// the form in which two definitions can be [compared](crate::ddl::differences).
pub trait Catalog: fmt::Debug + Send + Sync {
    /// The schemas: rows of `name` (text) and `is_default` (boolean, or an integer).
    fn schemas(&self) -> Text;

    /// The names of tables and views: rows of `name` (text) and `is_view` (boolean, or an integer).
    fn names(&self, schema: Option<&str>) -> Text;

    /// The statements whose rows [`read`](Self::read) takes.
    fn statements(&self, scope: Scope<'_>) -> Vec<Text>;

    /// What the rows of the statements say, statement for statement.
    ///
    /// # Errors
    /// When a row is not as the dialect expects it.
    fn read(&self, scope: Scope<'_>, answers: &[Vec<Row>]) -> Result<Schema>;

    /// Whether two names of tables mean the same table.
    fn is_same_name(&self, a: &str, b: &str) -> bool {
        a == b
    }

    /// The column as the database would tell of it, where that differs from how it was created in more than the spelling of
    /// its type and default.
    fn normal_column(&self, _table: &Table, column: &ColumnDef) -> ColumnDef {
        column.clone()
    }

    /// An SQL expression in one of the spellings that mean the same; `table` tells the columns' types. Of two expressions that
    /// mean different things the spellings are different.
    fn normal_sql<'s>(&self, _table: &Table, sql: &'s str) -> Cow<'s, str> {
        Cow::Borrowed(sql)
    }

    /// As [`normal_sql`](Self::normal_sql), of a column's default.
    fn normal_default<'s>(&self, table: &Table, _column: &ColumnDef, sql: &'s str) -> Cow<'s, str> {
        self.normal_sql(table, sql)
    }

    /// Whether `ON DELETE RESTRICT` and `ON DELETE NO ACTION` are the same.
    fn restricts_at_once(&self) -> bool {
        false
    }

    /// Whether a UNIQUE constraint is nothing but a unique index of its name.
    fn uniques_are_indexes(&self) -> bool {
        false
    }

    /// Whether constraints keep the name of a primary key.
    fn names_primary_keys(&self) -> bool {
        true
    }

    /// The access method that an index has when none is said.
    fn default_index_method(&self) -> Option<&'static str> {
        None
    }

    /// Whether the database makes an index for a foreign key that has none.
    fn indexes_foreign_keys(&self) -> bool {
        false
    }

    /// Whether the database chooses the option where none is said.
    fn chooses_option(&self, _option: &TableOption) -> bool {
        false
    }

    /// Whether the database keeps the option.
    fn keeps_option(&self, _option: &TableOption) -> bool {
        false
    }
}
