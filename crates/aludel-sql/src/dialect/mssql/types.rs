//! Types in SQL Server's words.

use std::borrow::Cow;

use aludel_core::{CompileError, SqlType};

use crate::dialect::standard;

pub(super) fn type_name(sql_type: &SqlType) -> Result<Cow<'static, str>, CompileError> {
    Ok(Cow::Borrowed(match sql_type {
        SqlType::Boolean => "BIT",
        // FLOAT would be 64 bits here.
        SqlType::Float => "REAL",
        SqlType::Text => "VARCHAR(max)",
        SqlType::Blob => "VARBINARY(max)",
        SqlType::DateTime => "DATETIME2",
        SqlType::Timestamp => "DATETIMEOFFSET",
        SqlType::Uuid => "UNIQUEIDENTIFIER",
        SqlType::UnsignedTinyInt => "TINYINT",
        SqlType::Json | SqlType::Jsonb => "NVARCHAR(max)",
        SqlType::Interval => return Err(CompileError::unsupported("mssql", "an interval type")),
        _ => return standard::type_name("mssql", sql_type),
    }))
}
