//! The FROM clause of a SELECT: what the program named, and what its columns and its filter imply.

use aludel_core::CompileError;
use smallvec::{SmallVec, smallvec};

use super::element::{Element, Key, key};
use super::mentions::Mentions;
use super::{join, join_order};
use crate::ast::{Expr, Join, JoinKind, Select, Source};

/// A SELECT's FROM clause.
#[derive(Clone, Debug, Default)]
pub(crate) struct FromClause<'a> {
    /// Elements separated by commas, each with its joins.
    pub(crate) trees: SmallVec<[Tree<'a>; 2]>,
}

/// A FROM element and what is joined to it.
#[derive(Clone, Debug)]
pub(crate) struct Tree<'a> {
    pub(crate) root: Element<'a>,
    pub(crate) joins: SmallVec<[Joined<'a>; 2]>,
}

/// A joined element.
#[derive(Clone, Debug)]
pub(crate) struct Joined<'a> {
    pub(crate) kind: JoinKind,
    pub(crate) target: Element<'a>,
    pub(crate) on: On<'a>,
}

/// A join's condition.
#[derive(Clone, Debug)]
pub(crate) enum On<'a> {
    /// None: every pair.
    Every,
    /// What the program said.
    Given(&'a Expr),
    /// What foreign keys say.
    Found(Expr),
}

/// The FROM elements of one SELECT.
pub(crate) type Scope = SmallVec<[Key; 4]>;

/// FROM elements of the queries around a SELECT.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Enclosing<'s> {
    /// Those of the query right around it: left out of its FROM where something else stays.
    pub(crate) implicit: &'s [Key],
    /// Those of all queries around it: left out where the program says so.
    pub(crate) explicit: &'s [Scope],
}

/// Finds the FROM clause of a SELECT.
pub(crate) fn infer<'a>(select: &'a Select, enclosing: Enclosing<'_>) -> Result<FromClause<'a>, CompileError> {
    let elements = elements(select);
    let roots = correlated(select, elements, enclosing)?;
    let mut clause =
        FromClause { trees: roots.0.into_iter().map(|root| Tree { root, joins: SmallVec::new() }).collect() };
    for join in join_order::readable(&select.joins) {
        clause.join(join)?;
    }
    Ok(clause)
}

/// What stands in FROM before correlation, without the targets of joins.
fn elements(select: &Select) -> Mentions<'_> {
    let mut all = Mentions::default();
    select.from.iter().for_each(|source| all.element(Element::Source(source)));
    select.columns.iter().for_each(|column| all.expr(&column.expr));
    select.filter.iter().for_each(|condition| all.expr(condition));
    if !select.joins.is_empty() {
        let is_target = |element: &Element<'_>| select.joins.iter().any(|join| key(&join.target) == element.key());
        all.0.retain(|element| !is_target(element));
        if all.0.is_empty() {
            // Every column is of a joined element: what the joins start from stands only in their conditions.
            select.joins.iter().filter_map(|join| join.on.as_ref()).for_each(|on| all.expr(on));
            all.0.retain(|element| !is_target(element));
        }
    }
    all
}

/// Leaves out what the enclosing queries have.
fn correlated<'a>(
    select: &Select,
    mut elements: Mentions<'a>,
    enclosing: Enclosing<'_>,
) -> Result<Mentions<'a>, CompileError> {
    if select.no_correlation {
        return Ok(elements);
    }
    let holds = |sources: &[Source], wanted: Key| sources.iter().any(|source| key(source) == wanted);
    if !select.correlate.is_empty() || select.correlate_except.is_some() {
        elements.0.retain(|element| {
            let key = element.key();
            let is_outside = enclosing.explicit.iter().any(|scope| scope.contains(&key));
            let is_kept = select.correlate_except.as_ref().is_none_or(|except| holds(except, key));
            !is_outside || (is_kept && !holds(&select.correlate, key))
        });
        return Ok(elements);
    }
    let goes = |element: &Element<'_>| {
        let key = element.key();
        enclosing.implicit.contains(&key) && !holds(&select.from, key)
    };
    if elements.0.iter().any(|element| !goes(element)) {
        elements.0.retain(|element| !goes(element));
    } else if elements.0.len() > 1 {
        return Err(ambiguous(&elements));
    }
    Ok(elements)
}

/// One element alone is read anew, but of several that the query around has too nobody can tell which are meant to be its.
fn ambiguous(elements: &Mentions<'_>) -> CompileError {
    let titles: Vec<_> = elements.0.iter().map(|element| element.title().to_string()).collect();
    CompileError::invalid(format!(
        "the query around the subquery reads all of its FROM elements (\"{}\") too: name those that the subquery reads itself \
         with from(…), or those that it takes from the query around it with correlate(…)",
        titles.join("\", \"")
    ))
}

impl<'a> FromClause<'a> {
    /// The keys of all its elements.
    pub(crate) fn keys(&self) -> Scope {
        self.elements().map(Element::key).collect()
    }

    /// All its elements, in the order of the text.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Element<'a>> + '_ {
        self.trees.iter().flat_map(Tree::elements)
    }

    /// Puts a join behind the element that it starts from.
    fn join(&mut self, join: &'a Join) -> Result<(), CompileError> {
        let target = Element::Source(&join.target);
        if self.trees.is_empty() {
            if join.on.is_some() {
                let message = format!("nothing stands before the join of \"{}\": name a FROM element", target.title());
                return Err(CompileError::invalid(message));
            }
            self.trees.push(Tree { root: target, joins: SmallVec::new() });
            return Ok(());
        }
        let starts = self.starts(join, target);
        let at = self.merge(&starts);
        let on = match (&join.on, join.kind) {
            (_, JoinKind::Cross) => On::Every,
            (Some(on), _) => On::Given(on),
            (None, _) => On::Found(join::condition(self.trees[at].elements(), target)?),
        };
        self.trees[at].joins.push(Joined { kind: join.kind, target, on });
        Ok(())
    }

    /// The trees that a join's condition reads; without one, those that a foreign key ties to its target.
    fn starts(&self, join: &'a Join, target: Element<'a>) -> SmallVec<[usize; 2]> {
        let last = self.trees.len() - 1;
        if last == 0 {
            return smallvec![0];
        }
        let mut found: SmallVec<[usize; 2]> = SmallVec::new();
        if let Some(on) = &join.on {
            let mut mentions = Mentions::default();
            mentions.expr(on);
            found.extend((0..=last).filter(|&at| self.trees[at].elements().any(|element| mentions.has(element.key()))));
        } else {
            found.extend((0..=last).find(|&at| join::condition(self.trees[at].elements(), target).is_ok()));
        }
        if found.is_empty() {
            found.push(last);
        }
        found
    }

    /// Makes one tree of several, so that one condition can read them all.
    fn merge(&mut self, trees: &[usize]) -> usize {
        let Some((&first, others)) = trees.split_first() else {
            return 0;
        };
        for &at in others.iter().rev() {
            let Tree { root, joins } = self.trees.remove(at);
            self.trees[first].joins.push(Joined { kind: JoinKind::Cross, target: root, on: On::Every });
            self.trees[first].joins.extend(joins);
        }
        first
    }
}

impl<'a> Tree<'a> {
    /// Its elements, in the order of the text.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Element<'a>> + '_ {
        std::iter::once(self.root).chain(self.joins.iter().map(|join| join.target))
    }
}
