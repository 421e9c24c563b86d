//! What was loaded becomes lists of keys.

use hashbrown::{HashMap, HashSet};

use crate::arena::{AnyKey, Arena, State, Undo};
use crate::key::RawKey;
use crate::relation::{Path, Relation, RelationKind};

/// An owner and an object on the other side.
pub(crate) type Pair = (RawKey, RawKey);

/// The lists of some owners, found by the owners' slots.
struct Lists<'a> {
    owners: &'a [RawKey],
    /// For each slot the place of its owner plus one.
    places: Vec<u32>,
    keys: Vec<Vec<RawKey>>,
}

impl<'a> Lists<'a> {
    fn new(owners: &'a [RawKey]) -> Self {
        let most = owners.iter().map(|owner| owner.slot as usize + 1).max().unwrap_or(0);
        let mut places = vec![0; most];
        for (place, owner) in (1..).zip(owners) {
            places[owner.slot as usize] = place;
        }
        Self { owners, places, keys: vec![Vec::new(); owners.len()] }
    }

    #[inline]
    fn of(&mut self, owner: RawKey) -> Option<&mut Vec<RawKey>> {
        let place = (*self.places.get(owner.slot as usize)? as usize).checked_sub(1)?;
        if self.owners[place] == owner { self.keys.get_mut(place) } else { None }
    }
}

/// Sets the lists of the owners, each of which is named once. What the session has changed and not flushed goes before what
/// the database says.
pub(crate) fn fill(arena: &mut Arena, relation: &'static Relation, owners: &[RawKey], pairs: Vec<Pair>) {
    let owner_table = arena.id_of(relation.owner());
    let target_table = arena.id_of(relation.target());
    let mut lists = Lists::new(owners);
    let mut seen: HashSet<Pair, foldhash::fast::RandomState> = HashSet::default();
    let may_repeat = relation.kind != RelationKind::HasMany;
    for (owner, target) in pairs {
        if may_repeat && !seen.insert((owner, target)) {
            continue;
        }
        if let Some(list) = lists.of(owner) {
            list.push(target);
        }
    }
    merge_own(arena, relation, owner_table, target_table, &mut lists);
    let (has_history, epoch) = (arena.has_history(), arena.epoch());
    for (owner, keys) in owners.iter().zip(lists.keys) {
        let owner = AnyKey { table: owner_table, raw: *owner };
        let Some(field) = arena.field_mut(owner, relation.index) else { continue };
        let before = has_history.then(|| field.is_loaded().then(|| field.keys().to_vec()));
        field.set_keys(keys, epoch);
        if let Some(before) = before {
            arena.log.push(Undo::Loaded { owner, relation: relation.index, before });
        }
    }
}

/// Puts what was not flushed yet over what the database has said.
fn merge_own(arena: &Arena, relation: &'static Relation, owner_table: u32, target_table: u32, lists: &mut Lists<'_>) {
    let targets = arena.any(target_table);
    if !targets.doomed().is_empty() {
        let is_here = |key: &RawKey| targets.slot_of(*key).is_some_and(|slot| targets.state(slot) != State::Doomed);
        lists.keys.iter_mut().for_each(|list| list.retain(is_here));
    }
    match relation.path() {
        Ok(Path::Link(link)) => {
            for change in arena.links.iter() {
                let is_straight = link.same.iter().any(|same| std::ptr::eq(*same, change.relation));
                let is_reversed = link.reverse.iter().any(|reverse| std::ptr::eq(*reverse, change.relation));
                let (owner, target) = match (is_straight, is_reversed) {
                    (true, _) => (change.owner, change.target),
                    (_, true) => (change.target, change.owner),
                    _ => continue,
                };
                let Some(list) = (owner.table == owner_table).then(|| lists.of(owner.raw)).flatten() else {
                    continue;
                };
                list.retain(|key| *key != target.raw);
                if change.added {
                    list.push(target.raw);
                }
            }
        }
        Ok(Path::Key(key)) if relation.kind != RelationKind::BelongsTo && !relation.view_only => {
            let changed = targets.pending().iter().copied().chain(targets.touched());
            let parent_of = |child: RawKey| {
                let parent = arena.parent(key, AnyKey { table: target_table, raw: child });
                (child, parent.map(|parent| parent.raw))
            };
            let changed: Vec<_> = changed.filter_map(|slot| targets.key(slot)).map(parent_of).collect();
            if changed.is_empty() {
                return;
            }
            let moved: HashMap<RawKey, Option<RawKey>, foldhash::fast::RandomState> = changed.iter().copied().collect();
            let mut there: HashSet<RawKey, foldhash::fast::RandomState> = HashSet::default();
            for (owner, list) in lists.owners.iter().zip(&mut lists.keys) {
                list.retain(|child| moved.get(child).is_none_or(|parent| *parent == Some(*owner)));
                there.extend(list.iter().filter(|child| moved.contains_key(*child)));
            }
            for (child, parent) in changed {
                if !there.contains(&child)
                    && let Some(list) = parent.and_then(|parent| lists.of(parent))
                {
                    list.push(child);
                }
            }
        }
        _ => {}
    }
}
