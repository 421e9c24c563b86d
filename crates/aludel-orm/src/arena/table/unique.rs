//! Objects by a unique key that is not the primary one: what foreign keys to such a key are followed by.

use aludel_core::Value;
use hashbrown::HashMap;

use super::Table;
use crate::arena::identity::{KeyBytes, bytes};
use crate::mapper::Mapped;

/// Slots by the values that the database has in some columns.
pub(super) struct Unique {
    columns: Vec<usize>,
    slots: HashMap<KeyBytes, u32, foldhash::fast::RandomState>,
}

impl<T: Mapped> Table<T> {
    pub(super) fn begin_unique(&mut self, columns: &[usize]) {
        if self.uniques.iter().any(|unique| unique.columns == columns) {
            return;
        }
        self.uniques.push(Unique { columns: columns.to_vec(), slots: HashMap::default() });
        for slot in 0..self.len {
            self.enlist(slot);
        }
    }

    /// The object as the database has it.
    fn persisted(&self, slot: u32) -> Option<&T> {
        self.first(slot).or_else(|| self.value(slot))
    }

    /// Makes an object findable.
    #[inline]
    pub(super) fn enlist(&mut self, slot: u32) {
        if !self.uniques.is_empty() {
            self.change_uniques(slot, true);
        }
    }

    /// Forgets where an object is, before it changes or goes.
    #[inline]
    pub(super) fn delist(&mut self, slot: u32) {
        if !self.uniques.is_empty() {
            self.change_uniques(slot, false);
        }
    }

    fn change_uniques(&mut self, slot: u32, is_there: bool) {
        let mut uniques = std::mem::take(&mut self.uniques);
        if let Some(value) = self.persisted(slot) {
            for unique in &mut uniques {
                let key = values_of(value, &unique.columns);
                if key.iter().any(Value::is_null) {
                    continue;
                }
                if is_there {
                    unique.slots.insert(bytes(&key), slot);
                } else if unique.slots.get(bytes(&key).as_slice()) == Some(&slot) {
                    unique.slots.remove(bytes(&key).as_slice());
                }
            }
        }
        self.uniques = uniques;
    }

    pub(super) fn find_unique(&self, columns: &[usize], key: &[Value]) -> Option<u32> {
        let is_it = |slot: u32| self.persisted(slot).is_some_and(|value| values_of(value, columns) == key);
        match self.uniques.iter().find(|unique| unique.columns == columns) {
            Some(unique) => unique.slots.get(bytes(key).as_slice()).copied().filter(|slot| is_it(*slot)),
            None => (0..self.len).find(|slot| is_it(*slot)),
        }
    }
}

fn values_of<T: Mapped>(value: &T, columns: &[usize]) -> Vec<Value> {
    columns.iter().map(|column| aludel_sql::NewRow::<T>::column_value(value, *column)).collect()
}
