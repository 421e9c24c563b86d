//! A connection's own map of statements.

use std::sync::Arc;

use aludel_sql::{Compiled, Key, OwnedKey};
use hashbrown::HashTable;

use crate::driver::Slot;

/// Statements that a connection has met, with the driver's notes for them: bounded, the least recently used goes first.
pub(crate) struct LocalCache {
    index: HashTable<usize>,
    entries: Vec<Entry>,
    capacity: usize,
    clock: u64,
}

struct Entry {
    key: Arc<OwnedKey>,
    compiled: Arc<Compiled>,
    slot: Slot,
    used: u64,
}

impl LocalCache {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { index: HashTable::new(), entries: Vec::new(), capacity: capacity.max(1), clock: 0 }
    }

    /// Where a statement is.
    #[inline]
    pub(crate) fn position(&mut self, key: &Key<'_>) -> Option<usize> {
        let entries = &self.entries;
        let matches = |index: &usize| entries.get(*index).is_some_and(|entry| entry.key.matches(key));
        self.index.find(key.hash(), matches).copied()
    }

    /// The statement at a position that [`position`](Self::position) gave.
    #[inline]
    pub(crate) fn at(&mut self, index: usize) -> (&Arc<Compiled>, &mut Slot) {
        self.clock += 1;
        let entry = &mut self.entries[index];
        entry.used = self.clock;
        (&entry.compiled, &mut entry.slot)
    }

    /// Adds a statement that is not there. When the map is full another goes, whose number is told.
    pub(crate) fn insert(
        &mut self,
        key: Arc<OwnedKey>,
        compiled: Arc<Compiled>,
        forgotten: &mut Option<u64>,
    ) -> (&Arc<Compiled>, &mut Slot) {
        let hash = key.hash();
        let entry = Entry { key, compiled, slot: Slot::EMPTY, used: 0 };
        let position = if self.entries.len() < self.capacity {
            self.entries.push(entry);
            self.entries.len() - 1
        } else {
            let oldest =
                self.entries.iter().enumerate().min_by_key(|(_, entry)| entry.used).map_or(0, |(index, _)| index);
            let gone = std::mem::replace(&mut self.entries[oldest], entry);
            if let Ok(place) = self.index.find_entry(gone.key.hash(), |index| *index == oldest) {
                place.remove();
            }
            *forgotten = Some(gone.compiled.number);
            oldest
        };
        let entries = &self.entries;
        self.index.insert_unique(hash, position, |index| entries[*index].key.hash());
        self.at(position)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

impl std::fmt::Debug for LocalCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalCache").field("statements", &self.len()).field("capacity", &self.capacity).finish()
    }
}
