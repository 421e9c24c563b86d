//! What programs write, method by method, and what becomes of it on SQLite.

mod case;
mod compound;
mod cte;
mod custom;
mod delete;
mod entity;
mod errors;
mod expr;
mod func;
mod insert;
mod like;
mod order;
mod property;
mod runtime;
mod select;
mod source;
mod subquery;
#[path = "../support/mod.rs"]
mod support;
mod text;
mod update;
mod window;

use aludel_core::CompileError;
use aludel_sql::dialect::{Dialect, Postgres, Sqlite};
use aludel_sql::{Arguments, CompileOptions, Compiled, Entity, Executable, compile_arguments};

/// Compares a statement's SQL and values on SQLite, and asks SQLite whether it understands it.
#[track_caller]
fn check(statement: impl Executable, sql: &str, values: &str) {
    check_text(statement, sql, values);
    if let Err(error) = database().prepare(sql) {
        panic!("SQLite refuses it: {error}");
    }
}

/// As [`check`], for what SQLite has no function or table for.
#[track_caller]
fn check_text(statement: impl Executable, sql: &str, values: &str) {
    check_on(&Sqlite, statement, sql, values);
}

/// As [`check_text`] on PostgreSQL, for what SQLite does not have.
#[track_caller]
fn check_postgres(statement: impl Executable, sql: &str, values: &str) {
    check_on(&Postgres, statement, sql, values);
}

#[track_caller]
fn check_on(dialect: &dyn Dialect, statement: impl Executable, sql: &str, values: &str) {
    let arguments = statement.into_arguments();
    match compile_arguments(&arguments, dialect, &CompileOptions::default()) {
        Ok(compiled) => {
            assert_eq!(&*compiled.sql, sql);
            assert_eq!(bound(&compiled, &arguments), values);
        }
        Err(error) => panic!("it can't be compiled: {error}"),
    }
}

/// The values of the placeholders, in the order of the text.
fn bound(compiled: &Compiled, arguments: &Arguments) -> String {
    let values = compiled.binds.iter().map(|bind| format!("{:?}", arguments.get(bind.source)));
    values.collect::<Vec<_>>().join(", ")
}

/// Compares the error of a statement that can't be compiled for SQLite.
#[track_caller]
fn refused(statement: impl Executable, message: &str) {
    match compile(statement) {
        Ok(compiled) => panic!("it can be compiled: {compiled}"),
        Err(error) => assert_eq!(error.to_string(), message),
    }
}

fn compile(statement: impl Executable) -> Result<Compiled, CompileError> {
    compile_arguments(&statement.into_arguments(), &Sqlite, &CompileOptions::default())
}

/// An SQLite database with the tables, without rows.
fn database() -> rusqlite::Connection {
    let connection = rusqlite::Connection::open_in_memory().expect("SQLite opens");
    let tables =
        [support::User::columns(), support::Address::columns(), support::Order::columns(), support::Item::columns()];
    for columns in tables {
        let table = columns[0].table;
        let names: Vec<_> = columns.iter().map(|column| column.name()).collect();
        let key: Vec<_> = table.primary_key.iter().map(|position| names[*position]).collect();
        let (names, key) = (names.join(", "), key.join(", "));
        let sql = format!("CREATE TABLE {} ({names}, PRIMARY KEY ({key}))", table.name);
        connection.execute(&sql, ()).expect("the table can be made");
    }
    connection
}
