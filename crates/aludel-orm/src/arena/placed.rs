//! In whose lists the children are, where that is not what their foreign keys were when they were read.
//!
//! A key column that a program sets by hand is found at the next flush. What was linked before it and what was linked after it
//! is told by what the column held when the child was put where it is.

use aludel_core::{Result, Value};
use hashbrown::HashMap;
use smallvec::SmallVec;

use super::{AnyKey, Arena, ForeignKeyId, KeyBytes, State, key_bytes};
use crate::key::RawKey;
use crate::relation::{ForeignKey, Path, Relation, RelationKind};

/// Where a child was put, since its row was last read or written.
#[derive(Debug)]
pub(crate) struct Placed {
    parent: Option<AnyKey>,
    /// The foreign key's columns at that time.
    columns: SmallVec<[Value; 1]>,
}

impl Arena {
    /// The child is in the lists of this parent from now on.
    pub(super) fn place(&mut self, key: &ForeignKey, child: AnyKey, parent: Option<AnyKey>) {
        let Some(slot) = self.slot_of(child) else { return };
        let columns = key.columns.iter().map(|column| self.any(child.table).column(slot, *column)).collect();
        self.placed.insert((child, key.id), Placed { parent, columns });
    }

    /// The objects of a table that children were put to.
    pub(crate) fn placed_at(&self, key: &ForeignKey, table: u32) -> Vec<RawKey> {
        let placed = self.placed.iter().filter(|((_, id), _)| *id == key.id).filter_map(|(_, placed)| placed.parent);
        let mut found: Vec<RawKey> = placed.filter(|parent| parent.table == table).map(|parent| parent.raw).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The child goes back to where its row says.
    pub(super) fn take_back(&mut self, key: &ForeignKey, child: AnyKey) -> Option<Option<AnyKey>> {
        self.placed.remove(&(child, key.id)).map(|placed| placed.parent)
    }

    /// The parent whose lists have the child, if it is here.
    pub(super) fn listed_parent(&self, key: &ForeignKey, child: AnyKey) -> Option<AnyKey> {
        if !self.placed.is_empty()
            && let Some(placed) = self.placed.get(&(child, key.id))
        {
            return placed.parent;
        }
        let slot = self.slot_of(child)?;
        let table = self.any(child.table);
        let first: SmallVec<[Value; 1]> = key.columns.iter().map(|column| table.first_column(slot, *column)).collect();
        self.find_parent(key, &first)
    }

    /// Whether a child has another parent now, or none, than one whose list still has it because it is deleted.
    pub(crate) fn has_left(&self, key: &ForeignKey, child: AnyKey, parent: AnyKey) -> bool {
        match self.placed.get(&(child, key.id)) {
            Some(placed) => placed.parent != Some(parent),
            None => self.parent(key, child).is_some_and(|other| other != parent),
        }
    }

    /// Those that were linked to a new object, of whose lists there is no first copy.
    pub(super) fn linked_to(&self, relation: &'static Relation, owner: AnyKey) -> Vec<RawKey> {
        let mut found: Vec<RawKey> = match relation.path() {
            Ok(Path::Link(_)) => {
                let changes = self.links.iter().filter_map(|change| change.turned_to(relation));
                changes.filter(|change| change.owner == owner && change.added).map(|change| change.target.raw).collect()
            }
            Ok(Path::Key(key)) if relation.kind == RelationKind::BelongsTo => {
                self.listed_parent(key, owner).map(|parent| parent.raw).into_iter().collect()
            }
            Ok(Path::Key(key)) => self.placed_under(key, |parent| parent == owner),
            Err(_) => Vec::new(),
        };
        found.sort_unstable();
        found
    }

    /// Puts the lists right after a foreign key was changed by hand.
    pub(crate) fn follow_foreign_keys(&mut self, child: AnyKey, keys: &[&'static ForeignKey]) {
        let Some(slot) = self.slot_of(child) else { return };
        let state = self.any(child.table).state(slot);
        if state != State::Persistent && !self.along.contains(&child) {
            return;
        }
        for key in keys.iter().copied() {
            if self.is_by_hand(key, child) {
                self.revive(child);
                self.follow(key, child);
            }
        }
    }

    /// Whether a foreign key was set by hand since the child was put where it is.
    pub(super) fn is_by_hand(&self, key: &ForeignKey, child: AnyKey) -> bool {
        let Some(slot) = self.slot_of(child) else { return false };
        let table = self.any(child.table);
        let differs = |at: &usize| table.first_column(slot, *at) != table.column(slot, *at);
        self.is_where_it_was(key, child).map_or_else(|| key.columns.iter().any(differs), |is_same| !is_same)
    }

    /// A foreign key that was set by hand is followed, before the child is linked or unlinked.
    pub(super) fn follow_hand(&mut self, key: &'static ForeignKey, child: AnyKey) {
        if self.is_by_hand(key, child) {
            self.follow(key, child);
        }
    }

    /// A foreign key was set by hand, which goes before what was linked earlier.
    pub(super) fn follow(&mut self, key: &'static ForeignKey, child: AnyKey) {
        let Some(slot) = self.slot_of(child) else { return };
        let before = self.listed_parent(key, child);
        self.parents.remove(&(child, key.id));
        self.orphans.retain(|(orphan, relation)| {
            *orphan != child || !key.down.iter().any(|down| std::ptr::eq(*down, *relation))
        });
        let now = self.values(child.table, slot, &key.columns);
        let after = self.find_parent(key, &now);
        if let Some(before) = before.filter(|before| Some(*before) != after) {
            self.leave_lists(key, before, child.raw);
        }
        if let Some(after) = after {
            self.join_parent(key, child, after);
        }
        if after.is_some() || now.iter().any(Value::is_null) {
            self.set_up(key, child, after);
        } else {
            self.forget_up(key, child);
        }
        self.place(key, child, after);
    }

    /// New objects whose foreign keys were given by hand join their parents' lists.
    pub(super) fn follow_new(&mut self, id: u32, keys: &[&'static ForeignKey]) -> Result<()> {
        let is_anyone_here = |key: &&'static ForeignKey| self.known_id(key.parent).is_some();
        let keys: Vec<_> = keys.iter().copied().filter(is_anyone_here).collect();
        if keys.is_empty() || self.any(id).pending().is_empty() {
            return Ok(());
        }
        let new: Vec<_> = keys.iter().map(|key| self.new_with_keys(key)).collect();
        let has_lists = keys.iter().any(|key| !key.down.is_empty());
        if !has_lists && self.placed.is_empty() && new.iter().all(HashMap::is_empty) {
            return Ok(());
        }
        for slot in self.any(id).pending().to_vec() {
            if self.any(id).state(slot) != State::Pending {
                continue;
            }
            let Some(child) = self.any_key(id, slot) else { continue };
            for (key, new) in keys.iter().zip(&new) {
                match self.is_where_it_was(key, child) {
                    Some(true) => {}
                    Some(false) => self.follow(key, child),
                    None => {
                        if let Some(parent) = self.new_parent(key, child, new) {
                            self.attach(key, child, parent, None)?;
                        } else if let Some(parent) = self.parent(key, child)
                            && self.join_parent(key, child, parent)
                        {
                            self.place(key, child, Some(parent));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// New objects whose keys were given by hand, by those keys.
    fn new_with_keys(&self, key: &ForeignKey) -> HashMap<KeyBytes, AnyKey, foldhash::fast::RandomState> {
        let Some(id) = self.known_id(key.parent) else { return HashMap::default() };
        let table = self.any(id);
        let is_given = |slot: &u32| {
            let given = table.given(*slot);
            key.refers_to.iter().all(|column| given.has(*column))
        };
        let with_key = |slot: u32| Some((key_bytes(&self.values(id, slot, &key.refers_to)), self.any_key(id, slot)?));
        table.pending().iter().copied().filter(is_given).filter_map(with_key).collect()
    }

    /// The new object whose key a new object's foreign key is.
    fn new_parent(
        &self,
        key: &ForeignKey,
        child: AnyKey,
        new: &HashMap<KeyBytes, AnyKey, foldhash::fast::RandomState>,
    ) -> Option<AnyKey> {
        if new.is_empty() {
            return None;
        }
        let values = self.values(child.table, self.slot_of(child)?, &key.columns);
        let parent = *new.get(key_bytes(&values).as_slice())?;
        (!values.iter().any(Value::is_null) && parent != child).then_some(parent)
    }

    /// The children that were put under these parents.
    pub(crate) fn placed_under(&self, key: &ForeignKey, is_wanted: impl Fn(AnyKey) -> bool) -> Vec<RawKey> {
        let is_its = |id: ForeignKeyId, placed: &Placed| id == key.id && placed.parent.is_some_and(&is_wanted);
        let placed = self.placed.iter().filter(|((_, id), placed)| is_its(*id, placed));
        placed.map(|((child, _), _)| child.raw).collect()
    }

    /// Foreign keys of a table that were set by hand are followed.
    pub(crate) fn follow_all(&mut self, id: u32, key: &'static ForeignKey) {
        for slot in self.any(id).touched() {
            if let Some(child) = self.any_key(id, slot) {
                self.follow_foreign_keys(child, &[key]);
            }
        }
        // What does not fit is told at the flush.
        let _: Result<()> = self.follow_new(id, &[key]);
    }

    /// A list was loaded that has children with changes: they are placed there. So is a new child whose parent was loaded.
    pub(crate) fn place_changed(&mut self, key: &'static ForeignKey, owner: AnyKey, relation: &'static Relation) {
        if relation.kind == RelationKind::BelongsTo {
            if self.slot_of(owner).is_some_and(|slot| self.any(owner.table).state(slot) == State::Pending) {
                self.place(key, owner, self.parent(key, owner));
            }
            return;
        }
        let table = self.target_id(relation);
        let keys = self.field(owner, relation.index).map(|field| field.keys().to_vec()).unwrap_or_default();
        for child in keys.into_iter().map(|raw| AnyKey { table, raw }) {
            let is_changed = self
                .slot_of(child)
                .is_some_and(|slot| self.any(table).state(slot) == State::Pending || self.any(table).is_touched(slot));
            if is_changed && self.parent(key, child) == Some(owner) {
                self.place(key, child, Some(owner));
            }
        }
    }

    /// Those that wait for the key of a new object, and have been given another one by hand, leave it.
    pub(super) fn follow_children(&mut self, parent: AnyKey) {
        for (child, key) in self.waiting_for(parent) {
            if self.is_where_it_was(key, child) == Some(false) {
                self.follow(key, child);
            }
        }
    }

    /// Whether a foreign key is what it was when the child was put where it is; none if it was not put anywhere.
    fn is_where_it_was(&self, key: &ForeignKey, child: AnyKey) -> Option<bool> {
        let placed = self.placed.get(&(child, key.id))?;
        let slot = self.slot_of(child)?;
        let table = self.any(child.table);
        Some(key.columns.iter().zip(&placed.columns).all(|(at, was)| table.column(slot, *at) == *was))
    }
}
