//! Tables that a query speaks of and does not read.

use super::element::{Element, key};
use super::mentions::Mentions;
use crate::ast::{QueryBody, Statement};
use crate::schema::StaticColumn;

/// Whether columns of a table stand in a query, outside its subqueries, while nothing in FROM is that table.
pub(crate) fn lacks(statement: &Statement, table: &'static StaticColumn) -> bool {
    matches!(places(statement, table), Some((false, true)))
}

/// Whether rows of the table are read under the table's own name, outside subqueries: FROM has it, or columns imply it.
pub(crate) fn reads(statement: &Statement, table: &'static StaticColumn) -> bool {
    places(statement, table).is_some_and(|(is_in_from, is_mentioned)| is_in_from || is_mentioned)
}

/// Whether FROM has the table, and whether expressions mention it.
fn places(statement: &Statement, table: &'static StaticColumn) -> Option<(bool, bool)> {
    let Statement::Query(query) = statement else { return None };
    let QueryBody::Select(select) = &query.body else { return None };
    let wanted = Element::Table(table.table).key();
    let joined = select.joins.iter().map(|join| &join.target);
    let is_in_from = select.from.iter().chain(joined).any(|source| key(source) == wanted);
    let mut mentions = Mentions::default();
    let columns = select.columns.iter().map(|column| &column.expr);
    let conditions = select.filter.iter().chain(&select.having);
    let orders = query.order_by.iter().map(|order| &order.expr);
    let groups = &select.group_by.exprs;
    columns.chain(conditions).chain(orders).chain(groups).for_each(|expr| mentions.expr(expr));
    Some((is_in_from, mentions.has(wanted)))
}
