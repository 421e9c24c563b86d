//! Objects that are let go while their rows stay.

use std::any::Any;

use super::{AnyKey, Arena, State};
use crate::field::RelationField;
use crate::key::RawKey;

impl Arena {
    /// Removes an object that has a row. The lists that have it are not known any more, since its row is still there.
    pub(crate) fn let_go(&mut self, key: AnyKey) -> Option<Box<dyn Any + Send>> {
        let slot = self.slot_of(key)?;
        if self.any(key.table).state(slot) == State::Persistent {
            for (owner, relation) in self.lists_with(key) {
                self.change_field(owner, relation, &mut |field| forget_list(field, key.raw));
            }
        }
        for foreign_key in self.foreign_keys(key.table) {
            self.parents.remove(&(key, foreign_key.id));
            self.placed.remove(&(key, foreign_key.id));
        }
        self.links.forget(key);
        self.orphans.retain(|(child, _)| *child != key);
        self.any_mut(key.table).remove(slot)
    }

    /// Whether the objects that a list of this relationship names are all here.
    pub(super) fn are_here(&self, owner: AnyKey, relation: usize, keys: &[RawKey]) -> bool {
        let mut relations = self.any(owner.table).mapper().all();
        let target = relations.find(|other| other.index == relation).and_then(|found| self.known_id(found.target()));
        target.is_some_and(|table| keys.iter().all(|raw| self.slot_of(AnyKey { table, raw: *raw }).is_some()))
    }
}

/// A list that has the key becomes unknown; what the program has pushed stays.
fn forget_list(field: &mut dyn RelationField, key: RawKey) {
    if field.has_key(key) {
        let values = field.take_values();
        field.unload();
        if let Some(values) = values {
            field.share(&*values);
        }
    }
}
