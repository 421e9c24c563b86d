//! A row of SQLite, read where it lies.

use aludel_core::{
    Date, DateTime, Decimal, Fault, Interval, Numeric, RowRef, SqlType, Time, Timestamp, Value, parse_uuid,
};
use aludel_engine::driver::Shape;
use aludel_sql::Compiled;

use crate::ffi::{Cell, CellKind, Row};
use crate::number::{float_to_decimal, int_to_decimal, int_to_float, rescale_exactly};

/// A row, with the statement whose columns say what the cells mean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SqliteRow<'r> {
    row: Row<'r>,
    compiled: &'r Compiled,
}

impl<'r> SqliteRow<'r> {
    #[inline]
    pub(crate) fn new(row: Row<'r>, compiled: &'r Compiled) -> Self {
        Self { row, compiled }
    }

    fn sql_type(&self, index: usize) -> Option<&SqlType> {
        self.compiled.columns.get(index)?.sql_type.as_ref()
    }

    fn scale(&self, index: usize) -> Option<u32> {
        match self.sql_type(index) {
            Some(SqlType::Numeric(Some((_, scale)))) => Some(u32::from(*scale)),
            _ => None,
        }
    }

    #[inline]
    fn text_of(&self, cell: Cell<'r>, index: usize) -> Result<&'r str, Fault> {
        std::str::from_utf8(cell.text()).map_err(|_| not_utf8(index))
    }

    /// What is wrong with a cell that is not what was wanted.
    #[cold]
    fn mismatch(&self, index: usize, wanted: &str) -> Fault {
        let columns = self.row.columns();
        let fault = match self.row.cell(index).kind() {
            _ if index >= columns => Fault::no_column(columns),
            CellKind::Null => Fault::null(),
            kind => Fault::mismatch(wanted, words(kind)),
        };
        fault.at(index)
    }

    fn parsed<T>(&self, index: usize, wanted: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Fault> {
        let cell = self.row.cell(index);
        if cell.kind() != CellKind::Text {
            return Err(self.mismatch(index, wanted));
        }
        let text = self.text_of(cell, index)?;
        parse(text).ok_or_else(|| Fault::mismatch(wanted, format!("the text {text:?}")).at(index))
    }

    /// The cell as the type that its column was declared with, where it is one.
    fn typed_value(&self, index: usize, kind: CellKind) -> Option<Value> {
        match (self.sql_type(index)?, kind) {
            (SqlType::Boolean, CellKind::Integer) => self.bool(index).ok().map(Value::Bool),
            (SqlType::Numeric(_), _) => self.decimal(index).ok().map(Value::Decimal),
            (SqlType::Float | SqlType::Double, CellKind::Integer) => self.float(index).ok().map(Value::Float),
            (SqlType::Date, CellKind::Text) => self.date(index).ok().map(Value::Date),
            (SqlType::Time, CellKind::Text) => self.time(index).ok().map(Value::Time),
            (SqlType::DateTime, CellKind::Text) => self.datetime(index).ok().map(Value::DateTime),
            (SqlType::Timestamp, CellKind::Text) => self.timestamp(index).ok().map(Value::Timestamp),
            (SqlType::Interval, CellKind::Integer) => self.interval(index).ok().map(Value::Interval),
            (SqlType::UnsignedBigInt, CellKind::Integer) => self.uint(index).ok().map(Value::Uint),
            (SqlType::Uuid, CellKind::Text) => self.uuid(index).ok().map(|bytes| Value::Uuid(Box::new(bytes))),
            (SqlType::Json | SqlType::Jsonb, CellKind::Text) => {
                self.text(index).ok().map(|text| Value::Json(text.into()))
            }
            _ => None,
        }
    }
}

impl RowRef for SqliteRow<'_> {
    fn columns(&self) -> usize {
        self.row.columns()
    }

    #[inline]
    fn is_null(&self, index: usize) -> bool {
        self.row.cell(index).kind() == CellKind::Null
    }

    #[inline]
    fn int(&self, index: usize) -> Result<i64, Fault> {
        let cell = self.row.cell(index);
        match cell.kind() {
            CellKind::Integer => Ok(cell.int()),
            _ => Err(self.mismatch(index, "an integer")),
        }
    }

    #[inline]
    fn float(&self, index: usize) -> Result<f64, Fault> {
        let cell = self.row.cell(index);
        match cell.kind() {
            CellKind::Float => Ok(cell.float()),
            CellKind::Integer => int_to_float(cell.int()).ok_or_else(|| {
                Fault::out_of_range("a floating-point number exactly", cell.int().to_string()).at(index)
            }),
            _ => Err(self.mismatch(index, "a number")),
        }
    }

    #[inline]
    fn text(&self, index: usize) -> Result<&str, Fault> {
        let cell = self.row.cell(index);
        match cell.kind() {
            CellKind::Text => self.text_of(cell, index),
            _ => Err(self.mismatch(index, "text")),
        }
    }

    fn bytes(&self, index: usize) -> Result<&[u8], Fault> {
        let cell = self.row.cell(index);
        match cell.kind() {
            CellKind::Blob => Ok(cell.blob()),
            _ => Err(self.mismatch(index, "bytes")),
        }
    }

    fn value(&self, index: usize) -> Result<Value, Fault> {
        let cell = self.row.cell(index);
        let kind = cell.kind();
        if let Some(value) = self.typed_value(index, kind) {
            return Ok(value);
        }
        match kind {
            CellKind::Integer => Ok(Value::Int(cell.int())),
            CellKind::Float => Ok(Value::Float(cell.float())),
            CellKind::Text => self.text_of(cell, index).map(|text| Value::Text(text.into())),
            CellKind::Blob => Ok(Value::Bytes(cell.blob().into())),
            CellKind::Null if index < self.row.columns() => Ok(Value::Null),
            CellKind::Null => Err(self.mismatch(index, "a value")),
        }
    }

    fn decimal(&self, index: usize) -> Result<Decimal, Fault> {
        let cell = self.row.cell(index);
        let scale = self.scale(index);
        match cell.kind() {
            CellKind::Integer => Ok(int_to_decimal(cell.int(), scale)),
            CellKind::Float => float_to_decimal(cell.float(), scale)
                .ok_or_else(|| Fault::out_of_range("a decimal of 128 bits", format!("{:?}", cell.float())).at(index)),
            CellKind::Text => {
                let value = self.parsed(index, "a decimal", Decimal::parse)?;
                Ok(scale.and_then(|scale| rescale_exactly(value, scale)).unwrap_or(value))
            }
            _ => Err(self.mismatch(index, "a decimal")),
        }
    }

    fn date(&self, index: usize) -> Result<Date, Fault> {
        self.parsed(index, "a date (text, YYYY-MM-DD)", Date::parse)
    }

    fn time(&self, index: usize) -> Result<Time, Fault> {
        self.parsed(index, "a time (text, HH:MM:SS)", Time::parse)
    }

    fn datetime(&self, index: usize) -> Result<DateTime, Fault> {
        self.parsed(index, "a date and time (text, YYYY-MM-DD HH:MM:SS)", DateTime::parse)
    }

    fn timestamp(&self, index: usize) -> Result<Timestamp, Fault> {
        self.parsed(index, "a timestamp (text, YYYY-MM-DD HH:MM:SS+00:00)", Timestamp::parse)
    }

    fn interval(&self, index: usize) -> Result<Interval, Fault> {
        let nanos = self.int(index)?;
        Interval::from_nanos(nanos.into())
            .ok_or_else(|| Fault::out_of_range("an interval", nanos.to_string()).at(index))
    }

    fn numeric(&self, index: usize) -> Result<Numeric, Fault> {
        if self.row.cell(index).kind() == CellKind::Text {
            return self.parsed(index, "a decimal", Numeric::parse);
        }
        self.decimal(index).map(Numeric::from)
    }

    fn list(&self, index: usize, _: &mut dyn FnMut(&dyn RowRef) -> Result<(), Fault>) -> Result<(), Fault> {
        Err(self.mismatch(index, "an array, of which SQLite has none"))
    }

    fn uuid(&self, index: usize) -> Result<[u8; 16], Fault> {
        let cell = self.row.cell(index);
        if cell.kind() == CellKind::Blob
            && let Ok(bytes) = cell.blob().try_into()
        {
            return Ok(bytes);
        }
        self.parsed(index, "a UUID (text of 32 hexadecimal digits)", parse_uuid)
    }
}

impl Shape for Row<'_> {
    fn columns(&self) -> usize {
        Row::columns(self)
    }

    fn name(&self, index: usize) -> &str {
        Row::name(self, index)
    }

    fn type_name(&self, index: usize) -> Option<&str> {
        Some(self.declared_type(index)).filter(|name| !name.is_empty())
    }
}

#[cold]
fn not_utf8(index: usize) -> Fault {
    Fault::mismatch("text in UTF-8", "text with bytes that are not UTF-8").at(index)
}

fn words(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Integer => "an integer",
        CellKind::Float => "a floating-point number",
        CellKind::Text => "text",
        CellKind::Blob => "bytes",
        CellKind::Null => "NULL",
    }
}
