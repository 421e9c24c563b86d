//! Telling listeners what becomes of objects.

use std::sync::Arc;

use super::Session;
use crate::arena::{AnyKey, Mark, State, Undo};
use crate::events::StateChange;
use crate::flush::{Plan, Step};

impl Session {
    /// Tells listeners of one object.
    pub(crate) fn tell(&mut self, key: AnyKey, change: StateChange) {
        if self.events.hears_states() {
            let events = Arc::clone(&self.events);
            events.fire_state(self, key, change);
        }
    }

    /// Whether loads are to be noted from here on.
    pub(crate) fn watch_loads(&mut self) {
        if self.events.hears_states() {
            self.arena.watch();
        }
    }

    /// Tells listeners what was loaded since the last call.
    pub(crate) fn tell_loaded(&mut self) {
        if !self.events.hears_states() {
            return;
        }
        let events = Arc::clone(&self.events);
        for key in self.arena.take_loaded() {
            events.fire_state(self, key, StateChange::Loaded);
        }
    }

    /// Tells listeners what a flush has inserted and deleted.
    pub(crate) fn tell_flushed(&mut self, plan: &Plan) {
        if !self.events.hears_states() {
            return;
        }
        let events = Arc::clone(&self.events);
        for step in plan.steps() {
            let (table, slots, change) = match step {
                Step::Insert { table, slots, .. } | Step::Replace { table, slots, .. } => {
                    (*table, slots, StateChange::Inserted)
                }
                Step::Delete { table, slots, .. } => (*table, slots, StateChange::Deleted),
                _ => continue,
            };
            for slot in slots {
                if let Some(raw) = self.arena.any(table).key(*slot) {
                    events.fire_state(self, AnyKey { table, raw }, change);
                }
            }
        }
    }

    /// What a rollback to the mark will do to objects: those whose addition it undoes, and those whose deletion.
    pub(crate) fn states_before(&self, to: Mark) -> Vec<(AnyKey, StateChange)> {
        if !self.events.hears_states() {
            return Vec::new();
        }
        let change = |entry: &Undo| match entry {
            Undo::Added(key) if self.arena.slot_of(*key).is_some() => Some((*key, StateChange::Undone)),
            Undo::Doomed(key) => Some((*key, StateChange::Restored)),
            _ => None,
        };
        self.arena.since(to).iter().filter_map(change).collect()
    }

    /// The objects that a commit lets go.
    pub(crate) fn deleted_keys(&self) -> Vec<(AnyKey, StateChange)> {
        if !self.events.hears_states() {
            return Vec::new();
        }
        let is_gone = |key: &AnyKey| {
            self.arena.slot_of(*key).is_some_and(|slot| self.arena.any(key.table).state(slot) == State::Gone)
        };
        let gone = self.arena.since(Mark::START).iter().filter_map(|entry| match entry {
            Undo::Gone(key) => Some(*key),
            _ => None,
        });
        gone.filter(is_gone).map(|key| (key, StateChange::Detached)).collect()
    }

    /// Tells listeners of several objects.
    pub(crate) fn tell_all(&mut self, changes: Vec<(AnyKey, StateChange)>) {
        let events = Arc::clone(&self.events);
        for (key, change) in changes {
            events.fire_state(self, key, change);
        }
    }
}
