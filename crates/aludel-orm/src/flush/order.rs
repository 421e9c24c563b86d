//! Which table comes before which, and which row.

use aludel_core::Value;
use aludel_sql::schema::{Action, Table, Target};
use hashbrown::{HashMap, HashSet};

use crate::arena::{Arena, State};
use crate::mapper::Mapper;

type Set<T> = HashSet<T, foldhash::fast::RandomState>;
type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// A table whose rows refer to those of another one.
#[derive(Clone, Copy)]
struct Edge {
    child: u32,
    parent: u32,
    /// Whether the foreign key may be NULL, so that it can be set afterwards.
    is_weak: bool,
}

/// The tables, each behind those that it refers to. Where tables refer to each other in a circle, the circle is broken at a
/// foreign key that may be NULL, and if there is a choice at one that no new row needs.
pub(super) fn tables(arena: &Arena, ids: &[u32]) -> Vec<u32> {
    let mut edges = edges(arena, ids);
    let sorted = sort(ids, &edges);
    if !is_violated(&sorted, &edges) {
        return sorted;
    }
    let in_circle = in_circles(&edges);
    let needed = needed(arena);
    let dropped = |edge: &Edge| edge.is_weak && in_circle.contains(&(edge.child, edge.parent));
    edges.retain(|edge| !dropped(edge) || needed.contains(&(edge.child, edge.parent)));
    let sorted = sort(ids, &edges);
    if !is_violated(&sorted, &edges) {
        return sorted;
    }
    edges.retain(|edge| !dropped(edge));
    sort(ids, &edges)
}

fn edges(arena: &Arena, ids: &[u32]) -> Vec<Edge> {
    let mut edges = Vec::new();
    for child in ids.iter().copied() {
        for parent in ids.iter().copied().filter(|parent| *parent != child) {
            if let Some(is_weak) = refers_to(arena, child, parent) {
                edges.push(Edge { child, parent, is_weak });
            }
        }
    }
    edges
}

/// Whether rows of a table need those of another one when they are inserted, and if so, whether that can wait.
fn refers_to(arena: &Arena, child: u32, parent: u32) -> Option<bool> {
    let (child_mapper, parent_mapper) = (arena.any(child).mapper(), arena.any(parent).mapper());
    let table: &'static Table = child_mapper.table().table;
    let relations = arena.foreign_keys(child);
    let later = |columns: &[usize]| {
        relations.iter().any(|key| key.is_later() && key.columns.iter().all(|column| columns.contains(column)))
    };
    let declared = table.foreign_keys.iter().filter(|key| is_to(&key.target, parent_mapper) && !later(&key.columns));
    let may_be_null = |columns: &[usize]| columns.iter().any(|column| table.columns[*column].nullable);
    let declared = declared.map(|key| may_be_null(&key.columns));
    let related = relations.iter().filter(|key| std::ptr::eq(key.parent, parent_mapper) && !key.is_later());
    declared.chain(related.map(|key| key.is_nullable())).reduce(|one, other| one && other)
}

fn is_to(target: &Target, parent: &'static Mapper) -> bool {
    let parent: &'static Table = parent.table().table;
    match target {
        Target::Columns(columns) => columns().first().is_some_and(|column| std::ptr::eq(column.table, parent)),
        Target::Named { schema, table, .. } => *table == parent.name && schema.as_deref() == parent.schema.as_deref(),
    }
}

fn sort(ids: &[u32], edges: &[Edge]) -> Vec<u32> {
    let mut sorted = Vec::with_capacity(ids.len());
    let mut seen: Set<u32> = HashSet::default();
    for id in ids {
        visit(*id, edges, &mut seen, &mut sorted);
    }
    sorted
}

fn visit(id: u32, edges: &[Edge], seen: &mut Set<u32>, sorted: &mut Vec<u32>) {
    if !seen.insert(id) {
        return;
    }
    for edge in edges.iter().filter(|edge| edge.child == id) {
        visit(edge.parent, edges, seen, sorted);
    }
    sorted.push(id);
}

fn is_violated(sorted: &[u32], edges: &[Edge]) -> bool {
    let place = |id: u32| sorted.iter().position(|other| *other == id);
    edges.iter().any(|edge| place(edge.child) < place(edge.parent))
}

/// The pairs of tables that refer to each other, over others or not.
fn in_circles(edges: &[Edge]) -> Set<(u32, u32)> {
    let reaches = |from: u32, to: u32| {
        let (mut seen, mut sorted) = (HashSet::default(), Vec::new());
        visit(from, edges, &mut seen, &mut sorted);
        sorted.contains(&to)
    };
    edges.iter().filter(|edge| reaches(edge.parent, edge.child)).map(|edge| (edge.child, edge.parent)).collect()
}

/// The pairs of tables of which a new row refers to another new row.
fn needed(arena: &Arena) -> Set<(u32, u32)> {
    let is_new = |key: crate::arena::AnyKey| {
        arena.slot_of(key).is_some_and(|slot| arena.any(key.table).state(slot) == State::Pending)
    };
    let pairs = arena.parents.iter().filter_map(|((child, _), parent)| Some((*child, (*parent)?)));
    let pairs = pairs.filter(|(child, parent)| is_new(*child) && is_new(*parent));
    pairs.map(|(child, parent)| (child.table, parent.table)).collect()
}

/// Rows of one table in rounds: those of a round refer only to rows of rounds before it. Where rows refer to each other in a
/// circle, one of them comes first, and what it refers to is set afterwards.
pub(super) fn rounds(slots: &[u32], parents_of: impl Fn(u32) -> Vec<u32>) -> Vec<Vec<u32>> {
    let waiting: Set<u32> = slots.iter().copied().collect();
    let mut parents: Map<u32, Vec<u32>> = HashMap::default();
    for slot in slots {
        let mut of = parents_of(*slot);
        of.retain(|parent| parent != slot && waiting.contains(parent));
        if !of.is_empty() {
            parents.insert(*slot, of);
        }
    }
    if parents.is_empty() {
        return vec![slots.to_vec()];
    }
    let mut ranks: Map<u32, usize> = HashMap::default();
    for slot in slots {
        rank(*slot, &parents, &mut ranks);
    }
    let mut rounds: Vec<Vec<u32>> = Vec::new();
    for slot in slots {
        let rank = ranks.get(slot).copied().unwrap_or(0);
        if rounds.len() <= rank {
            rounds.resize_with(rank + 1, Vec::new);
        }
        rounds[rank].push(*slot);
    }
    rounds.retain(|round| !round.is_empty());
    rounds
}

/// One more than the highest of its parents, up a chain that may be long.
fn rank(slot: u32, parents: &Map<u32, Vec<u32>>, ranks: &mut Map<u32, usize>) {
    let (mut way, mut on_way): (Vec<u32>, Set<u32>) = (vec![slot], [slot].into_iter().collect());
    while let Some(at) = way.last().copied() {
        let above = parents.get(&at).map_or(&[][..], Vec::as_slice);
        let next = above.iter().find(|parent| !ranks.contains_key(*parent) && !on_way.contains(*parent));
        if let Some(next) = next.filter(|_| !ranks.contains_key(&at)) {
            on_way.insert(*next);
            way.push(*next);
            continue;
        }
        way.pop();
        on_way.remove(&at);
        let highest = above.iter().filter_map(|parent| ranks.get(parent)).max();
        let rank = highest.map_or(0, |highest| highest + 1);
        ranks.entry(at).or_insert(rank);
    }
}

/// The new rows in the same table that a new row waits for.
pub(super) fn new_parents(arena: &Arena, table: u32, slot: u32) -> Vec<u32> {
    let Some(child) = arena.any_key(table, slot) else { return Vec::new() };
    let keys = arena.foreign_keys(table);
    let parents = keys.iter().filter_map(|key| *arena.parents.get(&(child, key.id))?);
    let parents = parents.filter(|parent| parent.table == table).filter_map(|parent| arena.slot_of(parent));
    parents.filter(|parent| arena.any(table).state(*parent) == State::Pending).collect()
}

/// A foreign key of a table, and where it leads.
#[derive(Clone)]
pub(super) struct Reference {
    pub(super) columns: Vec<usize>,
    pub(super) parent: u32,
    refers_to: Vec<usize>,
    /// Whether it keeps the row that it leads to from being deleted.
    holds: bool,
}

/// The foreign keys of a table that lead to one of these tables.
pub(super) fn references(arena: &Arena, table: u32, ids: &[u32]) -> Vec<Reference> {
    let definition: &'static Table = arena.any(table).mapper().table().table;
    let mut found: Vec<Reference> = Vec::new();
    for key in definition.foreign_keys.iter() {
        let Target::Columns(targets) = &key.target else { continue };
        for parent in ids.iter().copied().filter(|parent| is_to(&key.target, arena.any(*parent).mapper())) {
            let refers_to = targets().iter().map(|target| target.index()).collect();
            let holds = !matches!(key.on_delete, Some(Action::Cascade | Action::SetNull));
            found.push(Reference { columns: key.columns.to_vec(), parent, refers_to, holds });
        }
    }
    found
}

impl Reference {
    /// The row that a row refers to in the database, if the session is to delete it.
    pub(super) fn doomed_parent(&self, arena: &Arena, table: u32, slot: u32) -> Option<u32> {
        let values: Vec<Value> =
            self.columns.iter().map(|column| arena.any(table).first_column(slot, *column)).collect();
        let parent = arena.find_row(self.parent, &self.refers_to, &values)?;
        (arena.any(self.parent).state(parent) == State::Doomed).then_some(parent)
    }

    /// Whether the row that a row refers to is the row itself, and it keeps itself from being deleted.
    pub(super) fn holds_itself(&self, arena: &Arena, table: u32, slot: u32) -> bool {
        self.holds && self.parent == table && self.doomed_parent(arena, table, slot) == Some(slot)
    }
}

#[cfg(test)]
mod tests {
    use super::rounds;

    #[test]
    fn rows_come_behind_their_parents() {
        let parents: [&[u32]; 5] = [&[], &[0], &[1], &[0], &[9]];
        let parents_of = |slot: u32| parents[slot as usize].to_vec();
        assert_eq!(rounds(&[2, 1, 0, 3, 4], parents_of), [vec![0, 4], vec![1, 3], vec![2]]);
    }

    #[test]
    fn a_row_comes_behind_all_of_its_parents() {
        let parents: [&[u32]; 4] = [&[1, 3], &[], &[1], &[2]];
        let parents_of = |slot: u32| parents[slot as usize].to_vec();
        assert_eq!(rounds(&[0, 1, 2, 3], parents_of), [vec![1], vec![2], vec![3], vec![0]]);
    }

    #[test]
    fn rows_in_a_circle_end() {
        let parents: [u32; 3] = [1, 0, 0];
        let rounds = rounds(&[0, 1, 2], |slot| vec![parents[slot as usize]]);
        assert_eq!(rounds.iter().map(Vec::len).sum::<usize>(), 3);
    }

    #[test]
    fn a_long_chain_takes_no_longer_than_it_is() {
        let slots: Vec<u32> = (0..20_000).collect();
        let rounds = rounds(&slots, |slot| if slot + 1 < 20_000 { vec![slot + 1] } else { Vec::new() });
        assert_eq!((rounds.len(), rounds[0].as_slice()), (20_000, [19_999].as_slice()));
    }
}
