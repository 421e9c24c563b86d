//! SQLite's type names.

use aludel_core::SqlType;

use super::super::ddl;
use crate::dialect::{Dialect, Sqlite};
use crate::schema::{ColumnDef, Table, TableOption};

/// The type with this name, if creating a column of it gives a column of the same type again; else the name.
pub(super) fn sql_type(declared: &str, strict: bool) -> SqlType {
    let named = || SqlType::Named(declared.into());
    let Some(found) = by_name(declared) else { return named() };
    let written = if strict { Some(ddl::strict_type(&found).into()) } else { Sqlite.type_name(&found).ok() };
    match written.and_then(|written| by_name(&written)) {
        Some(again) if again == found => found,
        _ => named(),
    }
}

/// Whether the column is the rowid under another name.
pub(super) fn is_rowid(table: &Table, column: &ColumnDef) -> bool {
    let is_key = matches!(&*table.primary_key, [position]
        if table.columns.get(*position).is_some_and(|key| key.name == column.name));
    is_key && !table.options.contains(&TableOption::WithoutRowid) && column.sql_type.is_integer()
}

fn by_name(declared: &str) -> Option<SqlType> {
    let (name, arguments) = match declared.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.strip_suffix(')')?),
        None => (declared.trim(), ""),
    };
    let mut numbers = arguments.split(',').map(|number| number.trim().parse::<u32>().ok());
    let first = numbers.next().flatten();
    let second = numbers.next().flatten();
    Some(match (name.to_ascii_uppercase().as_str(), first) {
        ("BOOLEAN" | "BOOL", None) => SqlType::Boolean,
        ("SMALLINT" | "INT2", None) => SqlType::SmallInt,
        ("INTEGER" | "INT", None) => SqlType::Integer,
        ("BIGINT" | "INT8", None) => SqlType::BigInt,
        ("FLOAT", None) => SqlType::Float,
        ("DOUBLE" | "DOUBLE PRECISION" | "REAL", None) => SqlType::Double,
        ("NUMERIC" | "DECIMAL", None) => SqlType::Numeric(None),
        ("NUMERIC" | "DECIMAL", Some(precision)) => {
            SqlType::Numeric(Some((u16::try_from(precision).ok()?, u16::try_from(second.unwrap_or(0)).ok()?)))
        }
        ("VARCHAR" | "CHARACTER VARYING" | "NVARCHAR", Some(length)) => SqlType::Varchar(length),
        ("CHAR" | "CHARACTER" | "NCHAR", Some(length)) => SqlType::Char(length),
        ("TEXT" | "CLOB", None) => SqlType::Text,
        ("BLOB", None) => SqlType::Blob,
        ("DATE", None) => SqlType::Date,
        ("TIME", None) => SqlType::Time,
        ("DATETIME" | "TIMESTAMP", None) => SqlType::DateTime,
        ("JSON", None) => SqlType::Json,
        _ => return None,
    })
}
