//! A connection taken from the pool.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use aludel_core::Result;
use aludel_sql::dialect::TransactionOptions;

use crate::driver::{Cancel, Connection};
use crate::hold::{Hold, checkin};
use crate::info::Info;
use crate::live::Live;
use crate::methods::methods;
use crate::shared::Shared;
use crate::transaction::{Transaction, writing};

/// A connection taken from the pool; goes back to it when dropped.
pub struct Conn {
    pub(crate) shared: Arc<Shared>,
    /// None only while it is being given back.
    live: Option<Box<Live>>,
}

impl Conn {
    pub(crate) fn new(shared: Arc<Shared>, live: Box<Live>) -> Self {
        Self { shared, live: Some(live) }
    }

    /// The connection's number: no other of the engine has it.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.live.as_ref().map_or(0, |live| live.number)
    }

    /// What the program keeps with the connection.
    pub fn info(&mut self) -> &mut Info {
        &mut self.live_mut().info
    }

    /// Marks the connection's lines in the log until it goes back to the pool.
    pub fn set_logging_token(&mut self, token: impl Into<Box<str>>) {
        self.live_mut().token = Some(token.into());
    }

    /// Runs SQL without placeholders, one or several statements, and throws rows away.
    ///
    /// # Errors
    /// When the database refuses one of them; those before it have run.
    #[track_caller]
    pub fn batch<'c>(&'c mut self, sql: &'c str) -> impl Future<Output = Result<()>> + Send + 'c {
        let at = Location::caller();
        async move {
            let mut held = self.hold().take(at).await?;
            crate::control::batch(held.shared, held.live(), sql, at).await
        }
    }

    /// Begins a transaction on this connection.
    ///
    /// # Errors
    /// When the database can't begin one, or one is open.
    #[track_caller]
    pub fn begin(&mut self) -> impl Future<Output = Result<Transaction<'_>>> + Send {
        self.begin_with(writing())
    }

    /// Begins a transaction that is like this.
    ///
    /// # Errors
    /// As [`begin`](Self::begin), and when the database has no such transactions.
    #[track_caller]
    pub fn begin_with(&mut self, options: TransactionOptions) -> impl Future<Output = Result<Transaction<'_>>> + Send {
        let at = Location::caller();
        let shared = Arc::clone(&self.shared);
        Transaction::begin_borrowed(shared, self.live_mut(), options, at)
    }

    /// Something that stops the connection's statement from elsewhere, where the driver has it.
    #[must_use]
    pub fn canceller(&self) -> Option<Arc<dyn Cancel>> {
        self.live.as_ref().and_then(|live| live.connection.canceller())
    }

    /// The driver's own connection, for what only it can do.
    pub fn driver(&mut self) -> &mut dyn Connection {
        &mut *self.live_mut().connection
    }

    /// Says that the connection is of no more use: it is closed when it is dropped, and the pool opens another.
    pub fn invalidate(&mut self) {
        self.live_mut().is_lost = true;
    }

    #[inline]
    pub(crate) fn hold(&mut self) -> Hold<'_> {
        match &mut self.live {
            Some(live) => Hold::Live { shared: &self.shared, live, level: 0 },
            None => unreachable!("a connection is given back only when it is dropped"),
        }
    }

    pub(crate) fn parts(&mut self) -> (&Arc<Shared>, &mut Live) {
        match &mut self.live {
            Some(live) => (&self.shared, live),
            None => unreachable!("a connection is given back only when it is dropped"),
        }
    }

    pub(crate) fn live_mut(&mut self) -> &mut Live {
        self.parts().1
    }
}

methods!(Conn, [&mut self], self);

impl Drop for Conn {
    fn drop(&mut self) {
        if let Some(mut live) = self.live.take() {
            live.token = None;
            checkin(&self.shared, live);
        }
    }
}

impl fmt::Debug for Conn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conn").field("live", &self.live).finish_non_exhaustive()
    }
}
