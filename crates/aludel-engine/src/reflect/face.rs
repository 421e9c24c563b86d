//! `Table::reflect(&engine, "film")`, on both faces: a future, or the answer itself.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;

use aludel_core::Result;
use aludel_sql::RuntimeTable;
use aludel_sql::schema::Schema;

use super::TableName;
use crate::blocking::block_on;
use crate::hold::Hold;
use crate::{Conn, Engine, Transaction, blocking};

type Later<'e, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'e>>;

/// Where a schema can be read: engines, connections and transactions of both faces.
pub trait ReflectOn: Sized {
    /// The answer: a future of it on the async face, a `Result` on the blocking one.
    type Answer<T>;

    #[doc(hidden)]
    fn reflect_table(self, name: TableName, at: &'static Location<'static>) -> Self::Answer<RuntimeTable>;

    #[doc(hidden)]
    fn reflect_schema(self, name: Option<String>, at: &'static Location<'static>) -> Self::Answer<Schema>;
}

/// Reads a table out of a database.
pub trait ReflectTable: Sized {
    /// The table or view of this name: `Table::reflect(&engine, "film").await?`, or with a schema,
    /// `Table::reflect(&engine, ("sales", "film"))`.
    ///
    /// # Errors
    /// When there is none of this name (the error has the names that look like it), no connection can be had, or the dialect
    /// can't reflect.
    #[track_caller]
    fn reflect<O: ReflectOn>(on: O, name: impl Into<TableName>) -> O::Answer<Self>;
}

/// Reads a schema out of a database.
pub trait ReflectSchema: Sized {
    /// What lies where names without a schema lead.
    ///
    /// # Errors
    /// When no connection can be had, or the dialect can't reflect.
    #[track_caller]
    fn reflect<O: ReflectOn>(on: O) -> O::Answer<Self>;

    /// What lies in the schema of this name.
    ///
    /// # Errors
    /// As [`reflect`](Self::reflect), and when there is no such schema.
    #[track_caller]
    fn reflect_named<O: ReflectOn>(on: O, name: &str) -> O::Answer<Self>;
}

impl ReflectTable for RuntimeTable {
    fn reflect<O: ReflectOn>(on: O, name: impl Into<TableName>) -> O::Answer<Self> {
        on.reflect_table(name.into(), Location::caller())
    }
}

impl ReflectSchema for Schema {
    fn reflect<O: ReflectOn>(on: O) -> O::Answer<Self> {
        on.reflect_schema(None, Location::caller())
    }

    fn reflect_named<O: ReflectOn>(on: O, name: &str) -> O::Answer<Self> {
        on.reflect_schema(Some(name.to_owned()), Location::caller())
    }
}

fn table_later<'e>(hold: Hold<'e>, name: TableName, at: &'static Location<'static>) -> Later<'e, RuntimeTable> {
    Box::pin(super::table(hold, name, at))
}

fn schema_later<'e>(hold: Hold<'e>, name: Option<String>, at: &'static Location<'static>) -> Later<'e, Schema> {
    Box::pin(super::schema(hold, name, at))
}

macro_rules! later {
    ($type:ty) => {
        impl<'e> ReflectOn for $type {
            type Answer<T> = Later<'e, T>;
            fn reflect_table(self, name: TableName, at: &'static Location<'static>) -> Later<'e, RuntimeTable> {
                table_later(self.hold(), name, at)
            }
            fn reflect_schema(self, name: Option<String>, at: &'static Location<'static>) -> Later<'e, Schema> {
                schema_later(self.hold(), name, at)
            }
        }
    };
}

macro_rules! now {
    ($type:ty) => {
        impl ReflectOn for $type {
            type Answer<T> = Result<T>;
            fn reflect_table(self, name: TableName, at: &'static Location<'static>) -> Result<RuntimeTable> {
                block_on(super::table(self.inner.hold(), name, at))
            }
            fn reflect_schema(self, name: Option<String>, at: &'static Location<'static>) -> Result<Schema> {
                block_on(super::schema(self.inner.hold(), name, at))
            }
        }
    };
}

later!(&'e Engine);
later!(&'e mut Conn);
later!(&'e mut Transaction<'_>);
now!(&blocking::Engine);
now!(&mut blocking::Conn);
now!(&mut blocking::Transaction<'_>);
