//! The plan of a query: what was asked for, and what it comes to.

use std::any::TypeId;

use aludel_core::Result;
use aludel_sql::{ColumnSet, Expr, Select};

use super::joined::{self, JoinedNode};
use super::{LoadSpec, Strategy};
use crate::arena::{How, Hows};
use crate::mapper::Mapper;

/// What a query does besides giving its rows.
#[derive(Clone, Debug, Default)]
#[doc(hidden)]
pub struct LoadPlan {
    pub(crate) loads: Vec<LoadSpec>,
    pub(crate) columns: Vec<(&'static Mapper, ColumnSet)>,
    pub(crate) criteria: Vec<(&'static Mapper, Expr<bool>)>,
    pub(crate) populate: bool,
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
            if select.mentions(mapper.table()) {
                select = select.filter(condition);
            }
        }
        if self.loads.iter().any(|spec| matches!(spec.strategy, Strategy::Subquery)) {
            self.origin = Some(select.clone().retyped());
        }
        for (mapper, columns) in &self.columns {
            select = select.narrow(mapper.table(), *columns, false);
        }
        let select = joined::lower(self, select)?;
        for node in &mut self.joined {
            node.how.populate = self.populate;
        }
        Ok(select)
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
