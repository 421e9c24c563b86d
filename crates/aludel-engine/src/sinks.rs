//! Where rows become Rust values.

use std::any::Any;
use std::sync::Arc;

use aludel_core::{Fault, FromRow, Names, Result, RowRef};

use crate::driver::{RowSink, Shape, wrong_width};

mod views;

pub(crate) use views::FirstColumn;
use views::{Mapped, Named};

/// Gathers rows as values of a type.
#[derive(Debug)]
pub(crate) struct Rows<R> {
    rows: Vec<R>,
    by_name: bool,
    any_width: bool,
    view: View,
    /// Rows that are wanted; one more is too many.
    most: usize,
    has_too_many: bool,
}

/// How the type sees a row.
#[derive(Clone, Debug)]
enum View {
    /// By position.
    Plain,
    /// As a row of a type that is known at run time only.
    Named(Arc<Names>),
    /// By name: for each of the type's fields, the column's position.
    Mapped(Box<[usize]>),
}

impl<R: FromRow + Send + 'static> Rows<R> {
    /// For any number of rows; `by_name` for a type whose fields are found by the columns' names.
    pub(crate) fn new(by_name: bool) -> Self {
        Self { rows: Vec::new(), by_name, any_width: false, view: View::Plain, most: usize::MAX, has_too_many: false }
    }

    /// For so many rows at most.
    pub(crate) fn at_most(by_name: bool, most: usize) -> Self {
        Self { most, ..Self::new(by_name) }
    }

    /// Takes rows that have more columns than the type.
    pub(crate) fn of_any_width(self) -> Self {
        Self { any_width: true, ..self }
    }

    /// The rows.
    pub(crate) fn into_vec(self) -> Vec<R> {
        self.rows
    }

    /// Takes the rows gathered so far out, and goes on.
    pub(crate) fn take(&mut self) -> Vec<R> {
        std::mem::take(&mut self.rows)
    }

    /// Whether there were more than were wanted.
    pub(crate) fn has_too_many(&self) -> bool {
        self.has_too_many
    }
}

impl<R: FromRow + Send + 'static> RowSink for Rows<R> {
    fn begin(&mut self, shape: &dyn Shape) -> Result<()> {
        if R::DYNAMIC {
            self.view = View::Named(Names::new((0..shape.columns()).map(|index| shape.name(index))));
        } else if self.by_name && !R::NAMES.is_empty() {
            self.view = map_names(R::NAMES, shape)?;
        } else if shape.columns() != R::WIDTH && !self.any_width {
            return Err(wrong_width(R::WIDTH, shape.columns()));
        }
        Ok(())
    }

    #[inline]
    fn row(&mut self, row: &dyn RowRef) -> Result<(), Fault> {
        if self.rows.len() >= self.most {
            self.has_too_many = true;
            return Err(Fault::custom("there are more rows than were wanted"));
        }
        let value = match &self.view {
            View::Plain => R::from_row(row, 0)?,
            View::Named(names) => R::from_row(&Named { row, names }, 0)?,
            View::Mapped(columns) => R::from_row(&Mapped { row, columns }, 0)?,
        };
        self.rows.push(value);
        Ok(())
    }

    fn fork(&self) -> Box<dyn RowSink> {
        Box::new(Self { rows: Vec::new(), view: self.view.clone(), has_too_many: false, ..*self })
    }

    fn join(&mut self, fork: Box<dyn RowSink>) {
        if let Ok(fork) = fork.into_any().downcast::<Self>() {
            if self.rows.is_empty() {
                self.rows = fork.rows;
            } else {
                self.rows.extend(fork.rows);
            }
            self.view = fork.view;
            self.has_too_many |= fork.has_too_many;
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// For each name, the position of the column that has it.
fn map_names(names: &[&str], shape: &dyn Shape) -> Result<View> {
    let is_same =
        shape.columns() == names.len() && names.iter().enumerate().all(|(index, name)| shape.name(index) == *name);
    if is_same {
        return Ok(View::Plain);
    }
    let find = |name: &&str| {
        (0..shape.columns()).find(|index| shape.name(*index) == *name).ok_or_else(|| missing(name, names, shape))
    };
    names.iter().map(find).collect::<Result<Box<[usize]>>>().map(View::Mapped)
}

#[cold]
fn missing(name: &str, names: &[&str], shape: &dyn Shape) -> aludel_core::Error {
    let columns: Vec<&str> = (0..shape.columns()).map(|index| shape.name(index)).collect();
    aludel_core::UsageError::new(format!(
        "the Rust type has a field {name:?} and the statement gives no column of that name; it gives {}, and the type takes {}",
        columns.join(", "),
        names.join(", "),
    ))
    .into()
}
