//! Lists of columns: how they are written, and what the result is told to look like.

use super::SqlWriter;
use crate::ast::{Expr, Projection, Statement};
use crate::compiled::{CompiledBind, ResultColumn};
use crate::dialect::Written;
use crate::lower::names::{bare, output_names, shown_name};

/// The columns of a statement's rows.
pub(super) fn result_columns(statement: &Statement) -> Box<[ResultColumn]> {
    let columns = match statement {
        Statement::Query(query) => query.columns(),
        Statement::Insert(insert) => &insert.returning,
        Statement::Update(update) => &update.returning,
        Statement::Delete(delete) => &delete.returning,
        Statement::Text(text) => &text.columns,
    };
    output_names(columns).into_iter().zip(columns).map(|(name, column)| result_column(name.into(), column)).collect()
}

fn result_column(name: std::sync::Arc<str>, column: &Projection) -> ResultColumn {
    let origin = match bare(&column.expr) {
        Expr::Column { column, .. } => Some(*column),
        Expr::Property(property) => Some(property.column),
        _ => None,
    };
    ResultColumn { name, sql_type: column.expr.sql_type(), origin }
}

/// Whether the placeholders are the statement's own values, one by one.
pub(super) fn are_in_order(binds: &[CompiledBind]) -> bool {
    binds.iter().enumerate().all(|(index, bind)| {
        bind.source.segment == 0 && bind.source.element.is_none() && usize::try_from(bind.source.index) == Ok(index)
    })
}

impl SqlWriter<'_> {
    /// Writes the columns of a SELECT or RETURNING. `labelled` writes a name behind each, for those who read them from
    /// outside.
    pub(super) fn projections(&mut self, columns: &[Projection], labelled: bool) -> Written {
        if columns.is_empty() {
            self.sql("*");
            return Ok(());
        }
        let names = output_names(columns);
        self.list(columns.iter().zip(names), |w, (column, name)| {
            w.expr(unlabeled(&column.expr))?;
            if column.label.is_some() || needs_label(&column.expr, &name, labelled) {
                w.sql(" AS ");
                w.identifier(&name);
            }
            Ok(())
        })
    }
}

fn unlabeled(expr: &Expr) -> &Expr {
    match expr {
        Expr::Labeled { expr, .. } => unlabeled(expr),
        _ => expr,
    }
}

/// Whether a column without a label must be named all the same.
fn needs_label(expr: &Expr, name: &str, labelled: bool) -> bool {
    match expr {
        Expr::Column { column, source } => {
            let shown = source.as_ref().and_then(|source| shown_name(source, column));
            labelled || shown.as_deref().unwrap_or(column.name()) != name
        }
        Expr::Named { name: own, .. } => labelled || **own != *name,
        Expr::Null | Expr::Bool(_) | Expr::Integer(_) | Expr::Number(_) | Expr::Text(_) => labelled,
        // It may have a name, or be several columns: only the program knows.
        Expr::Raw(_) => false,
        _ => true,
    }
}
