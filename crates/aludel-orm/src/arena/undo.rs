//! What a rollback undoes.

use super::{AnyKey, Arena, State};
use crate::key::RawKey;

/// One thing to undo. A rollback undoes them from the last to the first; savepoints are marks in the list.
#[derive(Debug)]
pub(crate) enum Undo {
    /// An object was added.
    Added(AnyKey),
    /// An object's changes were written; its first copy is the last of its table's undo list.
    Changed(AnyKey),
    /// An object is to be deleted.
    Doomed(AnyKey),
    /// An object's row was deleted.
    Gone(AnyKey),
    /// A key was put into a list, or taken out of it.
    List { owner: AnyKey, relation: usize, at: usize, key: RawKey, added: bool },
    /// A list was loaded anew.
    Loaded { owner: AnyKey, relation: usize, before: Option<Vec<RawKey>> },
}

/// Entries whose memory is kept from one transaction to the next.
const LOG: usize = 1024;

/// A place in the undo list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(usize);

impl Mark {
    /// Before everything.
    pub(crate) const START: Self = Self(0);
}

impl Arena {
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.log.len())
    }

    /// What has happened since a mark.
    pub(crate) fn since(&self, mark: Mark) -> &[Undo] {
        self.log.get(mark.0..).unwrap_or(&[])
    }

    /// Whether something has happened that a rollback would undo.
    pub(crate) fn has_history(&self) -> bool {
        !self.log.is_empty() || self.has_changes()
    }

    /// Undoes everything since the mark, and what was not flushed. Everything is stale then, since the database may have
    /// changed in other ways too.
    pub(crate) fn roll_back(&mut self, to: Mark) {
        for id in 0..self.table_count() {
            self.any_mut(id).undo_touched();
        }
        self.parents.clear();
        self.placed.clear();
        self.links.clear();
        self.displaced.clear();
        self.orphans.clear();
        self.along.clear();
        self.dropped.clear();
        while self.log.len() > to.0 {
            if let Some(entry) = self.log.pop() {
                self.undo(entry);
            }
        }
        self.expire_all();
    }

    fn undo(&mut self, entry: Undo) {
        match entry {
            Undo::Added(key) => {
                if let Some(slot) = self.slot_of(key) {
                    self.purge(key);
                    self.any_mut(key.table).remove(slot);
                }
            }
            Undo::Changed(key) => self.any_mut(key.table).undo_change(key.raw),
            Undo::Doomed(key) => {
                if let Some(slot) = self.slot_of(key) {
                    let table = self.any_mut(key.table);
                    table.set_state(slot, State::Persistent);
                    table.doomed_mut().retain(|other| *other != slot);
                    self.forget_dead(key, slot);
                }
            }
            Undo::Gone(key) => {
                if let Some(slot) = self.slot_of(key) {
                    let table = self.any_mut(key.table);
                    table.set_state(slot, State::Doomed);
                    table.register(slot);
                }
            }
            Undo::List { owner, relation, at, key, added } => {
                // Where somebody has left the session in the meantime, the list is not known any more.
                let is_here = added || self.are_here(owner, relation, &[key]);
                if let Some(field) = self.field_mut(owner, relation) {
                    match (added, is_here) {
                        (true, _) => drop(field.remove_key(key)),
                        (false, true) => drop(field.insert_key(key, Some(at))),
                        (false, false) => field.unload(),
                    }
                }
            }
            Undo::Loaded { owner, relation, before } => {
                let before = before.filter(|keys| self.are_here(owner, relation, keys));
                if let Some(field) = self.field_mut(owner, relation) {
                    match before {
                        Some(keys) => field.set_keys(keys, 0),
                        None => field.unload(),
                    }
                }
            }
        }
    }

    /// The transaction is over: nothing can be undone any more, and what was deleted leaves the session.
    pub(crate) fn commit(&mut self) {
        let mut log = std::mem::take(&mut self.log);
        for entry in &log {
            if let Undo::Gone(key) = entry
                && let Some(slot) = self.slot_of(*key)
                && self.any(key.table).state(slot) == State::Gone
            {
                self.any_mut(key.table).remove(slot);
            }
        }
        for id in 0..self.table_count() {
            self.any_mut(id).forget_undo();
        }
        // The list keeps its memory, as far as most transactions need it.
        log.clear();
        log.shrink_to(LOG);
        self.log = log;
    }
}
