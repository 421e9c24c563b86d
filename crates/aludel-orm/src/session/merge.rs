//! Bringing objects from elsewhere in.

use std::future::Future;
use std::panic::Location;

use aludel_core::{Result, Value};

use super::Session;
use crate::arena::{State, ValueRow};
use crate::key::Key;
use crate::mapper::Mapped;

impl Session {
    /// Brings the state of an object from elsewhere in: onto the object of the same primary key, which is read if it is not
    /// here, or as a new object if there is no such row. Its relationships are taken over if it has values there.
    ///
    /// # Errors
    /// When the database can't be asked.
    #[track_caller]
    pub fn merge<T: Mapped>(&mut self, object: T) -> impl Future<Output = Result<Key<T>>> + Send {
        let at = Location::caller();
        async move {
            let mapper = T::mapper();
            let identity: Vec<Value> = mapper.primary_key().iter().map(|at| object.column_value(*at)).collect();
            let is_new = identity.iter().any(|value| matches!(value, Value::Null | Value::Int(0)));
            if is_new {
                return Ok(self.add(object));
            }
            self.recover(at).await?;
            // A stale one is read again, so that only what really differs is written.
            let found = match self.find_here::<T>(&identity) {
                Some(key) => Some(key),
                None => self.get_at::<T>(identity, None, at).await?,
            };
            match found {
                None => Ok(self.add(object)),
                Some(key) => {
                    self.merge_onto(key, object)?;
                    Ok(key)
                }
            }
        }
    }

    fn find_here<T: Mapped>(&self, identity: &[Value]) -> Option<Key<T>> {
        let id = self.arena.known_id(T::mapper())?;
        let table = self.arena.any(id);
        let slot = table.find(identity)?;
        let is_fresh = table.is_fresh(slot, self.arena.epoch()) || table.is_touched(slot);
        (table.state(slot) == State::Persistent && is_fresh).then(|| table.key(slot).map(Key::new)).flatten()
    }

    fn merge_onto<T: Mapped>(&mut self, key: Key<T>, mut object: T) -> Result<()> {
        let mapper = T::mapper();
        let into = self.try_get_mut(key)?;
        for column in 0..mapper.columns().len() {
            let value = [object.column_value(column)];
            into.set_column(column, &ValueRow(&value), 0)
                .map_err(|fault| crate::error::column(mapper, column, fault))?;
        }
        for relation in mapper.all().filter(|relation| relation.cascade.merge && !relation.view_only) {
            let has_values = object.relation(relation.index).is_some_and(|field| field.has_values());
            if !has_values {
                continue;
            }
            if let (Some(from), Some(into)) = (object.relation_mut(relation.index), into.relation_mut(relation.index))
                && let Some(values) = from.take_values()
            {
                into.share(&*values);
            }
        }
        Ok(())
    }
}
