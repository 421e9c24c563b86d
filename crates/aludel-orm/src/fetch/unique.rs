//! Keys and rows, each once.

use std::any::TypeId;
use std::hash::Hash;

use aludel_core::{Fault, RowRef, Value};
use hashbrown::HashSet;

use crate::arena::{Hows, KeyBytes, key_bytes};
use crate::key::RawKey;
use crate::load::JoinedNode;
use crate::session_row::SessionRow;

/// The keys, each once, in the order in which they come first; or pairs of them.
pub(crate) fn distinct<K: Copy + Eq + Hash>(keys: impl IntoIterator<Item = K>) -> Vec<K> {
    let mut seen = HashSet::<K, foldhash::fast::RandomState>::default();
    keys.into_iter().filter(|key| seen.insert(*key)).collect()
}

/// For each row the entity's first object in it; none where an outer join found nobody.
pub(crate) fn first_keys<R: SessionRow>(rows: &[R::Loaded], entity: TypeId) -> Vec<Option<RawKey>> {
    let mut keys = Vec::with_capacity(2);
    let first = |row| {
        keys.clear();
        R::entity_keys(row, entity, &mut keys);
        keys.first().copied()
    };
    rows.iter().map(first).collect()
}

/// Whether rows have to be told apart by their cells: those of one entity are told apart by their objects.
pub(crate) fn needs_prints<R: SessionRow>(nodes: &[JoinedNode]) -> bool {
    nodes.iter().any(|node| node.relation.may_repeat())
        && nodes.first().is_some_and(|first| (first.relation.owner().type_id)() != TypeId::of::<R>())
}

/// A row's own cells, without those of joined relationships.
pub(crate) fn print<R: SessionRow>(row: &dyn RowRef, hows: &Hows) -> Result<KeyBytes, Fault> {
    let cells: Vec<Value> = (0..R::width(hows)).map(|at| row.value(at)).collect::<Result<_, Fault>>()?;
    Ok(key_bytes(&cells))
}

/// The rows that a joined collection has repeated, each once: by their prints, or by the entity's objects.
pub(crate) fn unique_rows<R: SessionRow>(
    rows: Vec<R::Loaded>,
    prints: Vec<KeyBytes>,
    entity: TypeId,
) -> Vec<R::Loaded> {
    if !prints.is_empty() {
        let mut seen = HashSet::<KeyBytes, foldhash::fast::RandomState>::default();
        return rows.into_iter().zip(prints).filter_map(|(row, print)| seen.insert(print).then_some(row)).collect();
    }
    let mut seen = HashSet::<Vec<RawKey>, foldhash::fast::RandomState>::default();
    let mut is_first = |row: &R::Loaded| {
        let mut keys = Vec::with_capacity(1);
        R::entity_keys(row, entity, &mut keys);
        keys.is_empty() || seen.insert(keys)
    };
    rows.into_iter().filter(|row| is_first(row)).collect()
}
