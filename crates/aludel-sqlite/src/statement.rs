//! The statements that a connection keeps prepared.

use aludel_engine::driver::Slot;

use crate::ffi::Statement;

/// A slab of prepared statements: found by a note of where they were, else by number; bounded, the least recently used
/// goes first.
#[derive(Debug)]
pub(crate) struct Statements {
    entries: Vec<Entry>,
    capacity: usize,
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    /// The compiled statement's number; 0 for an entry that is free.
    number: u64,
    /// None while the statement runs, or when the entry is free.
    statement: Option<Statement>,
    used: u64,
}

impl Statements {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: Vec::new(), capacity: capacity.max(1), clock: 0 }
    }

    /// Takes the statement with this number out, for a run. It is given back by [`put`](Self::put).
    #[inline]
    pub(crate) fn take(&mut self, number: u64, hint: Slot) -> Option<(Slot, Statement)> {
        self.clock += 1;
        let index = match self.entries.get(hint.0 as usize) {
            Some(entry) if entry.number == number => hint.0 as usize,
            _ => self.entries.iter().position(|entry| entry.number == number)?,
        };
        let entry = self.entries.get_mut(index)?;
        entry.used = self.clock;
        let Some(statement) = entry.statement.take() else {
            // A panic in the program's own code has taken it along.
            entry.number = 0;
            return None;
        };
        Some((slot(index), statement))
    }

    /// Gives a statement back.
    #[inline]
    pub(crate) fn put(&mut self, at: Slot, statement: Statement) {
        if let Some(entry) = self.entries.get_mut(at.0 as usize) {
            entry.statement = Some(statement);
        }
    }

    /// Makes an entry for a statement that is about to run; it is filled by [`put`](Self::put).
    pub(crate) fn reserve(&mut self, number: u64) -> Slot {
        self.clock += 1;
        let entry = Entry { number, statement: None, used: self.clock };
        let free = self.entries.iter().position(|entry| entry.number == 0);
        let index = match free {
            Some(index) => index,
            None if self.entries.len() < self.capacity => {
                self.entries.push(entry);
                return slot(self.entries.len() - 1);
            }
            // A statement that runs is not in its entry, and is never the one that goes.
            None => {
                let idle = self.entries.iter().enumerate().filter(|(_, entry)| entry.statement.is_some());
                match idle.min_by_key(|(_, entry)| entry.used) {
                    Some((index, _)) => index,
                    None => return Slot::EMPTY,
                }
            }
        };
        self.entries[index] = entry;
        slot(index)
    }

    /// Frees an entry whose statement is not given back.
    pub(crate) fn release(&mut self, at: Slot) {
        if let Some(entry) = self.entries.get_mut(at.0 as usize) {
            *entry = Entry { number: 0, statement: None, used: 0 };
        }
    }

    /// Lets the statement with this number go.
    pub(crate) fn forget(&mut self, number: u64) {
        if let Some(index) = self.entries.iter().position(|entry| entry.number == number && entry.statement.is_some()) {
            self.release(slot(index));
        }
    }

    /// Lets all statements go.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.iter().filter(|entry| entry.statement.is_some()).count()
    }
}

fn slot(index: usize) -> Slot {
    u32::try_from(index).map_or(Slot::EMPTY, Slot)
}
