//! Relationships that are loaded by the query itself: columns and joins are added to it.

use std::any::TypeId;

use aludel_core::Result;
use aludel_sql::schema::StaticColumn;
use aludel_sql::{AnySource, Expr, Select};

use super::option::CHUNK;
use super::{LoadPlan, LoadSpec, Loaded, Strategy};
use crate::arena::How;
use crate::error::usage;
use crate::mapper::Mapper;
use crate::relation::{ForeignKey, LinkTable, Path, Relation, RelationKind};

/// A relationship whose objects lie in the query's own rows.
#[derive(Clone, Debug)]
pub(crate) struct JoinedNode {
    pub(crate) relation: &'static Relation,
    /// The node that has the owner; none for the query's own rows.
    pub(crate) parent: Option<usize>,
    pub(crate) how: How,
    /// Whether all is loaded that there is, with no condition on it.
    pub(crate) is_whole: bool,
    /// How many columns it has in a row.
    pub(crate) width: usize,
    /// What is loaded of its objects by further statements.
    pub(crate) inner: Vec<LoadSpec>,
}

impl JoinedNode {
    pub(crate) fn loaded(&self) -> Loaded {
        Loaded { relation: self.relation, is_whole: self.is_whole, is_repeated: true }
    }
}

/// The name of the column that keeps a limited query's order.
const ROW: &str = "aludel_row";

/// Adds the joins, and takes their options out of the plan.
pub(super) fn lower<R: 'static>(plan: &mut LoadPlan, mut select: Select<R>) -> Result<Select<R>> {
    let (mut inside, outside): (Vec<_>, Vec<_>) =
        std::mem::take(&mut plan.loads).into_iter().partition(LoadSpec::is_inside);
    plan.loads = outside;
    let Some(owner) = inside.first().map(|first| first.relation.owner()) else {
        return Ok(select);
    };
    // Rows of several kinds, or of a table under another name, are nothing that could be joined to by the table.
    let mut further: Vec<LoadSpec> = take(&mut inside, |spec| {
        matches!(spec.strategy, Strategy::Joined { .. }) && !select.reads(spec.relation.owner().table())
    });
    let mut root = AnySource::table(owner.table());
    if select.is_limited() && inside.iter().any(repeats_owner) {
        let is_whole = TypeId::of::<R>() == (owner.type_id)();
        if is_whole && inside.iter().all(|spec| matches!(spec.strategy, Strategy::Joined { .. })) {
            root = AnySource::query(owner.table(), select.number_rows(ROW));
            let mut wrapped = aludel_sql::select(root.all()).from(&root).order_by(root.labeled::<i64>(ROW)).retyped();
            for (mapper, columns) in &plan.columns {
                wrapped = wrapped.narrow(mapper.table(), *columns, false);
            }
            select = wrapped;
        } else {
            // The rows have other columns too, and only whole ones can be counted: a statement of its own does it.
            further.extend(take(&mut inside, repeats_owner));
        }
    }
    let by_keys = |spec: LoadSpec| LoadSpec { strategy: Strategy::SelectIn { chunk: CHUNK }, ..spec };
    plan.loads.extend(further.into_iter().map(by_keys));
    let mut orders = Vec::new();
    let mut lowering = Lowering { criteria: &plan.criteria, nodes: Vec::new(), orders: &mut orders };
    for spec in inside {
        let from = if std::ptr::eq(spec.relation.owner(), owner) {
            root.clone()
        } else {
            AnySource::table(spec.relation.owner().table())
        };
        select = lowering.join(select, spec, &from, None)?;
    }
    plan.joined = lowering.nodes;
    Ok(orders.into_iter().fold(select, Select::order_by))
}

/// Takes those out of a list that are meant.
fn take(specs: &mut Vec<LoadSpec>, is_meant: impl Fn(&LoadSpec) -> bool) -> Vec<LoadSpec> {
    let (taken, left) = std::mem::take(specs).into_iter().partition(is_meant);
    *specs = left;
    taken
}

/// Adds to a statement of its own that loads a relationship what is joined to the objects that it gives.
pub(super) fn join_below(
    spec: &LoadSpec,
    plan: &LoadPlan,
    mut select: Select<()>,
    source: &AnySource,
) -> Result<(Select<()>, Vec<JoinedNode>)> {
    let mut orders = Vec::new();
    let criteria = plan.criteria.iter().chain(&spec.criteria).cloned().collect::<Vec<_>>();
    let mut lowering = Lowering { criteria: &criteria, nodes: Vec::new(), orders: &mut orders };
    for inner in spec.inner.iter().filter(|inner| inner.is_inside()) {
        if matches!(inner.strategy, Strategy::Contains(_)) {
            return Err(usage(format!(
                "contains_eager of {} reads a join of the query itself, and {} is loaded by a statement of its own: use \
                 joinedload there",
                inner.relation.full_name(),
                spec.relation.full_name()
            )));
        }
        select = lowering.join(select, inner.clone(), source, None)?;
    }
    let mut nodes = lowering.nodes;
    nodes.iter_mut().for_each(|node| node.how.populate = plan.populate);
    Ok((orders.into_iter().fold(select, Select::order_by), nodes))
}

/// Whether the rows of the owner are repeated, so that a limit would count them wrongly.
fn repeats_owner(spec: &LoadSpec) -> bool {
    matches!(spec.strategy, Strategy::Joined { .. })
        && (spec.relation.may_repeat() || spec.inner.iter().any(repeats_owner))
}

struct Lowering<'a> {
    criteria: &'a [(&'static Mapper, Expr<bool>)],
    nodes: Vec<JoinedNode>,
    orders: &'a mut Vec<aludel_sql::Ordering>,
}

impl Lowering<'_> {
    fn join<R>(
        &mut self,
        mut select: Select<R>,
        spec: LoadSpec,
        owner: &AnySource,
        parent: Option<usize>,
    ) -> Result<Select<R>> {
        spec.check()?;
        let kept = spec.kept()?;
        let again = spec.again().map(|again| LoadSpec { inner: Vec::new(), ..again });
        let is_whole = spec.filter.is_none()
            && !matches!(spec.strategy, Strategy::Contains(_))
            && !self.criteria.iter().any(|(mapper, _)| std::ptr::eq(*mapper, spec.relation.target()));
        let LoadSpec { relation, strategy, inner, filter, .. } = spec;
        let target = relation.target();
        let source = match &strategy {
            Strategy::Contains(Some(source)) => source.clone(),
            Strategy::Contains(None) if !select.mentions(target.table()) => {
                return Err(usage(format!(
                    "contains_eager of {} reads a join of the query itself, and the query has none of {}: join it, or name \
                     its alias by `through`",
                    relation.full_name(),
                    target.name()
                )));
            }
            Strategy::Contains(None) => AnySource::table(target.table()),
            // The query itself may have conditions on the kind's columns.
            _ if relation.is_kind() && filter.is_none() && select.lacks(target.table()) => {
                AnySource::table(target.table())
            }
            _ => self.source(relation, filter.as_ref()),
        };
        if let Strategy::Joined { inner } = strategy {
            select = match relation.path()? {
                Path::Key(key) => attach(select, &source, on_key(relation, key, owner, &source), inner),
                Path::Link(link) => on_link(select, relation, link, owner, &source, inner),
            };
            self.order(relation, &source);
        }
        let how = kept.map_or_else(How::default, |kept| How::partial(target.columns().len(), kept));
        select = match kept {
            None => select.besides(source.all()),
            Some(kept) => {
                let columns = kept.iter().filter_map(|index| target.columns().get(index)).collect();
                select.besides(source.columns(columns))
            }
        };
        let width = if how.places.is_some() { how.width } else { target.columns().len() };
        let (mut inside, outside): (Vec<_>, Vec<_>) = inner.into_iter().partition(LoadSpec::is_inside);
        inside.extend(again);
        let at = self.nodes.len();
        self.nodes.push(JoinedNode { relation, parent, how, is_whole, width, inner: outside });
        for spec in inside {
            select = self.join(select, spec, &source, Some(at))?;
        }
        Ok(select)
    }

    /// The target under a name of its own; where it must meet conditions, as a query.
    fn source(&self, relation: &Relation, filter: Option<&Expr<bool>>) -> AnySource {
        let target = relation.target();
        let mut conditions: Vec<Expr<bool>> = relation.filter.iter().map(|filter| filter()).collect();
        conditions.extend(filter.cloned());
        let of_target = self.criteria.iter().filter(|(mapper, _)| std::ptr::eq(*mapper, target));
        conditions.extend(of_target.map(|(_, condition)| condition.clone()));
        if conditions.is_empty() {
            return AnySource::alias(target.table());
        }
        let table = AnySource::table(target.table());
        let query = conditions.into_iter().fold(aludel_sql::select(table.all()), Select::filter);
        AnySource::query(target.table(), query)
    }

    fn order(&mut self, relation: &Relation, source: &AnySource) {
        for order in super::step::orders_of(relation) {
            self.orders.push(source.order(order.column, order.descending));
        }
    }
}

fn attach<R>(select: Select<R>, source: &AnySource, on: Expr<bool>, inner: bool) -> Select<R> {
    if inner { select.join(source, on) } else { select.left_join(source, on) }
}

/// `owner.key = target.key`
pub(crate) fn on_key(
    relation: &Relation,
    key: &'static ForeignKey,
    owner: &AnySource,
    target: &AnySource,
) -> Expr<bool> {
    let child: Vec<&'static StaticColumn> = key.columns.iter().map(|at| &key.child.columns()[*at]).collect();
    let parent: Vec<&'static StaticColumn> = key.refers_to.iter().map(|at| &key.parent.columns()[*at]).collect();
    match relation.kind {
        RelationKind::BelongsTo => target.matches_all(&parent, owner, &child),
        _ => owner.matches_all(&parent, target, &child),
    }
}

/// Joins by way of a link table.
fn on_link<R>(
    select: Select<R>,
    relation: &Relation,
    link: &'static LinkTable,
    owner: &AnySource,
    target: &AnySource,
    inner: bool,
) -> Select<R> {
    let between = AnySource::alias(link.table);
    let (near, far) = link_conditions(relation, link, owner, &between, target);
    attach(attach(select, &between, near, inner), target, far, inner)
}

/// What connects a link table's rows with their two sides.
pub(crate) fn link_conditions(
    relation: &Relation,
    link: &'static LinkTable,
    owner: &AnySource,
    between: &AnySource,
    target: &AnySource,
) -> (Expr<bool>, Expr<bool>) {
    let columns = |mapper: &'static Mapper, at: &[usize]| -> Vec<&'static StaticColumn> {
        at.iter().map(|at| &mapper.columns()[*at]).collect()
    };
    let near = owner.matches_all(&columns(relation.owner(), &link.near_refers_to), between, &link.near);
    let far = target.matches_all(&columns(relation.target(), &link.far_refers_to), between, &link.far);
    (near, far)
}
