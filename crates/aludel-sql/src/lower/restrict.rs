//! Conditions on the rows of a table, in every SELECT of a statement that reads them.

use std::sync::Arc;

use super::element::{Element, Key, key};
use super::from::{Enclosing, On, Scope, infer};
use super::walk_mut::{PartMut, parts_mut};
use crate::ast::{Expr, JoinKind, Query, QueryBody, Select, Source, SourceKind};
use crate::schema::Table;

/// Adds a condition on a table's rows to a query, and to the queries in its expressions and in its FROM: to each that reads the
/// table itself. Where the table is the optional side of a LEFT JOIN the condition stands in its ON, so that the other side's rows
/// stay.
///
/// The table under another name is another matter, and CTEs are left as they are.
pub(crate) fn restrict(query: &mut Query, table: &'static Table, condition: &Expr) {
    Restriction { table: Element::Table(table).key(), condition }.query(query, &mut Vec::new());
}

struct Restriction<'a> {
    table: Key,
    condition: &'a Expr,
}

/// What a SELECT reads.
struct Reads {
    /// Its FROM elements.
    scope: Scope,
    /// Whether the table is the optional side of a join.
    is_optional: bool,
    /// The ON of that join, where foreign keys imply it.
    found: Option<Expr>,
}

impl Restriction<'_> {
    /// `outer` has the FROM elements of the queries around it.
    fn query(&self, query: &mut Query, outer: &mut Vec<Scope>) {
        match &mut query.body {
            QueryBody::Compound { parts, .. } => parts.iter_mut().for_each(|part| self.query(part, outer)),
            QueryBody::Select(select) => {
                let Some(scope) = self.select(select, outer) else { return };
                outer.push(scope);
                query.order_by.iter_mut().for_each(|order| self.within(&mut order.expr, outer));
                outer.pop();
            }
        }
    }

    /// The SELECT's FROM elements; none if it is wrong, which is told when it is written.
    fn select(&self, select: &mut Select, outer: &mut Vec<Scope>) -> Option<Scope> {
        let Reads { scope, is_optional, found } = self.reads(select, outer)?;
        let joined = select.joins.iter_mut().map(|join| &mut join.target);
        select.from.iter_mut().chain(joined).for_each(|source| self.source(source));
        outer.push(scope);
        expressions(select).for_each(|expr| self.within(expr, outer));
        let scope = outer.pop()?;
        if !scope.contains(&self.table) {
            return Some(scope);
        }
        match select.joins.iter_mut().find(|join| is_optional && key(&join.target) == self.table) {
            Some(join) => {
                let on = join.on.take().or(found);
                join.on = Some(Expr::And(on.into_iter().chain([self.condition.clone()]).collect()));
            }
            None => select.filter.push(self.condition.clone()),
        }
        Some(scope)
    }

    fn reads(&self, select: &Select, outer: &[Scope]) -> Option<Reads> {
        let enclosing = Enclosing { implicit: outer.last().map_or(&[], |scope| scope), explicit: outer };
        let clause = infer(select, enclosing).ok()?;
        let joins = clause.trees.iter().flat_map(|tree| &tree.joins);
        let optional = joins.filter(|join| join.kind == JoinKind::Left).find(|join| join.target.key() == self.table);
        let found = optional.and_then(|join| match &join.on {
            On::Found(on) => Some(on.clone()),
            On::Given(_) | On::Every => None,
        });
        Some(Reads { scope: clause.keys(), is_optional: optional.is_some(), found })
    }

    /// A derived table is known by its number, so that one that is changed is still the one that columns name.
    fn source(&self, source: &mut Source) {
        if let (SourceKind::Derived { query, .. }, Some(_)) = (&mut source.kind, source.id) {
            self.query(Arc::make_mut(query), &mut Vec::new());
        }
    }

    fn within(&self, expr: &mut Expr, outer: &mut Vec<Scope>) {
        parts_mut(expr, &mut |part| match part {
            PartMut::Expr(expr) => self.within(expr, outer),
            PartMut::Query(query) => self.query(query, outer),
        });
    }
}

fn expressions(select: &mut Select) -> impl Iterator<Item = &mut Expr> {
    let columns = select.columns.iter_mut().map(|column| &mut column.expr);
    let joins = select.joins.iter_mut().filter_map(|join| join.on.as_mut());
    columns.chain(joins).chain(&mut select.filter).chain(&mut select.having)
}
