//! Types as `format_type` writes them.

use aludel_core::{EnumType, Held, NativeType, SqlType};

use crate::dialect::{Dialect, Postgres};

/// The type with this name, if creating a column of it gives a column of the same type again; else the name.
pub(super) fn sql_type(name: &str, labels: Option<EnumType>) -> SqlType {
    if let Some(element) = name.strip_suffix("[]") {
        return match sql_type(element, labels) {
            SqlType::Named(_) => SqlType::Named(name.into()),
            element => SqlType::Array(Held::Shared(element.into())),
        };
    }
    if let Some(labels) = labels {
        return SqlType::Enum(Held::Shared(labels.into()));
    }
    if let Some(native) = native(name) {
        return native;
    }
    let found = by_name(name).filter(|found| Postgres.type_name(found).is_ok_and(|again| is_same(&again, name)));
    found.unwrap_or_else(|| SqlType::Named(name.into()))
}

/// A type that only this database has, and that values can be had of.
fn native(told: &str) -> Option<SqlType> {
    const KNOWN: [&str; 24] = [
        "int4range",
        "int8range",
        "numrange",
        "daterange",
        "tsrange",
        "tstzrange",
        "int4multirange",
        "int8multirange",
        "nummultirange",
        "datemultirange",
        "tsmultirange",
        "tstzmultirange",
        "inet",
        "cidr",
        "macaddr",
        "hstore",
        "tsvector",
        "tsquery",
        "citext",
        "ltree",
        "xml",
        "point",
        "varbit",
        "bit",
    ];
    let name = told.replace("bit varying", "varbit");
    let is_known = KNOWN.contains(&name.split('(').next().unwrap_or_default());
    let native = NativeType { family: Held::Static("postgresql"), name: Held::from(name) };
    is_known.then(|| SqlType::Native(Held::Shared(native.into())))
}

/// Whether a type's name in CREATE TABLE means the one that the catalog tells.
fn is_same(written: &str, told: &str) -> bool {
    let plain = |name: &str| name.to_lowercase().replace(", ", ",");
    let written = plain(written);
    let name = match written.as_str() {
        "timestamp" => "timestamp without time zone",
        "time" => "time without time zone",
        "timestamptz" => "timestamp with time zone",
        name => name,
    };
    let name = name.replace("varchar(", "character varying(").replace("char(", "character(");
    name == plain(told)
}

/// The type's name without its arguments, as a conversion is written: `character varying`.
pub(super) fn base_name(sql_type: &SqlType) -> Option<String> {
    Some(
        match sql_type {
            SqlType::Boolean => "boolean",
            SqlType::SmallInt => "smallint",
            SqlType::Integer => "integer",
            SqlType::BigInt => "bigint",
            SqlType::Float => "real",
            SqlType::Double => "double precision",
            SqlType::Numeric(_) => "numeric",
            SqlType::Varchar(_) => "character varying",
            SqlType::Char(_) => "bpchar",
            SqlType::Text => "text",
            SqlType::Blob => "bytea",
            SqlType::Date => "date",
            SqlType::Time => "time without time zone",
            SqlType::DateTime => "timestamp without time zone",
            SqlType::Timestamp => "timestamp with time zone",
            SqlType::Interval => "interval",
            SqlType::Uuid => "uuid",
            SqlType::Json => "json",
            SqlType::Jsonb => "jsonb",
            SqlType::Enum(labels) => return Some(labels.name.to_lowercase()),
            SqlType::Array(element) => return base_name(element).map(|name| format!("{name}[]")),
            SqlType::Native(native) => {
                let name = native.name.split('(').next().unwrap_or(&native.name).trim().to_lowercase();
                return Some(name.replace("varbit", "bit varying"));
            }
            SqlType::Named(name) => return Some(name.split('(').next().unwrap_or(name).trim().to_lowercase()),
            _ => return None,
        }
        .to_owned(),
    )
}

fn by_name(name: &str) -> Option<SqlType> {
    let (base, arguments) = match name.split_once('(') {
        Some((base, rest)) => (base, rest.strip_suffix(')')?),
        None => (name, ""),
    };
    let mut numbers = arguments.split(',').map(|number| number.trim().parse::<u32>().ok());
    let first = numbers.next().flatten();
    let second = numbers.next().flatten();
    Some(match (base, first) {
        ("boolean", None) => SqlType::Boolean,
        ("smallint", None) => SqlType::SmallInt,
        ("integer", None) => SqlType::Integer,
        ("bigint", None) => SqlType::BigInt,
        ("real", None) => SqlType::Float,
        ("double precision", None) => SqlType::Double,
        ("numeric", None) => SqlType::Numeric(None),
        ("numeric", Some(precision)) => {
            SqlType::Numeric(Some((u16::try_from(precision).ok()?, u16::try_from(second.unwrap_or(0)).ok()?)))
        }
        ("character varying", Some(length)) => SqlType::Varchar(length),
        ("character", Some(length)) => SqlType::Char(length),
        ("text", None) => SqlType::Text,
        ("bytea", None) => SqlType::Blob,
        ("date", None) => SqlType::Date,
        ("time without time zone", None) => SqlType::Time,
        ("timestamp without time zone", None) => SqlType::DateTime,
        ("timestamp with time zone", None) => SqlType::Timestamp,
        ("interval", None) => SqlType::Interval,
        ("uuid", None) => SqlType::Uuid,
        ("json", None) => SqlType::Json,
        ("jsonb", None) => SqlType::Jsonb,
        _ => return None,
    })
}
