//! The objects of one entity, as [`AnyTable`] has them.

use std::any::Any;

use aludel_core::{Fault, Result, RowRef, Value};
use aludel_engine::driver::RowFeed;
use aludel_sql::ColumnSet;

use super::feed::Feed;
use super::{SPARE, Table, identity_of};
use crate::arena::ValueRow;
use crate::arena::any_table::AnyTable;
use crate::arena::compare::{Comparison, differ_plainly};
use crate::arena::identity::Identity;
use crate::arena::loading::{Decoded, How, Read};
use crate::arena::slot::{EXPIRED, HAS_VALUES, RETOUCHED, State};
use crate::field::RelationField;
use crate::key::RawKey;
use crate::mapper::{Mapped, Mapper};

impl<T: Mapped> AnyTable for Table<T> {
    fn begin(&mut self, base: u32) {
        self.base = base;
    }

    fn mapper(&self) -> &'static Mapper {
        T::mapper()
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn slots(&self) -> Vec<u32> {
        (0..self.len).filter(|slot| self.value(*slot).is_some()).collect()
    }

    fn state(&self, slot: u32) -> State {
        self.slot(slot).map_or(State::Free, |slot| slot.state)
    }

    fn set_state(&mut self, slot: u32, state: State) {
        if let Some(slot) = self.slot_mut(slot) {
            if slot.state == State::Pending {
                slot.note = 0;
            }
            slot.state = state;
        }
    }

    fn slot_of(&self, key: RawKey) -> Option<u32> {
        self.get(key).map(|_| key.slot)
    }

    fn key(&self, slot: u32) -> Option<RawKey> {
        self.raw(slot)
    }

    fn is_fresh(&self, slot: u32, epoch: u32) -> bool {
        self.slot(slot).is_some_and(|slot| slot.epoch == epoch && slot.flags & EXPIRED == 0)
    }

    fn expire(&mut self, slot: u32) {
        if let Some(slot) = self.slot_mut(slot) {
            slot.flags |= EXPIRED;
        }
    }

    fn column(&self, slot: u32, column: usize) -> Value {
        self.value(slot).map_or(Value::Null, |value| value.column_value(column))
    }

    fn first_column(&self, slot: u32, column: usize) -> Value {
        self.first(slot).or_else(|| self.value(slot)).map_or(Value::Null, |value| value.column_value(column))
    }

    fn set_column(&mut self, slot: u32, column: usize, row: &dyn RowRef, at: usize) -> Result<(), Fault> {
        match self.slot_mut(slot).and_then(|slot| slot.value.as_mut()) {
            Some(value) => value.set_column(column, row, at),
            None => Ok(()),
        }
    }

    fn identity(&self, slot: u32) -> Vec<Value> {
        self.value(slot).map(identity_of).unwrap_or_default()
    }

    fn first_identity(&self, slot: u32) -> Vec<Value> {
        self.first(slot).or_else(|| self.value(slot)).map(identity_of).unwrap_or_default()
    }

    fn integers(&self, keys: &[RawKey], column: usize) -> Option<Vec<Option<i64>>> {
        let integer = |key: &RawKey| match self.get(*key)?.column_value(column) {
            Value::Int(value) => Some(Some(value)),
            Value::Null => Some(None),
            _ => None,
        };
        keys.iter().map(integer).collect()
    }

    fn find_integers(&self, keys: &[Option<i64>]) -> Vec<Option<RawKey>> {
        let find = |key: &Option<i64>| match (key, &self.identity) {
            (Some(key), Identity::Integers(integers)) => self.raw(integers.find(*key)?),
            (Some(key), Identity::Others(_)) => self.raw(self.identity.find(&[Value::Int(*key)])?),
            (None, _) => None,
        };
        keys.iter().map(find).collect()
    }

    fn find(&self, key: &[Value]) -> Option<u32> {
        self.identity.find(key)
    }

    fn find_by(&self, columns: &[usize], key: &[Value]) -> Option<u32> {
        self.find_unique(columns, key)
    }

    fn keep_unique(&mut self, columns: &[usize]) {
        self.begin_unique(columns);
    }

    fn register(&mut self, slot: u32) {
        let identity = self.identity(slot);
        self.identity.insert(&identity, slot);
        self.enlist(slot);
    }

    fn unregister(&mut self, slot: u32) {
        self.delist(slot);
        for identity in [self.identity(slot), self.first_identity(slot)] {
            self.identity.remove(&identity, slot);
        }
    }

    fn given(&self, number: u32) -> ColumnSet {
        let Some(slot) = self.slot(number) else { return ColumnSet::default() };
        let Some(value) = &slot.value else { return ColumnSet::default() };
        let Some(given) = (slot.note as usize).checked_sub(1).and_then(|at| self.givens.get(at)) else {
            return value.given();
        };
        if slot.flags & RETOUCHED == 0 {
            return *given;
        }
        // What was set after it was added: by the session, which what was left blank tells, or by the program.
        let draft = self.drafts.get(&number);
        let mut comparison = Comparison::default();
        let mut is_set = |index: &usize| {
            let is_blank = match value.column_value(*index) {
                Value::Null | Value::Int(0) | Value::Uint(0) | Value::Bool(false) => true,
                Value::Text(text) => text.is_empty(),
                _ => false,
            };
            given.has(*index) || !is_blank || draft.is_some_and(|draft| comparison.differs(value, draft, *index))
        };
        value.given().iter().filter(|index| is_set(index)).fold(ColumnSet::default(), ColumnSet::with)
    }

    fn missing(&self, slot: u32) -> ColumnSet {
        self.missing.get(&slot).copied().unwrap_or_default()
    }

    fn set_missing(&mut self, slot: u32, missing: ColumnSet) {
        self.mark_missing(slot, missing);
    }

    fn touch(&mut self, slot: u32) {
        self.touch_slot(slot);
    }

    fn is_touched(&self, slot: u32) -> bool {
        self.first(slot).is_some()
    }

    fn changes_by(&self, slot: u32, comparison: &mut Comparison) -> ColumnSet {
        let (Some(now), Some(first)) = (self.value(slot), self.first(slot)) else {
            return ColumnSet::default();
        };
        (0..T::WIDTH)
            .filter(|column| {
                let plainly = now
                    .column_any(*column)
                    .zip(first.column_any(*column))
                    .and_then(|(now, first)| differ_plainly(now, first));
                let differs = plainly.unwrap_or_else(|| comparison.differs(now, first, *column));
                differs && T::columns()[*column].def().is_stored()
            })
            .fold(ColumnSet::default(), ColumnSet::with)
    }

    fn with_changed_relations(&self) -> Vec<u32> {
        let is_changed = |(slot, first): &(u32, Option<T>)| {
            let (Some(first), Some(now)) = (first, self.value(*slot)) else { return false };
            T::mapper().all().any(|relation| match (now.relation(relation.index), first.relation(relation.index)) {
                (Some(now), Some(first)) => now.has_values() || !now.is_same(first),
                (now, first) => now.is_some() != first.is_some(),
            })
        };
        if !T::mapper().has_relations() {
            return Vec::new();
        }
        self.firsts.iter().filter(|first| is_changed(first)).map(|(slot, _)| *slot).collect()
    }

    fn pending(&self) -> &[u32] {
        &self.pending
    }

    fn set_pending(&mut self, slots: Vec<u32>) {
        if slots.is_empty() {
            self.drafts.clear();
        }
        self.pending = slots;
    }

    fn touched(&self) -> Vec<u32> {
        self.firsts.iter().filter(|(_, first)| first.is_some()).map(|(slot, _)| *slot).collect()
    }

    fn doomed(&self) -> &[u32] {
        &self.doomed
    }

    fn doomed_mut(&mut self) -> &mut Vec<u32> {
        &mut self.doomed
    }

    fn take_with_values(&mut self) -> Vec<u32> {
        let slots = std::mem::take(&mut self.with_values);
        for slot in &slots {
            if let Some(slot) = self.slot_mut(*slot) {
                slot.flags &= !HAS_VALUES;
            }
        }
        slots
    }

    fn has_changes(&self) -> bool {
        !self.pending.is_empty() || !self.firsts.is_empty() || !self.doomed.is_empty()
    }

    fn note_values(&mut self, number: u32) {
        let has_values = self.value(number).is_some_and(|value| {
            let mut fields = T::mapper().all().filter_map(|relation| value.relation(relation.index));
            fields.any(|field| field.has_values())
        });
        if has_values && let Some(slot) = self.slot_mut(number) {
            slot.flags |= HAS_VALUES;
            self.with_values.push(number);
        }
    }

    fn begin_relations(&mut self, number: u32, epoch: u32) {
        if self.empty.as_ref().is_none_or(|(at, _)| *at != epoch) {
            self.empty = self.value(number).map(|value| (epoch, super::without_any(value, epoch)));
        }
        let Self { pages, empty, .. } = self;
        let (Some(slot), Some((_, empty))) = (super::find_mut(pages, number), empty) else { return };
        let Some(value) = &mut slot.value else { return };
        for relation in T::mapper().all() {
            let Some(field) = value.relation_mut(relation.index).filter(|field| !field.has_values()) else { continue };
            if let Some(empty) = empty.relation(relation.index).filter(|empty| empty.is_loaded()) {
                field.share(empty);
            }
        }
    }

    fn relation(&self, slot: u32, index: usize) -> Option<&dyn RelationField> {
        self.value(slot)?.relation(index)
    }

    fn relation_mut(&mut self, slot: u32, index: usize) -> Option<&mut dyn RelationField> {
        self.slot_mut(slot)?.value.as_mut()?.relation_mut(index)
    }

    fn first_relation(&self, slot: u32, index: usize) -> Option<&dyn RelationField> {
        self.first(slot)?.relation(index)
    }

    fn restore_relation(&mut self, number: u32, index: usize) -> bool {
        let note = self.slot(number).filter(|slot| slot.state != State::Pending).map_or(0, |slot| slot.note) as usize;
        let Self { pages, firsts, .. } = self;
        let first = note.checked_sub(1).and_then(|at| firsts.get(at)?.1.as_ref()?.relation(index));
        let Some(first) = first.filter(|first| first.is_loaded()) else { return false };
        match super::find_mut(pages, number).and_then(|slot| slot.value.as_mut()?.relation_mut(index)) {
            Some(field) => field.share(first),
            None => return false,
        }
        true
    }

    fn first_relation_mut(&mut self, number: u32, index: usize) -> Option<&mut dyn RelationField> {
        let note = self.slot(number).filter(|slot| slot.state != State::Pending)?.note as usize;
        self.firsts.get_mut(note.checked_sub(1)?)?.1.as_mut()?.relation_mut(index)
    }

    fn change_relation(&mut self, number: u32, index: usize, change: &mut dyn FnMut(&mut dyn RelationField)) {
        let note = self.slot(number).filter(|slot| slot.state != State::Pending).map_or(0, |slot| slot.note) as usize;
        let Self { pages, firsts, .. } = self;
        let first = note.checked_sub(1).and_then(|at| firsts.get_mut(at)?.1.as_mut()?.relation_mut(index));
        let field = super::find_mut(pages, number).and_then(|slot| slot.value.as_mut()?.relation_mut(index));
        match (first, field) {
            (None, Some(field)) => change(field),
            (Some(first), Some(field)) if first.is_same(field) => {
                // A list that is shared is copied before it is changed.
                first.unload();
                change(field);
                first.share(field);
            }
            // The program has put a list of its own in its place.
            (Some(first), Some(field)) => {
                change(field);
                change(first);
            }
            (_, None) => {}
        }
    }

    fn take_moved(&mut self) -> Vec<(u32, Vec<(usize, Value)>)> {
        std::mem::take(&mut self.moved).into_iter().map(|(slot, values)| (slot, values.into_vec())).collect()
    }

    fn overwritten(&self) -> Vec<u32> {
        self.overwritten.iter().map(|(slot, _)| *slot).collect()
    }

    fn read_over(&mut self, epoch: u32) {
        let how = How { populate: true, ..How::default() };
        for (slot, value) in std::mem::take(&mut self.overwritten) {
            self.overwrite(slot, value, &how, epoch);
        }
    }

    fn load(&mut self, row: &dyn RowRef, start: usize, how: &How, epoch: u32) -> Result<Option<RawKey>, Fault> {
        let is_absent = match T::mapper().primary_key().first() {
            Some(key) => how.place(start, *key).is_some_and(|at| row.is_null(at)),
            None => false,
        };
        if is_absent { Ok(None) } else { self.load_row(row, start, how, epoch).map(Some) }
    }

    fn watch(&mut self) {
        self.loaded.get_or_insert_default();
    }

    fn take_loaded(&mut self) -> Vec<RawKey> {
        self.loaded.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn decoder(&self) -> Box<dyn Decoded> {
        Box::new(Read::<T>::default())
    }

    fn feed<'a>(&'a self, slots: &'a [u32]) -> Box<dyn RowFeed + 'a> {
        Box::new(Feed { table: self, slots })
    }

    fn take_keys(&mut self, slots: &[u32], column: usize, keys: &[i64], epoch: u32) -> Result<(), Fault> {
        for (number, key) in slots.iter().zip(keys) {
            let Some(slot) = self.slot_mut(*number) else { continue };
            if let Some(value) = &mut slot.value {
                value.set_column(column, &ValueRow(&[Value::Int(*key)]), 0)?;
            }
            slot.state = State::Persistent;
            slot.epoch = epoch;
            slot.note = 0;
            match &mut self.identity {
                Identity::Integers(integers) => {
                    integers.set(*key, *number + 1);
                    self.enlist(*number);
                }
                Identity::Others(_) => self.register(*number),
            }
        }
        Ok(())
    }

    fn notes(&self, slots: &[u32]) -> Vec<u32> {
        if self.givens.is_empty() {
            return Vec::new();
        }
        slots.iter().map(|slot| self.slot(*slot).map_or(0, |slot| slot.note)).collect()
    }

    fn inserted(&mut self, slots: &[u32], epoch: u32) {
        for number in slots {
            if let Some(slot) = self.slot_mut(*number) {
                slot.state = State::Persistent;
                slot.epoch = epoch;
                slot.note = 0;
            }
            self.register(*number);
        }
    }

    fn not_inserted(&mut self, slots: &[u32], notes: &[u32], generated: Option<usize>) {
        for (at, number) in slots.iter().enumerate() {
            self.unregister(*number);
            let Some(slot) = self.slot_mut(*number) else { continue };
            slot.state = State::Pending;
            slot.note = notes.get(at).copied().unwrap_or(0);
            if let (Some(column), Some(value)) = (generated, &mut slot.value) {
                // It had no number before, and can have none again.
                let _: Result<(), Fault> = value.set_column(column, &aludel_core::Blank, 0);
            }
        }
    }

    fn validate(&self, slot: u32, columns: &ColumnSet) -> Result<()> {
        let Some(value) = self.value(slot) else { return Ok(()) };
        for validator in T::mapper().validators.iter().filter(|validator| columns.has(validator.column)) {
            (validator.check)(value)
                .map_err(|message| crate::error::invalid(T::mapper(), validator.column, &message))?;
        }
        Ok(())
    }

    fn settle_changes(&mut self, number: u32, epoch: u32) -> bool {
        self.delist(number);
        let Some(slot) = self.slot_mut(number) else { return false };
        slot.epoch = epoch;
        let note = std::mem::take(&mut slot.note) as usize;
        let first = note.checked_sub(1).and_then(|at| self.firsts.get_mut(at)).and_then(|(_, first)| first.take());
        self.trim_firsts();
        self.enlist(number);
        let Some(first) = first else { return false };
        let is_other = |now: &T| {
            let mut key = T::mapper().primary_key().iter();
            key.any(|column| first.column_value(*column) != now.column_value(*column))
        };
        if self.value(number).is_some_and(is_other) {
            self.identity.remove(&identity_of(&first), number);
            let now = self.identity(number);
            self.identity.insert(&now, number);
        }
        self.undo.push(first);
        true
    }

    fn settle_all(&mut self, slots: &[u32], epoch: u32, settled: &mut Vec<RawKey>) {
        self.undo.reserve(slots.len());
        settled.reserve(slots.len());
        for slot in slots {
            if self.settle_changes(*slot, epoch) {
                settled.extend(self.raw(*slot));
            }
        }
    }

    fn forget_changes(&mut self, number: u32) {
        // Of a new object the note says something else.
        let found = self.slot_mut(number).filter(|slot| slot.state != State::Pending);
        let note = found.map_or(0, |slot| std::mem::take(&mut slot.note)) as usize;
        if let Some((_, first)) = note.checked_sub(1).and_then(|at| self.firsts.get_mut(at)) {
            *first = None;
        }
        self.trim_firsts();
    }

    fn forget_touched(&mut self) {
        self.firsts.clear();
    }

    fn undo_change(&mut self, key: RawKey) {
        let Some(mut first) = self.undo.pop() else { return };
        // One that has left the session in the meantime has left its place to another one.
        if self.get(key).is_none() {
            return;
        }
        self.delist(key.slot);
        let now = self.identity(key.slot);
        let before = identity_of(&first);
        if now != before {
            self.identity.remove(&now, key.slot);
            self.identity.insert(&before, key.slot);
        }
        if let Some(slot) = self.slot_mut(key.slot) {
            if let Some(value) = &mut slot.value {
                // What lists were is told by the undo list, entry by entry.
                first.swap_relations(value);
            }
            restore(&mut slot.value, first);
            slot.flags |= EXPIRED;
        }
        self.enlist(key.slot);
    }

    fn undo_touched(&mut self) {
        for (number, first) in std::mem::take(&mut self.firsts) {
            if let Some(first) = first
                && let Some(slot) = self.slot_mut(number)
            {
                slot.note = 0;
                restore(&mut slot.value, first);
            }
        }
    }

    fn restore_first(&mut self, number: u32) {
        let note = self.slot(number).filter(|slot| slot.state != State::Pending).map_or(0, |slot| slot.note) as usize;
        let first = note.checked_sub(1).and_then(|at| self.firsts.get_mut(at)).and_then(|(_, first)| first.take());
        if let (Some(mut first), Some(slot)) = (first, self.slot_mut(number)) {
            slot.note = 0;
            if let Some(value) = &mut slot.value {
                first.swap_relations(value);
            }
            restore(&mut slot.value, first);
        }
        self.trim_firsts();
    }

    fn forget_undo(&mut self) {
        let wanted = SPARE.saturating_sub(self.spare.len());
        for mut copy in self.undo.drain(..).take(wanted) {
            // A list that it shares with its object would be copied at the object's next change.
            for relation in T::mapper().all() {
                if let Some(field) = copy.relation_mut(relation.index) {
                    field.unload();
                }
            }
            self.spare.push(copy);
        }
        self.undo.clear();
        self.undo.shrink_to(SPARE);
    }

    fn remove(&mut self, number: u32) -> Option<Box<dyn Any + Send>> {
        self.unregister(number);
        self.forget_changes(number);
        self.missing.remove(&number);
        self.drafts.remove(&number);
        let slot = self.slot_mut(number)?;
        let value = slot.value.take()?;
        let was = slot.state;
        slot.state = State::Free;
        slot.note = 0;
        slot.flags = 0;
        slot.tag = slot.tag.checked_add(1).unwrap_or(1);
        match was {
            State::Pending => take_out(&mut self.pending, number),
            State::Doomed => take_out(&mut self.doomed, number),
            _ => {}
        }
        self.free.push(number);
        Some(Box::new(value))
    }
}

/// Takes a slot out of a list, which is mostly in order.
fn take_out(slots: &mut Vec<u32>, slot: u32) {
    match slots.binary_search(&slot) {
        Ok(at) => {
            slots.remove(at);
        }
        Err(_) => slots.retain(|other| *other != slot),
    }
}

/// Puts a first copy back. The lists of the copy are those from before the change.
fn restore<T: Mapped>(value: &mut Option<T>, first: T) {
    *value = Some(first);
}
