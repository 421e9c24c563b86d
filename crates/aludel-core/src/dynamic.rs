//! Rows whose columns are known only at run time.

mod values;

use std::fmt;
use std::sync::Arc;

use crate::decode::{Decode, RowRef};
use crate::error::{ColumnError, Direction, Error, Fault, Result};
use crate::row::FromRow;
use crate::value::Value;

pub use values::ValueRow;

/// The names of a result's columns, shared by its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(Box<[Box<str>]>);

impl Names {
    /// The names, in order.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Arc<Self> {
        Arc::new(Self(names.into_iter().map(Into::into).collect()))
    }

    /// The position of a name; the first one where several columns have it.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| **known == *name)
    }

    /// The names, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|name| &**name)
    }
}

/// A row whose columns are known only at run time: read by name or by position.
#[derive(Clone, PartialEq)]
pub struct Row {
    names: Arc<Names>,
    values: Box<[Value]>,
}

impl Row {
    /// The value of the column with this name, as `T`.
    ///
    /// # Errors
    /// When there is no such column, or its value is no `T`; the error names the column and what is there.
    pub fn get<T: Decode>(&self, name: &str) -> Result<T> {
        match self.names.position(name) {
            Some(index) => self.at(index),
            None => {
                let known: Vec<_> = self.names.iter().collect();
                let fault = Fault::custom(format!("is not there; the columns are {}", known.join(", ")));
                Err(column_error(None, name, fault))
            }
        }
    }

    /// The value of the column at this position (from 0), as `T`.
    ///
    /// # Errors
    /// When there is no such column, or its value is no `T`.
    pub fn at<T: Decode>(&self, index: usize) -> Result<T> {
        T::decode(self, index)
            .map_err(|fault| column_error(Some(index), self.names.iter().nth(index).unwrap_or(""), fault))
    }

    /// The value of the column with this name, as it is.
    #[must_use]
    pub fn value_of(&self, name: &str) -> Option<&Value> {
        self.values.get(self.names.position(name)?)
    }

    /// All values, in order.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The names of the columns.
    #[must_use]
    pub fn column_names(&self) -> &Names {
        &self.names
    }
}

#[cold]
fn column_error(index: Option<usize>, name: &str, fault: Fault) -> Error {
    ColumnError { direction: Direction::Read, table: None, column: name.to_owned(), index, fault }.into()
}

impl FromRow for Row {
    const WIDTH: usize = 0;
    const DYNAMIC: bool = true;

    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        let values = (start..row.columns()).map(|index| row.value(index).map_err(|fault| fault.at(index)));
        let names = row.names().unwrap_or_else(|| Names::new([]));
        Ok(Self { names, values: values.collect::<Result<_, _>>()? })
    }

    fn from_row_optional(row: &dyn RowRef, start: usize) -> Result<Option<Self>, Fault> {
        Self::from_row(row, start).map(Some)
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.names.iter().zip(self.values.iter())).finish()
    }
}
