//! PostgreSQL 12 and later.

mod expr;
mod narrow;
mod reflect;
pub(crate) mod reserved;
mod types;

use std::borrow::Cow;

use aludel_core::{CacheSafety, CompileError, SqlType};

use super::{
    Capabilities, Catalog, Comments, DdlCapabilities, Dialect, FunctionName, IndexUsing, Lateral, LockOf, Locking,
    MultiTable, NamedLock, Placeholders, Returning, ReturningStyle, TwoPhase, Upsert, Written, standard,
};
use crate::ast::{BinaryOp, Expr, Function, JsonAccess, Like};
use crate::compile::SqlWriter;
use crate::schema::{ColumnDef, Generated, IndexOption, Table, TableOption};

/// The dialect of PostgreSQL.
#[derive(Clone, Copy, Debug, Default)]
pub struct Postgres;

const CAPABILITIES: Capabilities = Capabilities {
    statement_cache: CacheSafety::Safe,
    parameter_limit: 65_535,
    identifier_limit: 63,
    placeholders: Placeholders::Dollar,
    untyped_text: true,
    arrays: true,
    binary_copy: true,
    with_ties: true,
    locking: Locking::Clause { key_strengths: true, share: Some("FOR SHARE"), of: LockOf::Tables },
    returning: Returning::everywhere(ReturningStyle::Qualified),
    upsert: Upsert::OnConflictOrConstraint,
    update_from: MultiTable::Clause,
    delete_using: MultiTable::Clause,
    dml_in_cte: true,
    materialized: true,
    lateral: Lateral::Word,
    distinct_on: true,
    aggregate_filter: true,
    aggregate_order: true,
    frame_groups: true,
    table_sample: true,
    function_columns: true,
    ddl: DdlCapabilities {
        comments: Comments::Statements,
        named_enums: true,
        partial_indexes: true,
        index_include: true,
        concurrent_indexes: true,
        index_using: IndexUsing::BeforeColumns,
        operator_classes: true,
        deferrable_unique: true,
        exclusions: true,
        nulls_not_distinct: true,
        index_collations: true,
        index_nulls: true,
        materialized_views: true,
        ..DdlCapabilities::STANDARD
    },
    aborts_on_error: true,
    ..Capabilities::STANDARD
};

impl Dialect for Postgres {
    fn name(&self) -> &'static str {
        "postgresql"
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn is_reserved(&self, word: &str) -> bool {
        reserved::RESERVED.contains(word)
    }

    fn type_name(&self, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
        types::type_name(sql_type, |name| self.quoted(name))
    }

    fn function_name(&self, name: &str) -> Option<FunctionName> {
        expr::function_name(name)
    }

    fn function(&self, w: &mut SqlWriter<'_>, function: &Function) -> Result<bool, CompileError> {
        expr::function(w, function)
    }

    fn binary(&self, w: &mut SqlWriter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
        expr::binary(w, op, left, right)
    }

    fn custom_operator(&self, w: &mut SqlWriter<'_>, op: &str, left: &Expr, right: &Expr) -> Written {
        expr::custom_operator(w, op, left, right)
    }

    fn like(&self, w: &mut SqlWriter<'_>, like: &Like, negated: bool) -> Written {
        expr::like(w, like, negated)
    }

    fn regexp(&self, w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr, negated: bool) -> Written {
        standard::matching(w, operand, if negated { " !~ " } else { " ~ " }, pattern)
    }

    fn full_text(&self, w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr) -> Written {
        expr::full_text(w, operand, pattern)
    }

    fn extract(&self, w: &mut SqlWriter<'_>, field: &str, operand: &Expr) -> Written {
        expr::extract(w, field, operand)
    }

    fn json(&self, w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr], access: JsonAccess) -> Written {
        expr::json(w, operand, path, access)
    }

    fn between_symmetric(
        &self,
        w: &mut SqlWriter<'_>,
        operand: &Expr,
        low: &Expr,
        high: &Expr,
        negated: bool,
    ) -> Written {
        expr::between_symmetric(w, operand, low, high, negated)
    }

    fn array(&self, w: &mut SqlWriter<'_>, elements: &[Expr]) -> Written {
        w.sql("ARRAY[");
        w.exprs(elements)?;
        w.sql("]");
        Ok(())
    }

    fn array_of(&self, sql_type: &SqlType) -> Option<Cow<'static, str>> {
        types::array_of(sql_type, |name| self.quoted(name))
    }

    fn next_value(&self, w: &mut SqlWriter<'_>, sequence: &str) -> Written {
        w.sql("nextval(");
        w.text_literal(&standard::dotted(self, sequence));
        w.sql(")");
        Ok(())
    }

    fn column_type(&self, table: &Table, column: &ColumnDef) -> Result<Cow<'static, str>, CompileError> {
        types::column_type(self, table, column)
    }

    /// What is computed is always stored: columns that are computed when they are read came with version 18.
    fn computed(&self, table: &Table, column: &ColumnDef, sql: &str, _stored: bool) -> Result<String, CompileError> {
        Ok(format!("{} {}", self.column_type(table, column)?, standard::computed(sql, true)))
    }

    /// `SERIAL` says it already.
    fn generated(&self, _table: &Table, column: &ColumnDef) -> Result<String, CompileError> {
        Ok(match column.generated {
            Generated::Key | Generated::MonotonicKey => String::new(),
            _ => standard::generated(column),
        })
    }

    fn if_absent(&self, sql: String) -> String {
        format!("DO $do$ BEGIN {sql}; EXCEPTION WHEN duplicate_object THEN NULL; END $do$")
    }

    fn two_phase(&self, name: &str) -> Option<TwoPhase> {
        let quoted = |sql: &str| {
            let mut sql = format!("{sql} ");
            self.text_literal(&mut sql, name);
            vec![Cow::Owned(sql)]
        };
        Some(TwoPhase {
            begin: vec![Cow::Borrowed("BEGIN")],
            undo: vec![Cow::Borrowed("ROLLBACK")],
            prepare: quoted("PREPARE TRANSACTION"),
            commit: quoted("COMMIT PREPARED"),
            rollback: quoted("ROLLBACK PREPARED"),
            stays_bound: false,
        })
    }

    fn prepared_transactions_sql(&self) -> Option<(&'static str, &'static str)> {
        Some(("SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared", "gid"))
    }

    /// Locks have numbers there; a name's is its hash. What is waited for gives nothing, and that is not NULL.
    fn named_lock_sql(&self, what: NamedLock) -> Option<&'static str> {
        Some(match what {
            NamedLock::Take => "SELECT pg_advisory_lock(hashtextextended(:name, 0)) IS NOT NULL",
            NamedLock::TryTake => "SELECT pg_try_advisory_lock(hashtextextended(:name, 0))",
            NamedLock::Release => "SELECT pg_advisory_unlock(hashtextextended(:name, 0))",
            NamedLock::TakeForTransaction => "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0)) IS NOT NULL",
            NamedLock::TryTakeForTransaction => "SELECT pg_try_advisory_xact_lock(hashtextextended(:name, 0))",
        })
    }

    fn now_default(&self) -> &'static str {
        "now()"
    }

    fn index_option(&self, option: &IndexOption) -> Option<String> {
        match option {
            IndexOption::NullsNotDistinct => Some("NULLS NOT DISTINCT".to_owned()),
            IndexOption::With(parameters) => Some(format!("WITH ({parameters})")),
            _ => None,
        }
    }

    fn catalog(&self) -> Option<&dyn Catalog> {
        Some(self)
    }

    fn table_kind(&self, options: &[TableOption]) -> &'static str {
        if options.contains(&TableOption::Unlogged) { "UNLOGGED " } else { "" }
    }

    fn table_options(&self, options: &[TableOption]) -> String {
        let mut sql = String::new();
        for option in options {
            if let TableOption::PartitionBy(clause) = option {
                sql.push_str(" PARTITION BY ");
                sql.push_str(clause);
            }
        }
        sql
    }
}
