//! The dialect: standard SQL, and where this database differs.

use std::borrow::Cow;

use aludel::dialect::{
    Begin, Capabilities, DdlCapabilities, Dialect, Locking, RowLimit, Steps, TransactionOptions, standard,
};
use aludel::schema::{ColumnDef, Generated, Table};
use aludel::{CacheSafety, CompileError, SqlType};

#[derive(Clone, Copy, Debug)]
pub(crate) struct LiteDialect;

/// Facts. What is not named is as in the standard: there is no RETURNING, for instance, though SQLite could.
const CAPABILITIES: Capabilities = Capabilities {
    statement_cache: CacheSafety::Safe,
    boolean_literals: false,
    boolean_conditions: false,
    row_limit: RowLimit::Limit { unlimited: Some("-1") },
    locking: Locking::None,
    nulls_sort_low: true,
    ddl: DdlCapabilities { alter_constraints: false, default_parentheses: true, ..DdlCapabilities::STANDARD },
    ..Capabilities::STANDARD
};

impl Dialect for LiteDialect {
    fn name(&self) -> &'static str {
        "lite"
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn type_name(&self, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
        Ok(Cow::Borrowed(match sql_type {
            // Under any other name SQLite would make numbers of texts that look like numbers.
            SqlType::Date | SqlType::Time | SqlType::DateTime | SqlType::Timestamp | SqlType::Uuid | SqlType::Json => {
                "TEXT"
            }
            _ => return standard::type_name("lite", sql_type),
        }))
    }

    /// The key that the database counts has this type, to the letter.
    fn column_type(&self, _: &Table, column: &ColumnDef) -> Result<Cow<'static, str>, CompileError> {
        match column.generated {
            Generated::No => self.type_name(&column.sql_type),
            _ => Ok(Cow::Borrowed("INTEGER")),
        }
    }

    fn generated(&self, _: &Table, _: &ColumnDef) -> Result<String, CompileError> {
        Ok(String::new())
    }

    fn begin_sql(&self, options: &TransactionOptions) -> Result<Steps, CompileError> {
        if options.read_only {
            return Err(CompileError::unsupported("lite", "a transaction that only reads"));
        }
        // Every level of isolation is met: transactions are serializable.
        Ok(vec![Cow::Borrowed(match options.begin {
            Begin::Deferred => "BEGIN",
            _ => "BEGIN IMMEDIATE",
        })])
    }
}
