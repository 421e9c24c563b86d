//! Types in Oracle's words.

use std::borrow::Cow;

use aludel_core::{CompileError, SqlType};

use crate::dialect::standard;

pub(super) fn type_name(sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
    Ok(match sql_type {
        SqlType::BigInt => Cow::Borrowed("NUMBER(19)"),
        SqlType::UnsignedBigInt => Cow::Borrowed("NUMBER(20)"),
        _ if sql_type.is_unsigned() => return type_name(&sql_type.signed()),
        SqlType::Varchar(length) => format!("VARCHAR2({length} CHAR)").into(),
        SqlType::Enum(labels) => format!("VARCHAR2({} CHAR)", standard::longest_label(&labels.labels)).into(),
        SqlType::Text => Cow::Borrowed("CLOB"),
        SqlType::DateTime => Cow::Borrowed("TIMESTAMP"),
        SqlType::Timestamp => Cow::Borrowed("TIMESTAMP WITH TIME ZONE"),
        SqlType::Interval => Cow::Borrowed("INTERVAL DAY TO SECOND"),
        SqlType::Time => return Err(CompileError::unsupported("oracle", "a type for the time of day")),
        _ => return standard::type_name("oracle", sql_type),
    })
}
