//! Types in PostgreSQL's words.

use std::borrow::Cow;

use aludel_core::{CompileError, SqlType};

use crate::dialect::{Dialect, standard};
use crate::schema::{ColumnDef, Generated, Table};

pub(super) fn type_name(sql_type: &SqlType, quote: impl Fn(&str) -> String) -> Result<Cow<'static, str>, CompileError> {
    Ok(match sql_type {
        // FLOAT would be 64 bits here.
        SqlType::Float => Cow::Borrowed("REAL"),
        SqlType::Blob => Cow::Borrowed("BYTEA"),
        SqlType::Time => Cow::Borrowed("TIME WITHOUT TIME ZONE"),
        SqlType::DateTime => Cow::Borrowed("TIMESTAMP WITHOUT TIME ZONE"),
        SqlType::Timestamp => Cow::Borrowed("TIMESTAMP WITH TIME ZONE"),
        SqlType::Uuid => Cow::Borrowed("UUID"),
        SqlType::Enum(labels) => quote(&labels.name).into(),
        SqlType::Array(element) => format!("{}[]", type_name(element, quote)?).into(),
        _ => return standard::type_name("postgresql", sql_type),
    })
}

/// A counted key is `SERIAL`, which is a type.
pub(super) fn column_type(
    dialect: &dyn Dialect,
    _table: &Table,
    column: &ColumnDef,
) -> Result<Cow<'static, str>, CompileError> {
    let is_counted = matches!(column.generated, Generated::Key | Generated::MonotonicKey);
    Ok(Cow::Borrowed(match column.sql_type {
        SqlType::SmallInt if is_counted => "SMALLSERIAL",
        SqlType::Integer if is_counted => "SERIAL",
        SqlType::BigInt if is_counted => "BIGSERIAL",
        _ => return dialect.type_name(&column.sql_type),
    }))
}
