//! Tables that a query speaks of and does not read.

use super::element::{Element, key};
use super::mentions::Mentions;
use crate::ast::{QueryBody, Statement};
use crate::schema::StaticColumn;

/// Whether columns of a table stand in a query, outside its subqueries, while nothing in FROM is that table.
pub(crate) fn lacks(statement: &Statement, table: &'static StaticColumn) -> bool {
    let Statement::Query(query) = statement else { return false };
    let QueryBody::Select(select) = &query.body else { return false };
    let wanted = Element::Table(table.table).key();
    let joined = select.joins.iter().map(|join| &join.target);
    if select.from.iter().chain(joined).any(|source| key(source) == wanted) {
        return false;
    }
    let mut mentions = Mentions::default();
    let columns = select.columns.iter().map(|column| &column.expr);
    let conditions = select.filter.iter().chain(&select.having);
    let orders = query.order_by.iter().map(|order| &order.expr);
    let groups = &select.group_by.exprs;
    columns.chain(conditions).chain(orders).chain(groups).for_each(|expr| mentions.expr(expr));
    mentions.has(wanted)
}
