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
        SqlType::Jsonb => Cow::Borrowed("JSONB"),
        SqlType::Enum(labels) => quote(&labels.name).into(),
        SqlType::Array(element) => format!("{}[]", type_name(element, quote)?).into(),
        _ => return standard::type_name("postgresql", sql_type),
    })
}

/// The array type that takes all values of such a column. A length is left out: a cast to `VARCHAR(5)[]` would cut longer
/// texts off in silence, where assigning them to the column is an error. There is none for a column that is an array itself,
/// since `unnest` takes nested arrays apart to the last level, and none for a type of which nobody here knows what its
/// modifiers would do.
pub(super) fn array_of(sql_type: &SqlType, quote: impl Fn(&str) -> String) -> Option<Cow<'static, str>> {
    Some(match sql_type {
        SqlType::Varchar(_) | SqlType::Char(_) => Cow::Borrowed("TEXT[]"),
        SqlType::Numeric(_) => Cow::Borrowed("NUMERIC[]"),
        SqlType::Array(_) => return None,
        SqlType::Native(native) if native.name.contains('(') || &*native.name == "bit" => return None,
        SqlType::Named(name) if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') || &**name == "bit" => {
            return None;
        }
        _ => format!("{}[]", type_name(sql_type, quote).ok()?).into(),
    })
}

/// A counted key is `SERIAL`, which is a type.
pub(super) fn column_type(
    dialect: &dyn Dialect,
    _table: &Table,
    column: &ColumnDef,
) -> Result<Cow<'static, str>, CompileError> {
    let is_counted = matches!(column.generated, Generated::Key | Generated::MonotonicKey);
    Ok(Cow::Borrowed(match column.sql_type.signed() {
        SqlType::SmallInt if is_counted => "SMALLSERIAL",
        SqlType::Integer if is_counted => "SERIAL",
        SqlType::BigInt if is_counted => "BIGSERIAL",
        _ => return dialect.type_name(&column.sql_type),
    }))
}
