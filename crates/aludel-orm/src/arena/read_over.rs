//! Objects that are read over: by a statement of the program's own, or because their changes are given up.

use aludel_core::{Result, Value};
use aludel_sql::ColumnSet;

use super::{AnyKey, Arena, State, Undo};
use crate::field::RelationField;

impl Arena {
    /// Changes of objects that were read again, to be overwritten, are given up.
    pub(crate) fn read_over(&mut self) -> Result<()> {
        for id in 0..self.table_count() {
            let slots = self.any(id).overwritten();
            if slots.is_empty() {
                continue;
            }
            for key in slots.into_iter().filter_map(|slot| self.any_key(id, slot)).collect::<Vec<_>>() {
                self.give_up(key, None)?;
            }
            let epoch = self.epoch();
            self.any_mut(id).read_over(epoch);
        }
        for id in 0..self.table_count() {
            for (slot, before) in self.any_mut(id).take_moved() {
                if let Some(key) = self.any_key(id, slot) {
                    self.follow_moved(key, &before);
                }
            }
        }
        Ok(())
    }

    /// An object that another program has given another parent changes lists.
    fn follow_moved(&mut self, child: AnyKey, before: &[(usize, Value)]) {
        let Some(slot) = self.slot_of(child) else { return };
        for key in self.foreign_keys(child.table) {
            let was = |column: &usize| {
                let found = before.iter().find(|(other, _)| other == column).map(|(_, value)| value.clone());
                found.unwrap_or_else(|| self.any(child.table).column(slot, *column))
            };
            let (was, now): (Vec<Value>, Vec<Value>) =
                (key.columns.iter().map(was).collect(), self.values(child.table, slot, &key.columns));
            if was == now {
                continue;
            }
            if let Some(parent) = self.find_parent(key, &was) {
                self.leave_lists(key, parent, child.raw);
            }
            let parent = self.find_parent(key, &now);
            if let Some(parent) = parent {
                self.join_parent(key, child, parent);
            }
            if parent.is_some() || now.iter().any(Value::is_null) {
                self.set_up(key, child, parent);
            } else {
                self.forget_up(key, child);
            }
        }
    }

    /// A statement has changed an object's row, which now has these values in its columns.
    pub(crate) fn take_row(&mut self, id: u32, slot: u32, row: &[Value]) -> Result<()> {
        let Some(key) = self.any_key(id, slot) else { return Ok(()) };
        let table = self.any_mut(id);
        if table.is_touched(slot) {
            // What was changed here is still to be written; the rest is read again when that is done.
            table.expire(slot);
            return Ok(());
        }
        if table.state(slot) != State::Persistent {
            return Ok(());
        }
        table.touch(slot);
        let columns: Vec<usize> = (0..row.len()).collect();
        self.set_columns(id, slot, &columns, row)?;
        let keys = self.foreign_keys(id);
        self.follow_foreign_keys(key, &keys);
        keys.iter().for_each(|foreign_key| {
            self.take_back(foreign_key, key);
        });
        let epoch = self.epoch();
        if self.any_mut(id).settle_changes(slot, epoch) {
            self.log.push(Undo::Changed(key));
        }
        Ok(())
    }

    /// A statement has changed a row that is no object here, but belongs in lists of some that are: they are not known any more.
    pub(crate) fn forget_lists_of(&mut self, id: u32, row: &[Value]) {
        for foreign_key in self.foreign_keys(id) {
            let values: Vec<Value> =
                foreign_key.columns.iter().map(|column| row.get(*column).cloned().unwrap_or(Value::Null)).collect();
            if let Some(parent) = self.find_parent(foreign_key, &values) {
                for relation in foreign_key.down.iter().copied() {
                    self.change_field(parent, relation, &mut super::let_go::forget_list);
                }
            }
        }
    }

    /// An object's changes are given up: all of them, or those of these columns, which are about to be read again. It goes back
    /// to the lists that it was in.
    pub(crate) fn give_up(&mut self, key: AnyKey, only: Option<ColumnSet>) -> Result<()> {
        let Some(slot) = self.slot_of(key).filter(|slot| self.any(key.table).is_touched(*slot)) else { return Ok(()) };
        for foreign_key in self.foreign_keys(key.table) {
            if only.is_some_and(|only| !foreign_key.columns.iter().any(|column| only.has(*column))) {
                continue;
            }
            let table = self.any(key.table);
            let first: Vec<Value> =
                foreign_key.columns.iter().map(|column| table.first_column(slot, *column)).collect();
            let after = self.find_parent(foreign_key, &first);
            let placed = self.take_back(foreign_key, key);
            let before = placed.unwrap_or(after);
            // As an orphan it was to be deleted.
            self.revive(key);
            self.parents.remove(&(key, foreign_key.id));
            self.set_columns(key.table, slot, &foreign_key.columns, &first)?;
            if placed.is_none() {
                continue;
            }
            if let Some(before) = before.filter(|_| before != after) {
                self.leave_lists(foreign_key, before, key.raw);
            }
            // One that is deleted all the same has left them.
            let is_here = self.any(key.table).state(slot) == State::Persistent;
            if let Some(after) = after.filter(|_| before != after && is_here) {
                self.join_parent(foreign_key, key, after);
            }
            if after.is_some() || first.iter().any(Value::is_null) {
                self.set_up(foreign_key, key, after);
            } else {
                self.forget_up(foreign_key, key);
            }
        }
        if only.is_some() {
            return Ok(());
        }
        self.orphans.retain(|(child, _)| *child != key);
        for relation in self.any(key.table).mapper().all() {
            // What was pushed or assigned and not flushed.
            if let Some(field) = self.field_mut(key, relation.index) {
                let _: Option<Box<dyn RelationField>> = field.take_values();
            }
        }
        self.any_mut(key.table).restore_first(slot);
        Ok(())
    }
}
