//! Rows of kinds' tables that are known by their keys alone.
//!
//! The row of a kind has the key of its base. So it need not be read to be deleted: an object stands in for it of which
//! nothing but the key is loaded.

use aludel_core::Value;
use aludel_sql::ColumnSet;

use super::{AnyKey, Arena, How, State, Undo, ValueRow};
use crate::mapper::Mapper;
use crate::relation::{Relation, RelationKind};

impl Arena {
    /// Puts a stand-in for the row of an object's kind where it is not loaded. False if more than its key must be known.
    pub(crate) fn stand_in(&mut self, relation: &'static Relation, owner: AnyKey) -> bool {
        let is_there = self.field(owner, relation.index).is_some_and(|field| !field.keys().is_empty());
        if is_there {
            return true;
        }
        let Some(row) = self.kind_row(relation, owner) else { return false };
        let Some(field) = self.field_mut(owner, relation.index) else { return false };
        let before = field.is_loaded().then(Vec::new);
        field.set_keys(vec![row.raw], 0);
        self.log.push(Undo::Loaded { owner, relation: relation.index, before });
        true
    }

    /// The row that an object has in a kind's table, by its key.
    pub(crate) fn kind_row(&mut self, relation: &'static Relation, owner: AnyKey) -> Option<AnyKey> {
        let key = relation.foreign_key().ok()??;
        let target = relation.target();
        let slot = self.slot_of(owner)?;
        if self.any(owner.table).state(slot) == State::Pending {
            return None;
        }
        let value = |column: &usize| {
            let at = key.columns.iter().position(|other| other == column)?;
            Some(self.any(owner.table).first_column(slot, key.refers_to[at]))
        };
        let primary = target.primary_key();
        let values: Vec<Value> = primary.iter().map(value).collect::<Option<_>>()?;
        let table = self.target_id(relation);
        if let Some(slot) = self.any(table).find(&values) {
            return self.any_key(table, slot);
        }
        if !is_deleted_by_key(target) {
            return None;
        }
        let kept = primary.iter().fold(ColumnSet::default(), |set, column| set.with(*column));
        let place = |column: usize| primary.iter().position(|other| *other == column);
        let row: Vec<Value> = kept.iter().filter_map(|column| values.get(place(column)?).cloned()).collect();
        let (how, epoch) = (How::partial(target.columns().len(), kept), self.epoch());
        let raw = self.any_mut(table).load(&ValueRow(&row), 0, &how, epoch).ok()??;
        Some(AnyKey { table, raw })
    }

    /// Takes new rows of kinds back whose objects have become of another kind before the rows were written.
    pub(crate) fn leave_new_rows(&mut self) {
        let kinds = self.tables().flat_map(|(_, table)| table.mapper().kind_relations());
        let mut left = Vec::new();
        for relation in kinds {
            let (Some(table), Ok(Some(key))) = (self.known_id(relation.target()), relation.foreign_key()) else {
                continue;
            };
            let is_left = |row: &AnyKey| {
                let owner = self.parent(key, *row);
                owner.is_some_and(|owner| self.slot_of(owner).is_some() && self.field(owner, relation.index).is_none())
            };
            let new = self.any(table).pending().iter().filter(|slot| self.any(table).state(**slot) == State::Pending);
            left.extend(new.filter_map(|slot| self.any_key(table, *slot)).filter(is_left));
        }
        for row in left {
            self.doom(row);
        }
    }

    /// Objects that are of another kind now, and what their old kind had was never loaded.
    pub(crate) fn left_kinds(&self) -> Vec<(AnyKey, &'static Relation)> {
        let mut found = Vec::new();
        for (id, table) in self.tables().filter(|(_, table)| table.mapper().kind_column().is_some()) {
            for slot in table.touched() {
                let left = table.mapper().kind_relations().iter().filter(|relation| {
                    let had = table.first_relation(slot, relation.index);
                    had.is_some_and(|had| !had.is_loaded()) && table.relation(slot, relation.index).is_none()
                });
                found.extend(left.filter_map(|relation| Some((self.any_key(id, slot)?, relation))));
            }
        }
        found
    }
}

/// Whether nothing of a row but its key decides what is deleted along with it.
fn is_deleted_by_key(mapper: &'static Mapper) -> bool {
    let primary = mapper.primary_key();
    let goes_by_key = |relation: &'static Relation| match relation.kind {
        RelationKind::BelongsTo => !relation.cascade.delete,
        _ => relation.near().is_ok_and(|near| near.iter().all(|column| primary.contains(column))),
    };
    mapper.version.is_none() && mapper.kind_column().is_none() && mapper.all().all(goes_by_key)
}
