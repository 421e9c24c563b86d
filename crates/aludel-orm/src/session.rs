//! The session.

mod access;
mod builder;
mod bulk;
mod change;
mod connection;
mod fetch;
mod flush;
mod get;
mod inspect;
mod load;
mod merge;
mod nested;
mod statement;
mod states;
mod stream;
mod view;

use std::fmt;
use std::sync::{Arc, Mutex};

use aludel_engine::{Engine, Transaction};

use crate::arena::{Arena, Mark};
use crate::events::SessionEvents;
use crate::flush::Work;
use crate::lazy::LazyCounts;

pub use builder::SessionBuilder;
pub use inspect::{ColumnChange, History};
pub use load::{KeyList, LoadTarget};
pub(crate) use merge::merge_one;
pub use merge::{Merged, Merging};
pub use nested::{Nested, NoAutoflush};
pub use statement::SessionStatement;
pub use stream::Objects;
pub use view::View;

/// A workspace of objects: each row of the database is one object in it, changes are noticed, and [`commit`](Self::commit)
/// writes them.
///
/// ```
/// # use aludel::prelude::*;
/// # #[derive(Entity, Clone, Debug)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// #     fullname: Option<String>,
/// # }
/// # async fn example(engine: Engine) -> Result<()> {
/// let mut session = Session::new(&engine);
/// let ed = session.add(User::build().name("ed"));
/// session.commit().await?;
/// session[ed].fullname = Some("Ed Jones".into());
/// session.commit().await?; // one UPDATE of one column
/// # Ok(())
/// # }
/// ```
///
/// It takes a connection when it first needs one and keeps it until the commit or rollback. Reading an object,
/// `session[key]`, does no I/O; a method that does is `async`. Any of its futures may be dropped at any point: what it left
/// half-done is undone before the next use, and then everything is as it was before that call.
pub struct Session {
    engine: Engine,
    /// In a mutex so that the session can be shared: a connection can't be, and `&mut self` reaches it without locking.
    connection: Mutex<Option<Box<Transaction<'static>>>>,
    pub(crate) arena: Arena,
    pub(crate) options: SessionOptions,
    /// How many guards want no autoflush.
    quiet: u32,
    /// Where in the undo list the open savepoints began.
    marks: Vec<Mark>,
    /// How many savepoints were dropped and must be undone.
    owed: usize,
    /// What is under way, or was when its future was dropped.
    work: Option<Work>,
    /// What the open transaction was used for.
    usage: Usage,
    /// Whether the level of a flush that is done may still be open.
    is_loose: bool,
    pub(crate) events: Arc<SessionEvents>,
    pub(crate) lazy: LazyCounts,
}

/// What an open transaction was used for: what is lost if it is rolled back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Usage {
    Nothing,
    Reading,
    /// Something was written or locked.
    Writing,
}

/// What a session is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SessionOptions {
    pub(crate) autoflush: bool,
    pub(crate) expire_on_commit: bool,
    pub(crate) begin: Option<aludel_sql::dialect::TransactionOptions>,
    pub(crate) chunk: usize,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self { autoflush: true, expire_on_commit: true, begin: None, chunk: 500 }
    }
}

impl Session {
    /// A session on an engine. It takes no connection before it needs one.
    #[must_use]
    pub fn new(engine: &Engine) -> Self {
        Self::with_options(engine, SessionOptions::default(), Arc::default())
    }

    /// A session with other settings.
    pub fn builder(engine: &Engine) -> SessionBuilder {
        SessionBuilder::new(engine.clone())
    }

    pub(crate) fn with_options(engine: &Engine, options: SessionOptions, events: Arc<SessionEvents>) -> Self {
        Self {
            engine: engine.clone(),
            connection: Mutex::new(None),
            arena: Arena::new(),
            options,
            quiet: 0,
            marks: Vec::new(),
            owed: 0,
            work: None,
            usage: Usage::Nothing,
            is_loose: false,
            events,
            lazy: LazyCounts::default(),
        }
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// What listeners are registered with; see [`SessionEvents`].
    #[must_use]
    pub fn events(&self) -> &SessionEvents {
        &self.events
    }

    /// Whether a transaction is open.
    #[must_use]
    pub fn in_transaction(&mut self) -> bool {
        self.tx().is_some()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("engine", &self.engine)
            .field("options", &self.options)
            .field("savepoints", &self.marks.len())
            .finish_non_exhaustive()
    }
}
