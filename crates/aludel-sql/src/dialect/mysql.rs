//! MySQL 8.0.31 and later, and MariaDB 10.6 and later, which share most of their words.

mod ddl;
mod expr;
mod mariadb;
mod reflect;
pub(crate) mod reserved;
mod transaction;

use std::borrow::Cow;

use aludel_core::{CacheSafety, CompileError, SqlType};

use super::{
    Capabilities, Catalog, Comments, DdlCapabilities, Dialect, DmlLimit, DmlWith, FunctionName, IndexUsing,
    InsertDefaults, Lateral, LockOf, Locking, MultiTable, NamedLock, RowLimit, Steps, TransactionOptions, TwoPhase,
    Upsert, ValuesTable, Written, standard,
};
use crate::ast::{BinaryOp, Expr, Function, JsonAccess};
use crate::compile::SqlWriter;
use crate::schema::{ColumnDef, IndexOption, Table, TableOption};

pub use mariadb::MariaDb;

/// The dialect of MySQL.
///
/// An upsert checks every unique key, whatever columns its target names. `FOR NO KEY UPDATE` and `FOR KEY SHARE` are the
/// stronger `FOR UPDATE` and `FOR SHARE`.
#[derive(Clone, Copy, Debug, Default)]
pub struct MySql;

const CAPABILITIES: Capabilities = Capabilities {
    statement_cache: CacheSafety::Safe,
    limit_in_subqueries: false,
    parameter_limit: 65_535,
    identifier_limit: 64,
    quotes: ('`', '`'),
    backslash_escapes: true,
    boolean_conditions: false,
    row_limit: RowLimit::Limit { unlimited: Some("18446744073709551615") },
    locking: Locking::Clause { key_strengths: false, share: Some("FOR SHARE"), of: LockOf::Tables },
    nulls_order: false,
    nulls_sort_low: true,
    upsert: Upsert::OnDuplicateKey,
    insert_defaults: InsertDefaults::EmptyLists,
    update_from: MultiTable::List,
    delete_using: MultiTable::List,
    dml_limit: DmlLimit::Limit,
    dml_with: DmlWith::BeforeSelect,
    full_join: false,
    lateral: Lateral::Word,
    within_group: false,
    grouping_sets: false,
    with_rollup: true,
    values_table: ValuesTable::RowColumns,
    own_references_hold: true,
    ddl: DdlCapabilities {
        transactional: false,
        index_if_exists: false,
        counted_needs_index: true,
        long_default_parentheses: true,
        constraint_if_exists: false,
        default_parentheses: true,
        index_using: IndexUsing::AfterColumns,
        index_parentheses: true,
        index_lengths: true,
        comments: Comments::Inline,
        sequences: false,
        drop_index_on_table: true,
        deferrable: false,
        foreign_keys_in_any_order: false,
        ..DdlCapabilities::STANDARD
    },
    ..Capabilities::STANDARD
};

/// What both databases say in the same way.
macro_rules! shared {
    () => {
        fn is_reserved(&self, word: &str) -> bool {
            reserved::RESERVED.contains(word)
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
            w.sql("concat(");
            w.exprs(parts.iter().copied())?;
            w.sql(")");
            Ok(())
        }

        fn regexp(&self, w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr, negated: bool) -> Written {
            standard::matching(w, operand, if negated { " NOT REGEXP " } else { " REGEXP " }, pattern)
        }

        fn full_text(&self, w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr) -> Written {
            expr::full_text(w, operand, pattern)
        }

        fn json(&self, w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr], access: JsonAccess) -> Written {
            expr::json(w, operand, path, access)
        }

        fn extract(&self, w: &mut SqlWriter<'_>, field: &str, operand: &Expr) -> Written {
            expr::extract(w, field, operand)
        }

        fn cast(&self, w: &mut SqlWriter<'_>, operand: &Expr, sql_type: &SqlType, fallible: bool) -> Written {
            expr::cast(w, operand, sql_type, fallible)
        }

        fn excluded(&self, w: &mut SqlWriter<'_>, column: &str) -> Written {
            w.sql("VALUES(");
            w.identifier(column);
            w.sql(")");
            Ok(())
        }

        fn begin_sql(&self, options: &TransactionOptions) -> Result<Steps, CompileError> {
            transaction::begin_sql(self.name(), options)
        }

        fn two_phase(&self, name: &str) -> Option<TwoPhase> {
            Some(transaction::two_phase(self, name))
        }

        fn prepared_transactions_sql(&self) -> Option<(&'static str, &'static str)> {
            Some(("XA RECOVER", "data"))
        }

        fn named_lock_sql(&self, what: NamedLock) -> Option<&'static str> {
            transaction::named_lock_sql(what)
        }

        fn column_type(&self, table: &Table, column: &ColumnDef) -> Result<Cow<'static, str>, CompileError> {
            match ddl::key_type(table, column) {
                Some(sql_type) => self.type_name(&sql_type),
                None => self.type_name(&column.sql_type),
            }
        }

        fn generated(&self, _table: &Table, column: &ColumnDef) -> Result<String, CompileError> {
            ddl::generated(self.name(), column)
        }

        fn catalog(&self) -> Option<&dyn Catalog> {
            Some(self)
        }

        fn index_kind(&self, method: &str) -> Option<&'static str> {
            ddl::index_kind(method)
        }

        fn index_option(&self, option: &IndexOption) -> Option<String> {
            ddl::index_option(self.name(), option)
        }

        fn now_default(&self) -> &'static str {
            "(now(6))"
        }

        fn table_options(&self, options: &[TableOption]) -> String {
            ddl::table_options(options)
        }
    };
}
use shared;

impl Dialect for MySql {
    fn name(&self) -> &'static str {
        "mysql"
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn type_name(&self, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
        ddl::type_name(self.name(), sql_type)
    }

    fn cast_type_name(&self, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
        ddl::cast_type_name(self.name(), sql_type)
    }

    shared!();
}
