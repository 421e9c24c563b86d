//! Types and tables in MySQL's and MariaDB's words.

use std::borrow::Cow;

use aludel_core::{CompileError, Held, SqlType};

use crate::dialect::standard;
use crate::schema::{ColumnDef, Generated, IndexKey, IndexOption, IndexPart, Table, TableOption};

/// Whose own types both databases have.
pub(super) const FAMILY: &str = "mysql";

pub(super) fn type_name(dialect: &'static str, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
    Ok(match sql_type {
        SqlType::Boolean => Cow::Borrowed("BOOL"),
        SqlType::Double => Cow::Borrowed("DOUBLE"),
        // Without a number of digits the fraction would be rounded away, in silence.
        SqlType::DateTime | SqlType::Timestamp => Cow::Borrowed("DATETIME(6)"),
        SqlType::Time | SqlType::Interval => Cow::Borrowed("TIME(6)"),
        SqlType::Numeric(None) => Cow::Borrowed("NUMERIC(65, 30)"),
        SqlType::UnsignedTinyInt => Cow::Borrowed("TINYINT UNSIGNED"),
        SqlType::UnsignedSmallInt => Cow::Borrowed("SMALLINT UNSIGNED"),
        SqlType::UnsignedInteger => Cow::Borrowed("INTEGER UNSIGNED"),
        SqlType::UnsignedBigInt => Cow::Borrowed("BIGINT UNSIGNED"),
        SqlType::Native(native) if *native.family == *FAMILY => native.name.to_string().into(),
        SqlType::Enum(labels) | SqlType::Set(labels) => {
            let mut sql = String::from(if matches!(sql_type, SqlType::Set(_)) { "SET(" } else { "ENUM(" });
            for (index, label) in labels.labels.iter().enumerate() {
                sql.push_str(if index > 0 { "," } else { "" });
                standard::text_literal(&mut sql, label, true);
            }
            sql.push(')');
            sql.into()
        }
        _ => return standard::type_name(dialect, sql_type),
    })
}

/// Texts without a length can't stand in keys and indexes: there they have 255 characters at most, and bytes as many.
pub(super) fn key_type(table: &Table, column: &ColumnDef) -> Option<SqlType> {
    let sql_type = match column.sql_type {
        SqlType::Text => SqlType::Varchar(255),
        SqlType::Blob => SqlType::Named(Held::Static("VARBINARY(255)")),
        _ => return None,
    };
    let is_it = |at: &usize| table.columns.get(*at).is_some_and(|other| other.name == column.name);
    let in_index = |part: &IndexPart| matches!(&part.key, IndexKey::Column(at) if is_it(at));
    let is_key = table.primary_key.iter().any(is_it)
        || table.uniques.iter().any(|unique| unique.columns.iter().any(is_it))
        || table.foreign_keys.iter().any(|key| key.columns.iter().any(is_it))
        || table.indexes.iter().any(|index| index.parts.iter().any(in_index));
    is_key.then_some(sql_type)
}

/// CAST knows few types, by names of their own.
pub(super) fn cast_type_name(dialect: &'static str, sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
    Ok(match sql_type {
        _ if sql_type.is_unsigned() => Cow::Borrowed("UNSIGNED INTEGER"),
        SqlType::Boolean | SqlType::SmallInt | SqlType::Integer | SqlType::BigInt => Cow::Borrowed("SIGNED INTEGER"),
        SqlType::Numeric(None) => Cow::Borrowed("DECIMAL(65, 30)"),
        SqlType::Numeric(Some((precision, scale))) => format!("DECIMAL({precision}, {scale})").into(),
        SqlType::Varchar(length) | SqlType::Char(length) => format!("CHAR({length})").into(),
        SqlType::Text | SqlType::Enum(_) | SqlType::Set(_) => Cow::Borrowed("CHAR"),
        SqlType::Blob => Cow::Borrowed("BINARY"),
        _ => return type_name(dialect, sql_type),
    })
}

pub(super) fn generated(dialect: &'static str, column: &ColumnDef) -> Result<String, CompileError> {
    Ok(match &column.generated {
        Generated::No | Generated::Computed { .. } | Generated::Expression(_) => String::new(),
        Generated::Key | Generated::MonotonicKey => " AUTO_INCREMENT".to_owned(),
        Generated::Identity {
            start: None | Some(1),
            increment: None | Some(1),
            min: None,
            max: None,
            cache: None,
            cycle: false,
            ..
        } => " AUTO_INCREMENT".to_owned(),
        Generated::Identity { .. } => {
            let construct = format!("IDENTITY with options on `{}`", column.name);
            return Err(CompileError::unsupported(dialect, construct));
        }
    })
}

/// Methods that are said before INDEX.
pub(super) fn index_kind(method: &str) -> Option<&'static str> {
    [("fulltext", "FULLTEXT "), ("spatial", "SPATIAL ")]
        .into_iter()
        .find_map(|(name, words)| method.eq_ignore_ascii_case(name).then_some(words))
}

pub(super) fn index_option(dialect: &'static str, option: &IndexOption) -> Option<String> {
    match option {
        IndexOption::Comment(text) => {
            let mut sql = String::from("COMMENT ");
            standard::text_literal(&mut sql, text, true);
            Some(sql)
        }
        IndexOption::Invisible => Some(if dialect == "mariadb" { "IGNORED" } else { "INVISIBLE" }.to_owned()),
        _ => None,
    }
}

pub(super) fn table_options(options: &[TableOption]) -> String {
    let mut sql = String::new();
    for option in options {
        match option {
            TableOption::Engine(engine) => {
                sql.push_str(" ENGINE=");
                sql.push_str(engine);
            }
            TableOption::Charset(charset) => {
                sql.push_str(" CHARSET=");
                sql.push_str(charset);
            }
            TableOption::Collate(collation) => {
                sql.push_str(" COLLATE=");
                sql.push_str(collation);
            }
            _ => {}
        }
    }
    sql
}
