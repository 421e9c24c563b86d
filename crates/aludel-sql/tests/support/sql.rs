//! Statements as SQL, for comparison with what is expected.

use aludel_core::{CompileError, Value};
use aludel_sql::dialect::{Dialect, MariaDb, MsSql, MySql, Oracle, Postgres, Sqlite};
use aludel_sql::{CompileOptions, Compiled, Executable, compile_arguments};

/// A built-in dialect by its name.
pub(crate) fn dialect(name: &str) -> &'static dyn Dialect {
    match name {
        "sqlite" => &Sqlite,
        "postgresql" => &Postgres,
        "mysql" => &MySql,
        "mariadb" => &MariaDb,
        "mssql" => &MsSql,
        "oracle" => &Oracle,
        other => panic!("no dialect {other}"),
    }
}

pub(crate) fn compile_on(name: &str, statement: impl Executable) -> Result<Compiled, CompileError> {
    compile_arguments(&statement.into_arguments(), dialect(name), &CompileOptions::default())
}

/// Compares a statement's SQL for SQLite.
#[track_caller]
#[allow(dead_code, reason = "each test file uses some of the helpers")]
pub(crate) fn check(statement: impl Executable, expected: &str) {
    check_on("sqlite", statement, expected);
}

/// Compares a statement's SQL for a dialect.
#[track_caller]
#[allow(dead_code, reason = "each test file uses some of the helpers")]
pub(crate) fn check_on(name: &str, statement: impl Executable, expected: &str) {
    match compile_on(name, statement) {
        Ok(compiled) => assert_eq!(&*compiled.sql, expected, "on {name}"),
        Err(error) => panic!("on {name}: {error}"),
    }
}

/// The error of a statement that a dialect can't render.
#[track_caller]
#[allow(dead_code, reason = "each test file uses some of the helpers")]
pub(crate) fn refused(name: &str, statement: impl Executable) -> String {
    match compile_on(name, statement) {
        Ok(compiled) => panic!("on {name}, not refused: {}", compiled.sql),
        Err(error) => error.to_string(),
    }
}

/// The values of a statement's placeholders on a dialect, in the order of the text.
#[allow(dead_code, reason = "each test file uses some of the helpers")]
pub(crate) fn values(name: &str, statement: impl Executable) -> Vec<Value> {
    let arguments = statement.into_arguments();
    let compiled = compile_arguments(&arguments, dialect(name), &CompileOptions::default()).expect("it compiles");
    compiled.binds.iter().map(|bind| arguments.get(bind.source).clone()).collect()
}
