//! Reading and changing objects.

use std::any::TypeId;
use std::ops::{Index, IndexMut};

use aludel_core::{Error, Result};

use super::{Session, View};
use crate::arena::{AnyKey, State, Walk};
use crate::error::usage;
use crate::events::StateChange;
use crate::key::{Key, RawKey};
use crate::mapper::Mapped;
use crate::new::IntoNew;
use crate::relation::{Link, Path, Relation, RelationKind};

impl Session {
    /// Adds a new object: a plain struct, or a builder that leaves columns to the database. It is inserted at the next flush.
    pub fn add<T: Mapped>(&mut self, new: impl IntoNew<T>) -> Key<T> {
        let key = self.arena.add(new.into_new());
        let any = self.any_key(key);
        self.tell(any, StateChange::Added);
        key
    }

    /// Adds new objects, and gives their keys in order.
    pub fn add_all<T: Mapped, N: IntoNew<T>>(&mut self, new: impl IntoIterator<Item = N>) -> Vec<Key<T>> {
        let new = new.into_iter();
        let mut keys = Vec::with_capacity(new.size_hint().0);
        for new in new {
            keys.push(self.arena.add(new.into_new()));
        }
        if self.events.hears_states() {
            for key in &keys {
                let any = self.any_key(*key);
                self.tell(any, StateChange::Added);
            }
        }
        keys
    }

    /// The object, or an error that says why the key is no good.
    ///
    /// # Errors
    /// When the key is of another session, or of an object that is not in the session any more.
    pub fn try_get<T: Mapped>(&self, key: Key<T>) -> Result<&T> {
        self.arena.get(key.raw()).ok_or_else(|| self.bad_key::<T>(key.raw()))
    }

    /// The object, to be changed; what changed is written at the next flush.
    ///
    /// # Errors
    /// As [`try_get`](Self::try_get).
    pub fn try_get_mut<T: Mapped>(&mut self, key: Key<T>) -> Result<&mut T> {
        if self.arena.get::<T>(key.raw()).is_none() {
            return Err(self.bad_key::<T>(key.raw()));
        }
        match self.arena.table_mut::<T>().get_mut(key.raw()) {
            Some(object) => Ok(object),
            None => Err(usage("the object is not there")),
        }
    }

    /// Changes an object while reading others.
    ///
    /// # Panics
    /// When the key is no good; as `session[key]`.
    pub fn with<T: Mapped, R>(&mut self, key: Key<T>, work: impl FnOnce(&mut T, &Self) -> R) -> R {
        // The object is put back however the work ends.
        struct Lent<'s, T: Mapped> {
            session: &'s mut Session,
            key: RawKey,
            value: Option<T>,
        }
        impl<T: Mapped> Drop for Lent<'_, T> {
            fn drop(&mut self) {
                if let Some(value) = self.value.take() {
                    self.session.arena.table_mut::<T>().give_back(self.key, value);
                }
            }
        }
        let _: &mut T = &mut self[key];
        let value = self.arena.table_mut::<T>().lend(key.raw());
        let mut lent = Lent { session: self, key: key.raw(), value };
        let Lent { session, value, .. } = &mut lent;
        match value {
            Some(value) => work(value, session),
            None => unreachable!("the object was there when it was touched"),
        }
    }

    /// Two objects, to be changed together.
    ///
    /// # Panics
    /// When a key is no good, or both are the same.
    #[track_caller]
    pub fn pair<A: Mapped, B: Mapped>(&mut self, first: Key<A>, second: Key<B>) -> (&mut A, &mut B) {
        assert!(
            TypeId::of::<A>() != TypeId::of::<B>() || first.raw() != second.raw(),
            "session.pair needs two objects, and {first:?} and {second:?} are the same one"
        );
        let _: &mut A = &mut self[first];
        let _: &mut B = &mut self[second];
        match self.arena.pair(first.raw(), second.raw()) {
            Some(pair) => pair,
            None => unreachable!("both objects were there a moment ago"),
        }
    }

    /// Connects two objects, both sides at once: adds to a collection, or moves from another parent. The foreign key, or the
    /// link row, is written at the next flush.
    ///
    /// # Panics
    /// When a key is no good, or the relationship is view-only.
    #[track_caller]
    pub fn link<A: Mapped, B: Mapped>(&mut self, owner: Key<A>, relationship: impl Link<A, B>, target: Key<B>) {
        self.link_placed(owner, relationship, target, None);
    }

    /// As [`link`](Self::link), at this place of the collection.
    ///
    /// # Panics
    /// As [`link`](Self::link).
    #[track_caller]
    pub fn link_at<A: Mapped, B: Mapped>(
        &mut self,
        owner: Key<A>,
        relationship: impl Link<A, B>,
        place: usize,
        target: Key<B>,
    ) {
        self.link_placed(owner, relationship, target, Some(place));
    }

    #[track_caller]
    fn link_placed<A: Mapped, B: Mapped>(
        &mut self,
        owner: Key<A>,
        relationship: impl Link<A, B>,
        target: Key<B>,
        at: Option<usize>,
    ) {
        let (relation, owner, target) = self.ends(owner, relationship, target);
        let linked = match at {
            Some(_) => {
                self.arena.unlink(relation, owner, target).and_then(|()| self.arena.link(relation, owner, target, at))
            }
            None => self.arena.link(relation, owner, target, None),
        };
        if let Err(error) = linked {
            panic!("{error}");
        }
    }

    /// Disconnects two objects, both sides at once. A foreign key that may be NULL is set to NULL; a child in a relationship
    /// with delete-orphan is deleted.
    ///
    /// # Panics
    /// As [`link`](Self::link).
    #[track_caller]
    pub fn unlink<A: Mapped, B: Mapped>(&mut self, owner: Key<A>, relationship: impl Link<A, B>, target: Key<B>) {
        let (relation, owner, target) = self.ends(owner, relationship, target);
        if let Err(error) = self.arena.unlink(relation, owner, target) {
            panic!("{error}");
        }
    }

    #[track_caller]
    fn ends<A: Mapped, B: Mapped>(
        &mut self,
        owner: Key<A>,
        relationship: impl Link<A, B>,
        target: Key<B>,
    ) -> (&'static Relation, AnyKey, AnyKey) {
        let relation = relationship.relation();
        assert!(
            !relation.view_only,
            "{} is view-only: change the foreign key, or another relationship over it",
            relation.full_name()
        );
        let (object, _): (&A, &B) = (&self[owner], &self[target]);
        assert!(
            object.relation(relation.index).is_some(),
            "{owner:?} is of another kind than {} is about: set its kind first",
            relation.full_name()
        );
        (relation, self.any_key(owner), self.any_key(target))
    }

    pub(crate) fn any_key<T: Mapped>(&mut self, key: Key<T>) -> AnyKey {
        AnyKey { table: self.arena.id_for::<T>(), raw: key.raw() }
    }

    /// The keys on the other side of a relationship: a list of its own, so that the session can be changed while looping.
    ///
    /// # Panics
    /// When the key is no good or the relationship was not loaded; the text says how to load it.
    #[track_caller]
    #[must_use]
    pub fn keys<A: Mapped, B: Mapped>(&self, owner: Key<A>, relationship: impl Link<A, B>) -> Vec<Key<B>> {
        match self.related(owner, relationship.relation()) {
            Ok(keys) => keys.into_iter().map(Key::new).collect(),
            Err(error) => panic!("{error}"),
        }
    }

    /// As [`keys`](Self::keys), with an error in place of a panic.
    ///
    /// # Errors
    /// When the key is no good or the relationship was not loaded.
    pub fn try_keys<A: Mapped, B: Mapped>(&self, owner: Key<A>, relationship: impl Link<A, B>) -> Result<Vec<Key<B>>> {
        Ok(self.related(owner, relationship.relation())?.into_iter().map(Key::new).collect())
    }

    /// The object on the other side of a relationship to one. Of a many-to-one it is found by the foreign key, loaded or not,
    /// if it is in the session.
    ///
    /// # Panics
    /// When the key is no good or the other side is not known.
    #[track_caller]
    #[must_use]
    pub fn one<A: Mapped, B: Mapped>(&self, owner: Key<A>, relationship: impl Link<A, B>) -> Option<Key<B>> {
        match self.related(owner, relationship.relation()) {
            Ok(keys) => keys.first().copied().map(Key::new),
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) fn related<A: Mapped>(&self, owner: Key<A>, relation: &'static Relation) -> Result<Vec<RawKey>> {
        let object = self.try_get(owner)?;
        let field = object.relation(relation.index).filter(|field| field.is_loaded());
        if relation.is_kind() && object.relation(relation.index).is_none() {
            // It is of another kind.
            return Ok(Vec::new());
        }
        let has_values = object.relation(relation.index).is_some_and(|field| field.has_values());
        // A parent that has left the session is not known any more.
        let is_here = |keys: &[RawKey]| {
            let table = self.arena.known_id(relation.target());
            keys.iter().all(|raw| table.is_some_and(|table| self.arena.slot_of(AnyKey { table, raw: *raw }).is_some()))
        };
        let is_kept = |keys: &[RawKey]| relation.is_collection() || is_here(keys);
        if let Some(field) = field.filter(|field| !has_values && is_kept(field.keys())) {
            return Ok(field.keys().to_vec());
        }
        if relation.kind == RelationKind::BelongsTo
            && !has_values
            && let Path::Key(key) = relation.path()?
            && let Some(table) = self.arena.known_id(A::mapper())
        {
            let owner = AnyKey { table, raw: owner.raw() };
            if let Some(parent) = self.arena.parent(key, owner) {
                return Ok(vec![parent.raw]);
            }
            if self.arena.has_no_parent(key, owner) {
                return Ok(Vec::new());
            }
        }
        if has_values {
            return Err(usage(format!(
                "{} of {owner:?} holds values that were assigned and not flushed yet: flush the session first",
                relation.full_name()
            )));
        }
        let table = self.arena.known_id(A::mapper());
        let state = table.map(|table| self.arena.any(table).state(owner.raw().slot));
        if state == Some(State::Pending) && relation.kind != RelationKind::BelongsTo {
            // It has no row yet, so nobody refers to it.
            return Ok(Vec::new());
        }
        Err(self.not_loaded(relation, &format!("{owner:?}")))
    }

    #[cold]
    pub(crate) fn not_loaded(&self, relation: &Relation, owner: &str) -> Error {
        let constant = relation.constant();
        usage(format!(
            "{} of {owner} was not loaded, and reading it does no I/O: load it with the query, \
             `.options(selectinload({constant}))`, or now, `session.load(&keys, {constant})`",
            relation.full_name()
        ))
    }

    /// A reader of the graph that begins at an object, which need not name the session at every step.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    #[must_use]
    pub fn view<T: Mapped>(&self, key: Key<T>) -> View<'_, T> {
        View::new(self, key, &self[key])
    }

    /// A copy of the object with what is loaded of its graph, to be kept or serialized. Where the graph comes back to an object
    /// on the way, it is cut: a to-one is left unloaded, an element of a collection is copied without its relationships.
    ///
    /// # Panics
    /// When the key is no good.
    #[track_caller]
    #[must_use]
    pub fn owned<T: Mapped>(&self, key: Key<T>) -> T {
        match Walk::default().element::<T>(&self.arena, key.raw()) {
            Some(value) => value,
            None => panic!("{}", self.arena.explain(key.raw(), std::any::type_name::<T>())),
        }
    }

    #[cold]
    pub(crate) fn bad_key<T>(&self, key: RawKey) -> Error {
        usage(self.arena.explain(key, std::any::type_name::<T>()))
    }
}

impl<T: Mapped> Index<Key<T>> for Session {
    type Output = T;

    /// The object.
    ///
    /// # Panics
    /// When the key is of another session, or of an object that is not in the session any more;
    /// [`try_get`](Session::try_get) gives an error instead.
    #[inline]
    #[track_caller]
    fn index(&self, key: Key<T>) -> &T {
        match self.arena.get(key.raw()) {
            Some(object) => object,
            None => bad_key::<T>(self, key.raw()),
        }
    }
}

impl<T: Mapped> IndexMut<Key<T>> for Session {
    /// The object, to be changed; what changed is written at the next flush.
    ///
    /// # Panics
    /// As reading it.
    #[inline]
    #[track_caller]
    fn index_mut(&mut self, key: Key<T>) -> &mut T {
        if self.arena.get::<T>(key.raw()).is_none() {
            bad_key::<T>(self, key.raw());
        }
        match self.arena.table_mut::<T>().get_mut(key.raw()) {
            Some(object) => object,
            None => unreachable!("the object was there a moment ago"),
        }
    }
}

#[cold]
#[track_caller]
fn bad_key<T>(session: &Session, key: RawKey) -> ! {
    panic!("{}", session.arena.explain(key, std::any::type_name::<T>()));
}
