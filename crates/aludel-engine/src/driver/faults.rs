//! A fault of one value becomes an error with its column.

use aludel_core::{ColumnError, Direction, Error, Fault, RowCountError};
use aludel_sql::Compiled;
use aludel_sql::schema::StaticColumn;

use super::BulkField;

/// A cell that could not be read, as an error that names its column.
#[must_use]
#[cold]
pub fn read_fault(compiled: &Compiled, fault: Fault) -> Error {
    let index = fault.column();
    let column = index.and_then(|index| compiled.columns.get(index));
    ColumnError {
        direction: Direction::Read,
        table: column.and_then(|column| column.origin).map(|origin| origin.table.full_name()),
        column: column
            .map(|column| column.origin.map_or_else(|| column.name.to_string(), |origin| origin.name().to_owned()))
            .unwrap_or_default(),
        index,
        fault,
    }
    .into()
}

/// A parameter that could not be written, as an error that names the column it was meant for. `index` counts the
/// statement's placeholders from 0.
#[must_use]
#[cold]
pub fn write_fault(compiled: &Compiled, index: usize, fault: Fault) -> Error {
    write_error(compiled.binds.get(index).and_then(|bind| bind.context), Some(index), fault)
}

/// A field of a bulk insert's row that could not be written, as an error that names the column it was meant for. `index`
/// counts the row's placeholders from 0.
#[must_use]
#[cold]
pub fn bulk_fault(field: &BulkField, index: usize, fault: Fault) -> Error {
    write_error(field.column, Some(index), fault)
}

fn write_error(column: Option<&'static StaticColumn>, index: Option<usize>, fault: Fault) -> Error {
    ColumnError {
        direction: Direction::Write,
        table: column.map(|column| column.table.full_name()),
        column: column.map(|column| column.name().to_owned()).unwrap_or_default(),
        index,
        fault,
    }
    .into()
}

/// A result with another number of columns than the Rust type takes.
#[must_use]
#[cold]
pub fn wrong_width(wanted: usize, found: usize) -> Error {
    RowCountError::Columns { wanted, found }.into()
}
