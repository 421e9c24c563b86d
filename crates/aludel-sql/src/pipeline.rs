//! From a built statement to SQL.

use aludel_core::CompileError;

use crate::compile::{CompileOptions, compile_with};
use crate::compiled::Compiled;
use crate::dialect::Dialect;
use crate::tape::{Arguments, decode};

/// Decodes a built statement and writes it in a dialect's SQL: what happens when no compiled form is cached.
///
/// ```
/// use aludel_sql::dialect::Sqlite;
/// use aludel_sql::{CompileOptions, Executable, compile_arguments, literal, select};
///
/// let statement = select(literal(1)).into_arguments();
/// let compiled = compile_arguments(&statement, &Sqlite, &CompileOptions::default())?;
/// assert_eq!(&*compiled.sql, "SELECT 1");
/// # Ok::<(), aludel_core::Error>(())
/// ```
///
/// # Errors
/// Where the dialect has no words for a part of the statement, or where it is put together wrongly.
pub fn compile_arguments(
    arguments: &Arguments,
    dialect: &dyn Dialect,
    options: &CompileOptions,
) -> Result<Compiled, CompileError> {
    let statement = decode(arguments)?;
    compile_with(&statement, dialect, options)
}
