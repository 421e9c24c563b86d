//! The objects of one entity, seen without their type: what the unit of work and the loaders go by.

use std::any::Any;

use aludel_core::{Fault, Result, RowRef, Value};
use aludel_engine::driver::RowFeed;
use aludel_sql::ColumnSet;

use super::compare::Comparison;
use super::loading::{Decoded, How};
use super::slot::State;
use crate::field::RelationField;
use crate::key::RawKey;
use crate::mapper::Mapper;

/// The objects of one entity, seen without their type.
///
/// Methods that take a slot are for slots that hold an object; of one that does not, they tell nothing.
pub(crate) trait AnyTable: Any + Send + Sync {
    /// What the tags begin at.
    fn begin(&mut self, base: u32);
    fn mapper(&self) -> &'static Mapper;
    fn as_any_mut(&mut self) -> &mut dyn Any;

    /// The slots that hold objects of the session.
    fn slots(&self) -> Vec<u32>;
    fn state(&self, slot: u32) -> State;
    fn set_state(&mut self, slot: u32, state: State);
    /// The slot of a key, if it is good.
    fn slot_of(&self, key: RawKey) -> Option<u32>;
    fn key(&self, slot: u32) -> Option<RawKey>;
    fn is_fresh(&self, slot: u32, epoch: u32) -> bool;
    /// Makes one object stale.
    fn expire(&mut self, slot: u32);

    fn column(&self, slot: u32, column: usize) -> Value;
    /// The column as it was before the object was changed.
    fn first_column(&self, slot: u32, column: usize) -> Value;
    fn set_column(&mut self, slot: u32, column: usize, row: &dyn RowRef, at: usize) -> Result<(), Fault>;
    /// The primary key's values.
    fn identity(&self, slot: u32) -> Vec<Value>;
    /// The primary key as the database has it, though it may have been changed.
    fn first_identity(&self, slot: u32) -> Vec<Value>;
    fn find(&self, key: &[Value]) -> Option<u32>;
    /// A column of many objects, if all of it are integers or NULL.
    fn integers(&self, keys: &[RawKey], column: usize) -> Option<Vec<Option<i64>>>;
    /// The objects with these primary keys.
    fn find_integers(&self, keys: &[Option<i64>]) -> Vec<Option<RawKey>>;
    /// As [`find`](Self::find), by a unique key that is not the primary one.
    fn find_by(&self, columns: &[usize], key: &[Value]) -> Option<u32>;
    /// Keeps objects findable by a unique key.
    fn keep_unique(&mut self, columns: &[usize]);
    fn register(&mut self, slot: u32);
    fn unregister(&mut self, slot: u32);
    /// Which columns a new object gives.
    fn given(&self, slot: u32) -> ColumnSet;
    /// The columns that were not loaded.
    fn missing(&self, slot: u32) -> ColumnSet;
    fn set_missing(&mut self, slot: u32, missing: ColumnSet);

    /// Keeps the first copy of an object that is about to be changed.
    fn touch(&mut self, slot: u32);
    fn is_touched(&self, slot: u32) -> bool;
    /// Which columns differ from the first copy.
    fn changes(&self, slot: u32) -> ColumnSet {
        self.changes_by(slot, &mut Comparison::default())
    }
    /// As [`changes`](Self::changes), for many objects with the memory of one comparison.
    fn changes_by(&self, slot: u32, comparison: &mut Comparison) -> ColumnSet;
    /// Slots that were added and not flushed, in that order.
    fn pending(&self) -> &[u32];
    fn set_pending(&mut self, slots: Vec<u32>);
    /// Slots that were changed and not flushed, in that order.
    fn touched(&self) -> Vec<u32>;
    /// Of those the ones with relationship fields that are not as they were.
    fn with_changed_relations(&self) -> Vec<u32>;
    /// Slots that the next flush deletes, in that order.
    fn doomed(&self) -> &[u32];
    fn doomed_mut(&mut self) -> &mut Vec<u32>;
    /// New objects that may hold values in their relationships; they are told once.
    fn take_with_values(&mut self) -> Vec<u32>;
    /// Whether a flush has something to do here.
    fn has_changes(&self) -> bool;
    /// Notes that an object may have values in its relationships.
    fn note_values(&mut self, slot: u32);
    /// Of a new object: where it has no values, nobody refers to it, since it has no row yet.
    fn begin_relations(&mut self, slot: u32, epoch: u32);

    fn relation(&self, slot: u32, index: usize) -> Option<&dyn RelationField>;
    fn relation_mut(&mut self, slot: u32, index: usize) -> Option<&mut dyn RelationField>;
    fn first_relation(&self, slot: u32, index: usize) -> Option<&dyn RelationField>;
    fn first_relation_mut(&mut self, slot: u32, index: usize) -> Option<&mut dyn RelationField>;
    /// Puts a relationship's list of the first copy back; false if it is not known there.
    fn restore_relation(&mut self, slot: u32, index: usize) -> bool;
    /// Changes what is known of a relationship, in the object and in its first copy: it is no change of the object's.
    fn change_relation(&mut self, slot: u32, index: usize, change: &mut dyn FnMut(&mut dyn RelationField));
    /// Changed objects that were read again.
    fn overwritten(&self) -> Vec<u32>;
    /// Objects whose foreign keys were found to be others, with what each column was; they are told once.
    fn take_moved(&mut self) -> Vec<(u32, Vec<(usize, Value)>)>;
    /// What was read again takes the place of what is there.
    fn read_over(&mut self, epoch: u32);
    /// Reads an object from the columns that begin at `start`: into the slot of its identity, or a new one.
    fn load(&mut self, row: &dyn RowRef, start: usize, how: &How, epoch: u32) -> Result<Option<RawKey>, Fault>;
    /// Notes from here on which objects are read.
    fn watch(&mut self);
    /// The objects that were read since the last call.
    fn take_loaded(&mut self) -> Vec<RawKey>;
    /// A place where objects are read on another thread, to be taken over.
    fn decoder(&self) -> Box<dyn Decoded>;

    /// The objects in these slots as the rows of a statement.
    fn feed<'a>(&'a self, slots: &'a [u32]) -> Box<dyn RowFeed + 'a>;
    /// Takes keys that the database made, in the slots' order, and makes the objects persistent.
    fn take_keys(&mut self, slots: &[u32], column: usize, keys: &[i64], epoch: u32) -> Result<(), Fault>;

    /// For each of these new objects, which columns a builder gave.
    fn notes(&self, slots: &[u32]) -> Vec<u32>;
    /// Makes objects persistent that were inserted.
    fn inserted(&mut self, slots: &[u32], epoch: u32);
    /// Makes objects new again whose insertion came to nothing; `generated` is the column of a key that the database made.
    fn not_inserted(&mut self, slots: &[u32], notes: &[u32], generated: Option<usize>);
    /// Checks the values of some columns of an object by the entity's validators.
    fn validate(&self, slot: u32, columns: &ColumnSet) -> Result<()>;
    /// The object was changed in the database: the first copy goes to the undo list. True if there was one.
    fn settle_changes(&mut self, slot: u32, epoch: u32) -> bool;
    /// As [`settle_changes`](Self::settle_changes) for many objects; tells which had a first copy.
    fn settle_all(&mut self, slots: &[u32], epoch: u32, settled: &mut Vec<RawKey>);
    /// Throws the first copy away.
    fn forget_changes(&mut self, slot: u32);
    /// Forgets the list of first copies, none of which is left.
    fn forget_touched(&mut self);
    /// Puts the last copy of the undo list back.
    fn undo_change(&mut self, key: RawKey);
    /// Puts first copies back.
    fn undo_touched(&mut self);
    /// Puts the columns of the first copy of one object back; its lists stay.
    fn restore_first(&mut self, slot: u32);
    /// Forgets the undo list.
    fn forget_undo(&mut self);
    /// Removes the object from the session; its key is no good any more.
    fn remove(&mut self, slot: u32) -> Option<Box<dyn Any + Send>>;
}
