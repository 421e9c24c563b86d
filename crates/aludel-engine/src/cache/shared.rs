//! The engine's cache of compiled statements.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aludel_core::CacheSafety;
use aludel_sql::compile::SchemaMap;
use aludel_sql::dialect::Dialect;
use aludel_sql::{Compiled, Key, OwnedKey};
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Lifecycle, Weighter};

use super::{CacheStatus, Options};

/// Compiled statements, shared by the connections of an engine; bounded by count and by bytes.
pub(crate) struct SharedCache {
    cache: Option<Cache<SharedKey, Entry, EntryWeight, HashIsKey, CountEvictions>>,
    options: Options,
    hits: AtomicU64,
    misses: AtomicU64,
    evictions: CountEvictions,
    warned: Mutex<HashSet<&'static str>>,
}

/// What a cache has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CacheStatistics {
    /// Statements that were found.
    pub hits: u64,
    /// Statements that had to be compiled and could be cached.
    pub misses: u64,
    /// Statements that went to make room for others.
    pub evictions: u64,
    /// Statements in the cache now.
    pub statements: usize,
    /// About how many bytes they take.
    pub bytes: u64,
}

#[derive(Clone)]
struct Entry {
    key: Arc<OwnedKey>,
    compiled: Arc<Compiled>,
}

/// A key in the cache. Its hash is the statement's own.
#[derive(Clone, PartialEq, Eq)]
struct SharedKey(Arc<OwnedKey>);

struct LookUp<'a>(&'a Key<'a>);

impl Hash for SharedKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash());
    }
}

impl Hash for LookUp<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash());
    }
}

impl Equivalent<SharedKey> for LookUp<'_> {
    fn equivalent(&self, key: &SharedKey) -> bool {
        key.0.matches(self.0)
    }
}

/// The statement's hash is a hash already.
#[derive(Clone, Default)]
struct HashIsKey;

#[derive(Default)]
struct GivenHash(u64);

impl BuildHasher for HashIsKey {
    type Hasher = GivenHash;
    fn build_hasher(&self) -> GivenHash {
        GivenHash::default()
    }
}

impl Hasher for GivenHash {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// An entry weighs its bytes, and at least its share of the whole: so one bound on weight holds for count and bytes.
#[derive(Clone)]
struct EntryWeight {
    least: u64,
}

impl Weighter<SharedKey, Entry> for EntryWeight {
    fn weight(&self, key: &SharedKey, entry: &Entry) -> u64 {
        entry_bytes(&key.0, &entry.compiled).max(self.least)
    }
}

/// Counts statements that go to make room for others.
#[derive(Clone, Default)]
struct CountEvictions(Arc<AtomicU64>);

impl Lifecycle<SharedKey, Entry> for CountEvictions {
    type RequestState = ();

    fn on_evict(&self, (): &mut (), _: SharedKey, _: Entry) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn entry_bytes(key: &OwnedKey, compiled: &Compiled) -> u64 {
    let plan = size_of_val(&*compiled.binds) + size_of_val(&*compiled.columns);
    let names: usize = compiled.columns.iter().map(|column| column.name.len()).sum();
    let bytes = key.as_key().size() + compiled.sql.len() + plan + names + size_of::<Compiled>() + size_of::<OwnedKey>();
    bytes as u64
}

impl SharedCache {
    /// A cache of at most so many statements and about so many bytes; with 0 of either nothing is cached.
    pub(crate) fn new(statements: usize, bytes: u64, options: Options) -> Self {
        let evictions = CountEvictions::default();
        let cache = (statements > 0 && bytes > 0).then(|| {
            let least = (bytes / statements as u64).max(1);
            Cache::with(statements, least * statements as u64, EntryWeight { least }, HashIsKey, evictions.clone())
        });
        let warned = Mutex::new(HashSet::new());
        Self { cache, options, hits: AtomicU64::new(0), misses: AtomicU64::new(0), evictions, warned }
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// The schemas in place of others, for DDL.
    pub(crate) fn schemas(&self) -> SchemaMap {
        self.options.schemas.clone()
    }

    /// Why nothing of this dialect is cached, if that is so.
    pub(super) fn refuses(&self, dialect: &dyn Dialect) -> Option<CacheStatus> {
        if self.cache.is_none() {
            return Some(CacheStatus::Disabled(Duration::ZERO));
        }
        match dialect.capabilities().statement_cache {
            CacheSafety::Safe => None,
            declared => {
                if declared == CacheSafety::Undeclared {
                    self.warn_undeclared(dialect.name());
                }
                Some(CacheStatus::Unsupported { dialect: dialect.name(), took: Duration::ZERO })
            }
        }
    }

    pub(super) fn get(&self, key: &Key<'_>) -> Option<(Arc<OwnedKey>, Arc<Compiled>)> {
        let entry = self.cache.as_ref()?.get(&LookUp(key))?;
        Some((entry.key, entry.compiled))
    }

    /// Adds a statement; gives the key that connections share.
    pub(super) fn insert(&self, key: OwnedKey, compiled: &Arc<Compiled>) -> Arc<OwnedKey> {
        let key = Arc::new(key);
        if let Some(cache) = &self.cache {
            cache.insert(SharedKey(Arc::clone(&key)), Entry { key: Arc::clone(&key), compiled: Arc::clone(compiled) });
        }
        key
    }

    #[inline]
    pub(super) fn count_hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_miss(&self) {
        self.misses.fetch_add(1, Ordering::Relaxed);
    }

    /// Says once for each name what keeps statements out of the cache, and what to do.
    pub(super) fn warn_undeclared(&self, name: &'static str) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.insert(name) {
            tracing::warn!(
                target: "aludel::cache",
                "{name} does not say whether statements that use it may be cached, so they are compiled anew each time; \
                 declare CacheSafety::Safe if its SQL depends on nothing but its key, CacheSafety::Unsafe if it does"
            );
        }
    }

    /// What the cache has done so far.
    pub(crate) fn statistics(&self) -> CacheStatistics {
        // What an entry weighs is more than it takes: its share of the bound on count is in it.
        let bytes_of = |(key, entry): (SharedKey, Entry)| entry_bytes(&key.0, &entry.compiled);
        let (statements, bytes) =
            self.cache.as_ref().map_or((0, 0), |cache| (cache.len(), cache.iter().map(bytes_of).sum()));
        CacheStatistics {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            evictions: self.evictions.0.load(Ordering::Relaxed),
            statements,
            bytes,
        }
    }

    /// Lets everything go.
    pub(crate) fn clear(&self) {
        if let Some(cache) = &self.cache {
            cache.clear();
        }
    }
}

impl std::fmt::Debug for SharedCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.statistics().fmt(f)
    }
}
