//! Which table comes before which, and which row.

use aludel_sql::schema::{Table, Target};
use hashbrown::HashMap;

use crate::arena::{AnyKey, Arena};
use crate::mapper::Mapper;

/// The tables, each behind those that it refers to. Where tables refer to each other in a circle, one of them comes first, and
/// what it refers to is set afterwards.
pub(super) fn tables(arena: &Arena, ids: &[u32]) -> Vec<u32> {
    let mut sorted = Vec::with_capacity(ids.len());
    let mut seen = vec![false; arena.table_count() as usize];
    for id in ids {
        visit(arena, ids, *id, &mut seen, &mut sorted);
    }
    sorted
}

fn visit(arena: &Arena, ids: &[u32], id: u32, seen: &mut [bool], sorted: &mut Vec<u32>) {
    if std::mem::replace(&mut seen[id as usize], true) {
        return;
    }
    let mapper = arena.any(id).mapper();
    for other in ids.iter().copied().filter(|other| *other != id) {
        if refers_to(mapper, arena.any(other).mapper()) {
            visit(arena, ids, other, seen, sorted);
        }
    }
    sorted.push(id);
}

/// Whether a table has a foreign key to another one that its rows need when they are inserted.
fn refers_to(child: &'static Mapper, parent: &'static Mapper) -> bool {
    let table: &'static Table = child.table().table;
    let target: &'static Table = parent.table().table;
    table.foreign_keys.iter().any(|key| {
        let is_later = child.all().any(|relation| {
            relation.post_update
                && (relation.columns)().iter().map(|column| column.index()).eq(key.columns.iter().copied())
        });
        !is_later
            && match &key.target {
                Target::Columns(columns) => columns().first().is_some_and(|column| std::ptr::eq(column.table, target)),
                Target::Named { schema, table, .. } => {
                    *table == target.name && schema.as_deref() == target.schema.as_deref()
                }
            }
    })
}

/// Rows of one table in rounds: those of a round refer only to rows of rounds before it. Rows in a circle come last; what they
/// refer to is set afterwards.
pub(super) fn rounds(slots: &[u32], parent_of: impl Fn(u32) -> Option<u32>) -> Vec<Vec<u32>> {
    let parents: HashMap<u32, u32, foldhash::fast::RandomState> =
        slots.iter().filter_map(|slot| parent_of(*slot).map(|parent| (*slot, parent))).collect();
    if parents.is_empty() {
        return vec![slots.to_vec()];
    }
    let mut ranks: HashMap<u32, usize, foldhash::fast::RandomState> = HashMap::default();
    let waiting: hashbrown::HashSet<u32, foldhash::fast::RandomState> = slots.iter().copied().collect();
    for slot in slots {
        // Up to an ancestor whose rank is known, then down again.
        let (mut way, mut at) = (Vec::new(), *slot);
        let base = loop {
            if let Some(rank) = ranks.get(&at) {
                break Some(*rank);
            }
            if way.contains(&at) {
                break None;
            }
            way.push(at);
            match parents.get(&at).filter(|parent| waiting.contains(*parent)) {
                Some(parent) => at = *parent,
                None => break None,
            }
        };
        let mut rank = base.map_or(0, |base| base + 1);
        for slot in way.into_iter().rev() {
            ranks.insert(slot, rank);
            rank += 1;
        }
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

/// The new parent in the same table that a new row waits for.
pub(super) fn new_parent(arena: &Arena, table: u32, slot: u32) -> Option<u32> {
    let child = arena.any_key(table, slot)?;
    arena.foreign_keys(table).into_iter().find_map(|key| {
        let parent: AnyKey = (*arena.parents.get(&(child, key.id))?)?;
        let slot = arena.slot_of(parent)?;
        let is_new = arena.any(parent.table).state(slot) == crate::arena::State::Pending;
        (parent.table == table && is_new && parent != child).then_some(slot)
    })
}

/// The row of the same table that a row which is to be deleted refers to.
pub(super) fn doomed_parent(arena: &Arena, table: u32, slot: u32) -> Option<u32> {
    let mapper = arena.any(table).mapper();
    let definition: &'static Table = mapper.table().table;
    definition.foreign_keys.iter().find_map(|key| {
        let Target::Columns(targets) = &key.target else { return None };
        let targets = targets();
        let is_itself = targets.first().is_some_and(|target| std::ptr::eq(target.table, definition));
        let primary = mapper.primary_key();
        if !is_itself || !targets.iter().map(|target| target.index()).eq(primary.iter().copied()) {
            return None;
        }
        let values: Vec<_> = key.columns.iter().map(|column| arena.any(table).first_column(slot, *column)).collect();
        arena.any(table).find(&values).filter(|parent| *parent != slot)
    })
}

#[cfg(test)]
mod tests {
    use super::rounds;

    #[test]
    fn rows_come_behind_their_parents() {
        let parents = [None, Some(0), Some(1), Some(0), Some(9)];
        let parent_of = |slot: u32| parents[slot as usize];
        assert_eq!(rounds(&[2, 1, 0, 3, 4], parent_of), [vec![0, 4], vec![1, 3], vec![2]]);
    }

    #[test]
    fn rows_in_a_circle_end() {
        let parents = [Some(1), Some(0), Some(0)];
        let rounds = rounds(&[0, 1, 2], |slot| parents[slot as usize]);
        assert_eq!(rounds.iter().map(Vec::len).sum::<usize>(), 3);
    }
}
