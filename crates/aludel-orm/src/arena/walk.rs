//! Copies of graphs.

use std::any::TypeId;

use super::Arena;
use crate::key::RawKey;
use crate::mapper::Mapped;

/// The way from where a copy of a graph began to where it is; a graph that comes back to it is cut there.
#[derive(Debug, Default)]
#[doc(hidden)]
pub struct Walk {
    way: Vec<(TypeId, RawKey)>,
}

impl Walk {
    pub(crate) fn is_on_way<T: Mapped>(&self, _: &Arena, key: RawKey) -> bool {
        self.way.contains(&(TypeId::of::<T>(), key))
    }

    /// A copy of an object with what is loaded of its graph; of one that is on the way, with nothing of it.
    pub(crate) fn element<T: Mapped>(&mut self, arena: &Arena, key: RawKey) -> Option<T> {
        let value = arena.get::<T>(key)?;
        if self.is_on_way::<T>(arena, key) {
            return Some(value.snapshot());
        }
        self.way.push((TypeId::of::<T>(), key));
        let copy = self.value(arena, value);
        self.way.pop();
        Some(copy)
    }

    /// A copy of a value that need not be an object, with what is known of its graph.
    pub(crate) fn value<T: Mapped>(&mut self, arena: &Arena, value: &T) -> T {
        let mut copy = value.snapshot();
        for relation in T::mapper().all() {
            if let (Some(into), Some(from)) = (copy.relation_mut(relation.index), value.relation(relation.index)) {
                into.own(from, arena, self);
            }
        }
        copy
    }
}
