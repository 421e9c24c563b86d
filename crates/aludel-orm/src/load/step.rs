//! Relationships that are loaded by further statements.

use aludel_core::{Fault, Kind, Result, RowRef, Value};
use aludel_sql::schema::StaticColumn;
use aludel_sql::{AnySource, Arguments, Executable, Select};
use hashbrown::{HashMap, HashSet};

use super::joined::{JoinedNode, join_below, link_conditions, on_key};
use super::nodes::fill_nodes;
use super::{LoadPlan, LoadSpec, Loaded, Pair, Strategy, fill};
use crate::arena::{AnyKey, Arena, How, KeyBytes, State, key_bytes};
use crate::error::usage;
use crate::key::RawKey;
use crate::mapper::Mapper;
use crate::relation::{ForeignKey, LinkTable, Path, Relation, RelationKind, RelationOrder};

/// The statements that load one relationship of some objects, and how their rows are read.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) statements: Vec<Arguments>,
    pub(crate) rows: StageRows,
    /// The targets as a query, for loaders below that repeat it.
    pub(crate) origin: Option<Select<()>>,
}

/// How the rows of a stage are read: first the owner's key, where the target does not tell it, then the target, then what
/// is joined to it.
#[derive(Clone, Debug)]
pub(crate) struct StageRows {
    pub(crate) table: u32,
    pub(crate) near: Vec<Kind>,
    pub(crate) how: How,
    /// How many columns the target has in a row.
    pub(crate) width: usize,
    pub(crate) nodes: Vec<JoinedNode>,
}

/// What a stage's rows were.
#[derive(Debug, Default)]
pub(crate) struct StageFound {
    pub(crate) rows: Vec<Typed>,
    /// For each joined relationship the object in each row.
    pub(crate) nodes: Vec<Vec<Option<RawKey>>>,
}

/// The owner's key as a row tells it, and the target.
pub(crate) type Typed = (Vec<Value>, RawKey);

/// What a stage has come to.
#[derive(Debug)]
pub(crate) struct Staged {
    /// The objects on the other side.
    pub(crate) targets: Vec<RawKey>,
    /// What is loaded of the objects that were joined to them, by further statements.
    pub(crate) below: Vec<(LoadSpec, Vec<RawKey>)>,
}

impl Stage {
    /// What has to be asked to load a relationship of these objects.
    pub(crate) fn plan(arena: &mut Arena, spec: &LoadSpec, owners: &[RawKey], plan: &LoadPlan) -> Result<Self> {
        spec.check()?;
        let relation = spec.relation;
        let table = arena.target_id(relation);
        arena.read_over()?;
        let owner_table = arena.owner_id(relation);
        // An object that is and was of another kind than the relationship is about has nothing there.
        let has_field = |owner: &RawKey| {
            arena.field(AnyKey { table: owner_table, raw: *owner }, relation.index).is_some()
                || arena.any(owner_table).first_relation(owner.slot, relation.index).is_some()
        };
        let owners: Vec<RawKey> = owners.iter().copied().filter(has_field).collect();
        let owners = owners.as_slice();
        check_loaded(arena, spec, owner_table, owners)?;
        let kept = spec.kept()?;
        let columns = relation.target().columns().len();
        let mut how = kept.map_or_else(How::default, |kept| How::partial(columns, kept));
        let width = if how.places.is_some() { how.width } else { columns };
        how.populate = plan.populate;
        let mut asking = Asking { spec, plan, kept, nodes: Vec::new() };
        let (selects, near) = match (relation.path()?, relation.kind) {
            (Path::Link(link), _) => (asking.by_link(arena, link, owners)?, kinds(&link.near)),
            (Path::Key(key), RelationKind::BelongsTo) => (asking.parents(arena, key, owners)?, Vec::new()),
            (Path::Key(key), _) => (asking.children(arena, key, owners)?, Vec::new()),
        };
        let origin = if spec.repeats_below() { asking.origin_below()? } else { None };
        let nodes = asking.nodes;
        let statements = selects.into_iter().map(Executable::into_arguments).collect();
        Ok(Self { statements, rows: StageRows { table, near, how, width, nodes }, origin })
    }

    /// Sets the lists of the owners, and tells the targets.
    pub(crate) fn finish(
        arena: &mut Arena,
        spec: &LoadSpec,
        owners: &[RawKey],
        (shape, found): (&StageRows, StageFound),
        plan: &LoadPlan,
    ) -> Result<Staged> {
        let relation = spec.relation;
        arena.read_over()?;
        let is_whole = spec.is_whole(plan);
        let owner_table = arena.owner_id(relation);
        let target_table = arena.target_id(relation);
        let StageFound { rows, nodes } = found;
        let mut pairs: Vec<Pair> = Vec::with_capacity(rows.len());
        match (relation.path()?, relation.kind) {
            (Path::Link(link), _) => {
                let by_key = owners_by_key(arena, owner_table, owners, &link.near_refers_to);
                for (near, target) in &rows {
                    if let Some(owner) = by_key.get(key_bytes(near).as_slice()) {
                        pairs.push((*owner, *target));
                    }
                }
            }
            (Path::Key(key), RelationKind::BelongsTo) => {
                // Who is here need not have been asked for; but who must meet a condition has been.
                let met = (!is_whole || relation.filter.is_some()).then(|| {
                    rows.iter().map(|(_, target)| *target).collect::<HashSet<RawKey, foldhash::fast::RandomState>>()
                });
                for owner in owners {
                    if let Some(target) = arena.parent(key, AnyKey { table: owner_table, raw: *owner })
                        && met.as_ref().is_none_or(|met| met.contains(&target.raw))
                    {
                        pairs.push((*owner, target.raw));
                    }
                }
            }
            (Path::Key(key), _) => {
                let children: Vec<RawKey> = rows.iter().map(|(_, child)| *child).collect();
                let owners = arena.parents_of(key, target_table, &children);
                pairs.extend(owners.into_iter().zip(children).filter_map(|(owner, child)| Some((owner?, child))));
            }
        }
        let mut targets: Vec<RawKey> = pairs.iter().map(|(_, target)| *target).collect();
        let is_repeated =
            shape.nodes.iter().any(|node| node.relation.may_repeat()) || matches!(spec.strategy, Strategy::Subquery);
        fill(arena, Loaded { relation, is_whole, is_repeated }, owners, pairs);
        if relation.kind == RelationKind::BelongsTo || relation.kind == RelationKind::ManyToMany || is_repeated {
            targets.sort_unstable();
            targets.dedup();
        }
        let roots = || rows.iter().map(|(_, target)| Some(*target)).collect();
        let joined = fill_nodes(arena, &shape.nodes, &nodes, |_| roots());
        let below = |(node, keys): (&JoinedNode, Vec<RawKey>)| {
            let specs = node.inner.clone().into_iter();
            specs.map(|spec| (spec, keys.clone())).collect::<Vec<_>>()
        };
        let below = shape.nodes.iter().zip(joined).flat_map(below).collect();
        Ok(Staged { targets, below })
    }
}

/// An error where the columns that a relationship begins at were not loaded.
fn check_loaded(arena: &Arena, spec: &LoadSpec, table: u32, owners: &[RawKey]) -> Result<()> {
    let relation = spec.relation;
    let near = relation.near()?;
    let lacks = |owner: &RawKey| {
        let missing = arena.any(table).missing(owner.slot);
        near.iter().copied().find(|column| missing.has(*column))
    };
    let Some(column) = owners.iter().find_map(lacks) else { return Ok(()) };
    let (owner, column) = (relation.owner(), relation.owner().columns()[column].name());
    Err(usage(format!(
        "{} is found by {}.{column}, which was not loaded: load it along, `load_only((…, {}::{}))`, or read it by \
         `session.refresh_only`",
        relation.full_name(),
        owner.name(),
        owner.name(),
        column.to_uppercase(),
    )))
}

struct Asking<'a> {
    spec: &'a LoadSpec,
    plan: &'a LoadPlan,
    kept: Option<aludel_sql::ColumnSet>,
    /// What was joined to the targets.
    nodes: Vec<JoinedNode>,
}

impl Asking<'_> {
    fn relation(&self) -> &'static Relation {
        self.spec.relation
    }

    fn chunk(&self) -> usize {
        match self.spec.strategy {
            Strategy::SelectIn { chunk } => chunk.max(1),
            _ => super::option::CHUNK,
        }
    }

    /// The query that owners come from, as a source that has these columns of theirs.
    fn origin(&self, columns: &[usize]) -> Option<AnySource> {
        if !matches!(self.spec.strategy, Strategy::Subquery) {
            return None;
        }
        let table = self.relation().owner().table();
        let query = self.plan.origin.clone().filter(|query| query.mentions(table))?;
        let keep = columns.iter().fold(aludel_sql::ColumnSet::default(), |set, column| set.with(*column));
        let query = query.narrow(table, keep, true).unordered();
        // Which rows a limit keeps must stay the same.
        Some(AnySource::query(table, if query.is_limited() { query } else { query.distinct() }))
    }

    /// The target's rows, with what they must meet, in their order, and with what is joined to them.
    fn targets(&mut self, select: Select<()>, source: &AnySource) -> Result<Select<()>> {
        let relation = self.relation();
        let mut select = match self.kept {
            None => select.besides(source.all()),
            Some(kept) => {
                let all = relation.target().columns();
                select.besides(source.columns(kept.iter().filter_map(|index| all.get(index)).collect()))
            }
        };
        select = self.met(select);
        for order in orders_of(relation) {
            select = select.order_by(source.order(order.column, order.descending));
        }
        let (select, nodes) = join_below(self.spec, self.plan, select, source)?;
        self.nodes = nodes;
        Ok(select)
    }

    /// The conditions that targets must meet.
    fn met(&self, select: Select<()>) -> Select<()> {
        let relation = self.relation();
        let criteria = self.plan.criteria_of(relation.target()).cloned();
        let conditions = relation.filter.iter().map(|filter| filter()).chain(self.spec.filter.clone()).chain(criteria);
        conditions.fold(select, Select::filter)
    }

    /// The targets as a query, if the owners are one.
    fn origin_below(&self) -> Result<Option<Select<()>>> {
        let relation = self.relation();
        let target = AnySource::table(relation.target().table());
        let all = || Select::nothing().besides(target.all());
        let select = match (relation.path()?, relation.kind) {
            (_, RelationKind::BelongsTo) => return Ok(None),
            (Path::Key(key), _) => self.origin(&key.refers_to).map(|origin| {
                let on = on_key(relation, key, &origin, &target);
                all().from(&origin).join(&target, on)
            }),
            (Path::Link(link), _) => self.origin(&link.near_refers_to).map(|origin| {
                let between = AnySource::alias(link.table);
                let (near, far) = link_conditions(relation, link, &origin, &between, &target);
                all().from(&origin).join(&between, near).join(&target, far)
            }),
        };
        Ok(select.map(|select| self.met(select)))
    }

    fn children(&mut self, arena: &Arena, key: &'static ForeignKey, owners: &[RawKey]) -> Result<Vec<Select<()>>> {
        let source = AnySource::table(key.child.table());
        let columns = columns_at(key.child.columns(), &key.columns);
        if let Some(origin) = self.origin(&key.refers_to) {
            let on = on_key(self.relation(), key, &origin, &source);
            return Ok(vec![self.targets(Select::nothing().from(&origin).join(&source, on), &source)?]);
        }
        let keys = values_of(arena, key.parent, owners, &key.refers_to, false);
        self.chunks(keys, |asking, chunk| {
            let condition = source.among(&columns, chunk);
            asking.targets(Select::nothing().filter(condition), &source)
        })
    }

    fn parents(&mut self, arena: &Arena, key: &'static ForeignKey, owners: &[RawKey]) -> Result<Vec<Select<()>>> {
        let source = AnySource::table(key.parent.table());
        let columns = columns_at(key.parent.columns(), &key.refers_to);
        let mut keys = values_of(arena, key.child, owners, &key.columns, true);
        let spec = self.spec;
        let is_simple = spec.is_whole(self.plan) && spec.relation.filter.is_none() && !spec.joins_below();
        if is_simple && !self.plan.populate {
            // Those that are here and fresh need not be asked for.
            keys.retain(|values| !arena.find_parent(key, values).is_some_and(|parent| self.is_read(arena, parent)));
        }
        self.chunks(keys, |asking, chunk| {
            let condition = source.among(&columns, chunk);
            asking.targets(Select::nothing().filter(condition), &source)
        })
    }

    /// Whether an object is here, fresh and with all columns that are wanted.
    fn is_read(&self, arena: &Arena, key: AnyKey) -> bool {
        let Some(slot) = arena.slot_of(key) else { return false };
        let table = arena.any(key.table);
        let missing = table.missing(slot);
        let is_there = match self.kept {
            None => missing.is_empty(),
            Some(kept) => kept.iter().all(|column| !missing.has(column)),
        };
        is_there && table.is_fresh(slot, arena.epoch())
    }

    fn by_link(&mut self, arena: &Arena, link: &'static LinkTable, owners: &[RawKey]) -> Result<Vec<Select<()>>> {
        let relation = self.relation();
        let (between, target) = (AnySource::table(link.table), AnySource::table(relation.target().table()));
        // A graph's two sides are one table.
        let owner = AnySource::alias(relation.owner().table());
        let begin = || Select::nothing().besides(between.columns(link.near.clone())).from(&between);
        if let Some(origin) = self.origin(&link.near_refers_to) {
            let (near, far) = link_conditions(relation, link, &origin, &between, &target);
            return Ok(vec![self.targets(begin().join(&origin, near).join(&target, far), &target)?]);
        }
        let keys = values_of(arena, relation.owner(), owners, &link.near_refers_to, false);
        self.chunks(keys, |asking, chunk| {
            let (_, far) = link_conditions(relation, link, &owner, &between, &target);
            let select = begin().join(&target, far).filter(between.among(&link.near, chunk));
            asking.targets(select, &target)
        })
    }

    fn chunks(
        &mut self,
        mut keys: Vec<Vec<Value>>,
        ask: impl Fn(&mut Self, Vec<Vec<Value>>) -> Result<Select<()>>,
    ) -> Result<Vec<Select<()>>> {
        let mut statements = Vec::new();
        let most = self.chunk().min(MOST_VALUES / keys.first().map_or(1, |key| key.len().max(1)));
        while !keys.is_empty() {
            let rest = keys.split_off(keys.len().min(most.max(1)));
            statements.push(ask(self, std::mem::replace(&mut keys, rest))?);
        }
        Ok(statements)
    }
}

/// How many values of keys stand in one statement at most: lists are padded to twice as many, and every database with a driver takes
/// those, with what else is bound.
const MOST_VALUES: usize = 8_192;

/// How a relationship's objects are ordered: by their position in the list, or as the field says.
pub(super) fn orders_of(relation: &Relation) -> Vec<RelationOrder> {
    if let Some(position) = relation.position {
        return vec![RelationOrder { column: position(), descending: false }];
    }
    relation.order_by.map(|order_by| order_by()).unwrap_or_default()
}

fn columns_at(columns: &'static [StaticColumn], at: &[usize]) -> Vec<&'static StaticColumn> {
    at.iter().map(|at| &columns[*at]).collect()
}

fn kinds(columns: &[&'static StaticColumn]) -> Vec<Kind> {
    columns.iter().map(|column| column.def().sql_type.kind()).collect()
}

/// The distinct values that objects have in these columns; those with a NULL are left out. Nobody refers to new objects, but
/// they may refer to others.
fn values_of(
    arena: &Arena,
    mapper: &'static Mapper,
    objects: &[RawKey],
    columns: &[usize],
    with_new: bool,
) -> Vec<Vec<Value>> {
    let Some(id) = arena.known_id(mapper) else { return Vec::new() };
    let table = arena.any(id);
    let mut seen = HashSet::<KeyBytes, foldhash::fast::RandomState>::default();
    let mut found = Vec::with_capacity(objects.len());
    for slot in objects.iter().filter_map(|key| table.slot_of(*key)) {
        if !with_new && table.state(slot) == State::Pending {
            continue;
        }
        let values: Vec<Value> = columns.iter().map(|column| table.column(slot, *column)).collect();
        if !values.iter().any(Value::is_null) && seen.insert(key_bytes(&values)) {
            found.push(values);
        }
    }
    found
}

fn owners_by_key(
    arena: &Arena,
    table: u32,
    owners: &[RawKey],
    columns: &[usize],
) -> HashMap<KeyBytes, RawKey, foldhash::fast::RandomState> {
    let table = arena.any(table);
    let with_key = |owner: &RawKey| {
        let slot = table.slot_of(*owner)?;
        let values: Vec<Value> = columns.iter().map(|column| table.column(slot, *column)).collect();
        Some((key_bytes(&values), *owner))
    };
    owners.iter().filter_map(with_key).collect()
}

impl StageRows {
    /// The owner's key in a row.
    pub(crate) fn near(&self, row: &dyn RowRef) -> Result<Vec<Value>, Fault> {
        self.near.iter().enumerate().map(|(at, kind)| typed(row, at, *kind)).collect()
    }

    /// Where the target begins.
    pub(crate) fn start(&self) -> usize {
        self.near.len()
    }
}

/// A cell as the kind of value that its column holds: a database may keep it in another way.
pub(crate) fn typed(row: &dyn RowRef, at: usize, kind: Kind) -> Result<Value, Fault> {
    if row.is_null(at) {
        return Ok(Value::Null);
    }
    Ok(match kind {
        Kind::Bool => Value::Bool(row.bool(at)?),
        // Only what no signed number holds is unsigned, so that equal keys are equal values.
        Kind::SmallInt | Kind::Integer | Kind::BigInt => match row.int(at) {
            Ok(value) => Value::Int(value),
            Err(fault) => Value::Uint(row.uint(at).map_err(|_| fault)?),
        },
        Kind::Text => Value::Text(row.text(at)?.into()),
        Kind::Bytes => Value::Bytes(row.bytes(at)?.into()),
        Kind::Uuid => Value::Uuid(Box::new(row.uuid(at)?)),
        Kind::Date => Value::Date(row.date(at)?),
        Kind::Time => Value::Time(row.time(at)?),
        Kind::DateTime => Value::DateTime(row.datetime(at)?),
        Kind::Timestamp => Value::Timestamp(row.timestamp(at)?),
        Kind::Interval => Value::Interval(row.interval(at)?),
        Kind::Decimal => Value::Decimal(row.decimal(at)?),
        _ => row.value(at)?,
    })
}
