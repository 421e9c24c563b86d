//! SQLite 3.35 and later (3.39 for right and full joins, 3.44 for ORDER BY in aggregates).

mod ddl;
mod expr;
mod reflect;
pub(crate) mod reserved;

use std::borrow::Cow;

use aludel_core::{CacheSafety, CompileError, SqlType};

use super::{
    Begin, Capabilities, Catalog, Comments, DdlCapabilities, Dialect, FunctionName, Locking, MultiTable, Returning,
    ReturningStyle, RowLimit, Steps, TransactionOptions, TupleIn, Upsert, Written,
};
use crate::ast::{BinaryOp, Expr, JsonAccess};
use crate::compile::SqlWriter;
use crate::schema::{ColumnDef, Table, TableOption};

/// The dialect of SQLite.
///
/// Row locks (`FOR UPDATE`) are left out: a writer has the whole database. Every isolation level is met, since SQLite's
/// transactions are serializable; a read-only transaction sets `query_only` while it lasts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sqlite;

const CAPABILITIES: Capabilities = Capabilities {
    statement_cache: CacheSafety::Safe,
    parameter_limit: 32_766,
    identifier_limit: 1_000,
    boolean_literals: false,
    boolean_conditions: false,
    quantified: false,
    tuple_in: TupleIn::Values,
    row_limit: RowLimit::Limit { unlimited: Some("-1") },
    locking: Locking::Whole,
    nulls_sort_low: true,
    returning: Returning::everywhere(ReturningStyle::Bare),
    upsert: Upsert::OnConflict,
    upsert_select_needs_where: true,
    update_from: MultiTable::Clause,
    materialized: true,
    aggregate_filter: true,
    aggregate_order: true,
    within_group: false,
    frame_groups: true,
    grouping_sets: false,
    nested_compounds: false,
    values_table: super::ValuesTable::Numbered,
    set_all: false,
    ddl: DdlCapabilities {
        index_collations: true,
        foreign_key_schemas: false,
        alter_constraints: false,
        forward_references: true,
        comments: Comments::None,
        sequences: false,
        schemas: false,
        partial_indexes: true,
        default_parentheses: true,
        index_names_schema: true,
        ..DdlCapabilities::STANDARD
    },
    ..Capabilities::STANDARD
};

/// Statements that set up a connection.
impl Sqlite {
    /// Whether foreign keys are checked; SQLite does so only when told, for each connection.
    #[must_use]
    pub const fn foreign_keys_sql(on: bool) -> &'static str {
        if on { "PRAGMA foreign_keys = ON" } else { "PRAGMA foreign_keys = OFF" }
    }

    /// The journal's mode, such as `WAL`.
    ///
    /// # Errors
    /// Where the mode is not one word.
    pub fn journal_mode_sql(mode: &str) -> Result<String, CompileError> {
        Ok(format!("PRAGMA journal_mode = {}", word(mode)?))
    }

    /// How much is synchronised with the disk, such as `NORMAL`.
    ///
    /// # Errors
    /// Where the mode is not one word.
    pub fn synchronous_sql(mode: &str) -> Result<String, CompileError> {
        Ok(format!("PRAGMA synchronous = {}", word(mode)?))
    }

    /// How many milliseconds a statement waits for a lock.
    #[must_use]
    pub fn busy_timeout_sql(milliseconds: u32) -> String {
        format!("PRAGMA busy_timeout = {milliseconds}")
    }

    /// Whether the connection refuses to write.
    #[must_use]
    pub const fn query_only_sql(on: bool) -> &'static str {
        if on { "PRAGMA query_only = ON" } else { "PRAGMA query_only = OFF" }
    }
}

fn word(text: &str) -> Result<&str, CompileError> {
    let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_word { Ok(text) } else { Err(CompileError::invalid(format!("`{text}` is not the setting of a pragma"))) }
}

impl Dialect for Sqlite {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn is_reserved(&self, word: &str) -> bool {
        reserved::RESERVED.contains(word)
    }

    fn type_name(&self, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
        ddl::type_name(sql_type)
    }

    fn function_name(&self, name: &str) -> Option<FunctionName> {
        expr::function_name(name)
    }

    fn binary(&self, w: &mut SqlWriter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
        expr::binary(w, op, left, right)
    }

    fn regexp(&self, w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr, negated: bool) -> Written {
        super::standard::matching(w, operand, if negated { " NOT REGEXP " } else { " REGEXP " }, pattern)
    }

    fn full_text(&self, w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr) -> Written {
        super::standard::matching(w, operand, " MATCH ", pattern)
    }

    fn extract(&self, w: &mut SqlWriter<'_>, field: &str, operand: &Expr) -> Written {
        expr::extract(w, field, operand)
    }

    fn cast(&self, w: &mut SqlWriter<'_>, operand: &Expr, sql_type: &SqlType, fallible: bool) -> Written {
        expr::cast(w, operand, sql_type, fallible)
    }

    fn json(&self, w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr], access: JsonAccess) -> Written {
        expr::json(w, operand, path, access)
    }

    fn begin_sql(&self, options: &TransactionOptions) -> Result<Steps, CompileError> {
        let begin = match options.begin {
            Begin::Deferred => "BEGIN",
            Begin::Immediate => "BEGIN IMMEDIATE",
            Begin::Exclusive => "BEGIN EXCLUSIVE",
        };
        let mut steps = vec![Cow::Borrowed(begin)];
        if options.read_only {
            steps.push(Self::query_only_sql(true).into());
        }
        Ok(steps)
    }

    fn commit_sql(&self, options: &TransactionOptions) -> Steps {
        ended("COMMIT", options)
    }

    fn rollback_sql(&self, options: &TransactionOptions) -> Steps {
        ended("ROLLBACK", options)
    }

    fn column_type(&self, table: &Table, column: &ColumnDef) -> Result<Cow<'static, str>, CompileError> {
        ddl::column_type(table, column)
    }

    fn generated(&self, table: &Table, column: &ColumnDef) -> Result<String, CompileError> {
        ddl::generated(table, column)
    }

    fn inline_key(&self, table: &Table, column: &ColumnDef) -> Option<&'static str> {
        ddl::is_monotonic_key(table, column).then_some(" PRIMARY KEY AUTOINCREMENT")
    }

    fn table_options(&self, options: &[TableOption]) -> String {
        ddl::table_options(options)
    }

    fn catalog(&self) -> Option<&dyn Catalog> {
        Some(self)
    }
}

fn ended(word: &'static str, options: &TransactionOptions) -> Steps {
    let mut steps = vec![Cow::Borrowed(word)];
    if options.read_only {
        steps.push(Sqlite::query_only_sql(false).into());
    }
    steps
}
