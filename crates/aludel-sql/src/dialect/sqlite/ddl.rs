//! Tables in SQLite's words.

use std::borrow::Cow;

use aludel_core::{CompileError, SqlType};

use crate::dialect::standard;
use crate::schema::{ColumnDef, Generated, Table, TableOption};

const NAME: &str = "sqlite";

pub(super) fn type_name(sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
    Ok(match sql_type {
        SqlType::Double => Cow::Borrowed("DOUBLE"),
        SqlType::DateTime | SqlType::Timestamp => Cow::Borrowed("DATETIME"),
        _ => return standard::type_name(NAME, sql_type),
    })
}

/// The single integer primary key is the rowid only if its type is INTEGER to the letter.
pub(super) fn column_type(table: &Table, column: &ColumnDef) -> Result<Cow<'static, str>, CompileError> {
    if is_single_key(table, column) && column.sql_type.is_integer() {
        return Ok(Cow::Borrowed("INTEGER"));
    }
    if table.options.contains(&TableOption::Strict) {
        return Ok(Cow::Borrowed(strict_type(&column.sql_type)));
    }
    type_name(&column.sql_type)
}

/// STRICT tables know only these types; `ANY` keeps decimals and dates as they were bound.
pub(super) fn strict_type(sql_type: &SqlType) -> &'static str {
    match sql_type {
        SqlType::Boolean | SqlType::Interval => "INTEGER",
        _ if sql_type.is_integer() => "INTEGER",
        SqlType::Float | SqlType::Double => "REAL",
        SqlType::Varchar(_) | SqlType::Char(_) | SqlType::Text | SqlType::Enum(_) | SqlType::Json | SqlType::Jsonb => {
            "TEXT"
        }
        SqlType::Blob => "BLOB",
        _ => "ANY",
    }
}

/// The rowid counts by itself; nothing else does.
pub(super) fn generated(table: &Table, column: &ColumnDef) -> Result<String, CompileError> {
    match &column.generated {
        Generated::MonotonicKey if !is_single_key(table, column) => {
            Err(CompileError::unsupported(NAME, "AUTOINCREMENT beside a composite primary key"))
        }
        Generated::Identity {
            start: None, increment: None, min: None, max: None, cache: None, cycle: false, ..
        } if is_single_key(table, column) => Ok(String::new()),
        Generated::Identity { .. } => Err(CompileError::unsupported_with(
            NAME,
            format!("IDENTITY on `{}`", column.name),
            "make it the integer primary key, without a start and an increment",
        )),
        _ => Ok(String::new()),
    }
}

/// Whether the column is `INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT`.
pub(super) fn is_monotonic_key(table: &Table, column: &ColumnDef) -> bool {
    column.generated == Generated::MonotonicKey && is_single_key(table, column)
}

fn is_single_key(table: &Table, column: &ColumnDef) -> bool {
    match &*table.primary_key {
        [position] => table.columns.get(*position).is_some_and(|key| key.name == column.name),
        _ => false,
    }
}

pub(super) fn table_options(options: &[TableOption]) -> String {
    let words: Vec<_> = options
        .iter()
        .filter_map(|option| match option {
            TableOption::WithoutRowid => Some("WITHOUT ROWID"),
            TableOption::Strict => Some("STRICT"),
            _ => None,
        })
        .collect();
    if words.is_empty() { String::new() } else { format!(" {}", words.join(", ")) }
}
