//! What was loaded becomes lists of keys.

use hashbrown::{HashMap, HashSet};

use crate::arena::{AnyKey, Arena, State, Undo};
use crate::key::RawKey;
use crate::relation::{ForeignKey, LinkTable, Path, Relation, RelationKind};

/// An owner and an object on the other side.
pub(crate) type Pair = (RawKey, RawKey);

/// What was loaded of a relationship.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loaded {
    pub(crate) relation: &'static Relation,
    /// Whether it is all there is, with no condition of the program's or of its listeners.
    pub(crate) is_whole: bool,
    /// Whether rows may tell the same pair again, because they were joined with others.
    pub(crate) is_repeated: bool,
}

type Set<T> = HashSet<T, foldhash::fast::RandomState>;
type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// Sets the lists of the owners, each of which is named once. What the session has changed and not flushed goes before what
/// the database says.
pub(crate) fn fill(arena: &mut Arena, loaded: Loaded, owners: &[RawKey], pairs: Vec<Pair>) {
    let relation = loaded.relation;
    let owner_table = arena.owner_id(relation);
    let target_table = arena.target_id(relation);
    let foreign_key = match relation.path() {
        Ok(Path::Key(key)) if relation.kind != RelationKind::BelongsTo && arena.any(target_table).has_changes() => {
            // What was set by hand goes into lists, and out of others.
            arena.follow_all(target_table, key);
            Some(key)
        }
        Ok(Path::Key(key)) if relation.kind == RelationKind::BelongsTo && arena.any(owner_table).has_changes() => {
            arena.follow_all(owner_table, key);
            Some(key)
        }
        _ => None,
    };
    let mut lists = Lists::new(owners);
    let mut seen: Set<Pair> = HashSet::default();
    let may_repeat = relation.kind != RelationKind::HasMany || loaded.is_repeated;
    for (owner, target) in pairs {
        if may_repeat && !seen.insert((owner, target)) {
            continue;
        }
        if let Some(list) = lists.of(owner) {
            list.push(target);
        }
    }
    Merge { arena, loaded, owner_table, target_table }.merge(&mut lists);
    let (has_history, epoch) = (arena.has_history(), if loaded.is_whole { arena.epoch() } else { 0 });
    let is_any_touched = arena.any(owner_table).has_changes();
    let Lists { keys, unknown, .. } = lists;
    for (raw, keys) in owners.iter().zip(keys).filter(|(raw, _)| !unknown.contains(*raw)) {
        let owner = AnyKey { table: owner_table, raw: *raw };
        let Some(field) = arena.field_mut(owner, relation.index) else { continue };
        if field.is_assigned() {
            // What the program has put in its place counts, and what was there is known now.
            if let Some(first) = arena.any_mut(owner_table).first_relation_mut(raw.slot, relation.index) {
                let before = first.is_loaded().then(|| first.keys().to_vec());
                first.set_keys(keys, epoch);
                arena.log.push(Undo::Loaded { owner, relation: relation.index, before });
            }
            continue;
        }
        let before = has_history.then(|| field.is_loaded().then(|| field.keys().to_vec()));
        match is_any_touched {
            false => field.set_keys(keys, epoch),
            // A list that was loaded is no change of the object's.
            true => arena.change_field(owner, relation, &mut |field| field.set_keys(keys.clone(), epoch)),
        }
        if let Some(before) = before {
            arena.log.push(Undo::Loaded { owner, relation: relation.index, before });
        }
        if let Some(key) = foreign_key {
            arena.place_changed(key, owner, relation);
        }
    }
}

/// The lists of some owners, found by the owners' slots.
struct Lists<'a> {
    owners: &'a [RawKey],
    places: Places,
    keys: Vec<Vec<RawKey>>,
    /// Owners of whom the session knows that it is not as the database says, and not what it is.
    unknown: Set<RawKey>,
}

enum Places {
    /// For each slot the place of its owner plus one.
    BySlot(Vec<u32>),
    /// Few owners in far slots.
    ByKey(Map<RawKey, usize>),
}

impl<'a> Lists<'a> {
    fn new(owners: &'a [RawKey]) -> Self {
        let most = owners.iter().map(|owner| owner.slot as usize + 1).max().unwrap_or(0);
        let places = if most / 64 > owners.len() {
            Places::ByKey(owners.iter().enumerate().map(|(place, owner)| (*owner, place)).collect())
        } else {
            let mut places = vec![0; most];
            for (place, owner) in (1..).zip(owners) {
                places[owner.slot as usize] = place;
            }
            Places::BySlot(places)
        };
        Self { owners, places, keys: vec![Vec::new(); owners.len()], unknown: Set::default() }
    }

    #[inline]
    fn of(&mut self, owner: RawKey) -> Option<&mut Vec<RawKey>> {
        let place = match &self.places {
            Places::BySlot(places) => (*places.get(owner.slot as usize)? as usize).checked_sub(1)?,
            Places::ByKey(places) => *places.get(&owner)?,
        };
        if self.owners[place] == owner { self.keys.get_mut(place) } else { None }
    }

    fn iter_mut(&mut self) -> impl Iterator<Item = (RawKey, &mut Vec<RawKey>)> {
        self.owners.iter().copied().zip(&mut self.keys)
    }
}

/// Puts what was not flushed yet over what the database has said.
struct Merge<'a> {
    arena: &'a Arena,
    loaded: Loaded,
    owner_table: u32,
    target_table: u32,
}

impl Merge<'_> {
    fn merge(&self, lists: &mut Lists<'_>) {
        let targets = self.arena.any(self.target_table);
        let relation = self.loaded.relation;
        match relation.path() {
            _ if relation.view_only => {}
            Ok(Path::Link(link)) => self.links(link, lists),
            Ok(Path::Key(key)) if relation.kind == RelationKind::BelongsTo => self.parents(key, lists),
            Ok(Path::Key(key)) => self.children(key, lists),
            Err(_) => {}
        }
        if !targets.doomed().is_empty() {
            let owners = self.arena.any(self.owner_table);
            let is_here = |key: &RawKey| targets.slot_of(*key).is_some_and(|slot| targets.state(slot) != State::Doomed);
            // What is deleted with its owner has to be found there.
            let is_going =
                |owner: RawKey| owners.slot_of(owner).is_some_and(|slot| owners.state(slot) == State::Doomed);
            lists.iter_mut().filter(|(owner, _)| !is_going(*owner)).for_each(|(_, list)| list.retain(is_here));
        }
    }

    fn links(&self, link: &LinkTable, lists: &mut Lists<'_>) {
        let mut own: Map<RawKey, Vec<(RawKey, bool)>> = HashMap::default();
        for change in self.arena.links.iter() {
            let Ok(Path::Link(other)) = change.relation.path() else { continue };
            if other.id != link.id {
                continue;
            }
            let (owner, target) = match other.is_turned == link.is_turned {
                true => (change.owner, change.target),
                false => (change.target, change.owner),
            };
            if owner.table == self.owner_table && lists.of(owner.raw).is_some() {
                own.entry(owner.raw).or_default().push((target.raw, change.added));
            }
        }
        for (owner, changes) in own {
            let Some(list) = lists.of(owner) else { continue };
            let changed: Set<RawKey> = changes.iter().map(|(target, _)| *target).collect();
            list.retain(|key| !changed.contains(key));
            // Whether a new one meets a condition, only the database could tell.
            if self.loaded.is_whole {
                list.extend(changes.iter().filter(|(_, added)| *added).map(|(target, _)| *target));
            }
        }
    }

    fn parents(&self, key: &'static ForeignKey, lists: &mut Lists<'_>) {
        let (arena, table) = (self.arena, self.arena.any(self.owner_table));
        if !table.has_changes() {
            return;
        }
        let mut unknown = Vec::new();
        for (raw, list) in lists.iter_mut() {
            let child = AnyKey { table: self.owner_table, raw };
            if table.state(raw.slot) != State::Pending && !table.is_touched(raw.slot) {
                continue;
            }
            match arena.parent(key, child).map(|parent| parent.raw) {
                Some(parent) if list.first() != Some(&parent) && self.loaded.is_whole => *list = vec![parent],
                Some(_) => {}
                None if arena.has_no_parent(key, child) => list.clear(),
                None if list.is_empty() && !self.loaded.is_repeated => {}
                None => unknown.push(raw),
            }
        }
        lists.unknown.extend(unknown);
    }

    fn children(&self, key: &'static ForeignKey, lists: &mut Lists<'_>) {
        let (arena, targets) = (self.arena, self.arena.any(self.target_table));
        let changed = targets.pending().iter().copied().chain(targets.touched());
        let parent_of = |child: RawKey| {
            let parent = arena.parent(key, AnyKey { table: self.target_table, raw: child });
            (child, parent.map(|parent| parent.raw))
        };
        let changed: Vec<_> = changed.filter_map(|slot| targets.key(slot)).map(parent_of).collect();
        if changed.is_empty() {
            return;
        }
        let moved: Map<RawKey, Option<RawKey>> = changed.iter().copied().collect();
        let mut there: Set<RawKey> = HashSet::default();
        for (owner, list) in lists.iter_mut() {
            list.retain(|child| moved.get(child).is_none_or(|parent| *parent == Some(owner)));
            there.extend(list.iter().filter(|child| moved.contains_key(*child)));
        }
        if !self.loaded.is_whole {
            return;
        }
        let is_one = self.loaded.relation.kind == RelationKind::HasOne;
        for (child, parent) in changed {
            let is_new = !there.contains(&child)
                && targets.slot_of(child).is_some_and(|slot| targets.state(slot) != State::Doomed);
            if is_new && let Some(list) = parent.and_then(|parent| lists.of(parent)) {
                list.insert(if is_one { 0 } else { list.len() }, child);
            }
        }
    }
}
