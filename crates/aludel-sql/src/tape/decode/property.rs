//! Columns that stand for an expression: their place is taken by what they stand for.
//!
//! The expression's tape is decoded where a statement mentions the column. Where that is through an alias, the columns of the
//! same table in the expression are read through it as well. A query in FROM has such a column under its name.

use std::sync::Arc;

use aludel_core::{CompileError, Kind, Value};

use super::nodes::Nodes;
use super::{Decoder, Op, broken};
use crate::ast::{Expr, PropertyExpr, Select, Source, SourceKind};
use crate::lower::element::{Element, given_name, key, table};
use crate::lower::mentions::Mentions;
use crate::schema::{Generated, StaticColumn};
use crate::tape::Arguments;

/// The property whose expression is being decoded.
#[derive(Clone)]
pub(super) struct Inside<'a> {
    column: &'static StaticColumn,
    /// The alias that its table is read through.
    through: Option<Arc<Source>>,
    /// The property in whose expression it stands.
    outer: Option<&'a Self>,
}

impl Inside<'_> {
    fn is_own(&self, source: &Source) -> bool {
        matches!(source.kind, SourceKind::Table(table) if std::ptr::eq(table, self.column.table))
    }

    fn is_expanding(&self, column: &'static StaticColumn) -> bool {
        std::ptr::eq(self.column, column) || self.outer.is_some_and(|outer| outer.is_expanding(column))
    }

    /// What its table is in the statement.
    fn source(&self) -> Source {
        let table = Element::Table(self.column.table);
        self.through.as_deref().map_or_else(|| table.to_source(), Source::clone)
    }

    fn invalid(&self, why: &str) -> CompileError {
        CompileError::invalid(format!("the expression of the column `{:?}` {why}", self.column))
    }
}

impl Nodes<'_> {
    /// A property is known by its column alone, and so has no place for values.
    pub(super) fn check_values(&self) -> Result<(), CompileError> {
        match &self.inside {
            Some(inside) => Err(inside.invalid(
                "has a bound value, which the statements that the column stands in have no place for: write it into the SQL \
                 with `literal(…)`",
            )),
            None => Ok(()),
        }
    }

    /// A column of a table, as it stands in this statement or expression.
    pub(super) fn column(&self, column: &'static StaticColumn) -> Result<Expr, CompileError> {
        let inside = self.inside.as_ref().filter(|inside| std::ptr::eq(inside.column.table, column.table));
        self.column_of(column, inside.and_then(|inside| inside.through.clone()))
    }

    /// As [`column`](Self::column), through an alias or a query.
    pub(super) fn column_of(
        &self,
        column: &'static StaticColumn,
        source: Option<Arc<Source>>,
    ) -> Result<Expr, CompileError> {
        match column.def().generated {
            Generated::Expression(property) if is_of_table(column, source.as_deref()) => {
                let inside = Inside { column, through: source.clone(), outer: self.inside.as_ref() };
                if self.inside.as_ref().is_some_and(|outer| outer.is_expanding(column)) {
                    return Err(inside.invalid("contains the column itself"));
                }
                let arguments = Arguments::new(property.tape());
                let nodes = Nodes::new(&arguments, Some(inside.clone()));
                let mut decoder = Decoder::new(arguments.tape(), 0, &nodes);
                decoder.run()?;
                let expr = decoder.pop()?;
                if let Some(name) = source.as_deref().and_then(given_name)
                    && nodes.sources.borrow().iter().any(|(_, inner)| given_name(inner) == Some(name))
                {
                    return Err(inside.invalid(&format!(
                        "calls something \"{name}\", as the statement calls the column's table: take another name"
                    )));
                }
                Ok(Expr::Property(Box::new(PropertyExpr { column, source, expr })))
            }
            _ => Ok(Expr::Column { column, source }),
        }
    }

    /// The sources of a `correlate`: the property's own table is what it is in the statement.
    pub(super) fn correlated(&self, mut sources: Vec<Source>) -> Vec<Source> {
        if let Some(inside) = &self.inside {
            sources.iter_mut().filter(|source| inside.is_own(source)).for_each(|source| *source = inside.source());
        }
        sources
    }

    /// In a FROM of the expression its own table would be the one outside too.
    pub(super) fn check_from(&self, source: &Source) -> Result<(), CompileError> {
        match &self.inside {
            Some(inside) if inside.is_own(source) => Err(inside.invalid(&format!(
                "reads from the table \"{}\" itself: read from an alias of it there",
                inside.column.table.full_name()
            ))),
            _ => Ok(()),
        }
    }

    /// A subquery of the expression takes the property's table from the statement and reads all else itself, whatever the
    /// statement reads besides.
    pub(super) fn correlate(&self, select: &mut Select) {
        let Some(inside) = &self.inside else { return };
        if select.no_correlation || !select.correlate.is_empty() || select.correlate_except.is_some() {
            return;
        }
        let own = inside.source();
        let mut mentions = Mentions::default();
        select.from.iter().for_each(|source| mentions.element(Element::Source(source)));
        select.columns.iter().for_each(|column| mentions.expr(&column.expr));
        select.filter.iter().for_each(|condition| mentions.expr(condition));
        if !select.joins.is_empty() || mentions.0.iter().any(|element| element.key() != key(&own)) {
            select.correlate.push(own);
        }
    }
}

impl Decoder<'_> {
    /// A placeholder; in the expression of a property a limit stands in the text, as it is the same for every run.
    pub(super) fn placeholder(&mut self) -> Result<Expr, CompileError> {
        let kind = Kind::from_byte(self.byte()?);
        let next = self.reader.peek().and_then(Op::from_byte);
        if self.nodes.inside.is_some() && matches!(next, Some(Op::Limit | Op::Offset)) {
            let value = self.tape.values().get(self.next_value);
            self.next_value += 1;
            return match value {
                Some(Value::Int(number)) => Ok(Expr::Integer(*number)),
                _ => Err(broken()),
            };
        }
        Ok(Expr::Bind(self.bind(kind, None)?))
    }
}

/// The column in a list of columns to write: properties are read only.
pub(super) fn writable(column: &'static StaticColumn) -> Result<&'static StaticColumn, CompileError> {
    if column.def().is_stored() {
        return Ok(column);
    }
    Err(CompileError::invalid(format!(
        "the column `{column:?}` stands for an expression, so it can be read and not written"
    )))
}

/// Whether the source is the column's table, or an alias of it, and not a query that shows the column.
fn is_of_table(column: &'static StaticColumn, source: Option<&Source>) -> bool {
    source.is_none_or(|source| table(source).is_some_and(|table| std::ptr::eq(table, column.table)))
}
