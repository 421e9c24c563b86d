//! Values of the program's own in relationships.

use aludel_core::{Fault, Value};

use super::{AnyKey, Arena, State, ValueRow};
use crate::key::RawKey;
use crate::mapper::Mapped;
use crate::new::New;

impl Arena {
    /// A value becomes an object: the one of its primary key if that is here, and otherwise a new one. So a copy of a graph can
    /// be changed and assigned.
    pub(crate) fn adopt<T: Mapped>(&mut self, new: New<T>) -> RawKey {
        if new.given.is_some() {
            return self.add(new).raw();
        }
        match self.find_same(&new.value) {
            Some(key) => {
                self.assign(key, new.value);
                key.raw
            }
            None => self.add(new).raw(),
        }
    }

    /// The object of a value's primary key.
    fn find_same<T: Mapped>(&self, value: &T) -> Option<AnyKey> {
        let id = self.known_id(T::mapper())?;
        let table = self.any(id);
        let identity: Vec<Value> = T::mapper().primary_key().iter().map(|at| value.column_value(*at)).collect();
        let slot = table.find(&identity).filter(|slot| table.state(*slot) == State::Persistent)?;
        self.any_key(id, slot)
    }

    /// Sets an object's columns to a value's, unless it was changed already: then the value is an older copy, as where a graph
    /// came back to an object. What the value has in its relationships is taken over.
    fn assign<T: Mapped>(&mut self, key: AnyKey, mut value: T) {
        let is_changed = self.slot_of(key).is_some_and(|slot| !self.any(key.table).changes(slot).is_empty());
        let Some(object) = self.table_mut::<T>().get_mut(key.raw) else { return };
        if !is_changed {
            for column in 0..T::WIDTH {
                let cell = [value.column_value(column)];
                // It comes from such a column.
                let _: Result<(), Fault> = object.set_column(column, &ValueRow(&cell), 0);
            }
        }
        for relation in T::mapper().all() {
            let taken = value.relation_mut(relation.index).and_then(|field| field.take_values());
            if let (Some(taken), Some(field)) = (taken, object.relation_mut(relation.index)) {
                field.share(&*taken);
            }
        }
        self.any_mut(key.table).note_values(key.raw.slot);
    }
}
