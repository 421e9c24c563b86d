//! Parents whose keys have changed: the database has changed the foreign keys of their children along.

use aludel_core::{Result, Value};

use super::{AnyKey, Arena, State, Undo};
use crate::relation::{ForeignKey, RelationKind};

/// A key that the database has changed in the rows that refer to it, by `ON UPDATE CASCADE`.
#[derive(Debug)]
pub(crate) struct Renamed {
    key: &'static ForeignKey,
    before: Vec<Value>,
    after: Vec<Value>,
}

impl Arena {
    /// The keys of these rows that have changed, as long as their first copies are there.
    pub(crate) fn renamed(&self, table: u32, slots: &[u32]) -> Vec<Renamed> {
        let mut found = Vec::new();
        for key in self.keys_to(table).into_iter().filter(|key| key.cascades_updates) {
            for slot in slots.iter().copied() {
                let rows = self.any(table);
                let before: Vec<Value> = key.refers_to.iter().map(|column| rows.first_column(slot, *column)).collect();
                let after = self.values(table, slot, &key.refers_to);
                if before != after {
                    found.push(Renamed { key, before, after });
                }
            }
        }
        found
    }

    /// The children that are here have the new keys.
    pub(crate) fn rename_children(&mut self, renamed: Vec<Renamed>) -> Result<()> {
        let epoch = self.epoch();
        for Renamed { key, before, after } in renamed {
            let Some(id) = self.known_id(key.child) else { continue };
            for slot in self.any(id).slots() {
                let is_child =
                    self.any(id).state(slot) == State::Persistent && self.values(id, slot, &key.columns) == before;
                if !is_child {
                    continue;
                }
                let Some(raw) = self.any(id).key(slot) else { continue };
                self.any_mut(id).touch(slot);
                self.set_columns(id, slot, &key.columns, &after)?;
                if self.any_mut(id).settle_changes(slot, epoch) {
                    self.log.push(Undo::Changed(AnyKey { table: id, raw }));
                }
            }
        }
        Ok(())
    }

    /// The foreign keys that lead to a table, as far as some relationship goes over them.
    pub(super) fn keys_to(&self, table: u32) -> Vec<&'static ForeignKey> {
        let mapper = self.any(table).mapper();
        let down =
            mapper.all().filter(|relation| matches!(relation.kind, RelationKind::HasMany | RelationKind::HasOne));
        let up = self.incoming(mapper).iter().copied().filter(|relation| relation.kind == RelationKind::BelongsTo);
        let mut found: Vec<&'static ForeignKey> = Vec::new();
        for relation in down.chain(up) {
            if let Ok(Some(key)) = relation.foreign_key()
                && !found.iter().any(|known| known.id == key.id)
            {
                found.push(key);
            }
        }
        found
    }
}
