//! Deleting objects, and letting them go.

use std::any::Any;

use aludel_core::Result;

use super::Session;
use crate::arena::{AnyKey, State};
use crate::events::StateChange;
use crate::key::Key;
use crate::mapper::Mapped;
use crate::relation::RelationKind;

impl Session {
    /// Deletes an object at the next flush, and with it what its relationships cascade to. It leaves its parents' collections
    /// at once and can be read until the commit. A new object is taken back.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    pub fn delete<T: Mapped>(&mut self, key: Key<T>) {
        let _: &T = &self[key];
        let key = self.any_key(key);
        self.arena.doom(key);
    }

    /// Lets an object go without deleting it: its key ends, what was changed and not flushed is given up. What its
    /// relationships cascade `expunge` to goes with it.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    pub fn expunge<T: Mapped>(&mut self, key: Key<T>) {
        let _: &T = &self[key];
        let key = self.any_key(key);
        self.tell(key, StateChange::Detached);
        let _: Option<Box<dyn Any + Send>> = self.expunge_any(key);
    }

    /// As [`expunge`](Self::expunge), and gives the object: its columns, and of its relationships what is loaded, as values.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    pub fn detach<T: Mapped>(&mut self, key: Key<T>) -> T {
        let owned = self.owned(key);
        self.expunge(key);
        owned
    }

    fn expunge_any(&mut self, key: AnyKey) -> Option<Box<dyn Any + Send>> {
        let slot = self.arena.slot_of(key)?;
        let mapper = self.arena.any(key.table).mapper();
        let mut others = Vec::new();
        for relation in mapper.all().filter(|relation| relation.cascade.expunge) {
            if relation.kind != RelationKind::BelongsTo {
                let target = self.arena.target_id(relation);
                let keys = self.arena.field(key, relation.index).map(|field| field.keys().to_vec());
                others.extend(keys.unwrap_or_default().into_iter().map(|raw| AnyKey { table: target, raw }));
            }
        }
        let removed = match self.arena.any(key.table).state(slot) {
            State::Pending => {
                self.arena.drop_pending(key);
                None
            }
            _ => self.arena.let_go(key),
        };
        for other in others {
            let _: Option<Box<dyn Any + Send>> = self.expunge_any(other);
        }
        removed
    }

    /// Lets all objects go.
    pub fn expunge_all(&mut self) {
        for id in 0..self.arena.table_count() {
            for slot in self.arena.any(id).slots() {
                let _: Option<Box<dyn Any + Send>> = self.arena.any_mut(id).remove(slot);
            }
        }
        self.arena.parents.clear();
        self.arena.placed.clear();
        self.arena.links.clear();
        self.arena.displaced.clear();
        self.arena.orphans.clear();
        self.arena.along.clear();
        self.arena.dropped.clear();
    }

    /// Makes an object stale: the next `get` or query reads it again. Changes that were not flushed are given up.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    pub fn expire<T: Mapped>(&mut self, key: Key<T>) {
        let _: &T = &self[key];
        let any = self.any_key(key);
        // They were these values before, so they fit.
        let _: Result<()> = self.arena.give_up(any, None);
        self.arena.any_mut(any.table).expire(any.raw.slot);
    }

    /// Makes all objects stale. Changes that were not flushed stay.
    pub const fn expire_all(&mut self) {
        self.arena.expire_all();
    }

    /// Rolls back what is open, and lets all objects go. The session can be used again.
    ///
    /// # Errors
    /// When the database can't be reached.
    pub async fn close(&mut self) -> Result<()> {
        let ended = self.rollback().await;
        self.expunge_all();
        ended
    }
}
