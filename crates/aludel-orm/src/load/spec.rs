//! One relationship to load.

use aludel_core::Result;
use aludel_sql::{AnySource, ColumnSet, Expr};

use super::LoadPlan;
use crate::error::usage;
use crate::mapper::Mapper;
use crate::relation::{Path, Relation, RelationKind};

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
    /// Conditions on entities, wherever this and what is below it read them.
    pub(crate) criteria: Vec<(&'static Mapper, Expr<bool>)>,
    /// Levels of a self-reference still to load by the same option.
    pub(crate) depth: usize,
    /// An entity that an option here was about, and that is not the target.
    pub(crate) stray: Option<&'static Mapper>,
}

impl LoadSpec {
    pub(crate) fn of(relation: &'static Relation, strategy: Strategy) -> Self {
        Self {
            relation,
            strategy,
            inner: Vec::new(),
            columns: None,
            filter: None,
            criteria: Vec::new(),
            depth: 0,
            stray: None,
        }
    }

    /// Whether its objects lie in the rows of the statement that gives their owners.
    pub(crate) fn is_inside(&self) -> bool {
        matches!(self.strategy, Strategy::Joined { .. } | Strategy::Contains(_))
    }

    /// Whether all is loaded that there is, with no condition on it.
    pub(crate) fn is_whole(&self, plan: &LoadPlan) -> bool {
        self.filter.is_none()
            && !matches!(self.strategy, Strategy::Contains(_))
            && plan.criteria_of(self.relation.target()).next().is_none()
    }

    /// Whether something is joined to its objects.
    pub(crate) fn joins_below(&self) -> bool {
        self.inner.iter().any(Self::is_inside)
    }

    /// Whether something below it repeats its query.
    pub(super) fn repeats_below(&self) -> bool {
        let is_subquery = |spec: &Self| matches!(spec.strategy, Strategy::Subquery);
        is_subquery(self) && (self.depth > 0 || self.inner.iter().any(is_subquery))
    }

    /// The same relationship one level further down.
    pub(crate) fn again(&self) -> Option<Self> {
        (self.depth > 0).then(|| Self { depth: self.depth - 1, ..self.clone() })
    }

    /// The columns of the target that are read, where not all are: those that were asked for, those that say whose it is and
    /// where it stands, and those that what is below it begins at.
    pub(super) fn kept(&self) -> Result<Option<ColumnSet>> {
        let Some(columns) = self.columns else { return Ok(None) };
        let relation = self.relation;
        let own: &[usize] = match (relation.path()?, relation.kind) {
            (Path::Key(key), RelationKind::BelongsTo) => &key.refers_to,
            (Path::Key(key), _) => &key.columns,
            (Path::Link(link), _) => &link.far_refers_to,
        };
        let position = relation.position.map(|position| position().index());
        let mut kept = own.iter().copied().chain(position).fold(columns, ColumnSet::with);
        kept = begun_at(kept, &self.inner)?;
        if self.depth > 0 {
            kept = relation.near()?.iter().copied().fold(kept, ColumnSet::with);
        }
        Ok(Some(kept))
    }

    /// An error where the options don't go together.
    pub(super) fn check(&self) -> Result<()> {
        let (relation, target) = (self.relation, self.relation.target());
        let name = relation.full_name();
        if self.depth > 0 && !std::ptr::eq(relation.owner(), target) {
            return Err(usage(format!(
                "depth is for a relationship of an entity to itself, and {name} leads from {} to {}",
                relation.owner().name(),
                target.name()
            )));
        }
        let strays = self.inner.iter().map(|inner| inner.relation.owner());
        let stray = strays.filter(|owner| !std::ptr::eq(*owner, target)).chain(self.stray).next();
        match stray {
            Some(stray) => Err(usage(format!(
                "an option for {} stands below {name}, which leads to {}",
                stray.name(),
                target.name()
            ))),
            None => Ok(()),
        }
    }

    /// Joins a list of options; one of the same relationship goes before what was said of it earlier.
    pub(super) fn join(self, list: &mut Vec<Self>) {
        let Some(known) = list.iter_mut().find(|known| std::ptr::eq(known.relation, self.relation)) else {
            return list.push(self);
        };
        known.strategy = self.strategy;
        known.columns = self.columns.or(known.columns);
        known.filter = self.filter.or(known.filter.take());
        known.criteria.extend(self.criteria);
        known.depth = known.depth.max(self.depth);
        known.stray = known.stray.or(self.stray);
        self.inner.into_iter().for_each(|inner| inner.join(&mut known.inner));
    }
}

/// Columns with those that relationships begin at.
pub(super) fn begun_at(columns: ColumnSet, specs: &[LoadSpec]) -> Result<ColumnSet> {
    let is_loaded = |spec: &&LoadSpec| !matches!(spec.strategy, Strategy::Raise);
    let mut columns = columns;
    for spec in specs.iter().filter(is_loaded) {
        columns = spec.relation.near()?.iter().copied().fold(columns, ColumnSet::with);
    }
    Ok(columns)
}
