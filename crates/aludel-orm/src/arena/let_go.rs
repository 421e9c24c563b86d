//! Objects that are let go while their rows stay.

use std::any::Any;

use super::{AnyKey, Arena, LinkChange, State};
use crate::field::RelationField;
use crate::key::RawKey;
use crate::relation::Path;

impl Arena {
    /// Removes an object that has a row. The lists that have it are not known any more, since its row is still there.
    pub(crate) fn let_go(&mut self, key: AnyKey) -> Option<Box<dyn Any + Send>> {
        let slot = self.slot_of(key)?;
        let state = self.any(key.table).state(slot);
        if matches!(state, State::Persistent | State::Doomed) {
            self.leave_unflushed(key, slot);
            for (owner, relation) in self.lists_with(key) {
                self.change_field(owner, relation, &mut |field| {
                    // One that was to be deleted has left them, and stays a row.
                    if state == State::Doomed || field.has_key(key.raw) {
                        forget_list(field);
                    }
                });
            }
        }
        self.along.remove(&key);
        for foreign_key in self.foreign_keys(key.table) {
            self.parents.remove(&(key, foreign_key.id));
            self.placed.remove(&(key, foreign_key.id));
        }
        self.links.forget(key);
        self.orphans.retain(|(child, _)| *child != key);
        self.any_mut(key.table).remove(slot)
    }

    /// Its changes that were not flushed come to nothing: lists that have it because of them lose it, and lists that it has left
    /// are not known any more.
    fn leave_unflushed(&mut self, key: AnyKey, slot: u32) {
        for foreign_key in self.foreign_keys(key.table) {
            let listed = self.listed_parent(foreign_key, key);
            let table = self.any(key.table);
            let first: Vec<_> = foreign_key.columns.iter().map(|column| table.first_column(slot, *column)).collect();
            let first = self.find_parent(foreign_key, &first);
            if listed == first && table.state(slot) != State::Doomed {
                continue;
            }
            if let Some(listed) = listed {
                self.leave_lists(foreign_key, listed, key.raw);
            }
            for relation in first.iter().flat_map(|_| foreign_key.down.iter().copied()) {
                self.change_field(first.unwrap_or(key), relation, &mut forget_list);
            }
        }
        let its: Vec<LinkChange> =
            self.links.iter().filter(|change| change.owner == key || change.target == key).copied().collect();
        for change in its {
            let Ok(Path::Link(link)) = change.relation.path() else { continue };
            let (partner, relations) = match change.owner == key {
                true => (change.target, &link.reverse),
                false => (change.owner, &link.same),
            };
            for relation in relations.iter().copied() {
                self.change_field(partner, relation, &mut |field| match change.added {
                    true => drop(field.remove_key(key.raw)),
                    false => forget_list(field),
                });
            }
        }
    }

    /// Lists of an object whose deletion is undone, of which somebody has left the session in the meantime, are not known any
    /// more.
    pub(super) fn forget_dead(&mut self, key: AnyKey, slot: u32) {
        for relation in self.any(key.table).mapper().all() {
            let keys = self.any(key.table).relation(slot, relation.index).map(|field| field.keys().to_vec());
            if let Some(keys) = keys.filter(|keys| !self.are_here(key, relation.index, keys)) {
                self.change_field(key, relation, &mut |field| {
                    if field.keys() == keys {
                        forget_list(field);
                    }
                });
            }
        }
    }

    /// Whether the objects that a list of this relationship names are all here.
    pub(super) fn are_here(&self, owner: AnyKey, relation: usize, keys: &[RawKey]) -> bool {
        let mut relations = self.any(owner.table).mapper().all();
        let target = relations.find(|other| other.index == relation).and_then(|found| self.known_id(found.target()));
        target.is_some_and(|table| keys.iter().all(|raw| self.slot_of(AnyKey { table, raw: *raw }).is_some()))
    }
}

/// A list becomes unknown; what the program has pushed or put in its place stays.
pub(super) fn forget_list(field: &mut dyn RelationField) {
    if field.is_assigned() {
        return;
    }
    let values = field.take_values();
    field.unload();
    if let Some(values) = values {
        field.share(&*values);
    }
}
