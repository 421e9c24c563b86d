//! Types as `column_type` tells them.

use aludel_core::{Held, NativeType, SqlType};

use super::LEXIS;
use super::spelling::meant;
use crate::dialect::Dialect;
use crate::dialect::catalog::draft::enum_type;
use crate::dialect::catalog::tokens::{TokenKind, tokens};
use crate::dialect::mysql::ddl::FAMILY;

/// The type with this name, if creating a column of it gives a column of the same type again; else a type that only this
/// database has.
pub(super) fn sql_type(told: &str, enum_name: &str, dialect: &dyn Dialect) -> SqlType {
    let labels = || {
        let labels: Vec<String> = tokens(told, LEXIS)
            .iter()
            .filter(|token| token.kind == TokenKind::Text)
            .map(|token| meant(token.text))
            .collect();
        Held::Shared(enum_type(enum_name, &labels).into())
    };
    if told.starts_with("enum(") {
        return SqlType::Enum(labels());
    }
    if told.starts_with("set(") {
        return SqlType::Set(labels());
    }
    let found = by_name(told).filter(|found| {
        let written = dialect.type_name(found).ok().and_then(|written| by_name(&written.to_lowercase()));
        written.as_ref() == Some(found)
    });
    found.unwrap_or_else(|| native(told))
}

/// A type in the database's own words.
pub(super) fn native(told: &str) -> SqlType {
    let name = Held::from(without_width(told).to_uppercase());
    SqlType::Native(Held::Shared(NativeType { family: Held::Static(FAMILY), name }.into()))
}

fn by_name(told: &str) -> Option<SqlType> {
    let (signed, is_unsigned) = match told.strip_suffix(" unsigned") {
        Some(signed) => (signed, true),
        None => (told, false),
    };
    let (base, arguments) = match signed.split_once('(') {
        Some((base, rest)) => (base, rest.strip_suffix(')')?),
        None => (signed, ""),
    };
    let mut numbers = arguments.split(',').map(|number| number.trim().parse::<u32>().ok());
    let first = numbers.next().flatten();
    let second = numbers.next().flatten();
    if is_unsigned {
        return Some(match base {
            "tinyint" => SqlType::UnsignedTinyInt,
            "smallint" => SqlType::UnsignedSmallInt,
            "int" | "integer" => SqlType::UnsignedInteger,
            "bigint" => SqlType::UnsignedBigInt,
            _ => return None,
        });
    }
    Some(match (base, first) {
        ("tinyint", Some(1)) | ("bool" | "boolean", None) => SqlType::Boolean,
        ("smallint", _) => SqlType::SmallInt,
        ("int" | "integer", _) => SqlType::Integer,
        ("bigint", _) => SqlType::BigInt,
        ("float", None) => SqlType::Float,
        ("double" | "double precision", None) => SqlType::Double,
        ("decimal" | "numeric", Some(precision)) => {
            SqlType::Numeric(Some((u16::try_from(precision).ok()?, u16::try_from(second.unwrap_or(0)).ok()?)))
        }
        ("varchar", Some(length)) => SqlType::Varchar(length),
        ("char", Some(length)) => SqlType::Char(length),
        ("text", None) => SqlType::Text,
        ("blob", None) => SqlType::Blob,
        ("date", None) => SqlType::Date,
        ("time", Some(6)) => SqlType::Time,
        ("datetime", Some(6)) => SqlType::DateTime,
        ("uuid", None) => SqlType::Uuid,
        ("json", None) => SqlType::Json,
        _ => return None,
    })
}

/// `int(10) unsigned` is `int unsigned`: the width says nothing of the values.
fn without_width(told: &str) -> String {
    let is_integer =
        ["tinyint(", "smallint(", "mediumint(", "int(", "bigint(", "year("].iter().any(|name| told.starts_with(name));
    match (told.split_once('('), is_integer) {
        (Some((base, rest)), true) => {
            format!("{base}{}", rest.split_once(')').map_or("", |(_, behind)| behind))
        }
        _ => told.to_owned(),
    }
}
