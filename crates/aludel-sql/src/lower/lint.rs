//! The linter: FROM elements that nothing joins.

use smallvec::SmallVec;

use super::element::{Element, Key};
use super::from::FromClause;
use super::mentions::Mentions;
use super::walk::{Part, parts};
use crate::ast::{Expr, Query, QueryBody, SourceKind};

/// A warning, where some elements of a FROM clause have nothing to do with the others.
///
/// `word` is the statement's first word. An element is tied to another by a comparison that mentions both, by a JOIN, or by
/// being a function or LATERAL subquery that reads it.
pub(crate) fn cartesian<'a>(word: &str, from: &FromClause<'a>, filter: &'a [Expr]) -> Option<String> {
    if from.trees.len() < 2 {
        return None;
    }
    check(word, &from.elements().collect::<Vec<_>>(), |ties| {
        for tree in &from.trees {
            ties.tie(tree.elements().map(Element::key));
        }
        for element in from.elements() {
            ties.tie_reads(element);
        }
        filter.iter().for_each(|condition| ties.condition(condition));
    })
}

/// As [`cartesian`] for the tables of an UPDATE or DELETE.
pub(crate) fn cartesian_dml<'a>(word: &str, elements: &[Element<'a>], filter: &'a [Expr]) -> Option<String> {
    if elements.len() < 2 {
        return None;
    }
    check(word, elements, |ties| filter.iter().for_each(|condition| ties.condition(condition)))
}

fn check<'a>(word: &str, elements: &[Element<'a>], find: impl FnOnce(&mut Ties<'_, 'a>)) -> Option<String> {
    let mut ties = Ties { elements, groups: (0..elements.len()).collect() };
    find(&mut ties);
    let first = *ties.groups.first()?;
    let alone: Vec<_> = elements
        .iter()
        .zip(&ties.groups)
        .filter(|(_, group)| **group != first)
        .map(|(element, _)| format!("\"{}\"", element.title()))
        .collect();
    if alone.is_empty() {
        return None;
    }
    Some(format!(
        "{word} statement has a cartesian product between FROM element(s) {} and FROM element \"{}\": every row of one is \
         paired with every row of the other. Add a condition that compares their columns, join them, or write a cross join \
         if every pair is wanted",
        alone.join(", "),
        elements.first()?.title()
    ))
}

/// Which elements are tied together: elements of one group have the same number.
struct Ties<'e, 'a> {
    elements: &'e [Element<'a>],
    groups: SmallVec<[usize; 8]>,
}

impl<'a> Ties<'_, 'a> {
    fn tie(&mut self, keys: impl Iterator<Item = Key>) {
        let mut first = None;
        for key in keys {
            let Some(at) = self.elements.iter().position(|element| element.key() == key) else {
                continue;
            };
            let group = self.groups[at];
            let into = *first.get_or_insert(group);
            self.groups.iter_mut().filter(|other| **other == group).for_each(|other| *other = into);
        }
    }

    /// A function or a LATERAL subquery is tied to what it reads.
    fn tie_reads(&mut self, element: Element<'a>) {
        let Element::Source(source) = element else {
            return;
        };
        let mut mentions = Mentions::default();
        match &source.kind {
            SourceKind::Function { call, .. } => mentions.expr(call),
            SourceKind::Derived { query, lateral: true, .. } => deep_query(query, &mut mentions),
            _ => return,
        }
        self.tie(std::iter::once(element.key()).chain(mentions.0.iter().map(|element| element.key())));
    }

    /// A comparison ties all that stands in it; AND, OR and NOT are looked into.
    fn condition(&mut self, condition: &'a Expr) {
        match condition {
            Expr::And(list) | Expr::Or(list) => list.iter().for_each(|condition| self.condition(condition)),
            Expr::Unary { operand, .. } => self.condition(operand),
            _ => {
                let mut mentions = Mentions::default();
                deep(condition, &mut mentions);
                self.tie(mentions.0.iter().map(|element| element.key()));
            }
        }
    }
}

/// What an expression mentions, its subqueries included.
fn deep<'a>(expr: &'a Expr, mentions: &mut Mentions<'a>) {
    match expr {
        Expr::Column { .. } | Expr::Named { .. } => mentions.expr(expr),
        Expr::Property(property) => {
            mentions.expr(expr);
            deep(&property.expr, mentions);
        }
        _ => parts(expr, &mut |part| match part {
            Part::Expr(expr) => deep(expr, mentions),
            Part::Query(query) => deep_query(query, mentions),
        }),
    }
}

fn deep_query<'a>(query: &'a Query, mentions: &mut Mentions<'a>) {
    match &query.body {
        QueryBody::Select(select) => {
            let joins = select.joins.iter().filter_map(|join| join.on.as_ref());
            let columns = select.columns.iter().map(|column| &column.expr);
            columns.chain(joins).chain(&select.filter).chain(&select.having).for_each(|expr| deep(expr, mentions));
        }
        QueryBody::Compound { parts, .. } => parts.iter().for_each(|part| deep_query(part, mentions)),
    }
}
