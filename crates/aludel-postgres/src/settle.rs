//! Paying what dropped futures and abandoned cursors have left.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use aludel_core::{Error, Result};
use aludel_engine::driver::{Face, TransactionState};

use crate::cancel;
use crate::channel::{Channel, State};
use crate::connector::Settings;
use crate::error::Report;
use crate::message::{self, garbled};
use crate::request;

/// An answer that takes longer is cancelled.
const SOON: Duration = Duration::from_millis(100);
/// An answer that is longer is cancelled.
const SHORT: usize = 1 << 20;

impl State {
    /// Whether a transaction is open, as far as that is known.
    pub(crate) fn transaction(&self) -> TransactionState {
        if self.owed > 0 && (self.may_begin || self.transaction != TransactionState::Idle) {
            return TransactionState::Unknown;
        }
        self.transaction
    }
}

impl Channel {
    pub(crate) fn owes(&self) -> bool {
        self.state.owed > 0 || self.state.is_unsynced || self.cancelling.is_some() || !self.wire.is_flushed()
    }

    /// Ends what was asked for without a Sync, and a COPY that was left in the middle.
    pub(crate) fn write_end(&mut self) {
        if self.state.is_copying {
            request::copy_fail(self.wire.out());
            self.state.is_copying = false;
        }
        if self.state.is_unsynced {
            request::close_portal(self.wire.out());
            request::sync(self.wire.out());
            self.state.is_unsynced = false;
            self.state.owed += 1;
        }
    }

    /// Appends a simple query. False, and nothing is appended, for one that is too long.
    pub(crate) fn write_query(&mut self, sql: &str) -> bool {
        let start = self.wire.out().len();
        if !request::query(sql, self.wire.out()) {
            self.wire.truncate_out(start);
            return false;
        }
        self.state.owed += 1;
        self.state.may_begin = true;
        true
    }

    /// Settles as much as goes without waiting.
    pub(crate) fn try_settle(&mut self) {
        self.try_flush();
        if self.state.is_broken || self.state.owed == 0 {
            return;
        }
        let read = self.wire.try_fill().and_then(|_| self.drain_buffered(0, &mut None));
        if let Err(error) = read {
            // What went wrong is seen by whoever uses it next.
            let _: Error = self.lose(error);
        }
    }

    /// Finishes what is half written and reads to the end of what is under way; a long answer is cancelled. Then rolls back,
    /// if that is wanted and a transaction is open. May be dropped and called again.
    pub(crate) async fn settle(&mut self, settings: &Arc<Settings>, roll_back: bool) -> Result<()> {
        self.write_end();
        // What goes wrong with statements that nobody waits for is of no interest.
        let mut ignored = None;
        let (mut soon, mut short) = (SOON, SHORT);
        while self.cancelling.is_some() || !self.drain_soon(soon, short, &mut ignored).await? {
            self.cancel(settings).await;
            // A request that came before the statement had begun has stopped nothing, so it is sent again, and again.
            (soon, short) = (soon * 2, short.saturating_mul(2));
        }
        if roll_back && self.state.transaction != TransactionState::Idle {
            let _is_short: bool = self.write_query("ROLLBACK");
            if let Some(error) = self.drain(0).await? {
                return Err(error);
            }
        }
        self.wire.shrink();
        Ok(())
    }

    /// Reads to the end, if that is near. Tells whether it was.
    async fn drain_soon(&mut self, soon: Duration, short: usize, ignored: &mut Option<Error>) -> Result<bool> {
        match self.face() {
            Face::Blocking => self.drain_some(0, short, ignored).await,
            Face::Async => match tokio::time::timeout(soon, self.drain_some(0, short, ignored)).await {
                Ok(drained) => drained,
                Err(_) => Ok(false),
            },
        }
    }

    /// Cancels what is under way. A request that was sent is waited for also if this is dropped, by whoever settles next:
    /// until then it could hit the next statement.
    async fn cancel(&mut self, settings: &Arc<Settings>) {
        let key = self.state.key;
        if self.face() == Face::Blocking {
            // Without it, reading on takes longer.
            let _: Result<()> = cancel::request(settings, key).await;
            return;
        }
        let task = self.cancelling.get_or_insert_with(|| {
            let settings = Arc::clone(settings);
            tokio::spawn(async move {
                let _: Result<()> = cancel::request(&settings, key).await;
            })
        });
        let _: std::result::Result<(), tokio::task::JoinError> = task.await;
        self.cancelling = None;
    }

    /// Looks whether the server has said something while nobody asked: settings, notices, or that it ends the connection.
    pub(crate) fn look_for_end(&mut self) {
        loop {
            match self.wire.try_fill().and_then(|any| if any { self.read_unasked().map(|()| true) } else { Ok(false) })
            {
                // It may have ended behind what it said.
                Ok(true) if !self.state.is_broken => {}
                Ok(_) => return,
                Err(error) => {
                    let _: Error = self.lose(error);
                    return;
                }
            }
        }
    }

    #[cold]
    fn read_unasked(&mut self) -> io::Result<()> {
        let Self { wire, state, .. } = self;
        let mut at = 0;
        while let Some(message) = message::first(wire.input().get(at..).unwrap_or(&[]))? {
            at += message.size;
            match message.tag {
                b'E' => {
                    let report = Report::parse(message.body)?;
                    state.is_broken |= report.is_fatal();
                }
                b'S' | b'N' | b'A' => state.note(&message)?,
                _ => return Err(garbled("an answer came to which there is no question")),
            }
        }
        wire.consume(at);
        Ok(())
    }
}
