//! What a program has done to relationship fields by hand becomes links, before a flush.

use aludel_core::Result;
use hashbrown::HashSet;

use super::{AnyKey, Arena, State};
use crate::error::usage;
use crate::key::RawKey;
use crate::relation::{Path, Relation, RelationKind};

/// A relationship that was given a whole new list, whose old one is not known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Replaced {
    pub(crate) owner: AnyKey,
    pub(crate) relation: &'static Relation,
}

impl Arena {
    /// Whether a flush has something to do.
    pub(crate) fn has_changes(&self) -> bool {
        !self.links.is_empty() || !self.dropped.is_empty() || self.tables().any(|(_, table)| table.has_changes())
    }

    /// Relationships that were given a whole new list or object, of objects whose old one was never loaded as a whole.
    pub(crate) fn replaced_unloaded(&self) -> Vec<Replaced> {
        let mut found = Vec::new();
        for (id, table) in self.tables() {
            let mapper = table.mapper();
            if !mapper.has_relations() {
                continue;
            }
            for slot in table.with_changed_relations() {
                let written =
                    |relation: &&'static Relation| relation.kind != RelationKind::BelongsTo && !relation.view_only;
                for relation in mapper.all().filter(written) {
                    let is_new = table.relation(slot, relation.index).is_some_and(|field| field.is_assigned());
                    // One that was of another kind had nothing there. Of a list that was loaded in part the rest is not known.
                    let was_unknown = table
                        .first_relation(slot, relation.index)
                        .is_some_and(|field| !field.is_loaded() || relation.is_collection() && field.epoch() == 0);
                    if is_new
                        && was_unknown
                        && let Some(owner) = self.any_key(id, slot)
                    {
                        found.push(Replaced { owner, relation });
                    }
                }
            }
        }
        found
    }

    /// Takes over what the program has put into relationship fields and foreign keys.
    pub(crate) fn settle(&mut self) -> Result<()> {
        for id in 0..self.table_count() {
            for slot in self.any(id).with_changed_relations() {
                self.settle_touched(id, slot)?;
            }
        }
        // New objects bring new objects along.
        loop {
            let mut found = false;
            for id in 0..self.table_count() {
                for slot in self.any_mut(id).take_with_values() {
                    found = true;
                    if let Some(owner) = self.any_key(id, slot) {
                        self.take_values(owner)?;
                    }
                }
            }
            if !found {
                break;
            }
        }
        for id in 0..self.table_count() {
            let keys = self.foreign_keys(id);
            if keys.is_empty() {
                continue;
            }
            for slot in self.any(id).touched() {
                if let Some(child) = self.any_key(id, slot) {
                    self.follow_foreign_keys(child, &keys);
                }
            }
            self.follow_new(id, &keys)?;
        }
        Ok(())
    }

    fn settle_touched(&mut self, id: u32, slot: u32) -> Result<()> {
        let Some(owner) = self.any_key(id, slot) else { return Ok(()) };
        for relation in self.any(id).mapper().all() {
            let table = self.any(id);
            let (Some(field), Some(first)) =
                (table.relation(slot, relation.index), table.first_relation(slot, relation.index))
            else {
                self.leave_kind(id, slot, relation);
                continue;
            };
            if field.is_same(first) || field.has_values() {
                continue;
            }
            let (was, now) = (first.keys().to_vec(), field.keys().to_vec());
            if !field.is_loaded() && first.is_loaded() {
                // A whole struct was assigned that knows nothing of it.
                self.any_mut(id).restore_relation(slot, relation.index);
                continue;
            }
            self.compare_lists(owner, relation, &was, &now)?;
        }
        self.take_values(owner)
    }

    /// An object that is of another kind now leaves what its old kind had.
    fn leave_kind(&mut self, id: u32, slot: u32, relation: &'static Relation) {
        let table = self.any(id);
        if table.relation(slot, relation.index).is_some() {
            return;
        }
        let old = table.first_relation(slot, relation.index).map(|field| field.keys().to_vec()).unwrap_or_default();
        let target = self.target_id(relation);
        for raw in old {
            self.doom(AnyKey { table: target, raw });
        }
    }

    /// Keys that the program itself has put into a list or taken out of it.
    fn compare_lists(
        &mut self,
        owner: AnyKey,
        relation: &'static Relation,
        was: &[RawKey],
        now: &[RawKey],
    ) -> Result<()> {
        if relation.view_only {
            return Ok(());
        }
        let target = self.target_id(relation);
        let set = |keys: &[RawKey]| keys.iter().copied().collect::<HashSet<RawKey, foldhash::fast::RandomState>>();
        let (had, has) = (set(was), set(now));
        let link = match relation.path()? {
            Path::Link(link) => Some(link),
            Path::Key(_) => None,
        };
        for key in now.iter().filter(|key| !had.contains(*key)) {
            let key = AnyKey { table: target, raw: *key };
            // What the session has linked itself is in the list of changes.
            let is_done = match link {
                Some(link) => self.links.find(link, owner, key) == Some(true),
                None => self.is_linked(relation, owner, key),
            };
            match link {
                _ if is_done => {}
                Some(link) => self.change_link(relation, link, owner, key, true, None),
                None => self.link(relation, owner, key, None)?,
            }
        }
        for key in was.iter().filter(|key| !has.contains(*key)) {
            let key = AnyKey { table: target, raw: *key };
            let is_done = match link {
                Some(link) => self.links.find(link, owner, key) == Some(false),
                None => !self.is_linked(relation, owner, key),
            };
            // One that is deleted has left by itself.
            let is_here = |slot: u32| matches!(self.any(target).state(slot), State::Pending | State::Persistent);
            match link {
                _ if is_done || !self.slot_of(key).is_some_and(is_here) => {}
                Some(link) => self.change_link(relation, link, owner, key, false, None),
                None => self.unlink(relation, owner, key)?,
            }
        }
        Ok(())
    }

    /// Whether two objects are connected, going by what is not in lists.
    fn is_linked(&self, relation: &'static Relation, owner: AnyKey, target: AnyKey) -> bool {
        match relation.foreign_key() {
            Ok(Some(key)) if relation.kind == RelationKind::BelongsTo => self.parent(key, owner) == Some(target),
            Ok(Some(key)) => self.parent(key, target) == Some(owner),
            _ => false,
        }
    }

    fn take_values(&mut self, owner: AnyKey) -> Result<()> {
        let Some(slot) = self.slot_of(owner) else { return Ok(()) };
        for relation in self.any(owner.table).mapper().all() {
            if relation.view_only && self.field(owner, relation.index).is_some_and(|field| field.has_values()) {
                return Err(usage(format!(
                    "{} is view-only, and has a value that was put there: change the foreign key, or another relationship over it",
                    relation.full_name()
                )));
            }
            let Some(mut values) = self.field_mut(owner, relation.index).and_then(|field| field.take_values()) else {
                continue;
            };
            let (keys, is_whole) = values.adopt(self);
            let target = self.target_id(relation);
            if is_whole {
                // A new object has nobody there but these.
                let epoch = if self.any(owner.table).state(slot) == State::Pending { self.epoch() } else { 0 };
                let was = match self.any(owner.table).first_relation(slot, relation.index) {
                    Some(first) if first.is_loaded() => first.keys().to_vec(),
                    Some(_) => Vec::new(),
                    None => self.linked_to(relation, owner),
                };
                // What was not known is not known to be nobody: a rollback has to come back to that.
                let was_unknown = self.any(owner.table).first_relation(slot, relation.index).is_some();
                if !self.any_mut(owner.table).restore_relation(slot, relation.index)
                    && let Some(field) = self.field_mut(owner, relation.index)
                {
                    match was_unknown {
                        true => field.unload(),
                        false => field.set_keys(Vec::new(), epoch),
                    }
                }
                if let (RelationKind::BelongsTo, Path::Key(key), []) = (relation.kind, relation.path()?, &*keys) {
                    self.detach(key, owner)?;
                }
                let kept: HashSet<RawKey, foldhash::fast::RandomState> = keys.iter().copied().collect();
                for old in was.into_iter().filter(|old| !kept.contains(old)) {
                    self.unlink(relation, owner, AnyKey { table: target, raw: old })?;
                }
            }
            for key in keys {
                self.link(relation, owner, AnyKey { table: target, raw: key }, None)?;
            }
        }
        Ok(())
    }
}
