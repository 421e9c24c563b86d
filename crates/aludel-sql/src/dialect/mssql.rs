//! SQL Server 2016 and later (2022 for `IS DISTINCT FROM`).

mod expr;
pub(crate) mod reserved;
mod types;

use std::borrow::Cow;

use aludel_core::{CacheSafety, CompileError, SqlType};

use super::{
    Capabilities, DdlCapabilities, Dialect, DmlLimit, FunctionName, Lateral, Locking, MultiTable, Placeholders,
    Returning, ReturningStyle, RowLimit, Steps, TransactionOptions, TupleIn, Written, standard,
};
use crate::ast::{BinaryOp, Expr, Function, JsonAccess};
use crate::compile::SqlWriter;
use crate::schema::{ColumnDef, Generated, Table};

/// The dialect of SQL Server. Its SQL is checked as text; a driver comes from outside.
#[derive(Clone, Copy, Debug, Default)]
pub struct MsSql;

const CAPABILITIES: Capabilities = Capabilities {
    statement_cache: CacheSafety::Safe,
    parameter_limit: 2_099,
    identifier_limit: 128,
    placeholders: Placeholders::At,
    quotes: ('[', ']'),
    boolean_literals: false,
    boolean_conditions: false,
    condition_values: false,
    tuple_in: TupleIn::Conditions,
    row_limit: RowLimit::Top,
    with_ties: true,
    locking: Locking::None,
    nulls_order: false,
    nulls_sort_low: true,
    returning: Returning::everywhere(ReturningStyle::Output),
    update_from: MultiTable::FromAll,
    delete_using: MultiTable::FromAll,
    dml_limit: DmlLimit::Top,
    recursive_word: false,
    lateral: Lateral::Apply,
    frame_binds: false,
    function_columns: true,
    set_all: false,
    ddl: DdlCapabilities {
        if_not_exists: false,
        index_if_exists: false,
        add_column: "ADD",
        partial_indexes: true,
        index_include: true,
        drop_index_on_table: true,
        deferrable: false,
        ..DdlCapabilities::STANDARD
    },
    ..Capabilities::STANDARD
};

impl Dialect for MsSql {
    fn name(&self) -> &'static str {
        "mssql"
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn is_reserved(&self, word: &str) -> bool {
        reserved::RESERVED.contains(word)
    }

    fn type_name(&self, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
        types::type_name(sql_type)
    }

    fn collation(&self, out: &mut String, name: &str) -> Written {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(CompileError::invalid(format!("`{name}` is not a collation")));
        }
        out.push_str(name);
        Ok(())
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

    fn concat(&self, w: &mut SqlWriter<'_>, parts: &[&Expr]) -> Written {
        standard::joined(w, " + ", parts)
    }

    fn full_text(&self, w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr) -> Written {
        standard::call2(w, "CONTAINS", operand, pattern)
    }

    fn extract(&self, w: &mut SqlWriter<'_>, field: &str, operand: &Expr) -> Written {
        standard::check_field(field)?;
        w.sql("DATEPART(");
        w.sql(field);
        w.sql(", ");
        w.expr(operand)?;
        w.sql(")");
        Ok(())
    }

    fn cast(&self, w: &mut SqlWriter<'_>, operand: &Expr, sql_type: &SqlType, fallible: bool) -> Written {
        standard::cast_by(w, if fallible { "TRY_CAST" } else { "CAST" }, operand, sql_type)
    }

    fn json(&self, w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr], access: JsonAccess) -> Written {
        expr::json(w, operand, path, access)
    }

    fn next_value(&self, w: &mut SqlWriter<'_>, sequence: &str) -> Written {
        w.sql("NEXT VALUE FOR ");
        w.sql(&standard::dotted(self, sequence));
        Ok(())
    }

    fn begin_sql(&self, options: &TransactionOptions) -> Result<Steps, CompileError> {
        if options.read_only {
            return Err(CompileError::unsupported(self.name(), "a read-only transaction"));
        }
        let mut steps = Steps::new();
        if let Some(isolation) = options.isolation {
            steps.push(format!("SET TRANSACTION ISOLATION LEVEL {}", isolation.words()).into());
        }
        steps.push(Cow::Borrowed("BEGIN TRANSACTION"));
        Ok(steps)
    }

    fn savepoint_sql(&self, name: &str) -> String {
        format!("SAVE TRANSACTION {}", self.quoted(name))
    }

    fn rollback_to_sql(&self, name: &str) -> String {
        format!("ROLLBACK TRANSACTION {}", self.quoted(name))
    }

    fn release_sql(&self, _name: &str) -> Option<String> {
        None
    }

    fn computed(&self, _table: &Table, _column: &ColumnDef, sql: &str, stored: bool) -> Result<String, CompileError> {
        Ok(format!("AS ({sql}){}", if stored { " PERSISTED" } else { "" }))
    }

    fn generated(&self, _table: &Table, column: &ColumnDef) -> Result<String, CompileError> {
        Ok(match column.generated {
            Generated::No | Generated::Computed { .. } | Generated::Expression(_) => String::new(),
            Generated::Identity { min, max, cache, cycle, .. }
                if min.is_some() || max.is_some() || cache.is_some() || cycle =>
            {
                let construct = format!("an IDENTITY with more than a start and an increment on `{}`", column.name);
                return Err(CompileError::unsupported(self.name(), construct));
            }
            Generated::Identity { start, increment, .. } if start.is_some() || increment.is_some() => {
                format!(" IDENTITY({},{})", start.unwrap_or(1), increment.unwrap_or(1))
            }
            _ => " IDENTITY".to_owned(),
        })
    }

    fn rename_column_sql(&self, table: &str, from: &str, to: &str) -> String {
        renamed(&format!("{table}.{}", self.quoted(from)), to, ", 'COLUMN'")
    }

    fn rename_table_sql(&self, table: &str, to: &str) -> String {
        renamed(table, to, "")
    }

    fn says_null(&self) -> bool {
        true
    }
}

fn renamed(from: &str, to: &str, what: &str) -> String {
    let mut sql = String::from("EXEC sp_rename ");
    standard::text_literal(&mut sql, from, false);
    sql.push_str(", ");
    standard::text_literal(&mut sql, to, false);
    sql.push_str(what);
    sql
}
