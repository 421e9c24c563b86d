//! Keys and rows, each once.

use std::any::TypeId;

use hashbrown::HashSet;

use crate::key::RawKey;
use crate::session_row::SessionRow;

/// The keys, each once, in the order in which they come first.
pub(crate) fn distinct(keys: impl IntoIterator<Item = RawKey>) -> Vec<RawKey> {
    let mut seen = HashSet::<RawKey, foldhash::fast::RandomState>::default();
    keys.into_iter().filter(|key| seen.insert(*key)).collect()
}

/// The rows of an entity, each once.
pub(crate) fn unique_rows<R: SessionRow>(rows: Vec<R::Loaded>, entity: TypeId) -> Vec<R::Loaded> {
    let mut seen = HashSet::<Vec<RawKey>, foldhash::fast::RandomState>::default();
    let is_first = |row: &R::Loaded| {
        let mut keys = Vec::with_capacity(1);
        R::entity_keys(row, entity, &mut keys);
        keys.is_empty() || seen.insert(keys)
    };
    let mut is_first = is_first;
    rows.into_iter().filter(|row| is_first(row)).collect()
}
