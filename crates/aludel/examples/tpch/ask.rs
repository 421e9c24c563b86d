//! Runs queries, and notes what the engine tells of each.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use aludel::blocking::Engine;
use aludel::events::ListenerId;
use aludel::language::Executable;
use aludel::{CacheStatus, QueryRecord};
use serde::Serialize;

use crate::Failure;
use crate::answers::cells;
use crate::queries::Query;
use crate::timing::{Asked, Phases, Run};

/// Runs queries on an engine, listening to what it tells of them.
pub(crate) struct Asker<'e> {
    engine: &'e Engine,
    listener: ListenerId,
    last: Arc<Mutex<Option<Told>>>,
}

/// What the engine told of a statement.
struct Told {
    cache: String,
    phases: Phases,
}

impl<'e> Asker<'e> {
    /// Begins to listen.
    pub(crate) fn new(engine: &'e Engine) -> Self {
        let last = Arc::new(Mutex::new(None));
        let told = Arc::clone(&last);
        let listener = engine.events().after_cursor_execute(move |event| {
            *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(Told::from(event.record));
        });
        Self { engine, listener, last }
    }

    /// Runs the query twice.
    pub(crate) fn ask_twice(&self, query: &Query) -> Result<Asked, Failure> {
        let Query { number, title, run } = *query;
        Ok(Asked { number, title, first: run(self)?, second: run(self)? })
    }

    /// Builds a statement, runs it and reads its rows.
    pub(crate) fn ask<S>(&self, build: impl FnOnce() -> S) -> Result<Run, Failure>
    where
        S: Executable,
        S::Row: Serialize,
    {
        let started = Instant::now();
        let rows = self.engine.fetch_all(build())?;
        let time = started.elapsed();
        let told = self.last.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Told { cache, phases } = told.ok_or("the engine told nothing of the query")?;
        Ok(Run { rows: rows.iter().map(cells).collect::<Result<_, _>>()?, time, cache, phases })
    }
}

impl Drop for Asker<'_> {
    fn drop(&mut self) {
        self.engine.events().remove(self.listener);
    }
}

impl From<&QueryRecord<'_>> for Told {
    fn from(record: &QueryRecord<'_>) -> Self {
        let phases = record.phases;
        let cache = match record.cache {
            // As it was when the run began, which is what the log shows.
            CacheStatus::CachedSince(since) => CacheStatus::CachedSince(since + phases.total),
            other => other,
        };
        Self {
            cache: cache.to_string(),
            phases: Phases {
                waiting: phases.wait,
                compiling: phases.compile,
                preparing: phases.prepare,
                executing: phases.execute,
                decoding: phases.decode,
            },
        }
    }
}
