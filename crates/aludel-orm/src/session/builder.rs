//! Settings of a session.

use std::sync::Arc;

use aludel_engine::Engine;
use aludel_sql::dialect::TransactionOptions;

use super::{Session, SessionOptions};
use crate::events::SessionEvents;

/// Settings of a session; can be kept, to make many sessions alike.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until a session is built"]
pub struct SessionBuilder {
    engine: Engine,
    options: SessionOptions,
    events: Arc<SessionEvents>,
}

impl SessionBuilder {
    pub(super) fn new(engine: Engine) -> Self {
        Self { engine, options: SessionOptions::default(), events: Arc::default() }
    }

    /// Whether queries flush pending changes first, so that they see them; true if nothing is said.
    pub fn autoflush(mut self, autoflush: bool) -> Self {
        self.options.autoflush = autoflush;
        self
    }

    /// Whether objects are stale after a commit, so that the next `get` or query reads them anew; true if nothing is said.
    pub fn expire_on_commit(mut self, expire: bool) -> Self {
        self.options.expire_on_commit = expire;
        self
    }

    /// What the session's transactions are like. If nothing is said they take the right to write at once where they begin with
    /// a flush and the database has only one writer, and not where they begin with a query.
    pub fn transactions(mut self, options: TransactionOptions) -> Self {
        self.options.begin = Some(options);
        self
    }

    /// How many keys [`Session::load`] asks for in one statement; 500 if nothing is said.
    pub fn load_chunk(mut self, keys: usize) -> Self {
        self.options.chunk = keys.max(1);
        self
    }

    /// Listeners that all sessions of these settings share.
    pub fn events(mut self, events: Arc<SessionEvents>) -> Self {
        self.events = events;
        self
    }

    /// A session like this.
    #[must_use]
    pub fn build(&self) -> Session {
        Session::with_options(&self.engine, self.options, Arc::clone(&self.events))
    }
}
