//! Objects that leave: deleted, gone by a statement, or taken back. They leave the lists of others with it.

use aludel_core::Result;

use super::{AnyKey, Arena, ForeignKeyId, State, Undo};
use crate::relation::{ForeignKey, LinkTable, Path, Relation, RelationKind};

impl Arena {
    /// An object that is deleted leaves the list of a partner.
    pub(crate) fn leave_partner(&mut self, link: &'static LinkTable, owner: AnyKey, partner: AnyKey) {
        for reverse in &link.reverse {
            self.take_from_list(partner, reverse, owner.raw);
        }
    }

    /// Takes an object out of the lists of its parents and partners.
    pub(crate) fn purge(&mut self, key: AnyKey) {
        // The lists of what is deleted can be read until the commit, its own too where it is linked with itself.
        for (owner, relation) in self.lists_with(key) {
            if owner != key && !self.is_going(owner) {
                self.take_from_list(owner, relation, key.raw);
            }
        }
    }

    /// The lists that may have an object: those of its parents and partners. Those of a deleted object can be read until the
    /// commit, and stay as they are.
    pub(super) fn lists_with(&self, key: AnyKey) -> Vec<(AnyKey, &'static Relation)> {
        let mut found = Vec::new();
        let Some(slot) = self.slot_of(key) else { return found };
        let mapper = self.any(key.table).mapper();
        for foreign_key in self.foreign_keys(key.table) {
            // A list that was loaded has those whose keys were set by hand already.
            let (listed, parent) = (self.listed_parent(foreign_key, key), self.parent(foreign_key, key));
            for parent in listed.into_iter().chain(parent.filter(|_| parent != listed)) {
                found.extend(foreign_key.down.iter().map(|relation| (parent, *relation)));
            }
        }
        for relation in mapper.all().filter(|relation| relation.kind == RelationKind::ManyToMany) {
            let Ok(Path::Link(link)) = relation.path() else { continue };
            let Some(table) = self.known_id(relation.target()) else { continue };
            let partners = self.any(key.table).relation(slot, relation.index).map(|field| field.keys().to_vec());
            for raw in partners.unwrap_or_default() {
                found.extend(link.reverse.iter().map(|reverse| (AnyKey { table, raw }, *reverse)));
            }
        }
        for relation in self.incoming(mapper).iter().copied() {
            // Partners of a relationship that only the other side has, or has loaded.
            let Ok(Path::Link(link)) = relation.path() else { continue };
            let is_known = |own: &&'static Relation| self.field(key, own.index).is_some_and(|field| field.is_loaded());
            let Some(owners) = self.known_id(relation.owner()) else { continue };
            let slots = match link.reverse.iter().any(is_known) {
                // Those that are to be deleted have left it, and keep their own lists.
                true => self.any(owners).doomed().to_vec(),
                false => self.any(owners).slots(),
            };
            let owners = slots.into_iter().filter_map(|slot| self.any_key(owners, slot));
            found.extend(owners.map(|owner| (owner, relation)));
        }
        found
    }

    /// Whether an object is deleted.
    pub(super) fn is_going(&self, key: AnyKey) -> bool {
        let slot = self.slot_of(key);
        slot.is_none_or(|slot| matches!(self.any(key.table).state(slot), State::Doomed | State::Gone))
    }

    /// Marks an object for deletion, or takes a new one back.
    pub(crate) fn doom(&mut self, key: AnyKey) {
        let Some(slot) = self.slot_of(key) else { return };
        match self.any(key.table).state(slot) {
            State::Pending => {
                self.follow_children(key);
                for child in self.cascaded(key) {
                    self.doom(child);
                }
                self.drop_pending(key);
            }
            // It was to go along, and goes by itself now.
            State::Doomed => {
                self.along.remove(&key);
            }
            State::Persistent => {
                self.purge(key);
                let table = self.any_mut(key.table);
                table.set_state(slot, State::Doomed);
                table.doomed_mut().push(slot);
                self.log.push(Undo::Doomed(key));
            }
            _ => {}
        }
    }

    /// An object's row was deleted by a statement.
    pub(crate) fn gone(&mut self, key: AnyKey) {
        let Some(slot) = self.slot_of(key) else { return };
        self.purge(key);
        self.log.push(Undo::Doomed(key));
        let epoch = self.epoch();
        let table = self.any_mut(key.table);
        let is_changed = table.settle_changes(slot, epoch);
        table.unregister(slot);
        table.set_state(slot, State::Gone);
        self.log.extend(is_changed.then_some(Undo::Changed(key)));
        self.log.push(Undo::Gone(key));
    }

    /// What is deleted with a new object that is taken back.
    pub(super) fn cascaded(&mut self, key: AnyKey) -> Vec<AnyKey> {
        let mut found = Vec::new();
        let mapper = self.any(key.table).mapper();
        for relation in mapper.all().filter(|relation| relation.cascade.delete && !relation.view_only) {
            let target = self.target_id(relation);
            let keys = self.field(key, relation.index).map(|field| field.keys().to_vec()).unwrap_or_default();
            found.extend(keys.into_iter().map(|raw| AnyKey { table: target, raw }));
        }
        found
    }

    /// The children that wait for the key of a new object.
    pub(super) fn waiting_for(&self, parent: AnyKey) -> Vec<(AnyKey, &'static ForeignKey)> {
        let mut found = Vec::new();
        if self.parents.is_empty() {
            return found;
        }
        for key in self.keys_to(parent.table) {
            let waits = |child: &AnyKey| self.parents.get(&(*child, key.id)) == Some(&Some(parent));
            // A new object's lists have all of them, unless the program has put something else there.
            let list = key.down.first().and_then(|down| self.field(parent, down.index));
            let list = list.filter(|list| list.is_loaded() && !list.is_assigned());
            match (list, self.known_id(key.child)) {
                (Some(list), Some(table)) => {
                    let children = list.keys().iter().map(|raw| AnyKey { table, raw: *raw });
                    found.extend(children.filter(waits).map(|child| (child, key)));
                }
                _ => {
                    let is_its = |((_, id), other): &(&(AnyKey, ForeignKeyId), &Option<AnyKey>)| {
                        *id == key.id && **other == Some(parent)
                    };
                    found.extend(self.parents.iter().filter(is_its).map(|((child, _), _)| (*child, key)));
                }
            }
        }
        found.sort_unstable_by_key(|(child, _)| *child);
        found
    }

    /// Takes a new object back.
    pub(crate) fn drop_pending(&mut self, key: AnyKey) {
        let Some(slot) = self.slot_of(key) else { return };
        for (child, foreign_key) in self.waiting_for(key) {
            // What would not fit is told at the flush.
            let _: Result<()> = self.detach(foreign_key, child);
        }
        self.purge(key);
        if !self.parents.is_empty() {
            for foreign_key in self.foreign_keys(key.table) {
                self.parents.remove(&(key, foreign_key.id));
            }
        }
        self.links.forget(key);
        self.dropped.remove(&key);
        self.any_mut(key.table).remove(slot);
    }
}
