//! From a syntax tree to SQL text.
//!
//! [`compile()`] is the whole way: survey the statement, write WITH, write the statement, say what its result looks like.
//! [`SqlWriter`] writes; what databases say differently it asks of the [`Dialect`]. The parts:
//!
//! - `writer`: text, identifiers, placeholders, names of FROM elements;
//! - `expr`, `condition`, `operator`, `membership`, `function`: expressions, with [`Precedence`] deciding on parentheses;
//! - `query`, `select`, `source`, `with`: queries;
//! - `insert`, `update`, `delete`, `returning`: statements that change data;
//! - `ddl`: statements that change the schema.

mod columns;
mod condition;
pub(crate) mod ddl;
mod delete;
mod expr;
mod function;
mod insert;
mod membership;
mod native;
mod operator;
mod options;
mod precedence;
mod query;
mod returning;
mod select;
mod source;
mod update;
mod with;
mod writer;

use std::time::Instant;

use aludel_core::CompileError;

use crate::ast::Statement;
use crate::compiled::{Compiled, StatementKind, fingerprint, next_number};
use crate::dialect::Dialect;
use crate::lower::survey;

pub(crate) use native::NativeElement;
pub use native::{Form, Needs};
pub use options::{CompileOptions, SchemaMap};
pub use precedence::Precedence;
pub use writer::SqlWriter;

/// Writes a statement in a dialect's SQL.
///
/// # Errors
/// Where the dialect has no words for a part of it, or where the statement is put together wrongly.
pub fn compile(statement: &Statement, dialect: &dyn Dialect) -> Result<Compiled, CompileError> {
    compile_with(statement, dialect, &CompileOptions::default())
}

/// As [`compile()`], with options. What the options change stands in no statement's key: a cache of compiled statements is
/// for one set of options.
///
/// # Errors
/// As for [`compile()`].
pub fn compile_with(
    statement: &Statement,
    dialect: &dyn Dialect,
    options: &CompileOptions,
) -> Result<Compiled, CompileError> {
    let started = Instant::now();
    let survey = survey::survey(statement);
    let mut writer = SqlWriter::new(dialect, options);
    if survey.has_anonymous {
        writer.reserve_names(survey::names(statement));
    }
    writer.statement(statement, &survey.ctes)?;
    let columns = columns::result_columns(statement);
    let written = writer.finish();
    let placeholders = written.binds.len() + written.rows.map_or(0, |shape| shape.width * shape.rows);
    let limit = dialect.capabilities().parameter_limit;
    if placeholders > limit {
        return Err(CompileError::unsupported(
            dialect.name(),
            format!("{placeholders} placeholders in one statement ({limit} is the most); run several statements"),
        ));
    }
    Ok(Compiled {
        number: next_number(),
        fingerprint: fingerprint(&written.sql),
        sql: written.sql.into(),
        binds_in_order: written.rows.is_none() && columns::are_in_order(&written.binds),
        binds: written.binds.into(),
        columns,
        kind: kind(statement),
        returns_rows: returns_rows(statement),
        rows: written.rows,
        cache: written.cache,
        warnings: written.warnings,
        compile_time: started.elapsed(),
        compiled_at: Instant::now(),
    })
}

fn kind(statement: &Statement) -> StatementKind {
    match statement {
        Statement::Query(_) => StatementKind::Select,
        Statement::Insert(_) => StatementKind::Insert,
        Statement::Update(_) => StatementKind::Update,
        Statement::Delete(_) => StatementKind::Delete,
        Statement::Text(_) => StatementKind::Text,
    }
}

fn returns_rows(statement: &Statement) -> bool {
    match statement {
        Statement::Query(_) => true,
        Statement::Insert(insert) => !insert.returning.is_empty(),
        Statement::Update(update) => !update.returning.is_empty(),
        Statement::Delete(delete) => !delete.returning.is_empty(),
        Statement::Text(text) => !text.no_rows,
    }
}
