//! What MariaDB says in another way than MySQL.

use std::borrow::Cow;

use aludel_core::{CompileError, SqlType};

use super::{CAPABILITIES, ddl, expr, reserved, shared, transaction};
use crate::ast::{BinaryOp, Expr, Function, JsonAccess};
use crate::compile::SqlWriter;
use crate::dialect::{
    Capabilities, Catalog, DdlCapabilities, Dialect, DmlWith, FunctionName, Lateral, LockOf, Locking, NamedLock,
    Returning, ReturningStyle, Steps, TransactionOptions, TwoPhase, ValuesTable, Written, standard,
};
use crate::schema::{ColumnDef, IndexOption, Table, TableOption};

/// The dialect of MariaDB.
///
/// As [`MySql`](super::MySql); and a row lock's `OF` is left out, since MariaDB locks the rows of every table, which is more
/// than was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct MariaDb;

const MARIADB: Capabilities = Capabilities {
    with_ties: true,
    locking: Locking::Clause { key_strengths: false, share: Some("LOCK IN SHARE MODE"), of: LockOf::All },
    returning: Returning { style: ReturningStyle::Qualified, insert: true, update: false, delete: true },
    dml_with: DmlWith::OnlySelect,
    lateral: Lateral::None,
    values_table: ValuesTable::Selects,
    shift_default: false,
    ddl: DdlCapabilities {
        index_if_exists: true,
        constraint_if_exists: true,
        sequences: true,
        index_expressions: false,
        computed_not_null: false,
        ..CAPABILITIES.ddl
    },
    ..CAPABILITIES
};

impl Dialect for MariaDb {
    fn name(&self) -> &'static str {
        "mariadb"
    }

    fn is_family(&self, family: &str) -> bool {
        family == self.name() || family == ddl::FAMILY
    }

    fn capabilities(&self) -> &'static Capabilities {
        &MARIADB
    }

    fn type_name(&self, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
        match sql_type {
            SqlType::Uuid => Ok(Cow::Borrowed("UUID")),
            _ => ddl::type_name(self.name(), sql_type),
        }
    }

    fn cast_type_name(&self, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
        match sql_type {
            SqlType::Uuid => Ok(Cow::Borrowed("UUID")),
            // JSON is another name for text there.
            SqlType::Json | SqlType::Jsonb => Ok(Cow::Borrowed("CHAR")),
            _ => ddl::cast_type_name(self.name(), sql_type),
        }
    }

    fn next_value(&self, w: &mut SqlWriter<'_>, sequence: &str) -> Written {
        w.sql("nextval(");
        w.sql(&standard::dotted(self, sequence));
        w.sql(")");
        Ok(())
    }

    shared!();
}
