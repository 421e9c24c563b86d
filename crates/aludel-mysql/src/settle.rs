//! What dropped futures have left, and how it is cleared up.
//!
//! The answers that are still to come are read and thrown away. Where that takes long, the statement is [stopped](crate::stop)
//! first. Whatever may have been stopped is followed by a statement of no effect: a KILL that comes too late for the one hits
//! the other, and nothing after it.

use std::time::{Duration, Instant};

use aludel_core::Result;
use aludel_engine::driver::Face;
use aludel_sql::StatementKind;

use crate::connection::MySqlConnection;
use crate::error::connection_lost;
use crate::session::{Answer, Event};

/// How long, and how many bytes of it, an answer is read that nobody wants, before its statement is stopped.
const PATIENCE: Duration = Duration::from_millis(100);
const MOST_BYTES: usize = 1 << 20;
/// How long a statement that was left alone may go on before it is stopped.
const GRACE: Duration = Duration::from_millis(50);

impl MySqlConnection {
    /// Pays what is owed. May be dropped anywhere and begun again.
    pub(crate) async fn settle_all(&mut self, roll_back: bool) -> Result<()> {
        self.cursor = None;
        self.stops.end().await?;
        if !self.drain_for(PATIENCE).await? {
            self.stops.begin(Duration::ZERO).await?;
            self.stops.end().await?;
            self.drain().await?;
        }
        self.close_once();
        let kills = self.stops.that_may_hit().await;
        if kills > 0 {
            // What it says, an error or not, is of no interest: it has taken the KILL.
            self.session.query("DO 0");
            self.drain().await?;
            self.stops.have_hit(kills);
        }
        if roll_back && self.session.is_in_transaction() {
            self.run_text("ROLLBACK").await?;
        }
        self.session.rest();
        Ok(())
    }

    /// Whoever had the connection is gone. Goes as far as that goes without waiting.
    pub(crate) fn leave(&mut self, roll_back: bool) {
        let writes = self.cursor.take().is_none_or(|cursor| cursor.compiled.kind != StatementKind::Select);
        if self.read_what_is_there().is_err() {
            self.session.set_broken();
            return;
        }
        let owes = self.session.owes();
        if owes && self.target.face == Face::Blocking && (roll_back || writes) {
            // Nobody can wait, and nobody reads: the server gives up, and its locks, when the connection closes.
            self.session.set_broken();
            return;
        }
        if roll_back && (owes || self.session.is_in_transaction()) {
            self.session.query("ROLLBACK");
        }
        // What goes wrong here goes wrong again when the engine settles, and is told there.
        let _: std::io::Result<bool> = self.session.wire().try_flush();
        if owes && self.target.face == Face::Async {
            self.stops.begin_unattended(GRACE);
        }
    }

    /// Reads all answers that are still to come, and throws them away.
    pub(crate) async fn drain(&mut self) -> Result<()> {
        while self.session.owes() {
            let event = self.session.next().await?;
            self.discard(event);
        }
        Ok(())
    }

    /// As [`drain`](Self::drain), but for so long and no more. Tells whether nothing is left.
    async fn drain_for(&mut self, limit: Duration) -> Result<bool> {
        if !self.session.owes() {
            return Ok(true);
        }
        let started = Instant::now();
        let mut bytes = 0;
        while self.session.owes() {
            match self.session.try_next()? {
                Some(event) => {
                    bytes += self.session.payload().len();
                    self.discard(event);
                }
                None => {
                    let left = limit.saturating_sub(started.elapsed());
                    if bytes > MOST_BYTES || left.is_zero() {
                        return Ok(false);
                    }
                    let filled = self.session.wire().fill_within(left).await;
                    if filled.is_err() {
                        self.session.set_broken();
                    }
                    filled.map_err(connection_lost)?;
                }
            }
        }
        Ok(true)
    }

    /// Reads what has arrived already, unless it is much.
    fn read_what_is_there(&mut self) -> Result<()> {
        let mut bytes = 0;
        while self.session.owes() && bytes < MOST_BYTES {
            match self.session.try_next()? {
                Some(event) => {
                    bytes += self.session.payload().len();
                    self.discard(event);
                }
                None if self.session.wire().try_fill().map_err(connection_lost)? => {}
                None => break,
            }
        }
        Ok(())
    }

    /// Something of an answer that nobody waits for.
    fn discard(&mut self, event: Event) {
        match event {
            // Whoever has prepared it does not know its number.
            Event::Prepared { id, .. } => self.session.close_statement(id),
            Event::Failed(Answer::Result) => self.statements.forget_types(),
            Event::File => self.session.refuse_file(),
            _ => {}
        }
    }

    pub(crate) fn close_once(&mut self) {
        if let Some(id) = self.statements.take_once() {
            self.session.close_statement(id);
        }
    }
}
