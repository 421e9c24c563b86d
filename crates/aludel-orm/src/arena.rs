//! The objects of a session: dense storage per entity, an identity map, and what it takes to go back.
//!
//! - [`table`]: the objects of one entity, in pages of slots;
//! - [`identity`]: which slot a database row is in;
//! - [`undo`]: what a rollback undoes;
//! - [`relate`]: collections and back references, which are indexes over the foreign keys.

mod adopt;
mod along;
mod any_table;
mod compare;
mod identity;
mod kind_rows;
mod leaving;
mod let_go;
mod links;
mod loading;
mod partial;
mod placed;
mod read_over;
mod relate;
mod renamed;
mod settle;
mod slot;
mod table;
mod undo;
mod walk;

use std::any::{Any, TypeId};
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU32, Ordering};

use hashbrown::{HashMap, HashSet};

use crate::key::{Key, RawKey};
use crate::mapper::{Mapped, Mapper};
use crate::new::New;
use crate::relation::{Path, Relation};

pub(crate) use aludel_core::ValueRow;
pub(crate) use any_table::AnyTable;
pub use loading::Hows;
pub(crate) use loading::{Decoded, How};
pub(crate) use slot::State;
pub(crate) use table::Table;
pub use walk::Walk;

pub(crate) use compare::Comparison;
pub(crate) use identity::{KeyBytes, bytes as key_bytes};
pub(crate) use links::{LinkChange, Links};
pub(crate) use partial::Partial;
pub(crate) use placed::Placed;
pub(crate) use relate::ForeignKeyId;
pub(crate) use table::ValueFeed;
pub(crate) use undo::{Mark, Undo};

/// The objects of a session.
#[doc(hidden)]
pub struct Arena {
    /// What the tags of the session's keys begin at.
    base: u32,
    /// Objects of an older epoch are stale.
    epoch: u32,
    /// For each entity, by its number, the place of its table plus one.
    ids: Vec<u32>,
    tables: Vec<Box<dyn AnyTable>>,
    /// The relationships of the entities that are here, by what they lead to.
    incoming: HashMap<TypeId, Vec<&'static Relation>, BuildHasherDefault<TypeIdHasher>>,
    /// Whether it is noted which objects are read.
    is_watched: bool,
    pub(crate) log: Vec<Undo>,
    /// Parents that are told by key alone because they have no key in the database yet, or none at all.
    pub(crate) parents: HashMap<(AnyKey, ForeignKeyId), Option<AnyKey>, foldhash::fast::RandomState>,
    /// Rows of link tables that the next flush adds or deletes.
    pub(crate) links: Links,
    /// Children that have taken a place in which the database may have another one.
    pub(crate) displaced: Vec<Displaced>,
    /// Where children were put since their rows were read or written.
    pub(crate) placed: HashMap<(AnyKey, ForeignKeyId), Placed, foldhash::fast::RandomState>,
    /// Rows that the next flush deletes along with others, as the last one that failed has found.
    pub(crate) along: HashSet<AnyKey, foldhash::fast::RandomState>,
    /// New objects that the next flush does not insert.
    pub(crate) dropped: HashSet<AnyKey, foldhash::fast::RandomState>,
    /// Objects taken out of a relationship with delete-orphan.
    pub(crate) orphans: Vec<(AnyKey, &'static Relation)>,
}

/// A child that has taken the place in a one-to-one relationship that was not loaded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Displaced {
    pub(crate) owner: AnyKey,
    pub(crate) relation: &'static Relation,
    pub(crate) child: AnyKey,
}

/// The handle of an object of any entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnyKey {
    pub(crate) table: u32,
    pub(crate) raw: RawKey,
}

impl Arena {
    pub(crate) fn new() -> Self {
        static SESSIONS: AtomicU32 = AtomicU32::new(1);
        // An odd factor spreads the sessions' tags evenly, so that their generations don't meet.
        let base = SESSIONS.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B1);
        Self {
            base,
            epoch: 1,
            ids: Vec::new(),
            tables: Vec::new(),
            incoming: HashMap::default(),
            is_watched: false,
            log: Vec::new(),
            parents: HashMap::default(),
            links: Links::default(),
            displaced: Vec::new(),
            placed: HashMap::default(),
            along: HashSet::default(),
            dropped: HashSet::default(),
            orphans: Vec::new(),
        }
    }

    pub(crate) const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Makes all objects stale.
    pub(crate) const fn expire_all(&mut self) {
        self.epoch += 1;
    }

    /// The objects of an entity, if any were ever here.
    #[inline]
    pub(crate) fn table<T: Mapped>(&self) -> Option<&Table<T>> {
        let id = *self.ids.get(T::mapper().number())? as usize;
        let table: &dyn Any = &**self.tables.get(id.wrapping_sub(1))?;
        table.downcast_ref()
    }

    /// The objects of an entity.
    #[inline]
    pub(crate) fn table_mut<T: Mapped>(&mut self) -> &mut Table<T> {
        let id = self.id_for::<T>();
        let table: &mut dyn Any = &mut *self.tables[id as usize];
        match table.downcast_mut() {
            Some(table) => table,
            None => unreachable!("a table is kept under the type of its objects"),
        }
    }

    /// Two objects, to be changed together.
    pub(crate) fn pair<A: Mapped, B: Mapped>(&mut self, first: RawKey, second: RawKey) -> Option<(&mut A, &mut B)> {
        let (one, other) = (self.id_for::<A>(), self.id_for::<B>());
        if one == other {
            let table: &mut dyn Any = &mut *self.tables[one as usize];
            let (a, b) = table.downcast_mut::<Table<A>>()?.two(first.slot, second.slot)?;
            let b: &mut dyn Any = b;
            return Some((a, b.downcast_mut()?));
        }
        let [one, other] = self.tables.get_disjoint_mut([one as usize, other as usize]).ok()?;
        let (one, other): (&mut dyn Any, &mut dyn Any) = (&mut **one, &mut **other);
        let one = one.downcast_mut::<Table<A>>()?.get_mut(first)?;
        Some((one, other.downcast_mut::<Table<B>>()?.get_mut(second)?))
    }

    /// The number of an entity's table in this session.
    #[inline]
    pub(crate) fn id_for<T: Mapped>(&mut self) -> u32 {
        self.id_or_make(T::mapper(), Table::<T>::boxed)
    }

    /// The number of the table of a relationship's owner.
    pub(crate) fn owner_id(&mut self, relation: &Relation) -> u32 {
        self.id_or_make(relation.owner(), relation.owner_table)
    }

    /// The number of the table of a relationship's target.
    pub(crate) fn target_id(&mut self, relation: &Relation) -> u32 {
        self.id_or_make(relation.target(), relation.target_table)
    }

    #[inline]
    fn id_or_make(&mut self, mapper: &'static Mapper, make: fn() -> Box<dyn AnyTable>) -> u32 {
        match self.known_id(mapper) {
            Some(id) => id,
            None => self.make_table(mapper, make),
        }
    }

    /// The number of an entity's table, if any of its objects were ever here.
    pub(crate) fn known_id(&self, mapper: &'static Mapper) -> Option<u32> {
        self.ids.get(mapper.number())?.checked_sub(1)
    }

    #[cold]
    fn make_table(&mut self, mapper: &'static Mapper, make: fn() -> Box<dyn AnyTable>) -> u32 {
        let id = u32::try_from(self.tables.len()).unwrap_or(u32::MAX);
        let mut table = make();
        table.begin(self.base);
        if self.is_watched {
            table.watch();
        }
        self.tables.push(table);
        let number = mapper.number();
        if self.ids.len() <= number {
            self.ids.resize(number + 1, 0);
        }
        self.ids[number] = id + 1;
        for relation in mapper.all() {
            self.incoming.entry((relation.target().type_id)()).or_default().push(relation);
        }
        self.keep_uniques(mapper);
        id
    }

    /// Foreign keys to unique keys that are not the primary one are followed by an index of their own.
    fn keep_uniques(&mut self, mapper: &'static Mapper) {
        let incoming: Vec<&'static Relation> = self.incoming(mapper).to_vec();
        for relation in mapper.all().chain(incoming) {
            let Ok(Path::Key(key)) = relation.path() else { continue };
            let primary = key.parent.primary_key();
            let is_primary =
                primary.len() == key.refers_to.len() && primary.iter().all(|column| key.refers_to.contains(column));
            if let Some(id) = self.known_id(key.parent).filter(|_| !is_primary) {
                self.any_mut(id).keep_unique(&key.refers_to);
            }
        }
    }

    /// Relationships that lead to an entity, of entities that are here.
    pub(crate) fn incoming(&self, mapper: &Mapper) -> &[&'static Relation] {
        self.incoming.get(&(mapper.type_id)()).map_or(&[], Vec::as_slice)
    }

    #[inline]
    pub(crate) fn any(&self, id: u32) -> &dyn AnyTable {
        &*self.tables[id as usize]
    }

    #[inline]
    pub(crate) fn any_mut(&mut self, id: u32) -> &mut dyn AnyTable {
        &mut *self.tables[id as usize]
    }

    pub(crate) fn tables(&self) -> impl Iterator<Item = (u32, &dyn AnyTable)> {
        (0..).zip(self.tables.iter().map(|table| &**table))
    }

    pub(crate) fn table_count(&self) -> u32 {
        u32::try_from(self.tables.len()).unwrap_or(u32::MAX)
    }

    /// The object, if the key is good.
    #[inline]
    pub(crate) fn get<T: Mapped>(&self, key: RawKey) -> Option<&T> {
        self.table::<T>()?.get(key)
    }

    /// Notes from here on which objects are read.
    pub(crate) fn watch(&mut self) {
        self.is_watched = true;
        self.tables.iter_mut().for_each(|table| table.watch());
    }

    /// The objects that were read since the last call.
    pub(crate) fn take_loaded(&mut self) -> Vec<AnyKey> {
        let of_table = |(table, any): (u32, &mut Box<dyn AnyTable>)| {
            any.take_loaded().into_iter().map(move |raw| AnyKey { table, raw })
        };
        (0..).zip(&mut self.tables).flat_map(of_table).collect()
    }

    /// Why a key is no good.
    #[cold]
    pub(crate) fn explain(&self, key: RawKey, name: &str) -> String {
        let (name, tag) = (name.rsplit("::").next().unwrap_or(name), key.tag);
        let key = format!("Key<{name}>({})", key.slot);
        let generation = tag.get().wrapping_sub(self.base);
        if generation < 1 << 20 {
            format!(
                "{key} is the key of a `{name}` that is not in the session any more: it was deleted, expunged or \
                 detached, or a rollback has undone its insertion; get it anew by `session.get` or a query"
            )
        } else {
            format!(
                "{key} is the key of a `{name}` in another session: keys belong to the session that gave them; get the \
                 object here by `session.get`, or copy it with `session.merge(other.owned(key))`"
            )
        }
    }

    /// Adds a new object.
    pub(crate) fn add<T: Mapped>(&mut self, new: New<T>) -> Key<T> {
        let id = self.id_for::<T>();
        let has_relations = T::mapper().has_relations();
        let table: &mut dyn Any = &mut *self.tables[id as usize];
        let raw = match table.downcast_mut::<Table<T>>() {
            Some(table) => table.add(new),
            None => unreachable!("a table is kept under the type of its objects"),
        };
        self.log.push(Undo::Added(AnyKey { table: id, raw }));
        if has_relations {
            let epoch = self.epoch;
            let table = self.any_mut(id);
            table.note_values(raw.slot);
            table.begin_relations(raw.slot, epoch);
        }
        Key::new(raw)
    }
}

impl fmt::Debug for Arena {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arena").field("tables", &self.tables.len()).finish_non_exhaustive()
    }
}

/// Takes the hash that a `TypeId` already is.
#[derive(Default)]
pub(crate) struct TypeIdHasher(u64);

impl Hasher for TypeIdHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
