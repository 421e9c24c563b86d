//! Lists whose order is kept in a column.

use std::panic::Location;

use aludel_core::{Result, Value};

use crate::key::RawKey;
use crate::relation::Relation;
use crate::session::Session;

impl Session {
    /// Sets the positions of ordered lists, where they are not what they should be. A list that something was linked to has to
    /// be known for that.
    pub(crate) async fn number_positions(&mut self, at: &'static Location<'static>) -> Result<()> {
        for id in 0..self.arena.table_count() {
            for relation in self.arena.any(id).mapper().all() {
                let Some(position) = relation.position else { continue };
                let target = self.arena.target_id(relation);
                if !self.arena.any(target).has_changes() {
                    continue;
                }
                let unknown = self.unknown_lists(id, relation)?;
                if !unknown.is_empty() {
                    self.load_relation(relation, &unknown, at).await?;
                }
                self.number_lists(id, relation, position().index())?;
            }
        }
        Ok(())
    }

    /// The owners of whose list no more than a part is known, and that something was linked to.
    fn unknown_lists(&mut self, id: u32, relation: &'static Relation) -> Result<Vec<RawKey>> {
        let Some(key) = relation.foreign_key()? else { return Ok(Vec::new()) };
        let owners = self.arena.placed_at(key, id);
        let is_unknown = |owner: &RawKey| {
            let field =
                self.arena.any(id).slot_of(*owner).and_then(|slot| self.arena.any(id).relation(slot, relation.index));
            field.is_some_and(|field| field.epoch() == 0)
        };
        Ok(owners.into_iter().filter(is_unknown).collect())
    }

    fn number_lists(&mut self, id: u32, relation: &'static Relation, position: usize) -> Result<()> {
        let target = self.arena.target_id(relation);
        for slot in self.arena.any(id).slots() {
            let Some(field) = self.arena.any(id).relation(slot, relation.index) else { continue };
            // Of a part the places are not known.
            let keys = if field.epoch() == 0 { Vec::new() } else { field.keys().to_vec() };
            for (at, key) in (0_i64..).zip(keys) {
                let Some(child) = self.arena.any(target).slot_of(key) else { continue };
                if self.arena.any(target).column(child, position) == Value::Int(at) {
                    continue;
                }
                self.arena.any_mut(target).touch(child);
                self.arena.set_columns(target, child, &[position], &[Value::Int(at)])?;
            }
        }
        Ok(())
    }
}
