//! The plan of a query: what was asked for, and what it comes to.

use std::any::{Any, TypeId};
use std::sync::Arc;

use aludel_core::Result;
use aludel_sql::{ColumnSet, Expr, Select};

use super::joined::{self, JoinedNode};
use super::spec::begun_at;
use super::{LoadSpec, Strategy};
use crate::arena::{How, Hows};
use crate::error::usage;
use crate::mapper::Mapper;
use crate::session_row::SessionRow;

/// What a query does besides giving its rows.
#[derive(Clone, Debug, Default)]
#[doc(hidden)]
pub struct LoadPlan {
    pub(crate) loads: Vec<LoadSpec>,
    pub(crate) columns: Vec<(&'static Mapper, ColumnSet)>,
    pub(crate) criteria: Vec<(&'static Mapper, Expr<bool>)>,
    /// How many of the criteria are the program's own; the others are its listeners'.
    pub(crate) own_criteria: usize,
    pub(crate) populate: bool,
    /// What listeners of the program may go by.
    pub(crate) info: Vec<Arc<dyn Any + Send + Sync>>,
    /// Whether it is the plan of a query: another statement may write.
    pub(crate) is_query: bool,
    /// What lowering has made of the joined loads: where in a row each begins.
    pub(crate) joined: Vec<JoinedNode>,
    /// The query as the loaders that repeat it see it.
    pub(crate) origin: Option<Select<()>>,
}

impl LoadPlan {
    /// Makes the statement over: criteria, fewer columns, joins. What is left are further statements.
    ///
    /// # Errors
    /// When a relationship's columns don't fit.
    pub(crate) fn lower<R: 'static>(&mut self, mut select: Select<R>) -> Result<Select<R>> {
        for (mapper, condition) in &self.criteria {
            select = select.restrict(mapper.table(), condition);
        }
        if self.loads.iter().any(|spec| matches!(spec.strategy, Strategy::Subquery)) {
            self.origin = Some(select.clone().retyped());
        }
        for (mapper, columns) in &mut self.columns {
            let is_its = |spec: &&LoadSpec| std::ptr::eq(spec.relation.owner(), *mapper);
            let specs: Vec<LoadSpec> = self.loads.iter().filter(is_its).cloned().collect();
            *columns = begun_at(*columns, &specs)?;
            select = select.narrow(mapper.table(), *columns, false);
        }
        let select = joined::lower(self, select)?;
        for node in &mut self.joined {
            node.how.populate = self.populate;
        }
        Ok(select)
    }

    /// An error where an option is about an entity that the query does not give.
    pub(crate) fn check<R: SessionRow>(&self) -> Result<()> {
        let gives = |mapper: &Mapper| R::may_have((mapper.type_id)());
        let none = |what: &str, entity: &str| usage(format!("{what}: the query gives no {entity}"));
        for spec in &self.loads {
            let owner = spec.relation.owner();
            if !gives(owner) {
                let what = format!("{} can't be loaded along", spec.relation.full_name());
                return Err(none(&what, owner.name()));
            }
        }
        match self.columns.iter().find(|(mapper, _)| !gives(mapper)) {
            Some((mapper, _)) => {
                let what = format!("load_only or defer names columns of {}", mapper.name());
                Err(none(&what, mapper.name()))
            }
            None => Ok(()),
        }
    }

    /// The plan for what is loaded below a relationship, whose objects come from this query; none where it is the same.
    pub(crate) fn below(&self, origin: Option<Select<()>>) -> Option<Self> {
        (origin.is_some() || self.origin.is_some()).then(|| Self { origin, ..self.clone() })
    }

    /// The plan with a relationship's own criteria.
    fn with(&self, spec: &LoadSpec) -> Self {
        let mut plan = self.clone();
        // In front of those of the listeners.
        plan.criteria.splice(self.own_criteria..self.own_criteria, spec.criteria.iter().cloned());
        plan.own_criteria += spec.criteria.len();
        plan
    }

    /// The plan for a relationship that is loaded by a statement of its own; none where it is the same.
    pub(crate) fn of_load(&self, spec: &LoadSpec) -> Option<Self> {
        (!spec.criteria.is_empty()).then(|| self.with(spec))
    }

    /// What rows of an entity must meet wherever they are read.
    pub(crate) fn criteria_of(&self, mapper: &'static Mapper) -> impl Iterator<Item = &Expr<bool>> {
        self.criteria.iter().filter(move |(other, _)| std::ptr::eq(*other, mapper)).map(|(_, condition)| condition)
    }

    /// How the rows of each entity are read.
    pub(crate) fn hows(&self) -> Hows {
        let special = self.columns.iter().map(|(mapper, columns)| {
            let type_id: TypeId = (mapper.type_id)();
            (type_id, How::partial(mapper.columns().len(), *columns))
        });
        Hows { populate: self.populate, special: special.collect() }
    }
}
