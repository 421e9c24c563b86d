//! What the two kinds of field share.

use hashbrown::HashSet;

use crate::key::RawKey;

/// What is said of a field that nobody has loaded.
#[cold]
pub(super) fn not_loaded(field: &str, target: &str) -> ! {
    let target = target.rsplit("::").next().unwrap_or(target);
    panic!(
        "this `{field}<{target}>` was not loaded, and reading it does no I/O: load it with the query, \
         `.options(selectinload(Entity::RELATIONSHIP))`, or for objects that are there by `session.load(&keys, \
         Entity::RELATIONSHIP)`"
    );
}

/// What is said of a field that holds keys where values were asked for.
#[cold]
pub(super) fn holds_keys(field: &str, target: &str) -> ! {
    let target = target.rsplit("::").next().unwrap_or(target);
    panic!(
        "this `{field}<{target}>` belongs to an object of a session and holds keys: read the objects by \
         `session.view(key)`, `session.keys(key, Entity::RELATIONSHIP)`, or take a copy of the graph by `session.owned(key)`"
    );
}

/// What is said of a field that holds values where keys were asked for.
#[cold]
pub(super) fn holds_values(field: &str, target: &str) -> ! {
    let target = target.rsplit("::").next().unwrap_or(target);
    panic!(
        "this `{field}<{target}>` holds values and no keys: it does not belong to an object of a session, or was assigned \
         and not flushed yet"
    );
}

/// Keys in an order, each once.
#[derive(Clone, Default)]
pub(super) struct KeyList {
    keys: Vec<RawKey>,
    /// The same keys, once a long list was asked whether it has one.
    known: Option<Box<Known>>,
}

type Known = HashSet<RawKey, foldhash::fast::RandomState>;

/// A list that is no longer than this is looked through.
const SHORT: usize = 32;

impl KeyList {
    pub(super) fn new(keys: Vec<RawKey>) -> Self {
        Self { keys, known: None }
    }

    pub(super) fn as_slice(&self) -> &[RawKey] {
        &self.keys
    }

    /// Whether a key is there.
    pub(super) fn has(&mut self, key: RawKey) -> bool {
        if self.keys.len() <= SHORT {
            return self.keys.contains(&key);
        }
        self.known.get_or_insert_with(|| Box::new(self.keys.iter().copied().collect())).contains(&key)
    }

    /// Adds a key unless it is there, and tells where.
    pub(super) fn insert(&mut self, key: RawKey, at: Option<usize>) -> Option<usize> {
        if self.has(key) {
            return None;
        }
        let at = at.unwrap_or(self.keys.len()).min(self.keys.len());
        self.keys.insert(at, key);
        if let Some(known) = &mut self.known {
            known.insert(key);
        }
        Some(at)
    }

    /// Adds a key at the end that is known not to be there.
    pub(super) fn push(&mut self, key: RawKey) -> usize {
        self.keys.push(key);
        if let Some(known) = &mut self.known {
            known.insert(key);
        }
        self.keys.len() - 1
    }

    /// Takes a key out that is at this place.
    pub(super) fn remove(&mut self, at: usize) {
        let key = self.keys.remove(at);
        if let Some(known) = &mut self.known {
            known.remove(&key);
        }
    }
}

/// Where a key is. Lists are mostly emptied from one of their ends.
pub(super) fn place(keys: &[RawKey], key: RawKey) -> Option<usize> {
    match keys.last() {
        Some(last) if *last == key => Some(keys.len() - 1),
        _ => keys.iter().position(|other| *other == key),
    }
}
