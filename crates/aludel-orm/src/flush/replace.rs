//! New rows in the place of deleted ones that have the same key. Such a row is changed: the key can't be there twice, and what
//! refers to the row may go on to do so.

use aludel_core::Value;
use aludel_sql::ColumnSet;
use aludel_sql::schema::Generated;

use crate::arena::{Arena, State};
use crate::mapper::Mapper;

/// A new row, and the deleted one whose place it takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replaced {
    pub(super) new: u32,
    pub(super) old: u32,
    /// What is written.
    pub(super) columns: ColumnSet,
}

/// The new rows of a table that take the place of deleted ones.
pub(super) fn replaced(arena: &Arena, id: u32) -> Vec<Replaced> {
    let table = arena.any(id);
    let mapper = table.mapper();
    if table.pending().is_empty() || table.doomed().is_empty() || mapper.version.is_some() {
        return Vec::new();
    }
    let one = |new: &u32| {
        let identity = identity(arena, id, *new)?;
        let old = table.find(&identity).filter(|old| table.state(*old) == State::Doomed)?;
        Some(Replaced { new: *new, old, columns: columns(mapper, table.given(*new)) })
    };
    table.pending().iter().filter_map(one).collect()
}

/// The key that a new row will have, as far as it is known before it is inserted. None if it waits for another new row too.
fn identity(arena: &Arena, id: u32, slot: u32) -> Option<Vec<Value>> {
    let table = arena.any(id);
    let child = arena.any_key(id, slot).filter(|_| table.state(slot) == State::Pending)?;
    let mut known: Vec<(usize, Value)> = Vec::new();
    for key in arena.foreign_keys(id) {
        let Some(Some(parent)) = arena.parents.get(&(child, key.id)).copied() else { continue };
        let at = arena.slot_of(parent)?;
        if arena.any(parent.table).state(at) == State::Pending {
            return None;
        }
        let values = key.refers_to.iter().map(|column| arena.any(parent.table).column(at, *column));
        known.extend(key.columns.iter().copied().zip(values));
    }
    let given = table.given(slot);
    let value = |column: &usize| match known.iter().find(|(of, _)| of == column) {
        Some((_, value)) => Some(value.clone()),
        None => given.has(*column).then(|| table.column(slot, *column)),
    };
    table.mapper().primary_key().iter().map(value).collect()
}

/// What a row is changed in to be the new one: all but its key, and what the database makes.
fn columns(mapper: &'static Mapper, given: ColumnSet) -> ColumnSet {
    let primary = mapper.primary_key();
    let is_written = |(index, column): &(usize, &'static aludel_sql::schema::StaticColumn)| {
        let def = column.def();
        let is_made = def.server_default.is_some() || !matches!(def.generated, Generated::No);
        let is_computed = matches!(def.generated, Generated::Computed { .. });
        !primary.contains(index) && !is_computed && def.is_stored() && (given.has(*index) || !is_made)
    };
    let written = mapper.columns().iter().enumerate().filter(is_written);
    written.map(|(index, _)| index).fold(ColumnSet::default(), ColumnSet::with)
}
