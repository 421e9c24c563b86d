//! Bringing objects from elsewhere in.

use std::future::Future;
use std::panic::Location;
use std::pin::Pin;

use aludel_core::{Error, Result, UsageError, Value};
use hashbrown::{HashMap, HashSet};

use super::Session;
use crate::arena::{AnyKey, KeyBytes, State, ValueRow, key_bytes};
use crate::field::RelationField;
use crate::key::{Key, RawKey};
use crate::mapper::Mapped;
use crate::relation::{Path, Relation, RelationKind};

/// A graph that is being merged.
#[doc(hidden)]
#[derive(Debug)]
pub struct Merging {
    /// Objects that were merged already, by their tables and primary keys: what comes later of one is an older copy, where the
    /// graph came back to it.
    done: HashMap<(u32, KeyBytes), RawKey, foldhash::fast::RandomState>,
    at: &'static Location<'static>,
}

/// What a merge comes to.
#[doc(hidden)]
pub type Merged<'s, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 's>>;

impl Session {
    /// Brings the state of an object from elsewhere in: onto the object of the same primary key, which is read if it is not
    /// here, or as a new object if there is no such row. Where it has values in its relationships they are merged too, and take
    /// the place of what was there.
    ///
    /// # Errors
    /// When the database can't be asked; when a row with a version column was changed since the copy was made
    /// ([`is_stale_data`](aludel_core::Error::is_stale_data)), unless the copy's version is 0.
    #[track_caller]
    pub fn merge<T: Mapped>(&mut self, object: T) -> impl Future<Output = Result<Key<T>>> + Send {
        let at = Location::caller();
        async move {
            self.recover(at).await?;
            let mut merging = Merging { done: HashMap::default(), at };
            let merged = merge_one(self, object, &mut merging).await;
            merged.map(Key::new).map_err(|error| error.with_location(at))
        }
    }

    /// The object of a copy, with the copy's columns.
    async fn merge_columns<T: Mapped>(&mut self, object: T, merging: &mut Merging) -> Result<Key<T>> {
        let mapper = T::mapper();
        let identity: Vec<Value> = mapper.primary_key().iter().map(|at| object.column_value(*at)).collect();
        if identity.iter().any(|value| matches!(value, Value::Null | Value::Int(0))) {
            return Ok(self.add(object));
        }
        let name = (self.arena.id_for::<T>(), key_bytes(&identity));
        if let Some(done) = merging.done.get(&name) {
            return Ok(Key::new(*done));
        }
        // A stale one is read again, so that only what really differs is written.
        let found = match self.find_here::<T>(&identity) {
            Some(key) => Some(key),
            None => self.get_at::<T>(identity, None, merging.at).await?,
        };
        let key = match found {
            None => self.add(object),
            Some(key) => {
                self.merge_onto(key, &object)?;
                key
            }
        };
        merging.done.insert(name, key.raw());
        Ok(key)
    }

    fn find_here<T: Mapped>(&self, identity: &[Value]) -> Option<Key<T>> {
        let id = self.arena.known_id(T::mapper())?;
        let table = self.arena.any(id);
        let slot = table.find(identity)?;
        let is_fresh = table.is_fresh(slot, self.arena.epoch()) || table.is_touched(slot);
        (table.state(slot) == State::Persistent && is_fresh).then(|| table.key(slot).map(Key::new)).flatten()
    }

    fn merge_onto<T: Mapped>(&mut self, key: Key<T>, object: &T) -> Result<()> {
        let mapper = T::mapper();
        let into = self.try_get_mut(key)?;
        if let Some(version) = mapper.version {
            let (copied, now) = (object.column_value(version), into.column_value(version));
            if copied != now && copied != Value::Int(0) {
                return Err(outdated::<T>(key, version, &copied, &now));
            }
        }
        for column in (0..mapper.columns().len()).filter(|column| Some(*column) != mapper.version) {
            let value = [object.column_value(column)];
            into.set_column(column, &ValueRow(&value), 0)
                .map_err(|fault| crate::error::column(mapper, column, fault))?;
        }
        Ok(())
    }

    /// Puts the values of a copy's relationship in place of what was there.
    async fn merge_relation(
        &mut self,
        owner: AnyKey,
        relation: &'static Relation,
        values: Box<dyn RelationField>,
        merging: &mut Merging,
    ) -> Result<()> {
        let Some(slot) = self.arena.slot_of(owner) else { return Ok(()) };
        let is_there = self.arena.any(owner.table).state(slot) == State::Persistent;
        let epoch = self.arena.epoch();
        let is_known = self.arena.field(owner, relation.index).is_some_and(|field| field.epoch() == epoch);
        if is_there && relation.kind != RelationKind::BelongsTo && !is_known {
            self.load_relation(relation, &[owner.raw], merging.at).await?;
        }
        let was = self.arena.field(owner, relation.index).map(|field| field.keys().to_vec()).unwrap_or_default();
        let (keys, is_whole) = values.merge(self, merging).await?;
        let target = self.arena.target_id(relation);
        if is_whole {
            let kept: HashSet<RawKey, foldhash::fast::RandomState> = keys.iter().copied().collect();
            for old in was.into_iter().filter(|old| !kept.contains(old)) {
                self.arena.unlink(relation, owner, AnyKey { table: target, raw: old })?;
            }
            if let (Path::Key(key), RelationKind::BelongsTo, true) = (relation.path()?, relation.kind, keys.is_empty())
                && !self.arena.has_no_parent(key, owner)
            {
                self.arena.detach(key, owner)?;
            }
        }
        for key in keys {
            self.arena.link(relation, owner, AnyKey { table: target, raw: key }, None)?;
        }
        Ok(())
    }
}

/// Merges an object and what is in its relationships.
pub(crate) fn merge_one<'s, T: Mapped>(
    session: &'s mut Session,
    mut object: T,
    merging: &'s mut Merging,
) -> Merged<'s, RawKey> {
    Box::pin(async move {
        let mut values = Vec::new();
        for relation in T::mapper().all() {
            let taken = object.relation_mut(relation.index).and_then(|field| field.take_values());
            if relation.cascade.merge && !relation.view_only {
                values.extend(taken.map(|taken| (relation, taken)));
            }
        }
        let key = session.merge_columns(object, merging).await?;
        let owner = session.any_key(key);
        for (relation, values) in values {
            session.merge_relation(owner, relation, values, merging).await?;
        }
        Ok(key.raw())
    })
}

#[cold]
fn outdated<T: Mapped>(key: Key<T>, version: usize, copied: &Value, now: &Value) -> Error {
    let (entity, column) = (T::mapper().name(), T::mapper().columns()[version].name());
    Error::from(UsageError::stale_data(format!(
        "the copy of {key:?} was made at {column} = {copied:?}, and now it is at {now:?}: merge a newer copy, or one with \
         {entity}::{column} = 0 to write over what others have done"
    )))
}
