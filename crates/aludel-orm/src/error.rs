//! Errors of sessions.

use aludel_core::{ColumnError, Direction, Error, Fault, UsageError};

use crate::mapper::Mapper;

/// A column's value that does not fit.
#[cold]
pub(crate) fn column(mapper: &Mapper, column: usize, fault: Fault) -> Error {
    let name = mapper.columns().get(column).map_or("", |column| column.name());
    ColumnError {
        direction: Direction::Read,
        table: Some(mapper.table().table.full_name()),
        column: name.to_owned(),
        index: Some(column),
        fault,
    }
    .into()
}

/// A call that is wrong in the state things are in.
#[cold]
pub(crate) fn usage(message: impl Into<String>) -> Error {
    UsageError::new(message).into()
}

/// A value that a validator refuses.
#[cold]
pub(crate) fn invalid(mapper: &Mapper, column: usize, message: &str) -> Error {
    let name = mapper.columns().get(column).map_or("", |column| column.name());
    usage(format!("{}.{name} is not valid: {message}", mapper.name()))
}
