//! What is deleted along with something else, as the next flush finds it: orphans, and what cascades.
//!
//! It is found anew by each flush. Until one has succeeded, an object can still be given another parent and stays.

use hashbrown::HashSet;

use super::{AnyKey, Arena, State};

impl Arena {
    /// An object is deleted along.
    pub(crate) fn doom_along(&mut self, key: AnyKey) {
        let Some(slot) = self.slot_of(key) else { return };
        match self.any(key.table).state(slot) {
            State::Pending => {
                if !self.dropped.insert(key) {
                    return;
                }
                self.follow_children(key);
                for child in self.cascaded(key) {
                    self.doom_along(child);
                }
                for (child, foreign_key) in self.waiting_for(key) {
                    if !self.dropped.contains(&child) {
                        // What would not fit is told when it is written.
                        let _: aludel_core::Result<()> = self.detach(foreign_key, child);
                    }
                }
            }
            State::Persistent => {
                self.doom(key);
                self.along.insert(key);
            }
            _ => {}
        }
    }

    /// New objects that are not to be inserted are no longer pending.
    pub(crate) fn set_aside(&mut self) {
        if self.dropped.is_empty() {
            return;
        }
        for id in 0..self.table_count() {
            let is_kept = |slot: &u32| self.any_key(id, *slot).is_none_or(|key| !self.dropped.contains(&key));
            let kept: Vec<u32> = self.any(id).pending().iter().copied().filter(is_kept).collect();
            self.any_mut(id).set_pending(kept);
        }
    }

    /// New objects that were set aside are looked at again.
    pub(crate) fn reconsider(&mut self) {
        let mut keys: Vec<AnyKey> = std::mem::take(&mut self.dropped).into_iter().collect();
        keys.sort_unstable();
        for same in keys.chunk_by(|one, other| one.table == other.table) {
            let Some(id) = same.first().map(|key| key.table) else { continue };
            let mut pending = self.any(id).pending().to_vec();
            let known: HashSet<u32, foldhash::fast::RandomState> = pending.iter().copied().collect();
            let slots = same.iter().filter_map(|key| self.slot_of(*key));
            pending.extend(slots.filter(|slot| !known.contains(slot)));
            self.any_mut(id).set_pending(pending);
        }
    }

    /// An object that was to be deleted along is given a parent, and stays.
    pub(super) fn revive(&mut self, key: AnyKey) {
        if !self.along.is_empty()
            && self.along.remove(&key)
            && let Some(slot) = self.slot_of(key).filter(|slot| self.any(key.table).state(*slot) == State::Doomed)
        {
            let table = self.any_mut(key.table);
            table.set_state(slot, State::Persistent);
            table.doomed_mut().retain(|other| *other != slot);
        }
    }

    /// The flush is done: new objects that were not inserted leave.
    pub(crate) fn drop_aside(&mut self) {
        for key in std::mem::take(&mut self.dropped) {
            self.drop_pending(key);
        }
        self.along.clear();
    }
}
