//! The statements that a connection keeps prepared.

use aludel_engine::driver::Slot;

use crate::bind::Types;
use crate::column::Columns;

/// A slab of prepared statements: found by a note of where they were, else by number; bounded, the least recently used
/// goes first.
#[derive(Debug)]
pub(crate) struct Statements {
    entries: Vec<Prepared>,
    /// The statement that is run once and not kept.
    once: Prepared,
    capacity: usize,
    clock: u64,
}

/// A prepared statement.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    /// The compiled statement's number; 0 for an entry that is free.
    pub(crate) number: u64,
    /// The server's number for it.
    pub(crate) id: u32,
    /// The types of its parameters as they were last sent.
    pub(crate) types: Types,
    /// What its rows look like, as the last answer said.
    pub(crate) columns: Columns,
    pub(crate) used: u64,
}

/// Where a prepared statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Kept(usize),
    Once,
}

impl At {
    pub(crate) fn slot(self) -> Slot {
        match self {
            Self::Kept(index) => u32::try_from(index).map_or(Slot::EMPTY, Slot),
            Self::Once => Slot::EMPTY,
        }
    }
}

impl Statements {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: Vec::new(), once: Prepared::default(), capacity: capacity.max(1), clock: 0 }
    }

    /// Where the statement with this number is.
    #[inline]
    pub(crate) fn find(&mut self, number: u64, hint: Slot) -> Option<At> {
        self.clock += 1;
        let hinted = usize::try_from(hint.0).unwrap_or(usize::MAX);
        let index = match self.entries.get(hinted) {
            Some(entry) if entry.number == number => hinted,
            _ => self.entries.iter().position(|entry| entry.number == number)?,
        };
        let clock = self.clock;
        self.entries.get_mut(index)?.used = clock;
        Some(At::Kept(index))
    }

    #[inline]
    pub(crate) fn get(&mut self, at: At) -> &mut Prepared {
        match at {
            At::Kept(index) => self.entries.get_mut(index).unwrap_or(&mut self.once),
            At::Once => &mut self.once,
        }
    }

    /// Makes room for a statement. Gives its place, and the server's number of the one that has to go.
    pub(crate) fn add(&mut self, prepared: Prepared, keep: bool) -> (At, Option<u32>) {
        let prepared = Prepared { used: self.clock, ..prepared };
        if !keep {
            let old = std::mem::replace(&mut self.once, prepared);
            return (At::Once, Some(old.id).filter(|id| *id != 0));
        }
        if let Some(index) = self.entries.iter().position(|entry| entry.number == 0) {
            self.put(index, prepared);
            return (At::Kept(index), None);
        }
        if self.entries.len() < self.capacity {
            self.entries.push(prepared);
            return (At::Kept(self.entries.len() - 1), None);
        }
        let oldest = self.entries.iter().enumerate().min_by_key(|(_, entry)| entry.used).map(|(index, _)| index);
        match oldest {
            Some(index) => (At::Kept(index), self.put(index, prepared)),
            None => {
                self.once = prepared;
                (At::Once, None)
            }
        }
    }

    fn put(&mut self, index: usize, prepared: Prepared) -> Option<u32> {
        let entry = self.entries.get_mut(index)?;
        let old = std::mem::replace(entry, prepared);
        (old.number != 0).then_some(old.id)
    }

    /// Frees the entry of the statement with this number. Gives the server's number for it.
    pub(crate) fn forget(&mut self, number: u64) -> Option<u32> {
        let entry = self.entries.iter_mut().find(|entry| entry.number == number && number != 0)?;
        Some(std::mem::take(entry).id)
    }

    /// The server's number of the statement that is not kept, which has run.
    pub(crate) fn take_once(&mut self) -> Option<u32> {
        Some(std::mem::take(&mut self.once).id).filter(|id| *id != 0)
    }

    /// Frees all entries. Gives the server's numbers for their statements.
    pub(crate) fn clear(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.entries).iter().filter(|entry| entry.number != 0).map(|entry| entry.id).collect()
    }

    /// Nobody knows what types of parameters the server knows.
    #[cold]
    pub(crate) fn forget_types(&mut self) {
        for entry in &mut self.entries {
            entry.types.is_sent = false;
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.iter().filter(|entry| entry.number != 0).count()
    }
}
