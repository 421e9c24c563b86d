//! Databases' ways of writing SQL.
//!
//! A [`Dialect`] is a set of facts ([`Capabilities`]) and of small methods for what is written differently; each method has
//! a default that writes standard SQL, found in [`standard`] for a dialect that wants it for a part of its cases. The
//! built-in dialects are [`Sqlite`], [`Postgres`], [`MySql`], [`MariaDb`], [`MsSql`] and [`Oracle`].
//!
//! A dialect of one's own overrides what differs:
//!
//! ```
//! use aludel_core::CompileError;
//! use aludel_sql::ast::Expr;
//! use aludel_sql::compile::SqlWriter;
//! use aludel_sql::dialect::{Capabilities, Dialect};
//!
//! #[derive(Debug)]
//! struct Duck;
//!
//! impl Dialect for Duck {
//!     fn name(&self) -> &'static str {
//!         "duck"
//!     }
//!     fn capabilities(&self) -> &'static Capabilities {
//!         const DUCK: Capabilities = Capabilities { distinct_on: true, ..Capabilities::STANDARD };
//!         &DUCK
//!     }
//!     fn regexp(&self, w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr, negated: bool) -> Result<(), CompileError> {
//!         w.sql(if negated { "NOT regexp_matches(" } else { "regexp_matches(" });
//!         w.expr(operand)?;
//!         w.sql(", ");
//!         w.expr(pattern)?;
//!         w.sql(")");
//!         Ok(())
//!     }
//! }
//! ```

mod capabilities;
mod catalog;
pub(crate) mod mssql;
pub(crate) mod mysql;
pub(crate) mod oracle;
pub(crate) mod postgres;
mod reserved;
pub(crate) mod sqlite;
pub mod standard;
mod transaction;

use std::borrow::Cow;
use std::fmt;

use aludel_core::{CompileError, SqlType};

use crate::ast::{BinaryOp, Expr, Function, JsonAccess, Like};
use crate::compile::SqlWriter;
use crate::schema::{ColumnDef, IndexOption, Table, TableOption};

pub use capabilities::{
    Capabilities, Comments, DdlCapabilities, DmlLimit, DmlWith, IndexUsing, InsertDefaults, Lateral, LockOf, Locking,
    MultiTable, Placeholders, Returning, ReturningStyle, RowLimit, TupleIn, Upsert, ValuesTable,
};
pub use catalog::{Catalog, Scope};
pub use mssql::MsSql;
pub use mysql::{MariaDb, MySql};
pub use oracle::Oracle;
pub use postgres::Postgres;
pub use reserved::ReservedWords;
pub use sqlite::Sqlite;
pub use transaction::{Begin, Isolation, NamedLock, Steps, TransactionOptions, TwoPhase};

/// What a method that writes gives.
pub type Written = Result<(), CompileError>;

/// A generic function's name in a database's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FunctionName {
    /// A function of another name.
    Call(&'static str),
    /// Words without parentheses, such as `CURRENT_TIMESTAMP`.
    Words(&'static str),
}

/// A database's way of writing SQL.
///
/// What a method writes for an expression must hold together at least as tightly as the standard's form of it does; where
/// it can't, the method writes parentheses. A construct that the database does not have is
/// [`CompileError::unsupported`], never left out.
pub trait Dialect: fmt::Debug + Send + Sync + 'static {
    /// Its name, as prefixes, hints and custom constructs call it.
    fn name(&self) -> &'static str;

    /// Whether the database has the types, functions and operators of this family, which is called by a dialect's name:
    /// `postgresql`, `mysql`.
    fn is_family(&self, family: &str) -> bool {
        self.name() == family
    }

    /// What the database can do.
    fn capabilities(&self) -> &'static Capabilities;

    /// Whether the word, in small letters, must be quoted to be an identifier.
    fn is_reserved(&self, word: &str) -> bool {
        postgres::reserved::RESERVED.contains(word)
    }

    /// The type's name in CREATE TABLE.
    ///
    /// # Errors
    /// Where the database has no such type.
    fn type_name(&self, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
        standard::type_name(self.name(), sql_type)
    }

    /// The type's name in CAST.
    ///
    /// # Errors
    /// Where the database has no such type.
    fn cast_type_name(&self, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
        self.type_name(sql_type)
    }

    /// A text as a literal.
    fn text_literal(&self, out: &mut String, text: &str) {
        standard::text_literal(out, text, self.capabilities().backslash_escapes);
    }

    /// A collation's name.
    ///
    /// # Errors
    /// Where it can't be one.
    fn collation(&self, out: &mut String, name: &str) -> Written {
        out.push_str(&self.quoted(name));
        Ok(())
    }

    /// The name that a generic function has here; none for the generic name.
    fn function_name(&self, _name: &str) -> Option<FunctionName> {
        None
    }

    /// An operator with two operands; each is written by [`SqlWriter::left`] and [`SqlWriter::right`] so that parentheses
    /// stand where they must.
    fn binary(&self, w: &mut SqlWriter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
        standard::binary(w, op, left, right)
    }

    /// An operator that the program gives as text, of which nothing is known.
    fn custom_operator(&self, w: &mut SqlWriter<'_>, op: &str, left: &Expr, right: &Expr) -> Written {
        standard::custom_operator(w, op, left, right)
    }

    /// Texts put together; at least two.
    fn concat(&self, w: &mut SqlWriter<'_>, parts: &[&Expr]) -> Written {
        standard::concat(w, parts)
    }

    /// The LIKE family. `negated` counts, not the one in `like`.
    fn like(&self, w: &mut SqlWriter<'_>, like: &Like, negated: bool) -> Written {
        standard::like(w, like, negated)
    }

    /// A regular expression.
    fn regexp(&self, w: &mut SqlWriter<'_>, _operand: &Expr, _pattern: &Expr, _negated: bool) -> Written {
        Err(w.unsupported("a regular expression"))
    }

    /// Full-text search.
    fn full_text(&self, w: &mut SqlWriter<'_>, _operand: &Expr, _pattern: &Expr) -> Written {
        Err(w.unsupported("MATCH"))
    }

    /// A field of a date or time.
    fn extract(&self, w: &mut SqlWriter<'_>, field: &str, operand: &Expr) -> Written {
        standard::extract(w, field, operand)
    }

    /// A conversion; `fallible` gives NULL instead of an error.
    fn cast(&self, w: &mut SqlWriter<'_>, operand: &Expr, sql_type: &SqlType, fallible: bool) -> Written {
        standard::cast(w, operand, sql_type, fallible)
    }

    /// Access into a JSON document.
    fn json(&self, w: &mut SqlWriter<'_>, _operand: &Expr, _path: &[Expr], _access: JsonAccess) -> Written {
        Err(w.unsupported("access into JSON"))
    }

    /// `BETWEEN SYMMETRIC`.
    fn between_symmetric(
        &self,
        w: &mut SqlWriter<'_>,
        operand: &Expr,
        low: &Expr,
        high: &Expr,
        negated: bool,
    ) -> Written {
        standard::between_symmetric(w, operand, low, high, negated)
    }

    /// An array of expressions.
    fn array(&self, w: &mut SqlWriter<'_>, _elements: &[Expr]) -> Written {
        Err(w.unsupported("an array"))
    }

    /// The whole call of a function that is more than a name with arguments; false where it isn't, and nothing is written.
    fn function(&self, _w: &mut SqlWriter<'_>, _function: &Function) -> Result<bool, CompileError> {
        Ok(false)
    }

    /// The proposed row's value in an upsert.
    fn excluded(&self, w: &mut SqlWriter<'_>, column: &str) -> Written {
        w.sql("excluded.");
        w.identifier(column);
        Ok(())
    }

    /// The type of an array that takes the values of many rows for a column of this type; none where the database has no such
    /// arrays, or an array could change a value.
    fn array_of(&self, _sql_type: &SqlType) -> Option<Cow<'static, str>> {
        None
    }

    /// The next value of a sequence.
    fn next_value(&self, w: &mut SqlWriter<'_>, _sequence: &str) -> Written {
        Err(w.unsupported("a sequence"))
    }

    /// GROUPING SETS, CUBE or ROLLUP among the terms of GROUP BY.
    fn grouping(&self, w: &mut SqlWriter<'_>, word: &str, sets: &[Expr]) -> Written {
        standard::grouping(w, word, sets)
    }

    /// The statements that begin a transaction.
    fn begin_sql(&self, options: &TransactionOptions) -> Result<Steps, CompileError> {
        standard::begin_sql(self.name(), options)
    }

    /// The statements that commit a transaction begun with these options.
    fn commit_sql(&self, _options: &TransactionOptions) -> Steps {
        vec![Cow::Borrowed("COMMIT")]
    }

    /// The statements that undo a transaction begun with these options.
    fn rollback_sql(&self, _options: &TransactionOptions) -> Steps {
        vec![Cow::Borrowed("ROLLBACK")]
    }

    /// The statement that sets a savepoint.
    fn savepoint_sql(&self, name: &str) -> String {
        format!("SAVEPOINT {}", self.quoted(name))
    }

    /// The statement that goes back to a savepoint and keeps it.
    fn rollback_to_sql(&self, name: &str) -> String {
        format!("ROLLBACK TO SAVEPOINT {}", self.quoted(name))
    }

    /// The statement that forgets a savepoint and keeps what was done since; none where the database has no such statement.
    fn release_sql(&self, name: &str) -> Option<String> {
        Some(format!("RELEASE SAVEPOINT {}", self.quoted(name)))
    }

    /// The statements of a transaction of this name that is committed in two steps; none where the database has no such.
    fn two_phase(&self, _name: &str) -> Option<TwoPhase> {
        None
    }

    /// A query for the names of transactions that were prepared and have not ended, and its column; none where the database
    /// has no such.
    fn prepared_transactions_sql(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// A query that does this with a lock whose name is bound to `:name`, and tells by a number or a boolean whether it
    /// succeeded; none where the database has no such locks.
    fn named_lock_sql(&self, _what: NamedLock) -> Option<&'static str> {
        None
    }

    /// A statement that is answered at once, to see whether a connection is alive.
    fn ping_sql(&self) -> &'static str {
        "SELECT 1"
    }

    /// A column's type in CREATE TABLE, where it depends on more than the type.
    ///
    /// # Errors
    /// Where the database has no such type.
    fn column_type(&self, _table: &Table, column: &ColumnDef) -> Result<Cow<'static, str>, CompileError> {
        self.type_name(&column.sql_type)
    }

    /// What stands behind the name of a column that is made of others: its type and `GENERATED ALWAYS AS (…)`.
    ///
    /// # Errors
    /// Where the database has no such columns.
    fn computed(&self, table: &Table, column: &ColumnDef, sql: &str, stored: bool) -> Result<String, CompileError> {
        Ok(format!("{} {}", self.column_type(table, column)?, standard::computed(sql, stored)))
    }

    /// What stands behind the type and NOT NULL of a column whose value the database counts, with a space before.
    ///
    /// # Errors
    /// Where the database can't count this column.
    fn generated(&self, _table: &Table, column: &ColumnDef) -> Result<String, CompileError> {
        Ok(standard::generated(column))
    }

    /// What stands behind a column that says itself that it is the primary key, so that the table's constraints don't.
    fn inline_key(&self, _table: &Table, _column: &ColumnDef) -> Option<&'static str> {
        None
    }

    /// A statement that makes something, so that it does nothing where that is there already; the statement itself where
    /// the database has no way to say so.
    fn if_absent(&self, sql: String) -> String {
        sql
    }

    /// The statement that gives a column another name; the table's is quoted already.
    fn rename_column_sql(&self, table: &str, from: &str, to: &str) -> String {
        format!("ALTER TABLE {table} RENAME COLUMN {} TO {}", self.quoted(from), self.quoted(to))
    }

    /// The statement that gives a table another name; its old one is quoted already.
    fn rename_table_sql(&self, table: &str, to: &str) -> String {
        format!("ALTER TABLE {table} RENAME TO {}", self.quoted(to))
    }

    /// Whether a nullable column says NULL.
    fn says_null(&self) -> bool {
        false
    }

    /// The present moment as a column's default.
    fn now_default(&self) -> &'static str {
        "CURRENT_TIMESTAMP"
    }

    /// The words that stand before INDEX for an index of this method, with a space behind, where the method is not said by
    /// USING.
    fn index_kind(&self, _method: &str) -> Option<&'static str> {
        None
    }

    /// What stands behind an index's columns for an option; none where the database has no such option.
    fn index_option(&self, _option: &IndexOption) -> Option<String> {
        None
    }

    /// The words between CREATE and TABLE, with a space behind.
    fn table_kind(&self, _options: &[TableOption]) -> &'static str {
        ""
    }

    /// What stands behind CREATE TABLE's closing parenthesis. Options of other databases are passed over: a table may
    /// carry those of several.
    fn table_options(&self, _options: &[TableOption]) -> String {
        String::new()
    }

    /// How the database's catalogs are read; none where the dialect doesn't know.
    fn catalog(&self) -> Option<&dyn Catalog> {
        None
    }

    /// The identifier, in quotes where it needs them.
    fn quoted(&self, identifier: &str) -> String {
        let mut out = String::with_capacity(identifier.len() + 2);
        standard::identifier(&mut out, identifier, self.capabilities().quotes, |word| self.is_reserved(word));
        out
    }
}
