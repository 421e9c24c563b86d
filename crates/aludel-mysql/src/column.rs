//! What the columns of a result are.

use aludel_core::Result;
use aludel_engine::driver::Shape;
use mysql_common::constants::ColumnType;

use crate::error::truncated;
use crate::parse::{Parse, lossy};

/// The character set of bytes that are no text.
const BINARY: u16 = 63;
const UNSIGNED: u16 = 32;
const BLOB_FLAG: u16 = 16;
const ENUM: u16 = 256;
const SET: u16 = 2048;

/// How a cell lies in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
    /// Digits as text.
    Decimal,
    /// A date alone.
    Date,
    /// A date with a time.
    DateTime,
    /// A length of time, which need not lie within a day.
    Time,
    Text,
    Bytes,
    Bit,
    /// Nothing but NULL.
    Null,
}

impl Form {
    /// How many bytes a cell takes; none for those that begin with their length.
    #[inline]
    pub(crate) fn size(self) -> Option<usize> {
        match self {
            Self::I8 | Self::U8 => Some(1),
            Self::I16 | Self::U16 => Some(2),
            Self::I32 | Self::U32 | Self::F32 => Some(4),
            Self::I64 | Self::U64 | Self::F64 => Some(8),
            _ => None,
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::I8 | Self::U8 | Self::I16 | Self::U16 | Self::I32 | Self::U32 | Self::I64 | Self::U64 => "an integer",
            Self::F32 | Self::F64 => "a floating-point number",
            Self::Decimal => "a decimal",
            Self::Date => "a date",
            Self::DateTime => "a date and time",
            Self::Time => "a time",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Bit => "bits",
            Self::Null => "NULL",
        }
    }
}

/// One column of a result.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: Box<str>,
    pub(crate) form: Form,
    /// The type's name in the database.
    pub(crate) type_name: Box<str>,
    /// The packet that said so.
    definition: Box<[u8]>,
}

/// The columns of a result, kept from one answer of a statement to the next: what has not changed is not read again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    columns: Vec<Column>,
    count: usize,
}

impl Columns {
    /// An answer with so many columns begins.
    #[inline]
    pub(crate) fn begin(&mut self, count: usize) {
        self.count = count;
        self.columns.truncate(count);
    }

    /// Takes the definition of a column.
    #[inline]
    pub(crate) fn define(&mut self, index: usize, definition: &[u8], is_extended: bool) -> Result<()> {
        match self.columns.get_mut(index) {
            Some(column) if *column.definition == *definition => {}
            Some(column) => *column = Column::parse(definition, is_extended)?,
            None => self.columns.push(Column::parse(definition, is_extended)?),
        }
        Ok(())
    }

    /// How many columns the answer has.
    #[inline]
    pub(crate) fn expected(&self) -> usize {
        self.count
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[Column] {
        &self.columns
    }
}

impl Shape for Columns {
    fn columns(&self) -> usize {
        self.columns.len()
    }

    fn name(&self, index: usize) -> &str {
        self.columns.get(index).map_or("", |column| &column.name)
    }

    fn type_name(&self, index: usize) -> Option<&str> {
        self.columns.get(index).map(|column| &*column.type_name)
    }
}

impl Column {
    /// Reads a column's definition. `is_extended` tells whether it holds MariaDB's names of types.
    #[cold]
    fn parse(definition: &[u8], is_extended: bool) -> Result<Self> {
        Self::try_parse(definition, is_extended).ok_or_else(|| truncated("a column's definition"))
    }

    fn try_parse(definition: &[u8], is_extended: bool) -> Option<Self> {
        let mut parse = Parse::new(definition);
        for _catalog_schema_table_original in 0..4 {
            parse.bytes()?;
        }
        let name = lossy(parse.bytes()?);
        let _original_name = parse.bytes()?;
        let extended = if is_extended { extended_name(parse.bytes()?) } else { None };
        let _length_of_the_rest = parse.int()?;
        let charset = parse.u16()?;
        let length = parse.u32()?;
        let code = parse.u8()?;
        let flags = parse.u16()?;
        let (form, type_name) = form_of(code, charset, flags, length);
        let type_name = extended.unwrap_or(type_name);
        Some(Self { name: name.into(), form, type_name: type_name.into(), definition: definition.into() })
    }
}

/// MariaDB's name for a type that the protocol has no code for: `uuid`, `json`, `inet6`, `point`.
fn extended_name(bytes: &[u8]) -> Option<&str> {
    let mut parse = Parse::new(bytes);
    while let Some(_kind) = parse.u8() {
        let name = std::str::from_utf8(parse.bytes()?).ok()?;
        if !name.is_empty() {
            return Some(name);
        }
    }
    None
}

fn form_of(code: u8, charset: u16, flags: u16, length: u32) -> (Form, &'static str) {
    use ColumnType as Type;
    let unsigned = flags & UNSIGNED != 0;
    let either = |signed, other| if unsigned { other } else { signed };
    let is_binary = charset == BINARY;
    let Ok(code) = ColumnType::try_from(code) else {
        return (if is_binary { Form::Bytes } else { Form::Text }, "unknown");
    };
    match code {
        Type::MYSQL_TYPE_TINY => (either(Form::I8, Form::U8), either_name(unsigned, ["tinyint", "tinyint unsigned"])),
        Type::MYSQL_TYPE_SHORT => {
            (either(Form::I16, Form::U16), either_name(unsigned, ["smallint", "smallint unsigned"]))
        }
        Type::MYSQL_TYPE_YEAR => (Form::U16, "year"),
        Type::MYSQL_TYPE_INT24 => {
            (either(Form::I32, Form::U32), either_name(unsigned, ["mediumint", "mediumint unsigned"]))
        }
        Type::MYSQL_TYPE_LONG => (either(Form::I32, Form::U32), either_name(unsigned, ["int", "int unsigned"])),
        Type::MYSQL_TYPE_LONGLONG => {
            (either(Form::I64, Form::U64), either_name(unsigned, ["bigint", "bigint unsigned"]))
        }
        Type::MYSQL_TYPE_FLOAT => (Form::F32, "float"),
        Type::MYSQL_TYPE_DOUBLE => (Form::F64, "double"),
        Type::MYSQL_TYPE_DECIMAL | Type::MYSQL_TYPE_NEWDECIMAL => (Form::Decimal, "decimal"),
        Type::MYSQL_TYPE_NULL => (Form::Null, "null"),
        Type::MYSQL_TYPE_DATE | Type::MYSQL_TYPE_NEWDATE => (Form::Date, "date"),
        Type::MYSQL_TYPE_TIMESTAMP | Type::MYSQL_TYPE_TIMESTAMP2 => (Form::DateTime, "timestamp"),
        Type::MYSQL_TYPE_DATETIME | Type::MYSQL_TYPE_DATETIME2 => (Form::DateTime, "datetime"),
        Type::MYSQL_TYPE_TIME | Type::MYSQL_TYPE_TIME2 => (Form::Time, "time"),
        Type::MYSQL_TYPE_BIT => (Form::Bit, "bit"),
        Type::MYSQL_TYPE_JSON => (Form::Text, "json"),
        Type::MYSQL_TYPE_GEOMETRY => (Form::Bytes, "geometry"),
        Type::MYSQL_TYPE_VECTOR => (Form::Bytes, "vector"),
        Type::MYSQL_TYPE_ENUM => (Form::Text, "enum"),
        Type::MYSQL_TYPE_SET => (Form::Text, "set"),
        _ if flags & ENUM != 0 => (Form::Text, "enum"),
        _ if flags & SET != 0 => (Form::Text, "set"),
        Type::MYSQL_TYPE_STRING if is_binary => (Form::Bytes, "binary"),
        Type::MYSQL_TYPE_STRING => (Form::Text, "char"),
        _ if flags & BLOB_FLAG != 0 || code == Type::MYSQL_TYPE_BLOB => large_name(is_binary, length),
        _ if is_binary => (Form::Bytes, "varbinary"),
        _ => (Form::Text, "varchar"),
    }
}

fn either_name(unsigned: bool, [signed, other]: [&'static str; 2]) -> &'static str {
    if unsigned { other } else { signed }
}

fn large_name(is_binary: bool, length: u32) -> (Form, &'static str) {
    match (is_binary, length) {
        (true, u32::MAX) => (Form::Bytes, "longblob"),
        (true, 0x100_0000..) => (Form::Bytes, "longblob"),
        (true, 0x1_0000..) => (Form::Bytes, "mediumblob"),
        (true, _) => (Form::Bytes, "blob"),
        (false, 0x400_0000..) => (Form::Text, "longtext"),
        (false, 0x4_0000..) => (Form::Text, "mediumtext"),
        (false, _) => (Form::Text, "text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_cut_short_are_errors() {
        let mut whole: Vec<u8> = Vec::new();
        for text in ["def", "shop", "t", "t", "n", "n"] {
            whole.push(u8::try_from(text.len()).unwrap_or(0));
            whole.extend_from_slice(text.as_bytes());
        }
        whole.extend_from_slice(&[12, 63, 0, 20, 0, 0, 0, 8, 32, 0, 0, 0, 0]);
        let column = Column::parse(&whole, false).expect("a definition");
        assert_eq!((&*column.name, column.form, &*column.type_name), ("n", Form::U64, "bigint unsigned"));
        for length in 0..whole.len() - 3 {
            assert!(Column::parse(&whole[..length], false).is_err(), "{length}");
        }
    }
}
