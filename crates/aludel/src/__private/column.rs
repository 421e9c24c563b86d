//! Column definitions as most fields have them.

use std::borrow::Cow;

use aludel_core::SqlTyped;
use aludel_sql::schema::{ColumnDef, Generated, Name};

/// A name that is part of the program.
pub const fn name(text: &'static str) -> Name {
    Cow::Borrowed(text)
}

/// A column of which the Rust type says everything.
pub const fn column<T: SqlTyped>(name: &'static str) -> ColumnDef {
    define::<T>(name, Generated::No)
}

/// The key that the database numbers rows by.
pub const fn key<T: SqlTyped>(name: &'static str) -> ColumnDef {
    define::<T>(name, Generated::Key)
}

const fn define<T: SqlTyped>(name: &'static str, generated: Generated) -> ColumnDef {
    ColumnDef {
        name: Cow::Borrowed(name),
        sql_type: T::SQL_TYPE,
        nullable: T::NULLABLE,
        server_default: None,
        generated,
        collation: None,
        comment: None,
        cache: T::CACHE,
    }
}
