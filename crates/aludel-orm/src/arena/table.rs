//! The objects of one entity.

mod dynamic;
mod feed;
mod unique;

use std::num::NonZeroU32;

use aludel_core::{Fault, RowRef, Value};
use aludel_sql::ColumnSet;
use hashbrown::HashMap;
use smallvec::SmallVec;

use super::identity::Identity;
use super::loading::How;
use super::slot::{EXPIRED, HAS_VALUES, PARTIAL, RETOUCHED, Slot, State};
use crate::inheritance::KIND;
use crate::key::RawKey;
use crate::mapper::Mapped;
use crate::new::New;
use crate::relation::{Relation, RelationKind};

pub(crate) use feed::ValueFeed;
use unique::Unique;

/// Copies that are kept for their memory.
const SPARE: usize = 1024;

/// Objects in one page, but for the first, which grows.
const PAGE: usize = 512;
const SHIFT: u32 = PAGE.trailing_zeros();

/// Columns by their places, and values of them.
type ColumnValues = SmallVec<[(usize, Value); 2]>;

/// The objects of one entity.
pub(crate) struct Table<T: Mapped> {
    pages: Vec<Vec<Slot<T>>>,
    len: u32,
    base: u32,
    free: Vec<u32>,
    identity: Identity,
    pending: Vec<u32>,
    /// First copies of changed objects, with their slots; `None` where one was taken out.
    firsts: Vec<(u32, Option<T>)>,
    doomed: Vec<u32>,
    /// New objects that may hold values in their relationships.
    with_values: Vec<u32>,
    /// Changed objects as they were read again, which take the place of what is there when its changes are given up.
    overwritten: Vec<(u32, T)>,
    /// The columns of foreign keys.
    foreign: Vec<usize>,
    /// Objects whose foreign keys another program has changed, with what those were.
    moved: Vec<(u32, ColumnValues)>,
    /// New objects of builders as they were before a program has changed them.
    drafts: HashMap<u32, T, foldhash::fast::RandomState>,
    /// Which columns builders have given.
    givens: Vec<ColumnSet>,
    missing: HashMap<u32, ColumnSet, foldhash::fast::RandomState>,
    /// Objects that were read since they were last asked for, if anybody wants to know.
    loaded: Option<Vec<RawKey>>,
    /// Copies of flushed changes, for a rollback.
    undo: Vec<T>,
    /// Copies that are not needed any more: the next ones are made in their memory.
    spare: Vec<T>,
    /// Objects by unique keys that foreign keys refer to.
    uniques: Vec<Unique>,
    /// An object whose lists are known to be empty, since this epoch: new objects share them.
    empty: Option<(u32, T)>,
}

impl<T: Mapped> Table<T> {
    pub(crate) fn boxed() -> Box<dyn super::AnyTable> {
        Box::new(Self::new())
    }

    fn new() -> Self {
        let mapper = T::mapper();
        Self {
            pages: Vec::new(),
            len: 0,
            base: 0,
            free: Vec::new(),
            identity: Identity::new(mapper.columns(), mapper.primary_key()),
            pending: Vec::new(),
            firsts: Vec::new(),
            doomed: Vec::new(),
            with_values: Vec::new(),
            overwritten: Vec::new(),
            foreign: mapper.foreign_columns(),
            moved: Vec::new(),
            drafts: HashMap::default(),
            givens: Vec::new(),
            missing: HashMap::default(),
            loaded: None,
            undo: Vec::new(),
            spare: Vec::new(),
            uniques: Vec::new(),
            empty: None,
        }
    }

    #[inline]
    fn slot(&self, slot: u32) -> Option<&Slot<T>> {
        self.pages.get((slot >> SHIFT) as usize)?.get(slot as usize & (PAGE - 1))
    }

    #[inline]
    fn slot_mut(&mut self, slot: u32) -> Option<&mut Slot<T>> {
        find_mut(&mut self.pages, slot)
    }

    /// The object, if the key is good.
    #[inline]
    pub(crate) fn get(&self, key: RawKey) -> Option<&T> {
        let slot = self.slot(key.slot)?;
        if slot.tag != key.tag.get() {
            return None;
        }
        slot.value.as_ref()
    }

    /// The object, to be changed; its first copy is kept.
    #[inline]
    pub(crate) fn get_mut(&mut self, key: RawKey) -> Option<&mut T> {
        let found = self.slot(key.slot)?;
        if found.tag != key.tag.get() {
            return None;
        }
        if found.state != State::Persistent || found.note == 0 {
            if found.state == State::Pending && found.note != 0 && !self.drafts.contains_key(&key.slot) {
                let draft = found.value.as_ref()?.snapshot();
                self.drafts.insert(key.slot, draft);
            }
            self.touch_slot(key.slot);
        }
        self.slot_mut(key.slot)?.value.as_mut()
    }

    fn value(&self, slot: u32) -> Option<&T> {
        self.slot(slot)?.value.as_ref()
    }

    fn first(&self, slot: u32) -> Option<&T> {
        let note = self.slot(slot).filter(|slot| slot.state != State::Pending)?.note;
        self.firsts.get((note as usize).checked_sub(1)?)?.1.as_ref()
    }

    /// The object as it was before it was changed.
    pub(crate) fn first_of(&self, slot: u32) -> Option<&T> {
        self.first(slot)
    }

    /// Two objects, to be changed together; they were touched before.
    pub(crate) fn two(&mut self, first: u32, second: u32) -> Option<(&mut T, &mut T)> {
        let place = |slot: u32| ((slot >> SHIFT) as usize, slot as usize & (PAGE - 1));
        let ((page, at), (other_page, other_at)) = (place(first), place(second));
        let [one, other] = match page == other_page {
            true => self.pages.get_mut(page)?.get_disjoint_mut([at, other_at]).ok()?,
            false => {
                let [page, other_page] = self.pages.get_disjoint_mut([page, other_page]).ok()?;
                [page.get_mut(at)?, other_page.get_mut(other_at)?]
            }
        };
        Some((one.value.as_mut()?, other.value.as_mut()?))
    }

    /// Takes an object out for the time of a call; [`give_back`](Self::give_back) puts it back.
    pub(crate) fn lend(&mut self, key: RawKey) -> Option<T> {
        self.slot_mut(key.slot).filter(|slot| slot.tag == key.tag.get())?.value.take()
    }

    pub(crate) fn give_back(&mut self, key: RawKey, value: T) {
        if let Some(slot) = self.slot_mut(key.slot) {
            slot.value = Some(value);
        }
    }

    pub(crate) fn raw(&self, slot: u32) -> Option<RawKey> {
        let tag = NonZeroU32::new(self.slot(slot).filter(|slot| slot.value.is_some())?.tag)?;
        Some(RawKey { slot, tag })
    }

    /// Keeps the first copy of an object.
    fn touch_slot(&mut self, slot: u32) {
        let number = u32::try_from(self.firsts.len() + 1).unwrap_or(u32::MAX);
        let is_wanted = self.slot(slot).is_some_and(|found| found.state != State::Pending && found.note == 0);
        let spare = if is_wanted { self.spare.pop() } else { None };
        let Some(found) = self.slot_mut(slot) else { return };
        if found.state == State::Pending {
            found.flags |= RETOUCHED;
            if T::mapper().has_relations() && found.flags & HAS_VALUES == 0 {
                found.flags |= HAS_VALUES;
                self.with_values.push(slot);
            }
            return;
        }
        if found.note != 0 {
            return;
        }
        let Some(value) = &found.value else { return };
        let copy = copy(value, spare);
        found.note = number;
        self.firsts.push((slot, Some(copy)));
    }

    /// If there is a first copy, the last place of the list has one: an empty list says that nothing was changed.
    fn trim_firsts(&mut self) {
        while self.firsts.last().is_some_and(|(_, first)| first.is_none()) {
            self.firsts.pop();
        }
    }

    /// Adds a new object.
    pub(crate) fn add(&mut self, new: New<T>) -> RawKey {
        let note = new.given.map_or(0, |given| self.intern(given));
        let key = self.occupy(new.value, State::Pending, 0, note);
        self.pending.push(key.slot);
        key
    }

    /// The number of a set of given columns, from 1.
    fn intern(&mut self, given: ColumnSet) -> u32 {
        // Builders of one program give few different sets, and mostly the last one again.
        let at = self.givens.iter().rposition(|known| *known == given).unwrap_or_else(|| {
            self.givens.push(given);
            self.givens.len() - 1
        });
        u32::try_from(at + 1).unwrap_or(u32::MAX)
    }

    /// Puts an object that was read into a free slot.
    fn occupy_loaded(&mut self, value: T, epoch: u32) -> RawKey {
        let key = self.occupy(value, State::Persistent, epoch, 0);
        if let Some(loaded) = &mut self.loaded {
            loaded.push(key);
        }
        key
    }

    /// Puts an object into a free slot.
    fn occupy(&mut self, value: T, state: State, epoch: u32, note: u32) -> RawKey {
        if let Some(number) = self.free.pop()
            && let Some(slot) = self.slot_mut(number)
        {
            // A removed object's keys have the tag before this one.
            let tag = NonZeroU32::new(slot.tag).unwrap_or(NonZeroU32::MIN);
            *slot = Slot { value: Some(value), tag: tag.get(), epoch, note, state, flags: 0 };
            return RawKey { slot: number, tag };
        }
        let number = self.len;
        self.len += 1;
        let page = (number >> SHIFT) as usize;
        if page == self.pages.len() {
            self.pages.push(if page == 0 { Vec::new() } else { Vec::with_capacity(PAGE) });
        }
        let tag = NonZeroU32::new(self.base).unwrap_or(NonZeroU32::MIN);
        self.pages[page].push(Slot { value: Some(value), tag: tag.get(), epoch, note, state, flags: 0 });
        RawKey { slot: number, tag }
    }

    /// Reads an object: into the slot of its identity, or a new one. A fresh one is not even read.
    #[inline]
    pub(crate) fn load_row(&mut self, row: &dyn RowRef, start: usize, how: &How, epoch: u32) -> Result<RawKey, Fault> {
        if let Identity::Integers(integers) = &self.identity
            && let [column] = *T::mapper().primary_key()
            && let Some(at) = how.place(start, column)
        {
            let id = row.int(at).map_err(|fault| fault.at(at))?;
            if let Some(slot) = integers.find(id) {
                if let Some(key) = self.is_up_to_date(slot, how, epoch) {
                    return Ok(key);
                }
                let value = how.read::<T>(row, start)?;
                return Ok(self.overwrite(slot, value, how, epoch));
            }
            let value = how.read::<T>(row, start)?;
            let key = self.occupy_loaded(value, epoch);
            if let Identity::Integers(integers) = &mut self.identity {
                integers.set(id, key.slot + 1);
            }
            self.enlist(key.slot);
            self.note_partial(key.slot, how);
            return Ok(key);
        }
        let value = how.read::<T>(row, start)?;
        Ok(self.adopt(value, how, epoch))
    }

    /// Takes over an object that was read elsewhere.
    pub(crate) fn adopt(&mut self, value: T, how: &How, epoch: u32) -> RawKey {
        let identity = identity_of(&value);
        if let Some(slot) = self.identity.find(&identity) {
            return match self.is_up_to_date(slot, how, epoch) {
                Some(key) => key,
                None => self.overwrite(slot, value, how, epoch),
            };
        }
        let key = self.occupy_loaded(value, epoch);
        self.identity.insert(&identity, key.slot);
        self.enlist(key.slot);
        self.note_partial(key.slot, how);
        key
    }

    /// The key of an object that need not be read again, or must not because it was changed.
    #[inline]
    fn is_up_to_date(&self, number: u32, how: &How, epoch: u32) -> Option<RawKey> {
        let slot = self.slot(number)?;
        let is_kept = if how.populate {
            false
        } else if slot.note != 0 || slot.state != State::Persistent {
            true
        } else {
            slot.epoch == epoch && slot.flags & (PARTIAL | EXPIRED) == 0
        };
        is_kept.then(|| NonZeroU32::new(slot.tag).map(|tag| RawKey { slot: number, tag })).flatten()
    }

    /// Puts the database's columns in place of those that are there; relationships stay.
    fn overwrite(&mut self, number: u32, value: T, how: &How, epoch: u32) -> RawKey {
        let before = self.foreign_values(number);
        let key = self.put_over(number, value, how, epoch);
        let is_other = |(column, was): &(usize, Value)| {
            self.value(number).is_some_and(|value| aludel_sql::NewRow::<T>::column_value(value, *column) != *was)
        };
        if before.iter().any(is_other) {
            self.moved.push((number, before));
        }
        key
    }

    /// What an object's foreign keys are, as far as they were loaded.
    fn foreign_values(&self, number: u32) -> SmallVec<[(usize, Value); 2]> {
        let Some(value) = self.value(number).filter(|_| !self.foreign.is_empty()) else { return SmallVec::new() };
        let missing = self.missing.get(&number);
        let is_there = |column: &usize| missing.is_none_or(|missing| !missing.has(*column));
        let with_value = |column: usize| (column, aludel_sql::NewRow::<T>::column_value(value, column));
        self.foreign.iter().copied().filter(is_there).map(with_value).collect()
    }

    fn put_over(&mut self, number: u32, mut value: T, how: &How, epoch: u32) -> RawKey {
        if how.populate && how.places.is_none() && self.first(number).is_some() {
            // Its changes have to be given up first, in lists too.
            if let Some(key) = self.raw(number) {
                self.overwritten.push((number, value));
                return key;
            }
        }
        self.delist(number);
        if how.places.is_some() {
            let key = self.overwrite_some(number, &value, how);
            self.enlist(number);
            return key;
        }
        if let Some(note) = self.slot(number).map(|slot| slot.note as usize)
            && let Some(first) = note.checked_sub(1).and_then(|at| self.firsts.get_mut(at))
        {
            first.1 = None;
            self.trim_firsts();
        }
        let mut tag = 1;
        if let Some(slot) = self.slot_mut(number) {
            if let Some(old) = &mut slot.value {
                value.swap_relations(old);
                *old = value;
            }
            slot.epoch = epoch;
            slot.note = 0;
            slot.flags &= !(PARTIAL | EXPIRED);
            tag = slot.tag;
        }
        self.missing.remove(&number);
        self.enlist(number);
        RawKey { slot: number, tag: NonZeroU32::new(tag).unwrap_or(NonZeroU32::MIN) }
    }

    /// As [`overwrite`](Self::overwrite), of those columns alone that the row has. The others stay what they are: changed,
    /// stale, or not loaded.
    fn overwrite_some(&mut self, number: u32, value: &T, how: &How) -> RawKey {
        let Some(slot) = find_mut(&mut self.pages, number) else {
            return RawKey { slot: number, tag: NonZeroU32::MIN };
        };
        let first = (slot.note as usize).checked_sub(1).and_then(|at| self.firsts.get_mut(at)?.1.as_mut());
        for object in slot.value.as_mut().into_iter().chain(first) {
            for column in (0..T::WIDTH).filter(|column| !how.is_absent(*column)) {
                let cell = [aludel_sql::NewRow::<T>::column_value(value, column)];
                let _: Result<(), Fault> = object.set_column(column, &super::ValueRow(&cell), 0);
            }
        }
        let key = RawKey { slot: number, tag: NonZeroU32::new(slot.tag).unwrap_or(NonZeroU32::MIN) };
        if let Some(missing) = self.missing.get(&number) {
            let still = missing.iter().filter(|column| how.is_absent(*column));
            let still = still.fold(ColumnSet::default(), ColumnSet::with);
            self.mark_missing(number, still);
        }
        key
    }

    fn note_partial(&mut self, number: u32, how: &How) {
        if how.places.is_some() {
            self.mark_missing(number, how.absent());
        }
    }

    fn mark_missing(&mut self, number: u32, missing: ColumnSet) {
        let Some(slot) = self.slot_mut(number) else { return };
        if missing.is_empty() {
            slot.flags &= !PARTIAL;
            self.missing.remove(&number);
        } else {
            slot.flags |= PARTIAL;
            self.missing.insert(number, missing);
        }
    }
}

#[inline]
fn find_mut<T>(pages: &mut [Vec<Slot<T>>], slot: u32) -> Option<&mut Slot<T>> {
    pages.get_mut((slot >> SHIFT) as usize)?.get_mut(slot as usize & (PAGE - 1))
}

/// The columns of an object, and its lists as they are, shared until one of the two changes them.
fn copy<T: Mapped>(value: &T, spare: Option<T>) -> T {
    let mut copy = match spare {
        None => value.snapshot(),
        Some(mut spare) => {
            spare.snapshot_from(value);
            spare
        }
    };
    for relation in T::mapper().all() {
        if let (Some(into), Some(from)) = (copy.relation_mut(relation.index), value.relation(relation.index)) {
            into.share(from);
        }
    }
    copy
}

/// A copy whose lists are known to be empty.
fn without_any<T: Mapped>(value: &T, epoch: u32) -> T {
    let mut copy = value.snapshot();
    let is_known = |relation: &&'static Relation| {
        relation.kind() != RelationKind::BelongsTo && !relation.view_only && relation.index < KIND
    };
    for relation in T::mapper().all().filter(is_known) {
        if let Some(field) = copy.relation_mut(relation.index) {
            field.set_keys(Vec::new(), epoch);
        }
    }
    copy
}

fn identity_of<T: Mapped>(value: &T) -> Vec<Value> {
    T::mapper().primary_key().iter().map(|column| aludel_sql::NewRow::<T>::column_value(value, *column)).collect()
}
