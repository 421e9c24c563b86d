//! Compiled statements: one cache for each engine, and in front of it one map for each connection.
//!
//! [`look_up`] is the whole way. The connection's own map costs a hash and one comparison and takes no lock; the engine's
//! cache is asked when the connection has not met the statement, and the statement is decoded and compiled when nobody
//! has. Keys are compared in full everywhere: a hash alone is never trusted.

mod local;
mod shared;
mod status;

use std::sync::Arc;
use std::time::Instant;

use aludel_core::{CacheSafety, Result};
use aludel_sql::dialect::Dialect;
use aludel_sql::{Arguments, CacheVerdict, CompileOptions, Compiled, compile_arguments};

use crate::driver::Slot;

pub(crate) use local::LocalCache;
pub use shared::CacheStatistics;
pub(crate) use shared::SharedCache;
pub use status::CacheStatus;

/// A statement ready to run on a connection.
pub(crate) enum Found<'a> {
    /// In the connection's map, with the driver's note.
    Kept { compiled: &'a Arc<Compiled>, slot: &'a mut Slot },
    /// Of no cache: compiled for this run alone.
    Once { compiled: Arc<Compiled> },
}

impl Found<'_> {
    /// The statement, the driver's note (`once` for one that is not kept), and whether it is kept.
    #[inline]
    pub(crate) fn parts<'b>(&'b mut self, once: &'b mut Slot) -> (&'b Arc<Compiled>, &'b mut Slot, bool) {
        match self {
            Self::Kept { compiled, slot } => (compiled, slot, true),
            Self::Once { compiled } => (compiled, once, false),
        }
    }
}

/// Finds the compiled form of a statement: in the connection's map, in the engine's cache, or by compiling it.
///
/// `forgotten` is told the number of a statement that the connection's map gave up for it.
///
/// # Errors
/// When the statement can't be compiled for the dialect.
#[inline]
pub(crate) fn look_up<'a>(
    local: &'a mut LocalCache,
    shared: &SharedCache,
    arguments: &Arguments,
    dialect: &dyn Dialect,
    forgotten: &mut Option<u64>,
) -> Result<(Found<'a>, CacheStatus)> {
    let key = arguments.key();
    if let Some(index) = local.position(&key) {
        shared.count_hit();
        let (compiled, slot) = local.at(index);
        let status = CacheStatus::CachedSince(compiled.compiled_at);
        return Ok((Found::Kept { compiled, slot }, status));
    }
    miss(local, shared, arguments, dialect, forgotten)
}

#[cold]
fn miss<'a>(
    local: &'a mut LocalCache,
    shared: &SharedCache,
    arguments: &Arguments,
    dialect: &dyn Dialect,
    forgotten: &mut Option<u64>,
) -> Result<(Found<'a>, CacheStatus)> {
    if let Some(status) = shared.refuses(dialect) {
        let compiled = shared.compile(arguments, dialect)?;
        return Ok((Found::Once { compiled }, status));
    }
    let key = arguments.key();
    if let Some((owned, compiled)) = shared.get(&key) {
        shared.count_hit();
        let status = CacheStatus::CachedSince(compiled.compiled_at);
        let (compiled, slot) = local.insert(owned, compiled, forgotten);
        return Ok((Found::Kept { compiled, slot }, status));
    }
    shared.count_miss();
    let compiled = shared.compile(arguments, dialect)?;
    if let CacheVerdict::Blocked { by, declared } = compiled.cache {
        if declared == CacheSafety::Undeclared {
            shared.warn_undeclared(by);
        }
        let status = CacheStatus::NoKey { because: by, took: compiled.compile_time };
        return Ok((Found::Once { compiled }, status));
    }
    let owned = shared.insert(key.to_owned(), &compiled);
    let status = CacheStatus::Generated(compiled.compile_time);
    let (compiled, slot) = local.insert(owned, compiled, forgotten);
    Ok((Found::Kept { compiled, slot }, status))
}

impl SharedCache {
    fn compile(&self, arguments: &Arguments, dialect: &dyn Dialect) -> Result<Arc<Compiled>> {
        let started = Instant::now();
        let mut compiled = compile_arguments(arguments, dialect, self.options())?;
        compiled.compile_time = started.elapsed();
        Ok(Arc::new(compiled))
    }
}

/// What a cache compiles with; the same for all its statements, so that it need not be part of a key.
pub(crate) type Options = CompileOptions;
