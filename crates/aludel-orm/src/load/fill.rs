//! What was loaded becomes lists of keys.

use hashbrown::{HashMap, HashSet};

use crate::arena::{AnyKey, Arena, State, Undo};
use crate::key::RawKey;
use crate::relation::{Path, Relation, RelationKind};

/// An owner and an object on the other side.
pub(crate) type Pair = (RawKey, RawKey);

/// Sets the lists of the owners. What the session has changed and not flushed goes before what the database says.
pub(crate) fn fill(arena: &mut Arena, relation: &'static Relation, owners: &[RawKey], pairs: Vec<Pair>) {
    let owner_table = arena.id_of(relation.owner());
    let target_table = arena.id_of(relation.target());
    let mut lists: HashMap<RawKey, Vec<RawKey>, foldhash::fast::RandomState> = HashMap::default();
    lists.reserve(owners.len());
    owners.iter().for_each(|owner| {
        lists.entry(*owner).or_default();
    });
    let mut seen: HashSet<Pair, foldhash::fast::RandomState> = HashSet::default();
    let may_repeat = relation.kind != RelationKind::HasMany;
    for (owner, target) in pairs {
        if may_repeat && !seen.insert((owner, target)) {
            continue;
        }
        if let Some(list) = lists.get_mut(&owner) {
            list.push(target);
        }
    }
    merge_own(arena, relation, owner_table, target_table, &mut lists);
    let has_history = arena.has_history();
    for owner in owners {
        let Some(keys) = lists.remove(owner) else { continue };
        let owner = AnyKey { table: owner_table, raw: *owner };
        let Some(field) = arena.field_mut(owner, relation.index) else { continue };
        let before = has_history.then(|| field.is_loaded().then(|| field.keys().to_vec()));
        field.set_keys(keys);
        if let Some(before) = before {
            arena.log.push(Undo::Loaded { owner, relation: relation.index, before });
        }
    }
}

/// Puts what was not flushed yet over what the database has said.
fn merge_own(
    arena: &Arena,
    relation: &'static Relation,
    owner_table: u32,
    target_table: u32,
    lists: &mut HashMap<RawKey, Vec<RawKey>, foldhash::fast::RandomState>,
) {
    let targets = arena.any(target_table);
    if !targets.doomed().is_empty() {
        let is_here = |key: &RawKey| targets.slot_of(*key).is_some_and(|slot| targets.state(slot) != State::Doomed);
        lists.values_mut().for_each(|list| list.retain(is_here));
    }
    match relation.path() {
        Ok(Path::Link(link)) => {
            for change in &arena.links {
                let is_straight = link.same.iter().any(|same| std::ptr::eq(*same, change.relation));
                let is_reversed = link.reverse.iter().any(|reverse| std::ptr::eq(*reverse, change.relation));
                let (owner, target) = match (is_straight, is_reversed) {
                    (true, _) => (change.owner, change.target),
                    (_, true) => (change.target, change.owner),
                    _ => continue,
                };
                let Some(list) = (owner.table == owner_table).then(|| lists.get_mut(&owner.raw)).flatten() else {
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
            for child in changed.filter_map(|slot| targets.key(slot)) {
                let parent = arena.parent(key, AnyKey { table: target_table, raw: child }).map(|parent| parent.raw);
                for (owner, list) in lists.iter_mut() {
                    if parent != Some(*owner) {
                        list.retain(|other| *other != child);
                    }
                }
                if let Some(list) = parent.and_then(|parent| lists.get_mut(&parent))
                    && !list.contains(&child)
                {
                    list.push(child);
                }
            }
        }
        _ => {}
    }
}
