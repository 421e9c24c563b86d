//! What an engine can run.

use std::any::Any;
use std::marker::PhantomData;

use aludel_core::FromRow;

use super::script::Script;
use super::select::Select;
use crate::tape::Arguments;

/// A statement that an engine can run, with the Rust type of its rows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a statement that can be run",
    label = "expected a `select`, `insert`, `update`, `delete` or `text`",
    note = "an INSERT, UPDATE or DELETE gives rows after `.returning(…)`"
)]
pub trait Executable: Sized {
    /// What a row is in Rust.
    type Row: FromRow + Send + 'static;
    /// Whether fields are matched with columns by name instead of by position.
    const BY_NAME: bool = false;
    /// The built statement, ready to be looked up and run.
    fn into_arguments(self) -> Arguments;
    /// How its rows come from several statements, where one is not enough: it is asked first, and where there is a script that
    /// is run in place of the statement. Who wants no rows, or one column of one, runs the statement alone.
    fn script(&self) -> Option<Box<dyn Script<Self::Row>>> {
        None
    }
    /// The statement as a layer on top of the engine takes it apart: a query that can still be changed, with what the layer has
    /// put into it for itself, or anything else.
    #[doc(hidden)]
    fn into_layers(self) -> Layers<Self::Row> {
        Layers::Statement(self.into_arguments())
    }
}

/// A statement as a layer on top of the engine takes it apart.
#[derive(Debug)]
#[doc(hidden)]
pub enum Layers<R> {
    /// A query, with what the layer has put into it.
    Query(Select<R>, Option<Box<dyn Any + Send>>),
    /// Any other statement.
    Statement(Arguments),
}

/// A statement whose rows are read into another type, its fields matched with the columns by name. They are the statement's
/// own rows and no more: a [script](Executable::script) makes rows of the type that it was made for.
#[derive(Clone, Debug)]
pub struct RowsAs<S, T> {
    statement: S,
    marker: PhantomData<fn() -> T>,
}

impl<S, T> RowsAs<S, T> {
    pub(crate) fn new(statement: S) -> Self {
        Self { statement, marker: PhantomData }
    }
}

impl<S: Executable, T: FromRow + Send + 'static> Executable for RowsAs<S, T> {
    type Row = T;
    const BY_NAME: bool = true;
    fn into_arguments(self) -> Arguments {
        self.statement.into_arguments()
    }
    fn into_layers(self) -> Layers<T> {
        match self.statement.into_layers() {
            Layers::Query(select, put) => Layers::Query(select.retyped(), put),
            Layers::Statement(arguments) => Layers::Statement(arguments),
        }
    }
}

impl<S: Executable + Clone> Executable for &S {
    type Row = S::Row;
    const BY_NAME: bool = S::BY_NAME;
    fn into_arguments(self) -> Arguments {
        self.clone().into_arguments()
    }
    fn script(&self) -> Option<Box<dyn Script<S::Row>>> {
        S::script(self)
    }
    fn into_layers(self) -> Layers<S::Row> {
        self.clone().into_layers()
    }
}
