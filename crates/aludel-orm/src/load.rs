//! Loader options: what is loaded along with the rows of a query, and how.
//!
//! A query with options is lowered to an ordinary statement and a plan before SQL is compiled: [`joined`] adds columns and
//! joins to the statement, everything else is further statements that [`step`] makes of the rows.

mod choose;
mod fill;
mod joined;
mod option;
mod plan;
mod script;
mod step;

use aludel_sql::{AnySource, ColumnSet, Expr};

use crate::relation::Relation;

pub use choose::{ColumnNames, Columns, defer, load_only};
pub use option::{
    Criteria, Load, LoadOption, contains_eager, immediateload, joinedload, raiseload, selectinload, subqueryload,
    with_criteria,
};
pub use plan::LoadPlan;

pub(crate) use fill::{Loaded, Pair, fill};
pub(crate) use joined::{JoinedNode, link_conditions, on_key};
pub(crate) use option::CHUNK;
pub(crate) use step::{Origin, Stage, StageRows, Typed, typed};

/// How a relationship is loaded.
#[derive(Clone, Debug)]
pub(crate) enum Strategy {
    /// `WHERE key IN (…)`, so many keys at once.
    SelectIn { chunk: usize },
    /// A join in the query itself.
    Joined { inner: bool },
    /// The query itself as a subquery.
    Subquery,
    /// It is not loaded, and reading it is an error, which it is anyway.
    Raise,
    /// The program's own join has it.
    Contains(Option<AnySource>),
}

/// One relationship to load, with what is loaded of the objects on its other side.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub struct LoadSpec {
    pub(crate) relation: &'static Relation,
    pub(crate) strategy: Strategy,
    pub(crate) inner: Vec<LoadSpec>,
    /// Only these columns of the target.
    pub(crate) columns: Option<ColumnSet>,
    /// Only targets that meet this.
    pub(crate) filter: Option<Expr<bool>>,
    /// Levels of a self-reference still to load by the same option.
    pub(crate) depth: usize,
}

impl LoadSpec {
    /// Whether all is loaded that there is, with no condition on it.
    pub(crate) fn is_whole(&self, plan: &LoadPlan) -> bool {
        self.filter.is_none()
            && !matches!(self.strategy, Strategy::Contains(_))
            && plan.criteria_of(self.relation.target()).next().is_none()
    }
}
