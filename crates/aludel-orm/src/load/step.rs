//! Relationships that are loaded by further statements.

use aludel_core::{Fault, Kind, Result, RowRef, Value};
use aludel_sql::schema::StaticColumn;
use aludel_sql::{AnySource, Arguments, Executable, Select};
use hashbrown::HashMap;

use super::joined::{link_conditions, on_key};
use super::{LoadPlan, LoadSpec, Loaded, Pair, Strategy, fill};
use crate::arena::{AnyKey, Arena, How};
use crate::key::RawKey;
use crate::relation::{ForeignKey, LinkTable, Path, Relation, RelationKind, RelationOrder};

/// Where the owners came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) plan: &'a LoadPlan,
}

/// The statements that load one relationship of some objects, and how their rows are read.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) statements: Vec<Arguments>,
    pub(crate) rows: StageRows,
}

/// How the rows of a stage are read: first the owner's key, where the target does not tell it, then the target.
#[derive(Clone, Debug)]
pub(crate) struct StageRows {
    pub(crate) table: u32,
    pub(crate) near: Vec<Kind>,
    pub(crate) how: How,
}

/// The owner's key as a row tells it, and the target.
pub(crate) type Typed = (Vec<Value>, RawKey);

impl Stage {
    /// What has to be asked to load a relationship of these objects.
    pub(crate) fn plan(arena: &mut Arena, spec: &LoadSpec, owners: &[RawKey], origin: Origin<'_>) -> Result<Self> {
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
        let mut how = spec.columns.map_or_else(How::default, |columns| {
            let near = match relation.path() {
                Ok(Path::Key(key)) if relation.kind != RelationKind::BelongsTo => &key.columns[..],
                _ => &[],
            };
            let kept = near.iter().fold(columns, |set, column| set.with(*column));
            How::partial(relation.target().columns().len(), kept)
        });
        how.populate = origin.plan.populate;
        let asking = Asking { spec, plan: origin.plan };
        let (statements, near) = match (relation.path()?, relation.kind) {
            (Path::Link(link), _) => (asking.by_link(arena, link, owners), kinds(&link.near)),
            (Path::Key(key), RelationKind::BelongsTo) => (asking.parents(arena, key, owners), Vec::new()),
            (Path::Key(key), _) => (asking.children(arena, key, owners), Vec::new()),
        };
        Ok(Self { statements, rows: StageRows { table, near, how } })
    }

    /// Sets the lists of the owners, and tells the targets.
    pub(crate) fn finish(
        arena: &mut Arena,
        spec: &LoadSpec,
        owners: &[RawKey],
        rows: Vec<Typed>,
        origin: Origin<'_>,
    ) -> Result<Vec<RawKey>> {
        let relation = spec.relation;
        let is_whole = spec.is_whole(origin.plan);
        let owner_table = arena.owner_id(relation);
        let target_table = arena.target_id(relation);
        let mut pairs: Vec<Pair> = Vec::with_capacity(rows.len());
        match (relation.path()?, relation.kind) {
            (Path::Link(link), _) => {
                let by_key = owners_by_key(arena, owner_table, owners, &link.near_refers_to);
                for (near, target) in &rows {
                    if let Some(owner) = by_key.get(&crate::arena::key_bytes(near)) {
                        pairs.push((*owner, *target));
                    }
                }
            }
            (Path::Key(key), RelationKind::BelongsTo) => {
                for owner in owners {
                    if let Some(target) = arena.parent(key, AnyKey { table: owner_table, raw: *owner }) {
                        pairs.push((*owner, target.raw));
                    }
                }
            }
            (Path::Key(key), _) => {
                for (_, child) in &rows {
                    if let Some(owner) = arena.parent(key, AnyKey { table: target_table, raw: *child }) {
                        pairs.push((owner.raw, *child));
                    }
                }
            }
        }
        let mut targets: Vec<RawKey> = pairs.iter().map(|(_, target)| *target).collect();
        let loaded = Loaded { relation, is_whole, is_repeated: false };
        fill(arena, loaded, owners, pairs);
        if relation.kind == RelationKind::BelongsTo || relation.kind == RelationKind::ManyToMany {
            targets.sort_unstable();
            targets.dedup();
        }
        Ok(targets)
    }
}

struct Asking<'a> {
    spec: &'a LoadSpec,
    plan: &'a LoadPlan,
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
        let query = self.plan.origin.clone()?;
        let table = self.relation().owner().table();
        let keep = columns.iter().fold(aludel_sql::ColumnSet::default(), |set, column| set.with(*column));
        Some(AnySource::query(table, query.narrow(table, keep, true).unordered().distinct()))
    }

    /// The target's rows, with what they must meet and in their order.
    fn targets(&self, select: Select<()>, source: &AnySource) -> Select<()> {
        let relation = self.relation();
        let mut select = match self.spec.columns {
            None => select.besides(source.all()),
            Some(columns) => {
                let near = match relation.path() {
                    Ok(Path::Key(key)) if relation.kind != RelationKind::BelongsTo => &key.columns[..],
                    _ => &[],
                };
                let kept = near.iter().fold(columns, |set, column| set.with(*column));
                let all = relation.target().columns();
                select.besides(source.columns(kept.iter().filter_map(|index| all.get(index)).collect()))
            }
        };
        let criteria = self.plan.criteria_of(relation.target()).cloned();
        let conditions = relation.filter.iter().map(|filter| filter()).chain(self.spec.filter.clone()).chain(criteria);
        for condition in conditions {
            select = select.filter(condition);
        }
        for order in orders_of(relation) {
            select = select.order_by(source.order(order.column, order.descending));
        }
        select
    }

    fn children(&self, arena: &Arena, key: &'static ForeignKey, owners: &[RawKey]) -> Vec<Arguments> {
        let source = AnySource::table(key.child.table());
        let columns = columns_at(key.child.columns(), &key.columns);
        if let Some(origin) = self.origin(&key.refers_to) {
            let on = on_key(self.relation(), key, &origin, &source);
            let select = self.targets(Select::nothing().from(&origin).join(&source, on), &source);
            return vec![select.into_arguments()];
        }
        let keys = values_of(arena, key.parent, owners, &key.refers_to);
        self.chunks(keys, |chunk| {
            let condition = source.among(&columns, chunk);
            self.targets(Select::nothing().filter(condition), &source)
        })
    }

    fn parents(&self, arena: &Arena, key: &'static ForeignKey, owners: &[RawKey]) -> Vec<Arguments> {
        let source = AnySource::table(key.parent.table());
        let columns = columns_at(key.parent.columns(), &key.refers_to);
        let mut keys = values_of(arena, key.child, owners, &key.columns);
        if !self.plan.populate {
            let epoch = arena.epoch();
            // Those that are here and fresh need not be asked for.
            keys.retain(|values| {
                let parent = arena.find_parent(key, values);
                !parent.is_some_and(|parent| {
                    arena.slot_of(parent).is_some_and(|slot| arena.any(parent.table).is_fresh(slot, epoch))
                })
            });
        }
        self.chunks(keys, |chunk| {
            let condition = source.among(&columns, chunk);
            self.targets(Select::nothing().filter(condition), &source)
        })
    }

    fn by_link(&self, arena: &Arena, link: &'static LinkTable, owners: &[RawKey]) -> Vec<Arguments> {
        let relation = self.relation();
        let (between, target) = (AnySource::table(link.table), AnySource::table(relation.target().table()));
        // A graph's two sides are one table.
        let owner = AnySource::alias(relation.owner().table());
        let begin = || Select::nothing().besides(between.columns(link.near.clone())).from(&between);
        if let Some(origin) = self.origin(&link.near_refers_to) {
            let (near, far) = link_conditions(relation, link, &origin, &between, &target);
            let select = begin().join(&origin, near).join(&target, far);
            return vec![self.targets(select, &target).into_arguments()];
        }
        let keys = values_of(arena, relation.owner(), owners, &link.near_refers_to);
        self.chunks(keys, |chunk| {
            let (_, far) = link_conditions(relation, link, &owner, &between, &target);
            let select = begin().join(&target, far).filter(between.among(&link.near, chunk));
            self.targets(select, &target)
        })
    }

    fn chunks(&self, mut keys: Vec<Vec<Value>>, ask: impl Fn(Vec<Vec<Value>>) -> Select<()>) -> Vec<Arguments> {
        let mut statements = Vec::new();
        while !keys.is_empty() {
            let rest = keys.split_off(keys.len().min(self.chunk()));
            statements.push(ask(std::mem::replace(&mut keys, rest)).into_arguments());
        }
        statements
    }
}

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

/// The distinct values that objects have in these columns; those with a NULL are left out, and new objects too.
fn values_of(
    arena: &Arena,
    mapper: &'static crate::mapper::Mapper,
    objects: &[RawKey],
    columns: &[usize],
) -> Vec<Vec<Value>> {
    let Some(id) = arena.known_id(mapper) else { return Vec::new() };
    let table = arena.any(id);
    let mut seen = hashbrown::HashSet::<_, foldhash::fast::RandomState>::default();
    let mut found = Vec::with_capacity(objects.len());
    for slot in objects.iter().filter_map(|key| table.slot_of(*key)) {
        let values: Vec<Value> = columns.iter().map(|column| table.column(slot, *column)).collect();
        if !values.iter().any(Value::is_null) && seen.insert(crate::arena::key_bytes(&values)) {
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
) -> HashMap<crate::arena::KeyBytes, RawKey, foldhash::fast::RandomState> {
    let table = arena.any(table);
    let with_key = |owner: &RawKey| {
        let slot = table.slot_of(*owner)?;
        let values: Vec<Value> = columns.iter().map(|column| table.column(slot, *column)).collect();
        Some((crate::arena::key_bytes(&values), *owner))
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
        Kind::SmallInt | Kind::Integer | Kind::BigInt => Value::Int(row.int(at)?),
        Kind::Text => Value::Text(row.text(at)?.into()),
        Kind::Bytes => Value::Bytes(row.bytes(at)?.into()),
        Kind::Uuid => Value::Uuid(Box::new(row.uuid(at)?)),
        Kind::Date => Value::Date(row.date(at)?),
        Kind::Time => Value::Time(row.time(at)?),
        Kind::DateTime => Value::DateTime(row.datetime(at)?),
        Kind::Timestamp => Value::Timestamp(row.timestamp(at)?),
        Kind::Decimal => Value::Decimal(row.decimal(at)?),
        _ => row.value(at)?,
    })
}
