//! What a flush has done so far, so that it can be undone.

use aludel_core::Value;

use crate::arena::{AnyKey, Arena, ValueRow};

/// What is under way. It is noted before anything is waited for, so that a dropped future leaves nothing half-done.
#[derive(Debug)]
pub(crate) enum Work {
    Flush(Box<FlushWork>),
    Commit,
}

/// What a flush has done to the objects.
#[derive(Debug, Default)]
pub(crate) struct FlushWork {
    /// Whether it stands in a savepoint of its own.
    pub(crate) has_level: bool,
    /// Columns that were set, with what they were before.
    pub(crate) assigned: Vec<(AnyKey, usize, Value)>,
    pub(crate) inserted: Vec<Inserted>,
    /// Deleted objects whose rows are those of new ones now.
    pub(crate) replaced: Vec<(u32, u32)>,
}

/// Objects that were inserted.
#[derive(Debug)]
pub(crate) struct Inserted {
    pub(crate) table: u32,
    pub(crate) slots: Vec<u32>,
    pub(crate) notes: Vec<u32>,
    /// The column of the key that the database made.
    pub(crate) generated: Option<usize>,
}

impl FlushWork {
    /// Puts the objects back as they were before the flush.
    pub(crate) fn undo(self, arena: &mut Arena) {
        for Inserted { table, slots, notes, generated } in self.inserted {
            arena.any_mut(table).not_inserted(&slots, &notes, generated);
        }
        for (table, old) in self.replaced {
            arena.any_mut(table).register(old);
        }
        for (key, column, value) in self.assigned.into_iter().rev() {
            if let Some(slot) = arena.slot_of(key) {
                // It was this value before, so it fits.
                let _: Result<(), _> = arena.any_mut(key.table).set_column(slot, column, &ValueRow(&[value]), 0);
            }
        }
    }
}
