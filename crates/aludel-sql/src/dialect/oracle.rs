//! Oracle Database 21c and later.

mod expr;
pub(crate) mod reserved;
mod types;

use std::borrow::Cow;

use aludel_core::{CacheSafety, CompileError, SqlType};

use super::{
    Capabilities, Comments, DdlCapabilities, Dialect, DmlWith, FunctionName, InsertDefaults, Isolation, Lateral,
    LockOf, Locking, Placeholders, RowLimit, Steps, TransactionOptions, Written, standard,
};
use crate::ast::{BinaryOp, Expr, Function, JsonAccess};
use crate::compile::SqlWriter;
use crate::schema::{ColumnDef, Table};

/// The dialect of Oracle Database. Its SQL is checked as text; a driver comes from outside.
///
/// `FOR SHARE` and its kin are the stronger `FOR UPDATE`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Oracle;

const CAPABILITIES: Capabilities = Capabilities {
    statement_cache: CacheSafety::Safe,
    parameter_limit: 65_535,
    identifier_limit: 128,
    placeholders: Placeholders::Colon,
    boolean_literals: false,
    condition_values: false,
    row_limit: RowLimit::Fetch,
    with_ties: true,
    locking: Locking::Clause { key_strengths: false, share: None, of: LockOf::Columns },
    insert_defaults: InsertDefaults::FirstColumn,
    multi_row_insert: false,
    dml_with: DmlWith::OnlySelect,
    recursive_word: false,
    table_alias: " ",
    dual: Some("DUAL"),
    lateral: Lateral::Word,
    except: "MINUS",
    set_all: false,
    comment_hints: true,
    ddl: DdlCapabilities {
        transactional: false,
        comments: Comments::Statements,
        on_update: false,
        constraint_if_exists: false,
        add_column: "ADD",
        schemas: false,
        ..DdlCapabilities::STANDARD
    },
    ..Capabilities::STANDARD
};

impl Dialect for Oracle {
    fn name(&self) -> &'static str {
        "oracle"
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

    fn function_name(&self, name: &str) -> Option<FunctionName> {
        expr::function_name(name)
    }

    fn function(&self, w: &mut SqlWriter<'_>, function: &Function) -> Result<bool, CompileError> {
        expr::function(w, function)
    }

    fn binary(&self, w: &mut SqlWriter<'_>, op: BinaryOp, left: &Expr, right: &Expr) -> Written {
        expr::binary(w, op, left, right)
    }

    fn regexp(&self, w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr, negated: bool) -> Written {
        standard::call2(w, if negated { "NOT REGEXP_LIKE" } else { "REGEXP_LIKE" }, operand, pattern)
    }

    fn full_text(&self, w: &mut SqlWriter<'_>, operand: &Expr, pattern: &Expr) -> Written {
        standard::call2(w, "CONTAINS", operand, pattern)?;
        w.sql(" > 0");
        Ok(())
    }

    fn json(&self, w: &mut SqlWriter<'_>, operand: &Expr, path: &[Expr], access: JsonAccess) -> Written {
        expr::json(w, operand, path, access)
    }

    fn next_value(&self, w: &mut SqlWriter<'_>, sequence: &str) -> Written {
        w.sql(&standard::dotted(self, sequence));
        w.sql(".nextval");
        Ok(())
    }

    /// A transaction begins by itself.
    fn begin_sql(&self, options: &TransactionOptions) -> Result<Steps, CompileError> {
        let isolation = match options.isolation {
            None => None,
            Some(Isolation::ReadUncommitted | Isolation::ReadCommitted) => Some(Isolation::ReadCommitted),
            Some(Isolation::RepeatableRead | Isolation::Serializable | Isolation::Snapshot) => {
                Some(Isolation::Serializable)
            }
        };
        Ok(match isolation {
            _ if options.read_only => vec![Cow::Borrowed("SET TRANSACTION READ ONLY")],
            Some(isolation) => vec![format!("SET TRANSACTION ISOLATION LEVEL {}", isolation.words()).into()],
            None => Steps::new(),
        })
    }

    fn release_sql(&self, _name: &str) -> Option<String> {
        None
    }

    fn ping_sql(&self) -> &'static str {
        "SELECT 1 FROM DUAL"
    }

    /// An identity stands before NOT NULL.
    fn column_type(&self, _table: &Table, column: &ColumnDef) -> Result<Cow<'static, str>, CompileError> {
        let name = self.type_name(&column.sql_type)?;
        let identity = standard::generated(column);
        Ok(if identity.is_empty() { name } else { format!("{name}{identity}").into() })
    }

    fn generated(&self, _table: &Table, _column: &ColumnDef) -> Result<String, CompileError> {
        Ok(String::new())
    }

    fn computed(&self, table: &Table, column: &ColumnDef, sql: &str, stored: bool) -> Result<String, CompileError> {
        if stored {
            let construct = format!("the stored computed column `{}`", column.name);
            return Err(CompileError::unsupported_with(self.name(), construct, "make it virtual"));
        }
        Ok(format!("{} {}", self.column_type(table, column)?, standard::computed(sql, false)))
    }
}
