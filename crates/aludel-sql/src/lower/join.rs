//! ON clauses from foreign keys.

use std::sync::Arc;

use aludel_core::CompileError;

use super::element::Element;
use super::names;
use crate::ast::{BinaryOp, Expr, QueryBody, SourceKind, Statement};
use crate::schema::{ForeignKey, Table};

/// The condition that joins the target to one of these elements by a foreign key, whichever side has the key.
pub(crate) fn condition<'a>(
    left: impl Iterator<Item = Element<'a>>,
    target: Element<'a>,
) -> Result<Expr, CompileError> {
    let right = Side::of(target);
    let mut found = Vec::new();
    let mut titles = Vec::new();
    for element in left {
        let side = Side::of(element);
        found.extend(side.keys_to(&right).map(|pairs| all_equal(&side, &right, pairs)));
        found.extend(
            right
                .keys_to(&side)
                .map(|pairs| all_equal(&side, &right, pairs.into_iter().map(|(r, l)| (l, r)).collect())),
        );
        titles.push(element.title());
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err(CompileError::invalid(format!(
            "no foreign key joins \"{}\" and \"{}\": give the join a condition",
            titles.join("\", \""),
            target.title()
        ))),
        several => Err(CompileError::invalid(format!(
            "{several} foreign keys join \"{}\" and \"{}\": give the join a condition",
            titles.join("\", \""),
            target.title()
        ))),
    }
}

/// An element with the table columns that it shows.
struct Side<'a> {
    element: Element<'a>,
    columns: Vec<Shown<'a>>,
}

/// A table's column under the name by which an element shows it.
struct Shown<'a> {
    name: String,
    table: &'a Table,
    position: usize,
}

impl<'a> Side<'a> {
    fn of(element: Element<'a>) -> Self {
        let columns = match (element.table(), element) {
            (Some(table), _) => (0..table.columns.len())
                .map(|position| Shown { name: table.columns[position].name.to_string(), table, position })
                .collect(),
            (None, Element::Source(source)) => shown_by_query(&source.kind),
            (None, Element::Table(_)) => Vec::new(),
        };
        Self { element, columns }
    }

    /// This side's foreign keys that refer to the other side: pairs of this side's and the other side's columns.
    fn keys_to<'s>(&'s self, other: &'s Self) -> impl Iterator<Item = Vec<(&'s str, &'s str)>> + 's {
        let mut tables: Vec<&'a Table> = Vec::new();
        for shown in &self.columns {
            if !tables.iter().any(|table| std::ptr::eq(*table, shown.table)) {
                tables.push(shown.table);
            }
        }
        tables
            .into_iter()
            .flat_map(move |table| table.foreign_keys.iter().filter_map(move |key| self.key_to(table, key, other)))
    }

    fn key_to<'s>(&'s self, table: &Table, key: &ForeignKey, other: &'s Self) -> Option<Vec<(&'s str, &'s str)>> {
        let target = key.target.table();
        let names = key.target.columns();
        let mut pairs = Vec::with_capacity(names.len());
        for (&position, name) in key.columns.iter().zip(names) {
            let own =
                self.columns.iter().find(|shown| std::ptr::eq(shown.table, table) && shown.position == position)?;
            let theirs = other.columns.iter().find(|shown| {
                let found = (shown.table.schema.as_deref(), &*shown.table.name);
                found == target && shown.table.columns.get(shown.position).is_some_and(|column| column.name == name)
            })?;
            pairs.push((&*own.name, &*theirs.name));
        }
        (!pairs.is_empty()).then_some(pairs)
    }

    fn column(&self, name: &str) -> Expr {
        Expr::Named { source: Some(Arc::new(self.element.to_source())), name: name.into(), sql_type: None }
    }
}

/// The table columns that a subquery or CTE passes through.
fn shown_by_query(kind: &SourceKind) -> Vec<Shown<'_>> {
    let query = match kind {
        SourceKind::Derived { query, .. } => query,
        SourceKind::Cte { body, .. } => match &body.statement {
            Statement::Query(query) => &**query,
            _ => return Vec::new(),
        },
        SourceKind::Alias { of, .. } => return shown_by_query(&of.kind),
        _ => return Vec::new(),
    };
    if !matches!(query.body, QueryBody::Select(_)) {
        return Vec::new();
    }
    let columns = query.columns();
    names::output_names(columns)
        .into_iter()
        .zip(columns)
        .filter_map(|(name, projection)| match &projection.expr {
            Expr::Column { column, .. } => {
                Some(Shown { name: name.into_owned(), table: column.table, position: column.index() })
            }
            _ => None,
        })
        .collect()
}

/// `left.a = right.b AND …`
fn all_equal(left: &Side<'_>, right: &Side<'_>, pairs: Vec<(&str, &str)>) -> Expr {
    let equal = |(own, theirs)| Expr::Binary {
        op: BinaryOp::Eq,
        left: Box::new(left.column(own)),
        right: Box::new(right.column(theirs)),
    };
    Expr::And(pairs.into_iter().map(equal).collect())
}
